"""What was given or received, in the base currency.

**Source**: docs/reference/definitions.md, sections Cost basis and lots, and Gains.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tickfolio.domain.explain.definitions import COST_BASIS, GAINS
from tickfolio.domain.explain.facts import rate_node, transaction_fact
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Node, one, several
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.ledger.cost_basis import Consideration, Pooled
from tickfolio.domain.ledger.trades import Buy, Sell
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import EXACT, Money
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.words import phrase


def consideration_node(
    standing: Standing, given: Consideration, transaction: TransactionId | None, *, name: str
) -> Node:
    """A consideration of known value, in the base currency, exact and unsigned.

    Args:
        transaction: which gave or received it; None where that is not known.
    """
    base = standing.book.base
    if isinstance(given, Pooled):
        assert given.base is not None
        label = phrase("{name}, averaged, each purchase at its own rate", name=name)
        return _kept(label, given.base, base.code, given, transaction)
    moved = given.stated if given.settled is None or given.stated.currency == base else given.settled
    amount = _amount(standing, moved, given, transaction, name=name)
    if moved.currency == base:
        return amount
    return Explained(
        name=name,
        value=standing.facts.value(given),
        unit=base.code,
        formula="amount × rate",
        words=phrase("The amount at the rate that was in force then."),
        definition=GAINS,
        make_inputs=lambda: [
            one("amount", amount),
            one("rate", rate_node(standing.sources, moved.currency, base, given.at)),
        ],
    )


def stated_node(standing: Standing, given: Consideration, transaction: TransactionId, *, name: str) -> Node:
    """The same in the currency of the trade."""
    if isinstance(given, Pooled):
        return _kept(
            phrase("{name}, averaged", name=name), given.stated.amount, given.stated.currency.code, given, transaction
        )
    return _amount(standing, given.stated, given, transaction, name=name)


def _kept(label: str, amount: Decimal, unit: str, given: Consideration, transaction: TransactionId | None) -> Fact:
    """What the ledger keeps of it."""
    return Fact(FactKind.LOT, label, amount, unit, given.at, source="ledger", reference=transaction or "")


def _amount(
    standing: Standing, moved: Money, given: Consideration, transaction: TransactionId | None, *, name: str
) -> Node:
    """What a trade says, where it is all of that; otherwise what the ledger made of it."""
    unit = moved.currency.code
    if transaction is None:
        return _kept(name, moved.amount, unit, given, transaction)
    booked = standing.transactions[transaction]
    if isinstance(booked, (Buy, Sell)) and booked.settlement is None and booked.currency == moved.currency:
        sign, charges = ("+", EXACT.add) if isinstance(booked, Buy) else ("−", EXACT.subtract)
        whole = charges(charges(booked.gross.amount, booked.fees.amount), booked.taxes.amount)
        gross = transaction_fact(standing, transaction, booked.gross.amount, unit, of="gross")
        if moved.amount == whole == booked.gross.amount:
            return gross
        if moved.amount == whole:
            fees = transaction_fact(standing, transaction, booked.fees.amount, unit, of="fees")
            taxes = transaction_fact(standing, transaction, booked.taxes.amount, unit, of="taxes")
            return Explained(
                name,
                moved.amount,
                unit,
                f"gross {sign} fees {sign} taxes",
                phrase("What was paid, with what it cost.")
                if sign == "+"
                else phrase("What was received, after what it cost."),
                COST_BASIS,
                lambda: [one("gross", gross), one("fees", fees), one("taxes", taxes)],
            )
    if moved in (getattr(booked, part, None) for part in ("amount", "sold", "bought")):
        return transaction_fact(standing, transaction, moved.amount, unit)
    settlement = getattr(booked, "settlement", None)
    if settlement is not None and moved == settlement.amount:
        return transaction_fact(standing, transaction, moved.amount, unit, of="settled")
    return _kept(name, moved.amount, unit, given, transaction)


def negated(node: Node, *, words: str) -> Explained:
    """The same with the other sign."""
    assert isinstance(node.value, Decimal)
    return Explained(
        node.name, node.value.copy_negate(), node.unit, "−amount", words, GAINS, lambda: [one("amount", node)]
    )


def signed_node(node: Node, quantity: Decimal) -> Node:
    """What counts against where the lot was sold short."""
    return negated(node, words=phrase("It was sold short, so it counts against.")) if quantity < 0 else node


def sum_node(name: str, nodes: Iterable[Node], *, unit: str, symbol: str, words: str) -> Explained:
    """The exact sum of amounts."""
    found = tuple(nodes)
    return Explained(
        name,
        exact_sum(_decimal(node) for node in found),
        unit,
        f"Σ({symbol})",
        words,
        GAINS,
        lambda: [several(symbol, found)],
    )


def _decimal(node: Node) -> Decimal:
    assert isinstance(node.value, Decimal)
    return node.value
