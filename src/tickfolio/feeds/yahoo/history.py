"""The finished days of a chart answer, as they were paid, and what happened between them.

Yahoo divides all prices and dividends by the ratios of later splits. The answer must therefore reach until now, so that it
tells of all of them: each day is multiplied back by the splits after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import structlog

from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split
from tickfolio.domain.instruments import Publication, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.money import ROUNDING, rounded
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.feed import History
from tickfolio.feeds.numbers import number, price
from tickfolio.feeds.yahoo.chart import Chart, Meta, Prices, SplitEvent, currency_of, day_in, moment, zone_of
from tickfolio.feeds.yahoo.shortest_decimals import as_paid
from tickfolio.feeds.yahoo.venues import publication_of

SETTLES = timedelta(minutes=30)
"""For so long after its end a session's last price may still come, as from an auction or an exchange that Yahoo delays."""
_LARGEST_PART = 10**6
_SMALL = 20
"""The smaller number of a split of units is at most this one: 3 for 2, 21 for 20, 1 for 50."""
_MOST_PERCENT = 10
_INEXACT = Fraction(1, 50_000)
"""How far a ratio that is told with a few decimal places may be from the one that is meant."""

log = structlog.get_logger(__name__)


def days_query(first: date, *, now: datetime) -> dict[str, str]:
    """What asks for the days from `first` on: until now, whatever the last one that is wanted.

    The end is a day ahead: what happens today stands at today's opening, which may be still to come.
    """
    # East of Greenwich an exchange's day begins the day before.
    begin = datetime.combine(first, time(), tzinfo=UTC) - timedelta(days=1)
    return {
        "period1": str(int(begin.timestamp())),
        "period2": str(int((now + timedelta(days=1)).timestamp())),
        "interval": "1d",
        "includePrePost": "false",
        "events": "div,splits,capitalGains",
    }


def history_of(chart: Chart, symbol: Symbol, *, first: date, last: date, now: datetime) -> History:
    """The finished days from `first` to `last` of an answer to `days_query` that came at `now` (UTC), and what happened by `last`.

    Raises:
        FeedDataError: the answer contradicts itself.
    """
    meta = chart.meta
    if meta.data_granularity not in (None, "1d"):
        raise FeedDataError(f"Expected days of {symbol}, was {meta.data_granularity!r:.20}.")
    zone = zone_of(meta, symbol)
    splits = _splits(chart, symbol, zone, upto=now.astimezone(zone).date())
    basis = _Basis(splits)
    end = min(last, _last_finished(meta, zone, now))
    bars: dict[date, DailyBar] = {}
    for seconds, row in _rows(chart, symbol):
        day = day_in(zone, seconds)
        # A second one of a day is the latest price, which Yahoo appends to the session's own.
        if first <= day <= end and day not in bars and (bar := _bar(meta, day, basis.ratio(day), row)) is not None:
            bars[day] = bar
    actions: list[CorporateAction] = [*splits, *_dividends(chart, symbol, zone, basis)]
    within = (action for action in actions if first <= action.ex_date <= last and _is_of_units(action))
    return History(
        symbol,
        tuple(bars[day] for day in sorted(bars)),
        tuple(sorted(within, key=lambda action: action.ex_date)),
    )


class _Basis:
    """By how much Yahoo divided the prices of a day."""

    def __init__(self, splits: Sequence[Split]) -> None:
        self._days = [split.ex_date for split in splits]
        self._ratios = [Fraction(1)]
        for split in reversed(splits):
            self._ratios.append(self._ratios[-1] * Fraction(split.new, split.old))
        self._ratios.reverse()

    def ratio(self, day: date) -> Fraction:
        """New units for one old of all splits after `day`."""
        return self._ratios[bisect_right(self._days, day)]


@dataclass(frozen=True, slots=True)
class _Row:
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal | None
    volume: Decimal | None


def _rows(chart: Chart, symbol: Symbol) -> Iterator[tuple[int, _Row]]:
    times = chart.timestamp or []
    prices = chart.indicators.quote[0] if chart.indicators.quote else Prices()
    columns = [prices.open, prices.high, prices.low, prices.close, prices.volume]
    for column in columns:
        if len(column) not in (0, len(times)):
            raise FeedDataError(f"Expected {len(times)} prices of {symbol}, one a day, found {len(column)}.")
    filled = [column or [None] * len(times) for column in columns]
    return ((seconds, _Row(*row)) for seconds, *row in zip(times, *filled, strict=True))


