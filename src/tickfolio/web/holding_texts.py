"""The rows of a portfolio in words and figures.

The page's scripts write the same: frontend/src/pages/portfolio_row.ts is the twin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tickfolio.domain.market.quotes import NotAvailable, Quality, Quote, Unpriced
from tickfolio.domain.money import EXACT, decimal_places
from tickfolio.domain.valuation.attribution import CASH
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Totals, Worth
from tickfolio.web.ages import age_text
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.figures import (
    DASH,
    Direction,
    direction,
    money_direction,
    money_text,
    percent_text,
    price_text,
    quotient_of,
    rounded_text,
    signed_money_text,
    weight_text,
)
from tickfolio.web.notation import day_and_month, notation
from tickfolio.words import marked_phrase, phrase

RATE_PLACES = 5
"""How many decimals of an exchange rate are shown; the same number stands in frontend/src/pages/portfolio_row.ts."""

QUANTITY_PLACES = 6
"""How many decimals of a quantity are shown, as in portfolio_row.ts; what has more is named whole in a title."""

MOST_DIGITS = 10
MOST_OF_QUANTITY = 9
"""How long an amount and a quantity are that the columns have room for; the same numbers stand in portfolio_row.ts."""

UNIT_COST_PLACES = 4
"""How many decimals the cost of one unit is shown with, as in portfolio_row.ts."""

SPOKEN_QUALITIES = {
    Quality.LIVE: marked_phrase("live"),
    Quality.REPLAY: marked_phrase("replay"),
    Quality.DELAYED: marked_phrase("delayed"),
    Quality.SIMULATED: marked_phrase("simulated"),
    Quality.CLOSED: marked_phrase("at the close"),
    Quality.STALE: marked_phrase("stale"),
    Quality.MANUAL: marked_phrase("entered by hand"),
    Quality.UNPRICED: marked_phrase("unpriced"),
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
    unit_cost: str = ""
    day_percent: Figure = NO_FIGURE
    day_price: Figure = NO_FIGURE
    day_currency: Figure = NO_FIGURE
    account: str = ""
    class_name: str = ""
    sector: str = ""
    country: str = ""
    traded_in: str = ""


@dataclass(frozen=True, slots=True)
class Traits:
    """What an instrument is beside what the market says of it, in words; empty where nobody knows.

    `class_label` is the members' own word for the class; empty where the class counts.
    """

    class_label: str = ""
    sector: str = ""
    country: str = ""


NO_TRAITS = Traits()


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, from where: the person's zone, the market's moment, and where a symbol's own page is."""

    zone: ZoneInfo
    market_time: datetime | None
    portfolio_id: str
    traits: Mapping[str, Traits] = field(default_factory=dict)

    def traits_of(self, row: Row) -> Traits:
        """What the row's instrument is; nothing for cash."""
        return self.traits.get(row.symbol or "", NO_TRAITS)


NO_ROW = RowText(mark=Mark(quality="unpriced", spoken="", text=""))


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


def row_text(row: Row, totals: Totals, *, looking: Looking) -> RowText:
    """One row."""
    worth = row.worth if isinstance(row.worth, Worth) else None
    day = worth.day if worth and isinstance(worth.day, Day) else None
    quantity, whole_quantity = quantity_texts(row)
    return RowText(
        key=row.key,
        kind=row.kind.value,
        symbol=symbol_of(row),
        name=row_name(row),
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
        unit_cost=_unit_cost(row),
        day_percent=percent(day.percent if day else None),
        day_price=gain(day.price if day else None),
        day_currency=gain(day.currency if day else None),
        account=row.account_name,
        class_name=looking.traits_of(row).class_label or CLASS_NAMES[class_of(row)],
        sector=looking.traits_of(row).sector,
        country=looking.traits_of(row).country,
        traded_in=row.currency.code,
    )


def row_name(row: Row) -> str:
    """What stands beside the symbol; of a dividend that is not paid yet the domain names the day only. `nameOf` is the twin."""
    match row.kind:
        case RowKind.CASH:
            return phrase("Cash")
        case RowKind.RECEIVABLE:
            return phrase("Dividend due {day}", day=notation().day(date.fromisoformat(row.name)))
        case RowKind.HOLDING:
            return row.name
        case _:
            assert_never(row.kind)


def class_of(row: Row) -> str:
    """What kind of thing a row is of; a dividend that is due is of the class of its instrument."""
    return CASH if row.instrument is None else row.instrument.instrument_class.value


def _unit_cost(row: Row) -> str:
    """What one unit cost on average; nothing where there are no units, as with cash."""
    if row.kind is not RowKind.HOLDING:
        return ""
    return rounded_text(quotient_of(known(row.cost), row.quantity, places=UNIT_COST_PLACES), places=UNIT_COST_PLACES)


def symbol_of(row: Row) -> str:
    """The instrument, or the currency's code in a row of cash."""
    return row.symbol or row.currency.code


def value_of(row: Row) -> Decimal | None:
    """What the row is worth; None without a price."""
    return row.worth.value if isinstance(row.worth, Worth) else None


def address_of(row: Row, *, looking: Looking) -> str:
    """Where a row leads: to the instrument's own page, or to what was booked of it."""
    if row.kind is RowKind.HOLDING:
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
        return Mark("unpriced", SPOKEN_QUALITIES[Quality.UNPRICED], phrase("no price"))
    at = quote.source_time
    text = ""
    if quality is Quality.MANUAL:
        local = at.astimezone(zone)
        text = day_and_month(local)
    elif quality in (Quality.STALE, Quality.DELAYED):
        text = age_text((market_time or at) - at)
    return Mark(quality.value, SPOKEN_QUALITIES[quality], text)


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
    return phrase("{told} Left out of every total.", told=told) if told else ""


def _sentence(reason: str) -> str:
    return reason if reason.endswith(".") else f"{reason}."


def sum_known(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are known; None where none is."""
    total: Decimal | None = None
    for figure in figures:
        if figure is not None:
            total = figure if total is None else EXACT.add(total, figure)
    return total
