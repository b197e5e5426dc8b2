"""The candles of an instrument over a span that ends now, on the basis of now: as they would be had all its splits been before."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.conf import settings

from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar, DailyBar
from tickfolio.domain.market.candles import Candle, day_candles, joined, minutes_joined, month_of, week_of
from tickfolio.domain.market.quotes import Quote
from tickfolio.feeds.replay.history import share_histories
from tickfolio.persistence.selectors.actions import standing_actions
from tickfolio.persistence.selectors.instrument_pages import bars_in_force
from tickfolio.persistence.selectors.market import kept_bars, kept_instrument
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.market_time import market_now
from tickfolio.services.price_history import history_actions

MINUTES = timedelta(minutes=5)
"""How long a candle of today is."""
MOST_DAYS, MOST_WEEKS = 300, 300
"""With more candles than this a picture has less than three px for each, so that they are joined to weeks, then to months."""
BEFORE = timedelta(days=14)
"""How long before a span its close before is looked for."""


class CandleSpan(StrEnum):
    """A span that ends today."""

    DAY = "1D"
    WEEK = "1W"
    QUARTER = "3M"
    YEAR_TO_DATE = "YTD"
    YEAR = "1Y"
    FIVE_YEARS = "5Y"
    ALL = "All"


class Step(StrEnum):
    """What a candle is of."""

    MINUTES = "minutes"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class CandleMark:
    """A dividend or a split, by its ex-date."""

    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class PriceCandles:
    """The candles of one span.

    Attributes:
        candles: of days and longer, the last one not over yet; empty where `step` is minutes.
        bars: those of today; empty otherwise.
        before: the close before the first of them, on the basis of now; None where it is not known.
        day: the session of the newest price.
        opens_at, closes_at: of that session, UTC; None where it has none, as of what is traded around the clock.
    """

    symbol: Symbol
    price_places: int
    zone: str
    span: CandleSpan
    step: Step
    candles: tuple[Candle, ...]
    bars: tuple[Bar, ...]
    before: Decimal | None
    day: date | None
    opens_at: datetime | None
    closes_at: datetime | None
    marks: tuple[CandleMark, ...]


def price_candles(symbol: Symbol, *, span: CandleSpan) -> PriceCandles | None:
    """What is known of an instrument's price over a span; None where nobody knows the instrument."""
    kept = kept_instrument(symbol)
    if kept is None:
        return None
    instrument, quote = kept.instrument, kept.quote
    calendar = calendar_for(instrument.mic)
    today = market_now().astimezone(calendar.zone).date() if quote is None else quote.session_day
    session = None if quote is None else calendar.session_on(quote.session_day)
    found = PriceCandles(
        symbol=instrument.symbol,
        price_places=instrument.price_places,
        zone=calendar.zone.key,
        span=span,
        step=Step.MINUTES,
        candles=(),
        bars=(),
        before=None if quote is None else quote.previous_close,
        day=None if quote is None else quote.session_day,
        opens_at=None if session is None else session.opens_at,
        closes_at=None if session is None else session.closes_at,
        marks=(),
    )
    if span is CandleSpan.DAY:
        bars = () if quote is None else kept_bars(instrument.symbol, session_day=quote.session_day)
        return replace(found, bars=minutes_joined(bars, MINUTES))
    return _of_days(found, instrument, quote, today=today)


def actions_until(symbol: Symbol, today: date) -> tuple[CorporateAction, ...]:
    """The corporate actions of an instrument, by ex-date; of a replay those that have come by `today` alone."""
    if settings.TICKFOLIO_IS_REPLAY:
        return tuple(action for action in history_actions(symbol) if action.ex_date <= today)
    return tuple(fact.action for fact in standing_actions([symbol]))


def _of_days(found: PriceCandles, instrument: Instrument, quote: Quote | None, *, today: date) -> PriceCandles:
    first = _first_day(found.span, today)
    actions = [action for action in actions_until(instrument.symbol, today) if action.ex_date <= today]
    splits = [action for action in actions if isinstance(action, Split)]
    bars = finished_bars(instrument, since=None if first is None else first - BEFORE)
    days = [*day_candles(bars, splits), *_unfinished(instrument, quote, after=bars[-1].day if bars else None)]
    earlier = [candle for candle in days if first is not None and candle.first < first]
    days = days[len(earlier) :]
    step, candles = _not_too_many(days)
    return replace(
        found,
        step=step,
        candles=candles,
        before=earlier[-1].close if earlier else None,
        marks=_marks(actions, since=days[0].first if days else today),
    )


def finished_bars(instrument: Instrument, *, since: date | None = None) -> tuple[DailyBar, ...]:
    """The sessions of an instrument that are over and of which there is a bar, as they were paid on the day, oldest first."""
    if not settings.TICKFOLIO_IS_REPLAY:
        return bars_in_force(instrument.symbol, since=since)
    history = share_histories().get(instrument.symbol)
    if history is None:
        return ()
    now, calendar = market_now(), calendar_for(instrument.mic)
    # Of days that are long over the calendar need not be asked.
    certain = now.astimezone(calendar.zone).date() - timedelta(days=1)
    days = (day for day in history.days if since is None or day.day >= since)
    return tuple(
        DailyBar(day.day, day.close, open=day.open, high=day.high, low=day.low, volume=Decimal(day.volume))
        for day in days
        if day.day <= certain or ((session := calendar.session_on(day.day)) is not None and session.closes_at <= now)
    )


def _unfinished(instrument: Instrument, quote: Quote | None, *, after: date | None) -> Iterable[Candle]:
    """The session of the newest price, where it is not among the finished ones."""
    if quote is None or (after is not None and quote.session_day <= after):
        return ()
    bars = kept_bars(instrument.symbol, session_day=quote.session_day)
    highs, lows = [bar.high for bar in bars], [bar.low for bar in bars]
    return (
        Candle(
            quote.session_day,
            open=bars[0].open if bars else quote.price,
            high=max([*highs, quote.price]),
            low=min([*lows, quote.price]),
            close=quote.price,
        ),
    )


def _not_too_many(days: Sequence[Candle]) -> tuple[Step, tuple[Candle, ...]]:
    if len(days) <= MOST_DAYS:
        return Step.DAY, tuple(days)
    weeks = joined(days, week_of)
    return (Step.WEEK, weeks) if len(weeks) <= MOST_WEEKS else (Step.MONTH, joined(days, month_of))


def _marks(actions: Iterable[CorporateAction], *, since: date) -> tuple[CandleMark, ...]:
    kinds = {CashDividend: "dividend", Split: "split"}
    return tuple(
        CandleMark(action.ex_date, kinds[type(action)])
        for action in actions
        if type(action) in kinds and action.ex_date >= since
    )


def _first_day(span: CandleSpan, today: date) -> date | None:
    """The first day that is shown; None: all are."""
    match span:
        case CandleSpan.DAY:
            return today
        case CandleSpan.WEEK:
            return today - timedelta(days=6)
        case CandleSpan.QUARTER:
            return _months_before(today, 3)
        case CandleSpan.YEAR_TO_DATE:
            return today.replace(month=1, day=1)
        case CandleSpan.YEAR:
            return _months_before(today, 12)
        case CandleSpan.FIVE_YEARS:
            return _months_before(today, 60)
        case CandleSpan.ALL:
            return None


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1])) + timedelta(days=1)
