"""How many units, and how much cash, there are: the sums of what was booked.

**Source**: docs/reference/definitions.md, sections Transactions, and Cost basis and lots.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from tickfolio.domain.explain.definitions import COST_BASIS, TRANSACTIONS
from tickfolio.domain.explain.facts import transaction_fact, transaction_name
from tickfolio.domain.explain.nodes import Explained, Node, Unit, one, several
from tickfolio.domain.explain.standing import Standing, UnitsChanged
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashPosition
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.transactions import AccountId, Split
from tickfolio.domain.money import EXACT, MAX_QUANTITY_PLACES
from tickfolio.words import phrase

ZERO = Decimal(0)


def quantity_node(standing: Standing, account: AccountId, symbol: Symbol) -> Explained:
    """The units of a holding."""
    return standing.once(
        ("quantity", account, symbol), lambda: _quantity(standing, symbol, standing.units_of(account, symbol))
    )


def _quantity(standing: Standing, symbol: Symbol, changes: Sequence[UnitsChanged]) -> Explained:
    last = max((place for place, each in enumerate(changes) if isinstance(each.transaction, Split)), default=-1)
    since = changes[last + 1 :]

    def facts() -> list[Node]:
        return [
            transaction_fact(standing, each.transaction.id, EXACT.subtract(each.after, each.before), Unit.UNITS)
            for each in since
        ]

    value = changes[-1].after if changes else ZERO
    name = phrase("Quantity of {symbol}", symbol=symbol)
    if last < 0:
        words = phrase("What came, less what went.")
        return Explained(
            name, value, Unit.UNITS, "Σ(changes)", words, TRANSACTIONS, lambda: [several("changes", facts())]
        )
    return Explained(
        name,
        value,
        Unit.UNITS,
        "split + Σ(changes)",
        phrase("What the last split made of what was held, and what came and went since."),
        TRANSACTIONS,
        lambda: [one("split", _after_split(standing, symbol, changes[: last + 1])), several("changes", facts())],
    )


def _after_split(standing: Standing, symbol: Symbol, changes: Sequence[UnitsChanged]) -> Explained:
    change = changes[-1]
    split = change.transaction
    assert isinstance(split, Split)
    units = split_quantity(change.before, new=split.new, old=split.old)
    is_whole = split.cash_in_lieu is not None
    made = f"round(before × new ÷ old, {MAX_QUANTITY_PLACES})"
    fact = transaction_fact(standing, split.id, Decimal(split.new), Unit.UNITS, of=phrase("new units"))
    old = transaction_fact(standing, split.id, Decimal(split.old), Unit.UNITS, of=phrase("old units"))
    return Explained(
        name=phrase("Quantity of {symbol} after the split", symbol=symbol),
        value=units.to_integral_value(ROUND_FLOOR) if is_whole else units,
        unit=Unit.UNITS,
        formula=f"whole({made})" if is_whole else made,
        words=phrase("A split turns old units into new ones")
        + (phrase(", and what is left above whole units was paid out.") if is_whole else "."),
        definition=COST_BASIS,
        make_inputs=lambda: [
            one("before", _quantity(standing, symbol, changes[:-1])),
            one("new", fact),
            one("old", old),
        ],
    )


def balance_node(standing: Standing, account: AccountId, cash: CashPosition) -> Explained:
    """The cash of one currency in one account."""

    def facts() -> list[Node]:
        return [transaction_fact(standing, flow.transaction, flow.amount, cash.currency.code) for flow in cash.flows]

    return standing.once(
        ("balance", account, cash.currency.code),
        lambda: Explained(
            phrase("Balance in {currency}", currency=cash.currency),
            cash.balance,
            cash.currency.code,
            "Σ(flows)",
            phrase("All that came into the account, less all that went out."),
            TRANSACTIONS,
            lambda: [several("flows", facts())],
        ),
    )


def net_income(standing: Standing, income: Income) -> Node:
    """What is paid of a dividend."""
    unit = income.net.currency.code
    gross = transaction_fact(standing, income.transaction, income.gross.amount, unit, at=income.counts_at, of="gross")
    if not income.tax.amount:
        return gross
    tax = transaction_fact(standing, income.transaction, income.tax.amount, unit, at=income.counts_at, of="tax")
    return Explained(
        phrase("{dividend}, net", dividend=transaction_name(standing.transactions[income.transaction])),
        income.net.amount,
        unit,
        "gross − tax",
        phrase("The dividend less the tax that is withheld."),
        TRANSACTIONS,
        lambda: [one("gross", gross), one("tax", tax)],
    )
