"""The rows of a portfolio in words and figures, and what they add up to.

The page's scripts write the same: frontend/src/cells/holdings.ts and frontend/src/pages/portfolio_row.ts are the twins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import PRIVATE_MIC
from tickfolio.domain.market.quotes import NotAvailable, Quality, Quote, Unpriced
from tickfolio.domain.money import EXACT, decimal_places
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Totals, Worth
from tickfolio.services.valuations import has_cost
from tickfolio.web.ages import age_text
from tickfolio.web.figures import (
    DASH,
    Direction,
    direction,
    money_direction,
    money_text,
    part_of,
    percent_text,
    price_text,
    rounded_text,
    signed_money_text,
    weight_text,
)
from tickfolio.web.notation import notation

RATE_PLACES = 5
"""How many decimals of an exchange rate are shown; the same number stands in frontend/src/pages/portfolio_row.ts."""

QUANTITY_PLACES = 6
"""How many decimals of a quantity are shown, as in portfolio_row.ts; what has more is named whole in a title."""

MOST_DIGITS = 10
MOST_OF_QUANTITY = 9
"""How long an amount and a quantity are that the columns have room for; the same numbers stand in portfolio_row.ts."""

_RANKS = {RowKind.HOLDING: 0, RowKind.RECEIVABLE: 1, RowKind.CASH: 2}
_SPOKEN = {
    Quality.LIVE: "live",
    Quality.REPLAY: "replay",
    Quality.DELAYED: "delayed",
    Quality.SIMULATED: "simulated",
    Quality.CLOSED: "at the close",
    Quality.STALE: "stale",
    Quality.MANUAL: "entered by hand",
    Quality.UNPRICED: "unpriced",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the arrow that stands before it."""

    text: str = DASH
    direction: Direction = "none"


NO_FIGURE = Figure()


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a price can be trusted: the shape, how it is read out, and a word where the price is not fresh."""

    quality: str
    spoken: str
    text: str


@dataclass(frozen=True, slots=True)
class RowText:
    """A row of the holdings table.

    `mark` is None where there is nothing to trust or not, as with cash; `whole_quantity` is empty where `quantity` is whole.
    """

    key: str = ""
    kind: str = "holding"
    symbol: str = ""
    name: str = ""
    address: str = ""
    price: str = ""
    unit: str = ""
    mark: Mark | None = None
    change: Figure = Figure(text="")
    quantity: str = ""
    whole_quantity: str = ""
    cost: str = DASH
    value: str = DASH
    weight: str = DASH
    day: Figure = NO_FIGURE
    unrealized: Figure = NO_FIGURE
    percent: Figure = NO_FIGURE


@dataclass(frozen=True, slots=True)
class SumText:
    """What rows add up to, in the columns of the table."""

    cost: str = DASH
    value: str = DASH
    weight: str = DASH
    day: Figure = NO_FIGURE
    unrealized: Figure = NO_FIGURE
    percent: Figure = NO_FIGURE


@dataclass(frozen=True, slots=True)
class GroupText:
    """The rows of one account."""

    account: str
    name: str
    rows: tuple[RowText, ...]
    sums: SumText


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, from where: the person's zone, the market's moment, and where a symbol's own page is."""

    zone: ZoneInfo
    market_time: datetime | None
    portfolio_id: str
    public_symbols: frozenset[str] = frozenset()


NO_ROW = RowText(mark=Mark(quality="unpriced", spoken="", text=""))
NO_GROUP = GroupText(account="", name="", rows=(), sums=SumText())


def gain(value: Decimal | NotAvailable | None) -> Figure:
    """A gain or loss, with its sign and arrow."""
    amount = known(value)
    return Figure(signed_money_text(amount), money_direction(amount))


def percent(value: Decimal | NotAvailable | None) -> Figure:
    """A percentage, with its sign and arrow."""
    amount = known(value)
    return Figure(percent_text(amount), direction(amount))


def known(value: Decimal | NotAvailable | None) -> Decimal | None:
    """The figure, or None where there is none."""
    return None if isinstance(value, NotAvailable) else value


# ---------- The rows ----------


