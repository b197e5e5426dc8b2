"""The days of a portfolio: the finished ones, kept beside its ledger, and the one that is not over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.touches import counts_from
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.day_so_far import day_so_far
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.joined_series import JoinedSeries, session_days
from tickfolio.domain.performance.series import DatedFlow, portfolio_series
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.valuation import Valuation
from tickfolio.domain.valuation.windows import day_begins, day_ends
from tickfolio.persistence.selectors.headings import LedgerHeading
from tickfolio.services.book_prices import closes_of, price_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.flow_valuations import FlowValues, flow_values
from tickfolio.services.history_changes import first_day_changed
from tickfolio.services.ledgers import HeldBook, Shelf
from tickfolio.services.valuations import RecordedMarket, value_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_KEPT = 128
"""Figures of spans and parts that are kept of one portfolio."""
MOST_PIECES = 32
"""Days that are joined one by one before all are worked out anew, at once."""


@dataclass(frozen=True, slots=True)
class SeriesNow:
    """A portfolio from its first day to the market's moment.

    Attributes:
        series: its last day is today, so far.
        valuation: at the moment; what it shows is the last day's closing value.
        finished: the days before today; None where there are none.
        actions: the newest corporate action that counts.
    """

    book: PortfolioBook
    at: datetime
    series: JoinedSeries
    valuation: Valuation
    finished: FinishedDays | None
    actions: int

    def gains(self) -> dict[str, NDArray[np.int64]]:
        """What each row gained on each day, in coins, by its key."""
        import numpy as np

        today = self.series.pieces[-1].gains()
        if self.finished is None:
            return dict(today)
        before, count = self.finished.gains, len(self.series.whole) - 1
        none, nothing = np.zeros(count, dtype=np.int64), np.zeros(1, dtype=np.int64)
        keys = before.keys() | today.keys()
        return {key: np.concatenate([before.get(key, none), today.get(key, nothing)]) for key in keys}

    def sessions(self, is_of_it: Callable[[ValueRow], bool] | None = None) -> frozenset[date] | None:
        """The finished days with a session of something held; None where only markets are held that never close."""
        if self.finished is None:
            return None
        if is_of_it is None:
            return self.finished.sessions
        return session_days(self.finished.series, self.book, self.finished.closes, is_of_it=is_of_it)

    def flows(self, is_of_it: Callable[[ValueRow], bool] | None) -> list[DatedFlow]:
        """What came over the border of the whole or of some rows, in the order of time."""
        if self.finished is None or is_of_it is not None:
            return self.series.flows(is_of_it or (lambda _: True))
        return [*self.finished.flows, *self.series.pieces[-1].flows(lambda _: True)]

    def booked(self) -> list[tuple[date, Transaction]]:
        """What was booked up to the moment, with its day."""
        return [*(() if self.finished is None else self.finished.booked), *self.booked_today()]

    def booked_today(self) -> list[tuple[date, Transaction]]:
        """What was booked on the day that is not over, with that day."""
        today = self.today
        begins = day_begins(today, self.book.zone)
        return [(today, each) for each in self.book.transactions if begins <= each.at <= self.at]

    @property
    def today(self) -> date:
        """The day that is not over."""
        return self.series.whole[-1].day


class FinishedDays:
    """What a shelf keeps: the days up to yesterday, of the book that they were worked out from."""

    def __init__(
        self,
        book: PortfolioBook,
        series: JoinedSeries,
        closes: Mapping[Symbol, CloseHistory],
        heading: LedgerHeading | None = None,
    ) -> None:
        """Takes the heading of the ledger, which tells the closes that were known; None of a ledger as it was known once."""
        self.book, self.series, self.closes, self.heading = book, series, closes, heading
        self.benchmarks: dict[str, object] = {}
        """By symbol, as services/benchmarks.py keeps them."""
        self._once: dict[object, object] = {}

    def once[T](self, key: object, make: Callable[[], T]) -> T:
        """What is worked out of these days once: none of them changes any more. A key belongs to one kind of value."""
        if key not in self._once:
            if len(self._once) >= MOST_KEPT:
                self._once.clear()
            self._once[key] = make()
        found: T = self._once[key]  # type: ignore[assignment]  # as `make` of the same key gave it
        return found

    @property
    def begun(self) -> date:
        """The first day."""
        return self.series.whole[0].day

    @property
    def last(self) -> date:
        """The last finished day."""
        return self.series.whole[-1].day

    @cached_property
    def gains(self) -> dict[str, NDArray[np.int64]]:
        """What each row gained on each of the days, in coins, by its key."""
        return self.series.gains()

    @cached_property
    def flows(self) -> list[DatedFlow]:
        """What came over the border of the portfolio, in the order of time."""
        return self.series.flows()

    @cached_property
    def booked(self) -> list[tuple[date, Transaction]]:
        """What was booked on these days, with its day."""
        zone = self.book.zone
        end = day_ends(self.last, zone)
        return [(each.at.astimezone(zone).date(), each) for each in self.book.transactions if each.at <= end]

    @cached_property
    def sessions(self) -> frozenset[date] | None:
        """The days with a session of something held; None where only markets are held that never close."""
        return session_days(self.series, self.book, self.closes)

    @cached_property
    def ends(self) -> list[datetime]:
        """The last moment of the day before the first, and that of each day."""
        first = self.series.pieces[0].days.begins[0] - timedelta.resolution
        return [first, *(end for piece in self.series.pieces for end in piece.days.ends)]


def series_now(shelf: Shelf, held: HeldBook, market: RecordedMarket) -> SeriesNow | None:
    """The days of what a shelf holds, for who holds its lock and has refreshed it; None before the first transaction.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
    """
    book = held.book
    kept = shelf.series if isinstance(shelf.series, FinishedDays) else None
    begun = kept.begun if kept is not None and kept.book is book else first_day(book, market.at)
    if begun is None:
        return None
    valuation, live = value_of(shelf, market), shelf.living()
    today = market.at.astimezone(book.zone).date()
    flows = flow_values(shelf, book, at=market.at)
    yesterday = today - timedelta(days=1)
    finished = finished_days(shelf, book, first=begun, last=yesterday, flows=flows) if begun < today else None

    finished_price, present = price_of(book, upto=shelf.bars), market.beside(book)

    def price_then(symbol: Symbol, at: datetime) -> PriceInForce | None:
        return finished_price(symbol, at) if at < market.at else present.price_in_force(symbol)

    piece = day_so_far(
        book,
        live,
        valuation,
        at=market.at,
        price_of=price_then,
        rates=rate_table_now(),
        before=() if finished is None else finished.series.last_rows,
        valued_flows=flows,
    )
    series = JoinedSeries.of(piece) if finished is None else finished.series.then(piece)
    return SeriesNow(book, market.at, series, valuation, finished, held.actions)


def finished_days(shelf: Shelf, book: PortfolioBook, *, first: date, last: date, flows: FlowValues) -> FinishedDays:
    """The days from `first` to `last`, kept on the shelf; its portfolio has been advanced to the end of `last` or beyond.

    Args:
        flows: of the same book, up to the end of `last` or beyond.
    """
    kept = _still_right(shelf, book)
    if kept is not None and kept.last == last:
        return kept
    heading = shelf.heading  # of before the closes are looked up: what is recorded meanwhile is noticed later
    closes, rates, live = closes_of(book, upto=shelf.bars), rate_table_now(), shelf.living()
    if kept is not None and kept.last < last and len(kept.series.pieces) < MOST_PIECES:
        days = Days(kept.last + timedelta(days=1), last, book.zone)
        piece = portfolio_series(
            book, live, days, closes=closes, rates=rates, before=kept.series.last_rows, valued_flows=flows
        )
        joined = kept.series.then(piece)
    else:
        days = Days(first, last, book.zone)
        piece = portfolio_series(book, live, days, closes=closes, rates=rates, valued_flows=flows)
        joined = JoinedSeries.of(piece)
    shelf.series = found = FinishedDays(book, joined, closes, heading)
    return found


def _still_right(shelf: Shelf, book: PortfolioBook) -> FinishedDays | None:
    """The days that are kept, without those of which a close was recorded since; None where none of them is left."""
    kept = shelf.series if isinstance(shelf.series, FinishedDays) else None
    if kept is None or kept.book is not book:
        return None
    if kept.heading == shelf.heading or kept.heading is None or shelf.heading is None:
        return kept
    changed = first_day_changed(kept.heading, shelf.heading, book)
    series = kept.series if changed is None else kept.series.until(changed)
    # What is kept with the days may rest on closes of instruments that are not booked, as a benchmark does.
    shelf.series = None if series is None else FinishedDays(book, series, kept.closes, shelf.heading)
    return shelf.series if isinstance(shelf.series, FinishedDays) else None


def first_day(book: PortfolioBook, at: datetime) -> date | None:
    """The day of the first transaction that counts by `at`; None where there is none yet."""
    moments = [moment for each in book.transactions if (moment := counts_from(each)) <= at]
    return min(moments).astimezone(book.zone).date() if moments else None
