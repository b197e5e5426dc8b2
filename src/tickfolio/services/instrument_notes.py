"""One note of a portfolio about each instrument: all members read it, and who may book may write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidValue, VersionConflict
from tickfolio.persistence.models import InstrumentNote
from tickfolio.persistence.selectors.instrument_pages import KeptNote, kept_note
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, held_portfolio
from tickfolio.words import phrase

MAX_TEXT = 4000
"""How many characters a note may have."""


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """A note as it stands.

    Attributes:
        version: what a change is of; 0 where nothing was ever written.
        changed_at: real time, UTC; None likewise.
    """

    text: str
    version: int
    changed_at: datetime | None
    changed_by: str


NO_NOTE = NoteSeen("", 0, None, "")


def note_of(*, actor: Actor, portfolio_id: str, symbol: str) -> NoteSeen:
    """What a portfolio has written about an instrument.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    return _seen(kept_note(access.portfolio_id, Symbol(symbol), actor=actor))


def note_write(*, actor: Actor, portfolio_id: str, symbol: str, text: str, expected_version: int) -> NoteSeen:
    """Writes a note, if `expected_version` is what stands still; an empty text takes it away.

    Raises:
        NotFound, NotAllowed: as everywhere.
        VersionConflict: somebody else wrote meanwhile.
        InvalidValue: the text is too long, holds characters that nothing shows, or nobody knows the instrument.
    """
    text = note_spelt(text)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.NOTE_WRITE) as held:
        record = record_of(symbol.strip().upper())
        if record is None:
            raise InvalidValue(phrase("Expected an instrument that is known here, was {symbol}.", symbol=symbol[:40]))
        note_keep(held, record.pk, text, expected_version)
        return _seen(kept_note(held.access.portfolio_id, Symbol(record.symbol), actor=actor))


def note_spelt(text: str) -> str:
    """A note as it is kept: without spaces at the ends of its lines.

    Raises:
        InvalidValue: it is too long, or holds characters that nothing shows.
    """
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(text) > MAX_TEXT:
        raise InvalidValue(
            phrase("Expected a note of at most {max_text} characters, was {text}.", max_text=MAX_TEXT, text=len(text))
        )
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidValue(phrase("Expected a note of characters that can be seen, was one with others."))
    return text


def note_keep(held: HeldPortfolio, instrument_id: int, text: str, expected_version: int) -> None:
    """Keeps a note as it was spelt by `note_spelt`.

    Raises:
        VersionConflict: somebody else wrote meanwhile.
    """
    rows = InstrumentNote.objects.for_actor(held.actor).filter(portfolio=held.row.pk, instrument=instrument_id)
    row = rows.first()
    current = 0 if row is None else row.version
    if current != expected_version:
        raise VersionConflict(expected=expected_version, current=current)
    if row is not None:
        rows.update(text=text, version=current + 1, changed_at=held.at, changed_by=held.recorder_id)
        return
    InstrumentNote(
        portfolio_id=held.row.pk,
        instrument_id=instrument_id,
        text=text,
        changed_at=held.at,
        changed_by_id=held.recorder_id,
    ).save()


def _seen(kept: KeptNote | None) -> NoteSeen:
    return NO_NOTE if kept is None else NoteSeen(kept.text, kept.version, kept.changed_at, kept.changed_by)