def group_texts(rows: Iterable[Row], totals: Totals, *, looking: Looking) -> tuple[GroupText, ...]:
    """A group for each account, whose rows come together already; the largest holding first, cash last."""
    return tuple(
        _group(account, sorted(held, key=_order), totals, looking=looking)
        for account, held in groupby(rows, key=lambda row: row.account)
    )


def _order(row: Row) -> tuple[int, bool, Decimal, str, str]:
    """The order that the page's scripts begin with: FIRST_ORDER in frontend/src/cells/holdings.ts."""
    value = value_of(row)
    return _RANKS[row.kind], value is None, -(value or Decimal(0)), symbol_of(row), row.key


def _group(account: str, rows: list[Row], totals: Totals, *, looking: Looking) -> GroupText:
    return GroupText(
        account=account,
        name=rows[0].account_name,
        rows=tuple(row_text(row, totals, looking=looking) for row in rows),
        sums=_sums(rows, totals),
    )


def row_text(row: Row, totals: Totals, *, looking: Looking) -> RowText:
    """One row."""
    worth = row.worth if isinstance(row.worth, Worth) else None
    day = worth.day if worth and isinstance(worth.day, Day) else None
    quantity, whole_quantity = quantity_texts(row)
    return RowText(
        key=row.key,
        kind=row.kind.value,
        symbol=symbol_of(row),
        name="Cash" if row.kind is RowKind.CASH else row.name,
        address=address_of(row, looking=looking),
        price=_price(row, totals),
        unit=_price_unit(row, totals),
        mark=_mark(row, looking=looking),
        change=_change(row),
        quantity=quantity,
        whole_quantity=whole_quantity,
        cost=money_text(known(row.cost)),
        value=money_text(worth.value if worth else None),
        weight=weight_text(worth.value if worth else None, totals.value),
        day=gain(day.total if day else None),
        unrealized=gain(worth.unrealized if worth else None),
        percent=percent(worth.unrealized_percent if worth else None),
    )


def symbol_of(row: Row) -> str:
    """The instrument, or the currency's code in a row of cash."""
    return row.symbol or row.currency.code


def value_of(row: Row) -> Decimal | None:
    """What the row is worth; None without a price."""
    return row.worth.value if isinstance(row.worth, Worth) else None


def address_of(row: Row, *, looking: Looking) -> str:
    """Where a row leads: to the instrument's own page, or to what was booked of it."""
    is_own = row.instrument is not None and row.instrument.mic == PRIVATE_MIC
    if row.kind is RowKind.HOLDING and not is_own and row.symbol in looking.public_symbols:
        return f"/portfolios/{looking.portfolio_id}/instruments/{quote(str(row.symbol), safe='')}/"
    what = f"account={row.account}" if row.symbol is None else f"symbol={row.symbol}"
    return f"/portfolios/{looking.portfolio_id}/transactions/?{what}"


def _is_own_currency(row: Row, totals: Totals) -> bool:
    """Cash in the base currency has no price that could say anything."""
    return row.kind is not RowKind.HOLDING and row.currency == totals.currency


def _price(row: Row, totals: Totals) -> str:
    if _is_own_currency(row, totals):
        return ""
    if row.kind is not RowKind.HOLDING:
        return rounded_text(row.price, places=RATE_PLACES)
    return price_text(row.price, places=row.instrument.price_places if row.instrument else 0)


def _price_unit(row: Row, totals: Totals) -> str:
    if row.price is None or _is_own_currency(row, totals):
        return ""
    if row.kind is RowKind.HOLDING and row.instrument is not None:
        return row.instrument.quoted_in
    return totals.currency.code


def quantity_texts(row: Row) -> tuple[str, str]:
    """The quantity with at most 6 decimals, and all of it where that is not the whole; what is there is never called 0."""
    least = 0 if row.kind is RowKind.HOLDING else max(row.currency.minor_unit, decimal_places(row.quantity))
    return shortened_quantity(row.quantity, places=least)


def shortened_quantity(quantity: Decimal, *, places: int) -> tuple[str, str]:
    """A quantity with at least `places` and at most 6 decimals, and all of it where that is not the whole."""
    whole = price_text(quantity, places=places)
    if len(whole.partition(notation().decimal)[2]) <= QUANTITY_PLACES:
        return whole, ""
    smallest = Decimal(1).scaleb(-QUANTITY_PLACES)
    if 0 < quantity < smallest:
        return f"<{rounded_text(smallest, places=QUANTITY_PLACES)}", whole
    return rounded_text(quantity, places=QUANTITY_PLACES), whole


