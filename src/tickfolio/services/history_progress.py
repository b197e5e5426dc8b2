"""How far the histories of instruments have come, for the operator."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import Backfill
from tickfolio.persistence.selectors.backfills import HistoryProgress, progress_of

__all__ = ["HistoryProgress"]
State = Backfill.State


@dataclass(frozen=True, slots=True)
class HistoryCounts:
    """How many histories are in which state."""

    waiting: int
    done: int
    failed: int
    cancelled: int
    days: int


@dataclass(frozen=True, slots=True)
class Histories:
    """How far the histories of all instruments have come."""

    instruments: tuple[HistoryProgress, ...]
    counts: HistoryCounts


def history_progress(*, symbol: Symbol | None = None, with_last_days: bool = False) -> Histories:
    """How far the histories have come, of all instruments or of one, by symbol; one query.

    Args:
        with_last_days: tells the last recorded day of each too, for which all recorded days are gone through.
    """
    found = progress_of(symbol, with_last_days=with_last_days)
    states = [each.state for each in found]
    return Histories(
        found,
        HistoryCounts(
            waiting=states.count(State.WAITING),
            done=states.count(State.DONE),
            failed=states.count(State.FAILED),
            cancelled=states.count(State.CANCELLED),
            days=sum(each.days for each in found),
        ),
    )
