"""The search of the stocks page and of watchlists: what is known here, and the shipped list. No feed is asked for a letter."""

from __future__ import annotations

from collections.abc import Iterable

from tickfolio.domain.instruments import Instrument
from tickfolio.persistence.selectors.booked import booked_symbols
from tickfolio.persistence.selectors.instruments import known_matching
from tickfolio.persistence.selectors.watchlists import watched_symbols
from tickfolio.persistence.tenancy import Person
from tickfolio.services.instruments import listed_matching
from tickfolio.services.market import lists_all

MOST_FOUND = 8
MAX_SEARCH_LENGTH = 60


def stock_search(text: str, *, actor: Person | None, limit: int = MOST_FOUND) -> tuple[Instrument, ...]:
    """The instruments that `text` may mean, the best first: the very symbol or ISIN, symbols that begin so, then names.

    Of as good ones those that are known come first. Of a live market a person finds what they have booked or watch, and
    everybody the shipped list: who holds what else is private.

    Args:
        actor: who searches; None for a visitor.
    """
    wanted = text.strip()[:MAX_SEARCH_LENGTH]
    if not wanted:
        return ()
    known = known_matching(wanted)
    if known and not lists_all():
        own = frozenset() if actor is None else booked_symbols(actor=actor) | watched_symbols(actor=actor)
        known = tuple(each for each in known if each.symbol in own)
    found = _without_doubles([*known, *listed_matching(wanted, limit=limit)])
    return tuple(sorted(found, key=lambda each: _distance(each, wanted.upper()))[:limit])


def _without_doubles(found: Iterable[Instrument]) -> list[Instrument]:
    """The first of each symbol, and of each ISIN on an exchange in a currency."""
    kept: dict[tuple[str, ...], Instrument] = {}
    symbols = set[str]()
    for each in found:
        identity = each.isin or each.symbol, each.mic, each.currency.code
        if each.symbol not in symbols and identity not in kept:
            symbols.add(each.symbol)
            kept[identity] = each
    return list(kept.values())


def _distance(each: Instrument, wanted: str) -> tuple[bool, bool, bool]:
    """Orders what was found, the best first; what is as good stays as it is."""
    return (
        wanted not in (each.symbol, each.isin),
        not each.symbol.startswith(wanted),
        not each.name.upper().startswith(wanted),
    )
