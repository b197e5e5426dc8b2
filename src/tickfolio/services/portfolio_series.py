"""The days of a portfolio: the finished ones, kept beside its ledger, and the one that is not over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.performance.day_so_far import day_so_far
from tickfolio.domain.performance.histories import Days
from tickfolio.domain.performance.joined_series import JoinedSeries, session_days
from tickfolio.domain.performance.series import portfolio_series
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.valuation import Valuation
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.services.flow_valuations import FlowValues, flow_values
from tickfolio.services.ledgers import HeldBook, Shelf
from tickfolio.services.price_history import close_histories, close_in_force
from tickfolio.services.valuations import RecordedMarket, value_of

MOST_PIECES = 32
"""Days that are joined one by one before all are worked out anew, at once."""


@dataclass(frozen=True, slots=True)
class SeriesNow:
    """A portfolio from its first day to the market's moment.

    Attributes:
        series: its last day is today, so far.
        valuation: at the moment; what it shows is the last day's closing value.
        sessions: days with a session of something held; None where only markets are held that never close.
    """

    book: PortfolioBook
    at: datetime
    series: JoinedSeries
    valuation: Valuation
    sessions: frozenset[date] | None

    @property
    def today(self) -> date:
        """The day that is not over."""
        return self.series.whole[-1].day


@dataclass(slots=True)
class FinishedDays:
    """What a shelf keeps: the days up to yesterday, of the book that they were worked out from."""

    book: PortfolioBook
    series: JoinedSeries
    sessions: frozenset[date] | None

    @property
    def last(self) -> date:
        """The last finished day."""
        return self.series.whole[-1].day


def series_now(shelf: Shelf, held: HeldBook, market: RecordedMarket) -> SeriesNow | None:
    """The days of what a shelf holds, for who holds its lock and has refreshed it; None before the first transaction.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
    """
    book = held.book
    begun = first_day(book, market.at)
    if begun is None:
        return None
    valuation, live = value_of(shelf, market), shelf.living()
    today = market.at.astimezone(book.zone).date()
    flows = flow_values(shelf, book, at=market.at)
    yesterday = today - timedelta(days=1)
    finished = finished_days(shelf, book, first=begun, last=yesterday, flows=flows) if begun < today else None

    def price_of(symbol: Symbol, at: datetime) -> PriceInForce | None:
        if at < market.at:
            return close_in_force(symbol, at)
        return market.price_in_force(symbol)

    piece = day_so_far(
        book,
        live,
        valuation,
        at=market.at,
        price_of=price_of,
        rates=rate_history(),
        before=() if finished is None else finished.series.last_rows,
        valued_flows=flows,
    )
    series = JoinedSeries.of(piece) if finished is None else finished.series.then(piece)
    sessions = None if finished is None else finished.sessions
    return SeriesNow(book, market.at, series, valuation, sessions)


def finished_days(shelf: Shelf, book: PortfolioBook, *, first: date, last: date, flows: FlowValues) -> FinishedDays:
    """The days from `first` to `last`, kept on the shelf; its portfolio has been advanced to the end of `last` or beyond.

    Args:
        flows: of the same book, up to the end of `last` or beyond.
    """
    kept = shelf.series if isinstance(shelf.series, FinishedDays) else None
    if kept is not None and kept.book is book and kept.last == last:
        return kept
    closes, rates, live = close_histories(), rate_history(), shelf.living()
    if kept is not None and kept.book is book and kept.last < last and len(kept.series.pieces) < MOST_PIECES:
        days = Days(kept.last + timedelta(days=1), last, book.zone)
        piece = portfolio_series(
            book,
            live,
            days,
            closes=closes,
            rates=rates,
            before=kept.series.last_rows,
            valued_flows=flows,
        )
        more = session_days(piece, book, closes)
        sessions = kept.sessions if more is None else (kept.sessions or frozenset()) | more
        found = FinishedDays(book, kept.series.then(piece), sessions)
    else:
        piece = portfolio_series(
            book,
            live,
            Days(first, last, book.zone),
            closes=closes,
            rates=rates,
            valued_flows=flows,
        )
        found = FinishedDays(book, JoinedSeries.of(piece), session_days(piece, book, closes))
    shelf.series = found
    return found


def first_day(book: PortfolioBook, at: datetime) -> date | None:
    """The day of the first transaction that counts by `at`; None where there is none yet."""
    moments = [moment for each in book.transactions if (moment := getattr(each, "accrues_at", None) or each.at) <= at]
    return min(moments).astimezone(book.zone).date() if moments else None
