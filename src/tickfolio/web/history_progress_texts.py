"""How far the histories of the instruments have come, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tickfolio.services.history_progress import Histories, HistoryProgress
from tickfolio.web.ages import moment_text
from tickfolio.web.figures import count_text
from tickfolio.web.sentences import begun
from tickfolio.web.stock_texts import day_text
from tickfolio.words import marked_phrase, phrase

MOST_LISTED = 50
STATES = {
    "waiting": marked_phrase("Waiting"),
    "done": marked_phrase("Done"),
    "failed": marked_phrase("Failed"),
    "cancelled": marked_phrase("Cancelled"),
}
TONES = {"failed": "fault", "cancelled": "warn"}


@dataclass(frozen=True, slots=True)
class HistoryText:
    """An instrument whose finished days are not all there."""

    symbol: str
    name: str
    state: str
    tone: str
    reach: str
    message: str


@dataclass(frozen=True, slots=True)
class HistoriesText:
    """The panel, which also stands where no history was ever asked for, so that the first one moves nothing.

    Attributes:
        done, wanted: of how many instruments all days are there, and of how many they are wanted.
        listed: those that are not, failed ones first, `MOST_LISTED` at most.
        unlisted: how many more there are, in words; else empty.
    """

    sentence: str
    done: int
    wanted: int
    listed: tuple[HistoryText, ...]
    unlisted: str


def histories_text(found: Histories, *, at: datetime, zone: ZoneInfo) -> HistoriesText:
    """How far the histories have come at the real moment `at`."""
    counts = found.counts
    wanted = counts.waiting + counts.done + counts.failed
    parts = [
        phrase(
            "{done} of {wanted} instruments, {days} days",
            done=count_text(counts.done),
            wanted=count_text(wanted),
            days=count_text(counts.days),
        )
    ]
    parts += [phrase("{count} failed", count=count_text(counts.failed))] if counts.failed else []
    parts += [phrase("{count} cancelled", count=count_text(counts.cancelled))] if counts.cancelled else []
    order = {state: number for number, state in enumerate(("failed", "waiting", "cancelled"))}
    missing = sorted(
        (each for each in found.instruments if each.state != "done"),
        key=lambda each: (order.get(each.state, len(order)), each.symbol),
    )
    unlisted = len(missing) - MOST_LISTED
    return HistoriesText(
        sentence="; ".join(parts),
        done=counts.done,
        wanted=wanted,
        listed=tuple(_history(each, at=at, zone=zone) for each in missing[:MOST_LISTED]),
        unlisted=phrase("and {count_text} more", count_text=count_text(unlisted)) if unlisted > 0 else "",
    )


def _history(told: HistoryProgress, *, at: datetime, zone: ZoneInfo) -> HistoryText:
    fetched = told.fetched_until
    reach = (
        phrase("wanted from {day_text} on", day_text=day_text(told.since))
        if fetched is None
        else phrase(
            "{first} to {last}, {days} days",
            first=day_text(told.since),
            last=day_text(fetched),
            days=count_text(told.days),
        )
    )
    again = told.try_after
    message = begun(told.message)
    if message and again is not None and again > at:
        message = phrase(
            "{rstrip}. Tried again at {moment_text}.",
            rstrip=message.rstrip("."),
            moment_text=moment_text(again, now=at, zone=zone),
        )
    return HistoryText(
        told.symbol, told.name, STATES.get(told.state, told.state), TONES.get(told.state, ""), reach, message
    )
