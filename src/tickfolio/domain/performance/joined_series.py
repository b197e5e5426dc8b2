"""A series in pieces: finished days, worked out once, and the day that is not over behind them.

**Source**: docs/reference/definitions.md, section Daily series.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.histories import CloseHistory, stamp_of
from tickfolio.domain.performance.series import DatedFlow, PortfolioSeries, ValuedDay
from tickfolio.domain.valuation.book import PortfolioBook

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class JoinedSeries:
    """Consecutive pieces of one portfolio.

    Attributes:
        pieces: each begins on the day after the one before it; at least one.
        whole: the days of the portfolio, over all pieces.
    """

    pieces: tuple[PortfolioSeries, ...]
    whole: tuple[ValuedDay, ...]

    @staticmethod
    def of(piece: PortfolioSeries) -> JoinedSeries:
        """One piece alone."""
        return JoinedSeries((piece,), tuple(piece.whole()))

    def then(self, piece: PortfolioSeries) -> JoinedSeries:
        """With `piece` behind it."""
        return JoinedSeries((*self.pieces, piece), (*self.whole, *piece.whole()))

    def until(self, day: date) -> JoinedSeries | None:
        """The pieces that end before `day`; None where there is none."""
        pieces = tuple(piece for piece in self.pieces if piece.days.days[-1] < day)
        count = sum(len(piece.days) for piece in pieces)
        return JoinedSeries(pieces, self.whole[:count]) if pieces else None

    @property
    def base(self) -> Currency:
        """The currency of all figures."""
        return self.pieces[0].base

    @property
    def last_rows(self) -> Sequence[ValueRow]:
        """The rows up to the last day."""
        return self.pieces[-1].rows

    def rows(self) -> dict[str, ValueRow]:
        """What each row is of, by its key: that of the newest piece that has it."""
        return {row.key: row for piece in self.pieces for row in piece.rows}

    def part(self, is_of_it: Callable[[ValueRow], bool]) -> list[ValuedDay]:
        """The days of some rows."""
        return [day for piece in self.pieces for day in piece.part(is_of_it)]

    def flows(self, is_of_it: Callable[[ValueRow], bool] = lambda _: True) -> list[DatedFlow]:
        """What came over the border of the whole or of some rows, in the order of time."""
        return [flow for piece in self.pieces for flow in piece.flows(is_of_it)]

    def gains(self) -> dict[str, NDArray[np.int64]]:
        """What each row gained on each day of `whole`, in coins, by its key."""
        import numpy as np

        found: dict[str, NDArray[np.int64]] = {}
        begins = 0
        for piece in self.pieces:
            ends = begins + len(piece.days)
            for key, gains in piece.gains().items():
                if key not in found:
                    found[key] = np.zeros(len(self.whole), dtype=np.int64)
                found[key][begins:ends] = gains
            begins = ends
        return found


def session_days(
    series: JoinedSeries,
    book: PortfolioBook,
    closes: Mapping[Symbol, CloseHistory],
    *,
    is_of_it: Callable[[ValueRow], bool] = lambda _: True,
) -> frozenset[date] | None:
    """The days on which a session of something held closed; None where only markets are held that never close.

    Held is what had a value at an end of the day.

    Args:
        is_of_it: whether a row is of the part that is asked about.
    """
    found: frozenset[date] | None = None
    for piece in series.pieces:
        days = _sessions_of(piece, book, closes, is_of_it)
        if days is not None:
            found = days if found is None else found | days
    return found


def _sessions_of(
    series: PortfolioSeries,
    book: PortfolioBook,
    closes: Mapping[Symbol, CloseHistory],
    is_of_it: Callable[[ValueRow], bool],
) -> frozenset[date] | None:
    import numpy as np

    count, begins = len(series.days), stamp_of(series.days.begins[0])
    are_sessions: NDArray[np.bool_] | None = None
    for row in series.rows:
        if row.symbol is None or row.symbol not in closes or not row.values.any() or not is_of_it(row):
            continue
        if book.instrument(row.symbol).instrument_class is InstrumentClass.CRYPTO:
            continue
        stamps = closes[row.symbol].stamps
        places = series.days.stamps.searchsorted(stamps[stamps >= begins])
        has_closed = np.zeros(count, dtype=np.bool_)
        has_closed[places[places < count]] = True
        held = row.values != 0
        held[1:] |= row.values[:-1] != 0
        here = held & has_closed
        are_sessions = here if are_sessions is None else are_sessions | here
    if are_sessions is None:
        return None
    return frozenset(series.days.days[place] for place in np.flatnonzero(are_sessions).tolist())
