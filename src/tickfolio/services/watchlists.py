"""Watchlists: lists of instruments that a person follows, made, named, arranged, filled and deleted.

All changes of one person go one after the other, so that two tabs at once lose nothing: what is added or taken out counts
whatever the other did, and an order is taken only where it is of what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from tickfolio.domain.instruments import Symbol, is_isin, normalise_symbol
from tickfolio.errors import FeedUnavailable, InvalidDraft, InvalidSymbol, NotFound, VersionConflict
from tickfolio.identity.models import User
from tickfolio.persistence.models import Watchlist
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.selectors.watchlists import WatchlistView, symbols_by_key, watchlist_seen, watchlists_seen
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.lookups import lookup
from tickfolio.services.instruments import instruments_book, listed_instruments
from tickfolio.services.same_lists import same_lists
from tickfolio.services.stock_search import stock_search
from tickfolio.words import phrase

__all__ = ["WatchlistView"]

MAX_LISTS = 50
MAX_ENTRIES = 250
"""As many as fit into one message to the socket, and half of what one socket may watch."""
MAX_NAME_LENGTH = 80
FIRST_NAME = "Watchlist"
"""What the list is called that comes with the first instrument that somebody watches."""
KEPT_DELETED = timedelta(days=30)
"""A deleted list can be taken back that long."""


@dataclass(frozen=True, slots=True)
class EntryAdded:
    """What became of a symbol that was to be added; `is_new` is false where it was on the list already."""

    watchlist: WatchlistView
    symbol: Symbol
    is_new: bool


# ---------- Read ----------


def watchlists_of(*, actor: Person) -> tuple[WatchlistView, ...]:
    """All lists of a person, in their order."""
    return watchlists_seen(actor=actor)


def watchlist_view(*, actor: Person, watchlist_id: str) -> WatchlistView:
    """One list.

    Raises:
        NotFound: the person has none of that id.
    """
    view = watchlist_seen(watchlist_id, actor=actor)
    if view is None:
        raise _missing()
    return view


# ---------- Lists ----------


def watchlist_create(*, actor: Person, name: str) -> WatchlistView:
    """A new list, the last one.

    Raises:
        InvalidDraft: no name, or one list too many.
    """
    wanted = _named(name)
    with _in_line(actor):
        row = _create(actor, wanted)
    return watchlist_view(actor=actor, watchlist_id=str(row.pk))


def watchlist_rename(*, actor: Person, watchlist_id: str, name: str) -> WatchlistView:
    """Another name.

    Raises:
        NotFound: the person has no list of that id.
        InvalidDraft: no name.
    """
    wanted = _named(name)
    with _in_line(actor):
        row = _row(actor, watchlist_id)
        Watchlist.objects.for_actor(actor).filter(pk=row.pk).update(name=wanted)
    return watchlist_view(actor=actor, watchlist_id=watchlist_id)


def watchlist_delete(*, actor: Person, watchlist_id: str) -> None:
    """Deletes a list; `watchlist_restore` takes that back.

    Raises:
        NotFound: the person has no list of that id.
    """
    now = SystemClock().now()
    with _in_line(actor):
        row = _row(actor, watchlist_id)
        lists = Watchlist.objects.for_actor(actor)
        lists.filter(pk=row.pk).update(deleted_at=now)
        lists.filter(deleted_at__lt=now - KEPT_DELETED).delete()


def watchlist_restore(*, actor: Person, watchlist_id: str) -> WatchlistView:
    """Takes the deletion of a list back; one that is there stays as it is.

    Raises:
        NotFound: there is no such list, or none of this person, or it was deleted too long ago.
        InvalidDraft: as many lists as one may have have been made meanwhile.
    """
    with _in_line(actor):
        row = _row(actor, watchlist_id, is_deleted=True)
        if row.deleted_at is not None:
            _require_room(actor)
            Watchlist.objects.for_actor(actor).filter(pk=row.pk).update(deleted_at=None)
    return watchlist_view(actor=actor, watchlist_id=watchlist_id)


def watchlists_arrange(
    *, actor: Person, watchlist_ids: Sequence[str], seen: Sequence[str]
) -> tuple[WatchlistView, ...]:
    """Another order of the lists.

    Args:
        seen: the order that it was made of.

    Raises:
        VersionConflict: the lists, or their order, are others by now; nothing was changed.
        InvalidDraft: it is no order of the lists.
    """
    with _in_line(actor):
        there = [each.id for each in watchlists_seen(actor=actor)]
        if list(seen) != there:
            raise VersionConflict(expected=len(seen), current=len(there))
        _require_order(watchlist_ids, there, what="lists")
        lists = Watchlist.objects.for_actor(actor)
        for position, key in enumerate(watchlist_ids):
            lists.filter(pk=key).update(position=position)
    return watchlists_of(actor=actor)


# ---------- Entries ----------


def entry_add(*, actor: Person, symbol: str, watchlist_id: str | None = None) -> EntryAdded:
    """Adds an instrument at the end of a list; of the first one where none is named, which is made where there is none.

    An ISIN means its first listing that the search finds. What nobody here knows is asked of the feeds of a live instance, so
    it may take seconds, and must not be called within a transaction. A symbol that an instrument had once finds it.

    Raises:
        NotFound: the person has no list of that id.
        InvalidDraft: no instrument has the symbol, or the list is full.
        FeedUnavailable: no feed could say what the symbol is.
    """
    key = _instrument_key(symbol, actor=actor)
    with _in_line(actor):
        row = _row(actor, watchlist_id) if watchlist_id is not None else _first(actor)
        is_new = key not in row.instruments
        if is_new:
            if len(row.instruments) >= MAX_ENTRIES:
                full = phrase(
                    "Expected at most {max_entries} instruments on a list, and {name} has as many. ",
                    max_entries=MAX_ENTRIES,
                    name=row.name,
                )
                raise InvalidDraft({"symbol": phrase("{full}Take one out, or use another list.", full=full)})
            _write(actor, row, [*row.instruments, key])
    view = watchlist_view(actor=actor, watchlist_id=str(row.pk))
    return EntryAdded(view, symbols_by_key([key])[key], is_new)


def entry_remove(*, actor: Person, watchlist_id: str, symbol: str) -> int:
    """Takes an instrument out, and gives the place that it had, from 0 on; `entry_return` puts it back.

    Raises:
        NotFound: the person has no list of that id, or the list has no such instrument.
    """
    with _in_line(actor):
        row = _row(actor, watchlist_id)
        record = record_of(symbol)
        if record is None or record.pk not in row.instruments:
            raise NotFound(
                phrase("Expected an instrument of {name}, found no {symbol} on it.", name=row.name, symbol=symbol[:32])
            )
        place: int = row.instruments.index(record.pk)
        _write(actor, row, [key for key in row.instruments if key != record.pk])
    return place


def entry_return(*, actor: Person, watchlist_id: str, symbol: str, place: int) -> WatchlistView:
    """Puts an instrument back where it was, as near as the list has it still; one that is on the list stays where it is.

    Raises:
        NotFound: the person has no list of that id, or there is no such instrument.
        InvalidDraft: the list is full.
    """
    with _in_line(actor):
        row = _row(actor, watchlist_id)
        record = record_of(symbol)
        if record is None:
            raise NotFound(phrase("Expected an instrument that is known here, found no {symbol}.", symbol=symbol[:32]))
        if record.pk not in row.instruments:
            if len(row.instruments) >= MAX_ENTRIES:
                raise InvalidDraft(
                    {
                        "symbol": phrase(
                            "{name} was filled meanwhile: {symbol} was not put back.", name=row.name, symbol=symbol
                        )
                    }
                )
            at = max(0, place)
            _write(actor, row, [*row.instruments[:at], record.pk, *row.instruments[at:]])
    return watchlist_view(actor=actor, watchlist_id=watchlist_id)


def entries_arrange(
    *, actor: Person, watchlist_id: str, symbols: Sequence[str], expected_version: int
) -> WatchlistView:
    """Another order of a list, as a whole.

    Raises:
        NotFound: the person has no list of that id.
        VersionConflict: the list was changed since the order was made; nothing was changed.
        InvalidDraft: it is no order of what is on the list.
    """
    with _in_line(actor):
        row = _row(actor, watchlist_id)
        if row.version != expected_version:
            raise VersionConflict(expected=expected_version, current=row.version)
        keys = {symbol: key for key, symbol in symbols_by_key(row.instruments).items()}
        _require_order(symbols, [*keys], what="instruments")
        _write(actor, row, [keys[Symbol(symbol)] for symbol in symbols])
    return watchlist_view(actor=actor, watchlist_id=watchlist_id)


# ---------- Lists of a file ----------


def instrument_keys(*, actor: Person, symbols: Iterable[str], most_asked: int) -> dict[str, int]:
    """The keys of those that are instruments here or are learnt now: of the feeds so many, so not within a transaction."""
    found = {}
    for symbol in dict.fromkeys(symbols):
        with suppress(InvalidDraft, InvalidSymbol, FeedUnavailable):
            if record_of(symbol) is None and not listed_instruments([normalise_symbol(symbol)]):
                most_asked -= 1
                if most_asked < 0:
                    continue
            found[symbol] = _instrument_key(symbol, actor=actor)
    return found


def watchlists_take(*, actor: Person, lists: Sequence[tuple[str, Sequence[int]]]) -> tuple[tuple[bool, int], ...]:
    """Brings lists in: to one of the same name is added, at its end, what it lacks; any other is made, as the last one.

    Returns of each whether it is new, and how many instruments it got.

    Raises:
        InvalidDraft: there would be more lists than a person may have.
    """
    with _in_line(actor):
        there = [*Watchlist.objects.for_actor(actor).filter(deleted_at=None).order_by("position", "created_at", "pk")]
        places = same_lists(lists, [(row.name, row.instruments) for row in there])
        return tuple(
            _take(actor, _create(actor, _named(name)) if at is None else there[at], keys, is_new=at is None)
            for (name, keys), at in zip(lists, places, strict=True)
        )


# ---------- Inside a transaction ----------


@contextmanager
def _in_line(actor: Person) -> Iterator[None]:
    """One transaction, which begins when no other one changes this person's lists."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(pk=actor.user_id).first()
        yield


