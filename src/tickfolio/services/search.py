"""What somebody may mean by a few letters anywhere in the product: instruments that are known here, and their own."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.persistence.selectors.instruments import known_matching, private_instruments_matching
from tickfolio.persistence.tenancy import Person

MOST_FOUND = 8
MAX_SEARCH_LENGTH = 60


@dataclass(frozen=True, slots=True)
class FoundInstrument:
    """An instrument that was found; `portfolio_id` is empty for one that everybody may know."""

    symbol: str
    name: str
    mic: str
    portfolio_id: str = ""
    isin: str = ""


def instruments_found(*, actor: Person, text: str, limit: int = MOST_FOUND) -> tuple[FoundInstrument, ...]:
    """The instruments that `text` may mean, the best first: the very symbol or ISIN, symbols that begin so, then names.

    No feed is asked: what is found has been booked, watched or asked for before. Of an instrument that only a portfolio knows
    the actor finds those of the portfolios that they may see.
    """
    wanted = text.strip()[:MAX_SEARCH_LENGTH]
    if not wanted:
        return ()
    known = [FoundInstrument(each.symbol, each.name, each.mic, isin=each.isin) for each in known_matching(wanted)]
    own = [
        FoundInstrument(match.symbol, match.name, "", portfolio_id)
        for match, portfolio_id in private_instruments_matching(wanted, actor=actor)
    ]
    return tuple(sorted([*known, *own], key=lambda each: _distance(each, wanted.upper()))[:limit])


def _distance(found: FoundInstrument, wanted: str) -> tuple[bool, bool, bool, str, str]:
    return (
        wanted not in (found.symbol, found.isin),
        not found.symbol.startswith(wanted),
        not found.name.upper().startswith(wanted),
        found.symbol,
        found.portfolio_id,
    )