def _bar(meta: Meta, day: date, ratio: Fraction, row: _Row) -> DailyBar | None:
    """The day as it was paid; None where Yahoo has no close of it, or one that no unit can be bought for."""
    opened, high, low, close = (_paid(meta, day, ratio, value) for value in (row.open, row.high, row.low, row.close))
    if close is None:
        return None
    volume = _volume(meta, day, ratio, row.volume)
    try:
        return DailyBar(day=day, close=close, open=opened, high=high, low=low, volume=volume)
    except InvalidValue:
        # Yahoo has days whose high is below their close: the close is what everything else is counted from.
        return DailyBar(day=day, close=close, volume=volume)


def _paid(meta: Meta, day: date, ratio: Fraction, value: Decimal | None) -> Decimal | None:
    if value is None or number(value, of=f"price on {day}") <= 0:
        return None
    return price(as_paid(value, ratio, places=meta.places), of=f"price on {day}")


def _volume(meta: Meta, day: date, ratio: Fraction, value: Decimal | None) -> Decimal | None:
    """Units traded, of which splits made more: they are divided where prices are multiplied."""
    if value is None or not meta.has_day_volume:
        return None
    traded = number(value, of=f"volume on {day}")
    if ratio == 1:
        return traded
    new, old = Decimal(ratio.numerator), Decimal(ratio.denominator)
    return rounded(ROUNDING.divide(ROUNDING.multiply(traded, old), new), places=0)


def _last_finished(meta: Meta, zone: ZoneInfo, now: datetime) -> date:
    """The last day whose close can change no more: today's once its session has ended and settled."""
    today = now.astimezone(zone).date()
    periods = meta.current_trading_period
    regular = None if periods is None else periods.regular
    if (
        regular is not None
        and publication_of(meta.kind) is Publication.TICK
        and day_in(zone, regular.start) == today
        and now >= moment(regular.end) + SETTLES
    ):
        return today
    return today - timedelta(days=1)


def _splits(chart: Chart, symbol: Symbol, zone: ZoneInfo, *, upto: date) -> list[Split]:
    """All of them until `upto`, the oldest first: prices are not divided yet by what is still to come."""
    events = chart.events.splits.values() if chart.events is not None else ()
    found = []
    for event in events:
        ratio, day = _ratio(event, symbol), day_in(zone, event.date)
        if ratio != 1 and day <= upto:
            found.append(Split(symbol, day, new=ratio.numerator, old=ratio.denominator))
    return sorted(found, key=lambda split: split.ex_date)


def _ratio(event: SplitEvent, symbol: Symbol) -> Fraction:
    """New units for one old. A share that parted from another one is told as a split too, with fractions in it."""
    new, old = (number(part, of=f"split of {symbol}") for part in (event.numerator, event.denominator))
    if new <= 0 or old <= 0:
        raise FeedDataError(f"Expected a split of {symbol} in numbers above zero, was {new}:{old}.")
    ratio = Fraction(new) / Fraction(old)
    meant = ratio.limit_denominator(_SMALL) if ratio > 1 else 1 / (1 / ratio).limit_denominator(_SMALL)
    return meant if abs(meant / ratio - 1) <= _INEXACT else ratio.limit_denominator(_LARGEST_PART)


def _is_of_units(action: CorporateAction) -> bool:
    """Whether an action is one of its holders' units.

    Yahoo tells the price of a part that was spun off as a split as well, such as 1281 for 1000: prices are divided by it, and
    nobody has more units. Splits and stock dividends have small numbers or whole percents.
    """
    if not isinstance(action, Split) or min(action.new, action.old) <= _SMALL:
        return True
    percent = (Fraction(action.new, action.old) - 1) * 100
    if percent.denominator == 1 and 0 < percent <= _MOST_PERCENT:
        return True
    log.info(
        "split.of_prices_only",
        feed="yahoo",
        symbol=action.symbol,
        ex_date=action.ex_date.isoformat(),
        new=action.new,
        old=action.old,
    )
    return False


def _dividends(chart: Chart, symbol: Symbol, zone: ZoneInfo, basis: _Basis) -> list[CashDividend]:
    """What was paid in cash, distributed gains included, in whole units of the currency: one sum a day."""
    if chart.events is None:
        return []
    currency, unit = currency_of(chart.meta, symbol)
    paid: dict[date, Decimal] = {}
    for payment in (*chart.events.dividends.values(), *chart.events.capital_gains.values()):
        day = day_in(zone, payment.date)
        amount = number(payment.amount, of=f"dividend on {day}")
        if amount > 0:
            whole = as_paid(amount, basis.ratio(day), places=chart.meta.places)
            paid[day] = paid.get(day, Decimal(0)) + price(ROUNDING.divide(whole, unit), of=f"dividend on {day}")
    return [CashDividend(symbol, day, amount, currency) for day, amount in paid.items()]
