"""One note of a portfolio about each instrument: all members read it, and who may book may write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidValue, VersionConflict
from tickfolio.persistence.models import InstrumentNote
from tickfolio.persistence.selectors.instrument_pages import KeptNote, kept_note
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.selectors.surroundings import own_instruments
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
        symbol = note_keep(held, symbol.strip().upper(), text, expected_version)
        return _seen(kept_note(held.access.portfolio_id, symbol, actor=actor))


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


def note_keep(held: HeldPortfolio, symbol: str, text: str, expected_version: int) -> Symbol:
    """Keeps a note as it was spelt by `note_spelt`. Returns the symbol that the instrument has now.

    Raises:
        VersionConflict: somebody else wrote meanwhile.
        InvalidValue: nobody knows the instrument.
    """
    of = _noted(held, symbol)
    rows = _rows(held).filter(instrument=of.instrument_id, own=of.own_id)
    row = rows.first()
    current = 0 if row is None else row.version
    if current != expected_version:
        raise VersionConflict(expected=expected_version, current=current)
    if row is not None:
        rows.update(text=text, version=current + 1, changed_at=held.at, changed_by=held.recorder_id)
        return of.symbol
    InstrumentNote(
        portfolio_id=held.row.pk,
        instrument_id=of.instrument_id,
        own_id=of.own_id,
        text=text,
        changed_at=held.at,
        changed_by_id=held.recorder_id,
    ).save()
    return of.symbol


def note_hand_over(held: HeldPortfolio, symbol: Symbol) -> None:
    """Gives the note about an instrument of the portfolio's own to the one that a feed offers by its symbol.

    Where there is one already, which was written before, both texts are kept, one below the other.
    """
    own, record = own_instruments(held.access.portfolio_id, actor=held.actor).get(symbol=symbol), record_of(symbol)
    assert record is not None  # what is taken is offered
    note = _rows(held).filter(own=own.pk).first()
    there = _rows(held).filter(instrument=record.pk).first()
    if note is None:
        return
    if there is None:
        _rows(held).filter(pk=note.pk).update(own=None, instrument=record.pk)
        return
    text = "\n\n".join(each for each in (note.text, there.text) if each)
    _rows(held).filter(pk=note.pk).delete()
    _rows(held).filter(pk=there.pk).update(
        text=text,
        version=max(note.version, there.version) + 1,
        changed_at=held.at,
        changed_by=held.recorder_id,
    )


@dataclass(frozen=True, slots=True)
class _Noted:
    """What a note is of: an instrument that feeds offer, or one of the portfolio's own."""

    symbol: Symbol
    instrument_id: int | None = None
    own_id: int | None = None


def _noted(held: HeldPortfolio, symbol: str) -> _Noted:
    own = own_instruments(held.access.portfolio_id, actor=held.actor).filter(symbol=symbol).first()
    if own is not None:
        return _Noted(Symbol(own.symbol), own_id=own.pk)
    record = record_of(symbol)
    if record is None:
        raise InvalidValue(phrase("Expected an instrument that is known here, was {symbol}.", symbol=symbol[:40]))
    return _Noted(Symbol(record.symbol), instrument_id=record.pk)


def _rows(held: HeldPortfolio) -> QuerySet[InstrumentNote]:
    return InstrumentNote.objects.for_actor(held.actor).filter(portfolio=held.row.pk)


def _seen(kept: KeptNote | None) -> NoteSeen:
    return NO_NOTE if kept is None else NoteSeen(kept.text, kept.version, kept.changed_at, kept.changed_by)
