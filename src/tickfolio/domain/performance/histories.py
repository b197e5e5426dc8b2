"""Daily closes and exchange rates over many days, as arrays with the exact figures beside them.

**Source**: docs/reference/definitions.md, sections Time and Daily series.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.windows import day_begins, day_ends

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]
    type Integers = NDArray[np.int64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CloseHistory:
    """The closes of one instrument, per unit and as they were paid on the day, oldest first.

    Attributes:
        closed_at: when each session closed, in UTC; a close is in force from then until the next.
        prices: one for each.
        sources: who said each; empty where all are from where the history is from.
    """

    __slots__ = ("_floats", "_stamps", "closed_at", "prices", "sources")

    def __init__(self, closed_at: Sequence[datetime], prices: Sequence[Decimal], sources: Sequence[str] = ()) -> None:
        self.closed_at, self.prices, self.sources = closed_at, prices, sources
        self._stamps: Integers | None = None
        self._floats: Floats | None = None

    @property
    def stamps(self) -> Integers:
        """The moments in microseconds; worked out once, as portfolios share their histories."""
        import numpy as np

        if self._stamps is None:
            self._stamps = np.array([(at - EPOCH) // _MICROSECOND for at in self.closed_at], dtype=np.int64)
        return self._stamps

    @property
    def floats(self) -> Floats:
        """The prices as binary numbers, and after them one that is none: what the place −1 stands for."""
        import numpy as np

        if self._floats is None:
            count = len(self.prices)
            self._floats = np.full(count + 1, np.nan)
            self._floats[:count] = np.fromiter(map(float, self.prices), dtype=np.float64, count=count)
        return self._floats

    def at(self, moment: datetime) -> PriceInForce | None:
        """The close in force at a moment; None where there was none yet."""
        place = bisect_right(self.closed_at, moment) - 1
        if place < 0:
            return None
        return PriceInForce(self.prices[place], self.closed_at[place], self.sources[place] if self.sources else "")

    def part(self, first: int, last: int) -> CloseHistory:
        """Those from the place `first` up to `last`, which is not among them."""
        span = slice(first, last)
        return CloseHistory(self.closed_at[span], self.prices[span], self.sources[span])


class Days:
    """Consecutive days of an owner, each with its last moment in UTC.

    Attributes:
        days: the first to the last, without a gap.
        begins, ends: the first and the last moment of each.
        stamps: the last moments in microseconds.
    """

    def __init__(self, first: date, last: date, zone: ZoneInfo) -> None:
        import numpy as np

        count = (last - first).days + 1
        self.days = [first + timedelta(days=number) for number in range(count)]
        self.ends = [day_ends(day, zone) for day in self.days]
        self.begins = [day_begins(self.days[0], zone), *(end + datetime.resolution for end in self.ends[:-1])]
        self.stamps: Integers = np.array([stamp_of(end) for end in self.ends], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.days)

    def places(self, moments: Sequence[datetime]) -> Integers:
        """The index of the day that each moment is in: 0 also for what was before, the number of days for what comes after."""
        import numpy as np

        return self.stamps.searchsorted(np.array([stamp_of(at) for at in moments], dtype=np.int64))


class Histories:
    """Prices and rates in force at the end of each day, looked up once for all rows."""

    def __init__(self, days: Days, base: Currency, *, closes: Mapping[Symbol, CloseHistory], rates: Rates) -> None:
        self.days, self.base = days, base
        self._closes, self._table = closes, rates
        self._prices: dict[Symbol, PricesInForce] = {}
        self._rates: dict[Currency, RatesInForce] = {}

    def prices(self, symbol: Symbol) -> PricesInForce:
        """Those of one instrument."""
        found = self._prices.get(symbol)
        if found is None:
            found = self._prices[symbol] = PricesInForce(self.days, self._closes.get(symbol, CloseHistory((), ())))
        return found

    def rates(self, currency: Currency) -> RatesInForce:
        """Those of one currency into the base currency."""
        found = self._rates.get(currency)
        if found is None:
            found = self._rates[currency] = RatesInForce(self.days, currency, self.base, self._table)
        return found


class PricesInForce:
    """The close in force at the end of each day.

    Attributes:
        floats: as binary numbers; not a number where there was none yet.
    """

    def __init__(self, days: Days, history: CloseHistory) -> None:
        self._days, self._history = days, history
        self._places = history.stamps.searchsorted(days.stamps, side="right") - 1
        self.floats: Floats = history.floats[self._places]

    def at(self, moment: datetime) -> PriceInForce | None:
        """The close in force at a moment; None where there was none yet."""
        return self._history.at(moment)

    def exact(self, day: int) -> Decimal:
        """The close in force at the end of a day that has one."""
        return self._history.prices[int(self._places[day])]

    def closed_at(self, day: int) -> datetime:
        """When that session closed."""
        return self._history.closed_at[int(self._places[day])]

    def days_before(self, moments: Iterable[datetime]) -> Iterator[int]:
        """The days that end at or after one of the moments with a close from before it: none of Friday is of a split on Saturday."""
        for at in moments:
            day = int(self._days.places([at])[0])
            while day < len(self._days) and (self._places[day] < 0 or self.closed_at(day) < at):
                yield day
                day += 1


class RatesInForce:
    """The rate in force at the end of each day, and the reason where there is none."""

    def __init__(self, days: Days, currency: Currency, base: Currency, table: Rates) -> None:
        import numpy as np

        self._found: list[Decimal | Unpriced] = []
        if currency == base:
            self._found = [Decimal(1)] * len(days)
            self.floats: Floats = np.ones(len(days))
            return
        for end in days.ends:
            found = table.rate_at(currency, base, at=end)
            self._found.append(found if isinstance(found, Unpriced) else found.rate)
        self.floats = np.array([np.nan if isinstance(each, Unpriced) else float(each) for each in self._found])

    def exact(self, day: int) -> Decimal:
        """The rate in force at the end of a day that has one."""
        found = self._found[day]
        assert isinstance(found, Decimal)
        return found


def stamp_of(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND
