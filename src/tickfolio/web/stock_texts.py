"""The stocks page in words and figures, before any script runs: everything that its templates print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.market.bars import Bar
from tickfolio.services.market import InstrumentRow, RecordedQuote, Today
from tickfolio.web.figures import DASH, Direction, direction, percent_text, price_text, signed_text
from tickfolio.web.notation import notation
from tickfolio.web.venues import city_of, venue_name
from tickfolio.words import marked_phrase, phrase

LATE_OPENING = timedelta(minutes=5)
"""A share may open some minutes after its exchange; the same stands in session_line.ts."""
STALENESS = marked_phrase("A price older than the market’s calendar allows is shown as stale, with its age.")

FIGURE_SPACE = "\N{FIGURE SPACE}"
# As long as −12.34 %; the same number stands in frontend/src/cells/figures.ts.
CHANGE_WIDTH = 8


@dataclass(frozen=True, slots=True)
class TickerText:
    """An instrument in the list; `unit` is told where prices are in a part of the currency, such as pence."""

    symbol: str
    name: str = ""
    venue: str = ""
    unit: str = ""
    price: str = DASH
    change: str = DASH
    direction: Direction = "none"

    @property
    def listed_change(self) -> str:
        """The change at a fixed width, so that the figures of a column begin and end at the same place."""
        return self.change.rjust(CHANGE_WIDTH, FIGURE_SPACE)


@dataclass(frozen=True, slots=True)
class DayText:
    """The day so far beside the large price."""

    open: str = DASH
    low: str = DASH
    high: str = DASH
    previous_close: str = DASH
    day: str = ""
    zone: str = ""
    session: str = STALENESS


@dataclass(frozen=True, slots=True)
class QuoteText:
    """The large quote. `recorded` is empty where there is no price; `since` then says why."""

    ticker: TickerText
    day: DayText
    currency: str = ""
    since: str = ""
    recorded: str = ""

    @property
    def title(self) -> str:
        """What the tab of the page is called."""
        price = "" if self.ticker.price == DASH else f" {self.ticker.price}"
        return f"{self.ticker.symbol}{price}"


NO_TICKER = TickerText(symbol="")


def ticker_text(row: InstrumentRow) -> TickerText:
    """`row` for the list."""
    listed = TickerText(symbol=row.symbol, name=row.name, venue=venue_name(row.mic), unit=row.unit)
    if row.quote is None:
        return listed
    return TickerText(
        symbol=row.symbol,
        name=row.name,
        venue=listed.venue,
        unit=listed.unit,
        price=price_text(row.quote.price, places=row.price_places),
        change=percent_text(row.quote.change_percent),
        direction=direction(row.quote.change_percent),
    )


def quote_text(row: InstrumentRow, today: Today) -> QuoteText:
    """`row` as the large quote."""
    zone = ZoneInfo(today.zone)
    return QuoteText(
        ticker=ticker_text(row),
        day=_day_text(today, zone=zone),
        currency=row.currency,
        since=_since(row.quote, places=row.price_places),
        recorded=_moment_text(row.quote.source_time.astimezone(zone)) if row.quote else "",
    )


def missing_text(symbol: str, *, since: str) -> QuoteText:
    """The large quote of a symbol that nothing is known of."""
    return QuoteText(ticker=TickerText(symbol=symbol), day=DayText(), since=since)


def day_text(day: date) -> str:
    """A day as whoever is looking writes it.

    >>> day_text(date(2012, 5, 21))
    '21 May 2012'
    """
    return notation().day(day)


def short_day_text(day: date) -> str:
    """A day in a table.

    >>> short_day_text(date(2012, 9, 3))
    '3 Sep 2012'
    """
    return notation().day(day, is_short=True)


def _since(quote: RecordedQuote | None, *, places: int) -> str:
    if quote is None:
        return phrase("No price has been recorded yet: the feed has not said one.")
    if quote.change is None:
        return phrase("No previous close is known.")
    change = signed_text(quote.change, places=places)
    return phrase(
        "{change} since the previous close of {price_text}",
        change=change,
        price_text=price_text(quote.previous_close, places=places),
    )


def _moment_text(local: datetime) -> str:
    return f"{short_day_text(local.date())}, {local:%H:%M:%S}"


def _day_text(today: Today, *, zone: ZoneInfo) -> DayText:
    places, whole = today.price_places, _bars_since_opening(today)
    return DayText(
        open=price_text(whole[0].open if whole else None, places=places),
        low=price_text(_low(whole), places=places),
        high=price_text(_high(whole), places=places),
        previous_close=price_text(today.previous_close, places=places),
        day=day_text(today.session_day) if today.session_day else "",
        zone=phrase("{city} time", city=city_of(today.zone)),
        session=_session_text(today, zone=zone),
    )


def _bars_since_opening(today: Today) -> tuple[Bar, ...]:
    """The bars where they tell the day from its opening on; else its first price is no opening, and the low not the day's."""
    if not today.bars or (today.opens_at and today.bars[0].starts_at - today.opens_at > LATE_OPENING):
        return ()
    return today.bars


def _low(bars: tuple[Bar, ...]) -> Decimal | None:
    return min((bar.low for bar in bars), default=None)


def _high(bars: tuple[Bar, ...]) -> Decimal | None:
    return max((bar.high for bar in bars), default=None)


def _session_text(today: Today, *, zone: ZoneInfo) -> str:
    if today.opens_at is None or today.closes_at is None:
        return STALENESS
    opens, closes = today.opens_at.astimezone(zone), today.closes_at.astimezone(zone)
    return phrase(
        "Regular session, {opens:%H:%M} to {closes:%H:%M} in {city_of}. {staleness}",
        opens=opens,
        closes=closes,
        city_of=city_of(today.zone),
        staleness=STALENESS,
    )
