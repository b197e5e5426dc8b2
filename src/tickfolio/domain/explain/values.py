"""What a portfolio, an account and each row is worth.

**Source**: docs/reference/definitions.md, section Valuation and coverage.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from tickfolio.domain.explain.amounts import balance_node, net_income, quantity_node
from tickfolio.domain.explain.definitions import VALUATION
from tickfolio.domain.explain.facts import conversion, price_fact, ratio_inputs, unit_factor
from tickfolio.domain.explain.nodes import Explained, Input, one, several_later, unexplained
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.holdings import unseen_splits
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth
from tickfolio.words import phrase

ZERO = Decimal(0)
INNER_PLACES = 50


def value_of_rows(standing: Standing, rows: Iterable[Row], *, name: str) -> Explained:
    """The value of some rows: their sum. Those without one are left out and named."""
    chosen = list(rows)
    nothing = rounded(ZERO, places=standing.places)
    valued = [row for row in chosen if isinstance(row.worth, Worth)]
    return Explained(
        name=phrase("Value of {name}", name=name),
        value=exact_sum((nothing, *(row.worth.value for row in valued if isinstance(row.worth, Worth)))),
        unit=standing.book.base.code,
        formula="Σ(rows)",
        words=phrase("The sum of the rows, each rounded to the smallest coin."),
        definition=VALUATION,
        make_inputs=lambda: [several_later("rows", (partial(row_value, standing, row) for row in valued))],
        notes=tuple(
            phrase("{row_name} is left out: {reason}.", row_name=row_name(row), reason=row.worth.reason)
            for row in chosen
            if not isinstance(row.worth, Worth)
        ),
    )


def row_value(standing: Standing, row: Row) -> Explained:
    """The value of one row."""
    return standing.once(("value", row.key), lambda: _row_value(standing, row))


def row_name(row: Row) -> str:
    """What a row is called in a tree."""
    if row.kind is RowKind.CASH:
        return phrase("{currency} cash in {account_name}", currency=row.currency, account_name=row.account_name)
    if row.kind is RowKind.RECEIVABLE:
        return phrase(
            "{symbol} dividend due {day} in {account_name}",
            symbol=row.symbol,
            day=row.name,
            account_name=row.account_name,
        )
    return phrase("{symbol} in {account_name}", symbol=row.symbol, account_name=row.account_name)


def _row_value(standing: Standing, row: Row) -> Explained:
    name, unit = phrase("Value of {row_name}", row_name=row_name(row)), standing.book.base.code
    if not isinstance(row.worth, Worth):
        return unexplained(name, NotAvailable(row.worth.reason), unit, VALUATION)
    formula, inputs, words = _formula(standing, row)
    return Explained(
        name, row.worth.value, unit, f"round({formula}, {standing.places})", words, VALUATION, lambda: inputs
    )


def _formula(standing: Standing, row: Row) -> tuple[str, list[Input], str]:
    into, rates = conversion(standing.sources, row.currency, standing.book.base, standing.at)
    if row.kind is RowKind.CASH:
        cash = standing.live.account(row.account).ledger.cash[row.currency]
        words = phrase("Cash at the rate in force.") if rates else phrase("Cash.")
        return f"balance{into}", [one("balance", balance_node(standing, row.account, cash)), *rates], words
    if row.kind is RowKind.RECEIVABLE:
        assert row.symbol is not None
        income = standing.live.account(row.account).ledger.receivables[receivable_of(row)]
        words = phrase("A dividend that counts already and is not paid yet.")
        return f"net{into}", [one("net", net_income(standing, income)), *rates], words
    if row.quote is None or not row.quantity:
        return "0", [], phrase("Nothing of it is held any more.")
    assert row.symbol is not None
    assert row.instrument is not None
    factor, properties = unit_factor(row.instrument)
    ratio = unseen_splits(standing.position(row.account, row.symbol), standing.price_day(row).basis)
    inputs = [
        one("quantity", quantity_node(standing, row.account, row.symbol)),
        one("price", price_fact(row.quote, row.currency)),
        *properties,
        *rates,
    ]
    formula, words = f"quantity × price{factor}{into}", phrase("Quantity times price")
    words += phrase(", in {base} by the rate in force.", base=standing.book.base) if rates else "."
    if ratio[0] != ratio[1]:
        formula = f"round({formula} × old ÷ new, {INNER_PLACES})"
        inputs += ratio_inputs(ratio)
        words += phrase(" The price does not know a split yet, so it is taken on the old basis.")
    return formula, inputs, words


def receivable_of(row: Row) -> TransactionId:
    """The transaction of a receivable's row."""
    return TransactionId(row.key.split(":", 2)[2])