def _row(actor: Person, watchlist_id: str, *, is_deleted: bool = False) -> Watchlist:
    """The row of a list, of a deleted one too where that is asked for."""
    key = parse_id(watchlist_id)
    rows = Watchlist.objects.for_actor(actor)
    row = None if key is None else rows.filter(pk=key).first()
    if row is None or (row.deleted_at is not None and not is_deleted):
        raise _missing()
    return row


def _first(actor: Person) -> Watchlist:
    rows = Watchlist.objects.for_actor(actor).filter(deleted_at=None).order_by("position", "created_at", "pk")
    return rows.first() or _create(actor, FIRST_NAME)


def _create(actor: Person, name: str) -> Watchlist:
    there = _require_room(actor)
    position = 1 + max((row.position for row in there), default=-1)
    row = Watchlist(user_id=actor.user_id, name=name, position=position, created_at=SystemClock().now())
    row.save(force_insert=True)
    return row


def _require_room(actor: Person) -> tuple[Watchlist, ...]:
    """The lists that are there, where one more may be."""
    there = tuple(Watchlist.objects.for_actor(actor).filter(deleted_at=None))
    if len(there) >= MAX_LISTS:
        raise InvalidDraft(
            {
                "name": phrase(
                    "Expected at most {max_lists} watchlists, and there are as many. Delete one first.",
                    max_lists=MAX_LISTS,
                )
            }
        )
    return there


