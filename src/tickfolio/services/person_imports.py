"""Everything of a person brought in: what is empty is filled, and nothing is written over, so that twice is harmless.

The things of the person come in one transaction; each portfolio is then read, shown and booked as any other file is.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from django.db import transaction

from tickfolio.domain.valuation.holding_periods import DayCount, HoldingPeriods
from tickfolio.errors import EmptyStatement, InvalidDraft, InvalidValue, JobCancelled
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.runtime.long_jobs import UNTOLD, Progress
from tickfolio.services.holding_periods import holding_periods_change
from tickfolio.services.holdings_view import FIRST_VIEW, holdings_view_change, holdings_view_of
from tickfolio.services.import_besides import Standing
from tickfolio.services.import_bookings import import_book
from tickfolio.services.import_fates import Fate
from tickfolio.services.imports import import_drop, import_preview, import_view
from tickfolio.services.people import PREFERENCES, preferences_update
from tickfolio.services.portfolios import portfolio_create, portfolio_delete, portfolios_of
from tickfolio.services.watchlists import instrument_keys, watchlists_take
from tickfolio.statements.archives import Archive
from tickfolio.statements.person_archives import HoldingsViewOf, PersonDocument, PortfolioOf, PreferencesOf

MOST_ASKED = 50
"""So many symbols the feeds are asked for in one import, since each question takes a moment."""


@dataclass(frozen=True, slots=True)
class ListTaken:
    """What became of a list.

    Attributes:
        added: how many instruments it got.
        unknown: the symbols of what nobody here knows.
    """

    name: str
    is_new: bool
    added: int
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThingsTaken:
    """What became of what is the person's."""

    preferences: Standing
    holdings_view: Standing
    lists: tuple[ListTaken, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Which portfolio of a file it is, from 0, and of how many."""

    number: int
    count: int


ONLY = Turn(0, 1)


class Outcome(StrEnum):
    """What became of a portfolio's archive."""

    BOOKED = "booked"
    HERE = "here"
    """All of it was here."""
    OPEN = "open"
    """Something of it has to be decided: the preview waits for that."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a portfolio of a file is brought in.

    Attributes:
        is_new: it was made for it.
        may_book: the person may book in it; else it is shared with them, and stays as it is.
    """

    portfolio_id: str
    is_new: bool
    may_book: bool


@dataclass(frozen=True, slots=True)
class PortfolioTaken:
    """What became of a portfolio.

    Attributes:
        rows: how many were booked.
        batch_id: the import; empty where all was here already.
    """

    place: Place
    name: str
    outcome: Outcome
    rows: int = 0
    batch_id: str = ""


def person_things_take(*, actor: Person, document: PersonDocument) -> ThingsTaken:
    """Fills what the person has not chosen yet, and brings in their lists.

    It may ask feeds for symbols, so it may take seconds, and must not be called within a transaction.

    Raises:
        InvalidDraft: there would be more lists than a person may have, or a name of one cannot be.
    """
    symbols = [symbol for each in document.watchlists for symbol in each.symbols]
    keys = instrument_keys(actor=actor, symbols=symbols, most_asked=MOST_ASKED)
    lists = [(each.name, [keys[symbol] for symbol in each.symbols if symbol in keys]) for each in document.watchlists]
    with transaction.atomic():
        preferences = _preferences_fill(actor.user_id, document.preferences)
        view = _view_fill(actor.user_id, document.holdings_view)
        taken = watchlists_take(actor=actor, lists=lists)
    return ThingsTaken(
        preferences,
        view,
        tuple(
            ListTaken(each.name, is_new, added, tuple(symbol for symbol in each.symbols if symbol not in keys))
            for each, (is_new, added) in zip(document.watchlists, taken, strict=True)
        ),
    )


def portfolio_place(*, actor: Person, described: PortfolioOf, taken: Set[str]) -> Place:
    """The portfolio that one of a file is brought into: of the same name and base currency, or made for it now.

    Of those it is one that the person may book in and that is not `taken` by another of the file. What was only shared with
    them and is so still needs no copy.

    Raises:
        InvalidDraft: its name, currency or way of counting cannot be.
    """
    name = " ".join(described.name.split())
    was_shared = described.role == Role.VIEWER.value
    same = [
        each
        for each in portfolios_of(actor=actor)
        if (each.name, each.base_currency) == (name, described.base_currency) and each.id not in taken
    ]
    for each in sorted(same, key=lambda each: (each.role is Role.VIEWER) is not was_shared):
        if was_shared or each.role is not Role.VIEWER:
            return Place(each.id, is_new=False, may_book=each.role is not Role.VIEWER)
    try:
        periods = HoldingPeriods(DayCount(described.day_count), described.long_term_months)
    except (ValueError, InvalidValue) as error:
        raise InvalidDraft({"day_count": str(error)}) from error
    with transaction.atomic():
        made = portfolio_create(actor=actor, name=name, base_currency=described.base_currency)
        if made.periods != periods:
            holding_periods_change(actor=actor, portfolio_id=made.id, periods=periods)
    return Place(made.id, is_new=True, may_book=True)


def portfolio_take(
    *,
    actor: Person,
    place: Place,
    described: PortfolioOf,
    archive: Archive,
    turn: Turn = ONLY,
    progress: Progress = UNTOLD,
) -> PortfolioTaken:
    """Reads the archive of a portfolio and books it; where it asks something, or rows are refused, it waits as a preview.

    Raises:
        NotFound, NotAllowed: as everywhere.
        StatementError: the archive cannot be read.
        ImportNotPossible: it cannot be booked.
        JobCancelled: the person does not want it any more; nothing of it is kept, and a portfolio made for it is gone.
    """
    if not place.may_book:
        return PortfolioTaken(place, described.name, Outcome.HERE)
    try:
        return _take(actor, place, described, archive, turn, progress)
    except JobCancelled:
        if place.is_new:
            portfolio_delete(actor=actor, portfolio_id=place.portfolio_id)
        raise


def _take(
    actor: Person, place: Place, described: PortfolioOf, archive: Archive, turn: Turn, progress: Progress
) -> PortfolioTaken:
    portfolio_id, file_name = place.portfolio_id, f"{described.name}.zip"
    progress.round(2 * turn.number, 2 * turn.count)
    try:
        batch_id = import_preview(
            actor=actor, portfolio_id=portfolio_id, content=archive, file_name=file_name, progress=progress
        )
    except EmptyStatement:  # of a portfolio in which nothing was booked yet
        return PortfolioTaken(place, described.name, Outcome.HERE)
    preview = import_view(actor=actor, portfolio_id=portfolio_id, batch_id=batch_id)
    taken = PortfolioTaken(place, described.name, Outcome.OPEN, batch_id=batch_id)
    if preview.counts[Fate.ASKS] or preview.counts[Fate.REFUSED] or preview.questions or preview.unheard:
        return taken
    if not preview.counts[Fate.NEW] and not any(each.standing is Standing.NEW for each in preview.beside):
        import_drop(actor=actor, portfolio_id=portfolio_id, batch_id=batch_id)
        return PortfolioTaken(place, described.name, Outcome.HERE)
    try:
        progress.round(2 * turn.number + 1, 2 * turn.count)
        booking = import_book(
            actor=actor, portfolio_id=portfolio_id, batch_id=batch_id, digest=preview.digest, progress=progress
        )
    except JobCancelled:
        import_drop(actor=actor, portfolio_id=portfolio_id, batch_id=batch_id)
        raise
    if booking.changed:
        return taken
    return PortfolioTaken(place, described.name, Outcome.BOOKED, booking.booked, batch_id)


# ---------- What the person has not chosen ----------


def _preferences_fill(user_id: int, brought: PreferencesOf | None) -> Standing:
    """Takes each preference that is as everybody's is at first; what cannot be here is left out."""
    if brought is None:
        return Standing.SAME
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    now = {name: str(getattr(user, name)) for name in PREFERENCES}
    first = {name: str(getattr(User(), name)) for name in PREFERENCES}
    wanted = {name: str(getattr(brought, name)) for name in PREFERENCES}
    standing = Standing.SAME
    for name in PREFERENCES:
        if now[name] == wanted[name]:
            continue
        if now[name] != first[name]:
            standing = Standing.OTHER if standing is Standing.SAME else standing
            continue
        try:
            preferences_update(user_id=user_id, wanted={**now, name: wanted[name]})
        except InvalidDraft:
            continue
        now[name], standing = wanted[name], Standing.NEW
    return standing


def _view_fill(user_id: int, brought: HoldingsViewOf | None) -> Standing:
    if brought is None:
        return Standing.SAME
    before = holdings_view_of(user_id)
    if msgspec.json.encode(before) == msgspec.json.encode(brought):
        return Standing.SAME
    if before != FIRST_VIEW:
        return Standing.OTHER
    try:
        holdings_view_change(
            user_id=user_id,
            columns=brought.columns,
            pinned=str(brought.pinned),
            group=brought.group,
            sort=brought.sort,
            is_descending=brought.is_descending,
        )
    except InvalidDraft:
        return Standing.LEFT_OUT
    return Standing.NEW
