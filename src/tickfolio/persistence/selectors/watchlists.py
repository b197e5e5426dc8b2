"""The watchlists of a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import InstrumentRecord, Watchlist
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Person


@dataclass(frozen=True, slots=True)
class WatchlistView:
    """A list with the symbols that its instruments have now, in its order; `version` counts its changes."""

    id: str
    name: str
    version: int
    symbols: tuple[Symbol, ...]


def watchlists_seen(*, actor: Person) -> tuple[WatchlistView, ...]:
    """All lists of a person in their order; two queries."""
    return _views(Watchlist.objects.for_actor(actor).filter(deleted_at=None).order_by("position", "created_at", "pk"))


def watchlist_seen(watchlist_id: str, *, actor: Person) -> WatchlistView | None:
    """One list, or None where the person has none of that id; two queries."""
    key = parse_id(watchlist_id)
    if key is None:
        return None
    views = _views(Watchlist.objects.for_actor(actor).filter(pk=key, deleted_at=None))
    return views[0] if views else None


def watched_symbols(*, actor: Person) -> frozenset[Symbol]:
    """All that is on some list of a person; two queries."""
    return frozenset(symbol for each in watchlists_seen(actor=actor) for symbol in each.symbols)


def symbols_by_key(keys: Iterable[int]) -> dict[int, Symbol]:
    """The symbols that instruments have now, by their keys; one query."""
    rows = InstrumentRecord.objects.filter(pk__in=set(keys)).values_list("pk", "symbol")
    return {key: Symbol(symbol) for key, symbol in rows}


def _views(rows: Iterable[Watchlist]) -> tuple[WatchlistView, ...]:
    lists = tuple(rows)
    known = symbols_by_key(key for row in lists for key in row.instruments)
    return tuple(
        WatchlistView(str(row.pk), row.name, row.version, tuple(known[key] for key in row.instruments if key in known))
        for row in lists
    )
