"""What really happened: the replayed shares' daily prices, splits and dividends.

**Source**: data/NOTICE. Splits and dividends are not in the data themselves; they follow from its adjusted closes.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise

from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split, split_adjusted
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import EXACT, ROUNDING, Currency, rounded
from tickfolio.errors import FeedDataError

USD = Currency("USD")
DIVIDEND_PLACES = 4
# An adjustment by this much or more in a day is a split: no dividend of these shares came near half of the price.
_SPLIT_FACTOR = Decimal("1.5")
_SPLIT_TOLERANCE = Decimal("0.0001")

# Names as the companies were called in the replayed years.
_LISTINGS = (
    ("AAPL", "Apple Inc.", "XNAS"),
    ("FB", "Facebook, Inc.", "XNAS"),
    ("GOOG", "Google Inc.", "XNAS"),
    ("IBM", "International Business Machines Corporation", "XNYS"),
    ("MSFT", "Microsoft Corporation", "XNAS"),
)


@dataclass(frozen=True, slots=True)
class DailyBar:
    """One session of one share, in US dollars a share as they were paid that day.

    Attributes:
        volume: shares traded.
        adjusted_close: the close with all later splits and dividends taken out, on the source's own basis: only the
            ratio of two of them means anything.
    """

    day: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int
    adjusted_close: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            raise FeedDataError(f"Expected 0 < low ≤ open, close ≤ high on {self.day}, was {self}.")


class ShareHistory:
    """One share: its instrument, its days, oldest first, and its corporate actions, by ex-date."""

    def __init__(self, instrument: Instrument, days: Sequence[DailyBar]) -> None:
        self.instrument = instrument
        self.days = tuple(days)
        self.actions = tuple(corporate_actions(instrument.symbol, self.days))
        self._dates = [bar.day for bar in self.days]
        self._actions_by_day = {
            day: tuple(actions) for day, actions in groupby(self.actions, key=lambda action: action.ex_date)
        }

    def on(self, day: date) -> DailyBar | None:
        """The bar of `day`, or None where the share did not trade."""
        index = bisect_left(self._dates, day)
        return self.days[index] if index < len(self.days) and self._dates[index] == day else None

    def actions_on(self, day: date) -> tuple[CorporateAction, ...]:
        """The splits and dividends whose ex-date is `day`."""
        return self._actions_by_day.get(day, ())

    def previous_close(self, day: date) -> Decimal | None:
        """The close before `day` on the basis of `day`: after a split of `day`; None on the first day.

        The day before the 2 for 1 of 2005-02-28 Apple closed at 88.99, so that this is 44.495.
        """
        index = bisect_left(self._dates, day)
        if index == 0:
            return None
        splits = [action for action in self.actions_on(day) if isinstance(action, Split)]
        return split_adjusted(self.days[index - 1].close, splits)


def corporate_actions(symbol: Symbol, days: Iterable[DailyBar]) -> Iterator[CorporateAction]:
    """The splits and dividends that the adjusted closes of `days` tell of.

    With f = adjusted close ÷ close: an f that grows by a whole factor over a day is a split of that day; any other
    growth is a dividend of close × (f ÷ f of the day before − 1), rounded half-even to 4 places.
    """
    for before, bar in pairwise(days):
        ratio = ROUNDING.divide(
            EXACT.multiply(bar.adjusted_close, before.close), EXACT.multiply(bar.close, before.adjusted_close)
        )
        if ratio >= _SPLIT_FACTOR:
            yield _split(symbol, bar.day, ratio)
        elif amount := rounded(ROUNDING.multiply(bar.close, ratio - 1), places=DIVIDEND_PLACES):
            yield CashDividend(symbol, bar.day, _shortened(amount), USD)


def _split(symbol: Symbol, day: date, ratio: Decimal) -> Split:
    new = rounded(ratio, places=0)
    if abs(ratio - new) > _SPLIT_TOLERANCE:
        raise FeedDataError(f"Expected a split by a whole number for {symbol} on {day}, was {ratio:.6f}.")
    return Split(symbol, day, new=int(new), old=1)


def _shortened(amount: Decimal) -> Decimal:
    """`amount` without zeros beyond the cent: 2.6500 becomes 2.65."""
    cents = rounded(amount, places=2)
    return cents if cents == amount else amount


@cache
def share_histories() -> dict[Symbol, ShareHistory]:
    """The histories that ship with the product; read once a process, about 0.1 s.

    Raises:
        FeedDataError: the file in the package is damaged.
    """
    packed = (files(__package__) / "data" / "daily.csv.gz").read_bytes()
    days = parse_daily_bars(gzip.decompress(packed).decode())
    earliest = min(bars[0].day for bars in days.values())
    histories = {}
    for text, name, mic in _LISTINGS:
        symbol = Symbol(text)
        first_day = days[symbol][0].day
        # The shares of the file's very first day were listed long before it.
        listed_on = first_day if first_day > earliest else None
        instrument = Instrument(symbol=symbol, name=name, mic=mic, currency=USD, listed_on=listed_on)
        histories[symbol] = ShareHistory(instrument, days[symbol])
    return histories


def parse_daily_bars(text: str) -> dict[Symbol, list[DailyBar]]:
    """Bars by symbol from lines ``symbol,day,open,high,low,close,volume,adjusted_close`` below a heading, in day order.

    Raises:
        FeedDataError: a line is not of that form, or its day is not after the one before.
    """
    bars: dict[Symbol, list[DailyBar]] = {}
    for number, row in enumerate(csv.reader(text.splitlines()[1:]), start=2):
        try:
            symbol, day, opened, high, low, close, volume, adjusted = row
            bar = DailyBar(
                date.fromisoformat(day), Decimal(opened), Decimal(high), Decimal(low), Decimal(close),
                int(volume), Decimal(adjusted),
            )  # fmt: skip
        except (ValueError, ArithmeticError) as error:
            raise FeedDataError(f"Expected a daily bar in line {number}, was {','.join(row)[:80]!r}.") from error
        of_symbol = bars.setdefault(Symbol(symbol), [])
        if of_symbol and of_symbol[-1].day >= bar.day:
            raise FeedDataError(f"Expected days in order in line {number}, was {bar.day} after {of_symbol[-1].day}.")
        of_symbol.append(bar)
    return bars
