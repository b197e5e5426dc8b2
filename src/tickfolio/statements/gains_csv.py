"""The gains report as CSV: a line a closed lot, for spreadsheets and for whoever does the taxes. It is never read.

**Source**: docs/reference/file-format.md, section Gains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency, Money, decimal_places, plain, rounded
from tickfolio.domain.valuation.gain_rows import BaseGain, GainRow
from tickfolio.statements.spreadsheet_cells import escaped, line_of

COLUMNS = (
    *("account", "symbol", "name", "closing", "quantity", "acquired", "closed", "holding_days", "term"),
    *("cost", "cost_currency", "proceeds", "proceeds_currency", "gain"),
    *("base_currency", "base_cost", "base_proceeds", "base_gain", "base_price_part", "base_currency_part"),
    *("not_available", "transaction"),
)


def written(rows: Iterable[GainRow], *, base: Currency) -> Iterator[str]:
    """The lines, the heading first; each ends as RFC 4180 asks.

    Decimals are exact and plain, amounts with the places of their currency or as many more as they need, days as ISO 8601
    has them; what is not available is empty, and says why.
    """
    yield line_of(COLUMNS)
    for row in rows:
        yield line_of(_cells(row, base))


def _cells(row: GainRow, base: Currency) -> Iterator[str]:
    yield from (escaped(row.account.name), escaped(row.symbol), escaped(row.name), row.closing.value)
    yield from (plain(row.quantity), _text(row.acquired), row.closed.isoformat(), _text(row.days), _text(row.term))
    yield from (*_money(row.cost), *_money(row.proceeds), _money(row.gain)[0], base.code)
    gained = row.base if isinstance(row.base, BaseGain) else None
    if gained is None:
        yield from ("",) * 5
    else:
        yield from (_text(each) for each in (gained.cost, gained.proceeds, gained.gain, gained.price, gained.currency))
    yield from (escaped(_reason(row)), row.closed_by)


def _money(money: Money | NotAvailable) -> tuple[str, str]:
    if isinstance(money, NotAvailable):
        return "", ""
    # What a division left has eighteen places, most of them zeros.
    needed = decimal_places(money.amount.normalize(EXACT))
    amount = rounded(money.amount, places=max(needed, money.currency.minor_unit))
    return plain(amount), money.currency.code


def _text(value: Decimal | date | int | str | NotAvailable | None) -> str:
    match value:
        case None | NotAvailable():
            return ""
        case Decimal():
            return plain(value)
        case _:
            return str(value)


def _reason(row: GainRow) -> str:
    """Why something of the row is not there; the gravest of several."""
    if isinstance(row.base, NotAvailable):
        return row.base.reason
    lacking = (row.base.price, row.gain)
    return next((each.reason for each in lacking if isinstance(each, NotAvailable)), "")