def _take(actor: Person, row: Watchlist, keys: Sequence[int], *, is_new: bool) -> tuple[bool, int]:
    lacking = [key for key in dict.fromkeys(keys) if key not in row.instruments][: MAX_ENTRIES - len(row.instruments)]
    if lacking:
        _write(actor, row, [*row.instruments, *lacking])
    return is_new, len(lacking)


def _write(actor: Person, row: Watchlist, keys: list[int]) -> None:
    Watchlist.objects.for_actor(actor).filter(pk=row.pk).update(instruments=keys, version=row.version + 1)


# ---------- What was sent ----------


def _instrument_key(text: str, *, actor: Person) -> int:
    """The key of what a symbol means, known from now on."""
    try:
        symbol = normalise_symbol(text)
    except InvalidSymbol as invalid:
        raise InvalidDraft({"symbol": str(invalid)}) from invalid
    if is_isin(symbol):
        symbol = next((each.symbol for each in stock_search(symbol, actor=actor) if each.isin == symbol), symbol)
    record = record_of(symbol)
    if record is None:
        _learn(symbol, actor=actor)
        record = record_of(symbol)
    if record is None:
        unknown = phrase(
            "No instrument here has the symbol {symbol}. Check the spelling, or pick one that is suggested.",
            symbol=symbol,
        )
        raise InvalidDraft({"symbol": unknown})
    return record.pk


def _learn(symbol: Symbol, *, actor: Person) -> None:
    """Asks the feeds of a live instance what a symbol is; the shipped list answers where they do not."""
    listed = listed_instruments([symbol])
    try:
        found = lookup.find(symbol, asker=actor.user_id)
    except FeedUnavailable:
        if not listed:
            raise
        found = None
    if found is None:
        with transaction.atomic():
            instruments_book(instruments=listed.values())


def _named(name: str) -> str:
    trimmed = " ".join(name.split())
    if not 1 <= len(trimmed) <= MAX_NAME_LENGTH or not trimmed.isprintable():
        raise InvalidDraft(
            {
                "name": phrase(
                    "Expected a name of 1 to {max_name_length} characters, was one of {trimmed}.",
                    max_name_length=MAX_NAME_LENGTH,
                    trimmed=len(trimmed),
                )
            }
        )
    return trimmed


def _require_order(wanted: Sequence[str], there: Sequence[str], *, what: str) -> None:
    if sorted(wanted) != sorted(there):
        raise InvalidDraft({"order": phrase("Expected the same {what} in another order, were others.", what=what)})


def _missing() -> NotFound:
    return NotFound(phrase("Expected a watchlist of yours, found none of that address."))