def _change(row: Row) -> Figure:
    if row.kind is not RowKind.HOLDING:
        return Figure(text="")
    return percent(row.quote.change_percent if row.quote else None)


def _mark(row: Row, *, looking: Looking) -> Mark | None:
    if row.kind is not RowKind.HOLDING:
        return None
    return quote_mark(row.quote, row.quality or Quality.UNPRICED, zone=looking.zone, market_time=looking.market_time)


def quote_mark(quote: Quote | None, quality: Quality, *, zone: ZoneInfo, market_time: datetime | None) -> Mark:
    """How far a price can be trusted, where there is little room."""
    if quote is None or quality is Quality.UNPRICED:
        return Mark("unpriced", _SPOKEN[Quality.UNPRICED], "no price")
    at = quote.source_time
    text = ""
    if quality is Quality.MANUAL:
        local = at.astimezone(zone)
        text = f"{local.day} {local:%b}"
    elif quality in (Quality.STALE, Quality.DELAYED):
        text = age_text((market_time or at) - at)
    return Mark(quality.value, _SPOKEN[quality], text)


def is_wide(rows: Iterable[Row], totals: Totals) -> bool:
    """Whether the columns of the table need more room than they have as a rule: from ten millions on."""
    return any(
        len(f"{abs(amount or 0):f}") > MOST_DIGITS for amount in (totals.cost, totals.value, totals.unrealized)
    ) or any(
        len(f"{abs(value_of(row) or 0):f}") > MOST_DIGITS
        or len(f"{abs(known(row.cost) or 0):f}") > MOST_DIGITS
        or len(quantity_texts(row)[0].replace(",", "")) > MOST_OF_QUANTITY
        for row in rows
    )


def unpriced_note(rows: Iterable[Row]) -> str:
    """Why rows have no value; empty where all have one."""
    reasons = {symbol_of(row): row.worth.reason for row in rows if isinstance(row.worth, Unpriced)}
    told = " ".join(f"{symbol}: {_sentence(reasons[symbol])}" for symbol in sorted(reasons))
    return f"{told} Left out of every total." if told else ""


def _sentence(reason: str) -> str:
    return reason if reason.endswith(".") else f"{reason}."


# ---------- Sums ----------


def _sums(rows: Iterable[Row], totals: Totals) -> SumText:
    """What the rows that have a value add up to; where none has a figure there is no sum of it."""
    valued = [(row, row.worth) for row in rows if isinstance(row.worth, Worth)]
    worths = [worth for _, worth in valued]
    cost = sum_known([known(row.cost) for row, _ in valued])
    value = sum_known([worth.value for worth in worths])
    unsigned = sum_known([None if isinstance(row.cost, NotAvailable) else abs(row.cost) for row, _ in valued])
    unrealized = sum_known([known(worth.unrealized) for worth in worths])
    return SumText(
        cost=money_text(cost),
        value=money_text(value),
        weight=weight_text(value, totals.value),
        day=gain(sum_known([worth.day.total if isinstance(worth.day, Day) else None for worth in worths])),
        unrealized=gain(unrealized),
        percent=percent(part_of(unrealized, unsigned)),
    )


def total_sums(rows: tuple[Row, ...], totals: Totals) -> SumText:
    """The totals in the columns of the table; dashes where no row has a value."""
    if not any(isinstance(row.worth, Worth) for row in rows):
        return SumText()
    is_known = has_cost(totals)
    return SumText(
        cost=money_text(totals.cost if is_known else None),
        value=money_text(totals.value),
        weight=weight_text(totals.value, totals.value),
        day=gain(totals.day),
        unrealized=gain(totals.unrealized if is_known else None),
        percent=percent(totals.unrealized_percent if is_known else None),
    )


def sum_known(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are known; None where none is."""
    total: Decimal | None = None
    for figure in figures:
        if figure is not None:
            total = figure if total is None else EXACT.add(total, figure)
    return total
