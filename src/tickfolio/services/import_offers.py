"""What the feeds say of a file's instruments that nobody here knows.

They are asked when the file is handed in, never when it is booked, and what they said is kept with the preview: what is booked is
what was shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from time import monotonic
from typing import Any

from django.conf import settings

from tickfolio.domain.instruments import Instrument, InstrumentClass, Publication, Symbol, is_isin
from tickfolio.domain.money import Currency, plain
from tickfolio.feeds.listings import catalogue
from tickfolio.persistence.mappers import columns_of_instrument
from tickfolio.persistence.selectors.instruments import instruments_of_isin
from tickfolio.runtime.lookups import lookup
from tickfolio.services.import_ground import Ground, Named, ReadRow, is_meant, unknown_named
from tickfolio.services.instruments import has_calendar, listed_instruments

MOST_ASKED = 40
"""So many symbols of one file are asked for at once: each costs a question of the vendor's budget, which all share."""
ASKING_SECONDS = 10.0
"""As long as this is not over and every answer comes, the next ones are asked for: who handed the file in waits."""
MOST_OF_ISIN = 4
"""So many places where an ISIN is traded are looked at for one in the file's currency."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What was heard.

    Attributes:
        instruments: those that a feed knows, by their symbols.
        nowhere: those that no feed knows.
        unheard: those of which no feed has said anything yet.
        unasked: those among them that have not even been asked for.
        symbols: by ISIN that stands in the place of a symbol the symbol that it has in the file's currency.
    """

    instruments: Mapping[Symbol, Instrument] = field(default_factory=dict)
    nowhere: frozenset[Symbol] = frozenset()
    unheard: frozenset[Symbol] = frozenset()
    unasked: frozenset[Symbol] = frozenset()
    symbols: Mapping[str, str] = field(default_factory=dict)

    def on(self, ground: Ground) -> Ground:
        """The ground with what is offered; what a person has chosen stays."""
        symbols = {**self.symbols, **ground.symbols}
        offered = self.instruments
        return replace(ground, offered=offered, unheard=self.unheard, unasked=self.unasked, symbols=symbols)

    def document(self) -> dict[str, Any]:
        """As a database keeps it."""
        return {
            "instruments": [_document(each) for each in self.instruments.values()],
            "nowhere": sorted(self.nowhere),
            "unheard": sorted(self.unheard),
            "unasked": sorted(self.unasked),
            "symbols": dict(self.symbols),
        }


def offers_from(document: Mapping[str, Any]) -> Offers:
    """What a preview keeps; nothing of one that was kept before feeds were asked."""
    found = [_instrument(each) for each in document.get("instruments", ())]
    return Offers(
        instruments={each.symbol: each for each in found},
        nowhere=frozenset(map(Symbol, document.get("nowhere", ()))),
        unheard=frozenset(map(Symbol, document.get("unheard", ()))),
        unasked=frozenset(map(Symbol, document.get("unasked", ()))),
        symbols=document.get("symbols", {}),
    )


def offers_heard(rows: Sequence[ReadRow], ground: Ground, kept: Offers) -> Offers:
    """With what the feeds say now of what they were not heard of. It may take seconds, and must not be within a transaction.

    Those that were never asked for come first: what no feed can say must not stand before them for ever.
    In a replay nothing is asked: no feed would ever price what it does not have.
    """
    if settings.TICKFOLIO_IS_REPLAY:
        return kept
    ends_at, in_vain = monotonic() + ASKING_SECONDS, kept.unheard - kept.unasked
    isins = {symbol: each for symbol, each in _unheard(rows, ground, kept).items() if is_isin(symbol)}
    kept, unsought = _with_isins(dict(sorted(isins.items(), key=lambda each: each[0] in in_vain)), kept, ends_at)
    asked: set[Symbol] = set()
    while True:
        left = [symbol for symbol in _unheard(rows, ground, kept) if symbol not in asked | unsought]
        batch = sorted(left, key=lambda symbol: symbol in in_vain)[:MOST_ASKED]
        said = lookup.describe(batch)
        asked.update(batch)
        kept = _with_said(kept, frozenset(batch) - said.unheard, said.instruments)
        # Who is silent is down or has no questions left, and others need theirs.
        if said.unheard or len(batch) == len(left) or monotonic() >= ends_at:
            break
    unheard = frozenset(_unheard(rows, ground, kept))
    return replace(kept, unheard=unheard, unasked=unheard - asked - in_vain)


def _with_said(kept: Offers, heard: frozenset[Symbol], said: Mapping[Symbol, Instrument]) -> Offers:
    priced = {symbol: each for symbol, each in said.items() if has_calendar(each.mic)}
    found = {**kept.instruments, **priced}
    return replace(kept, instruments=found, nowhere=kept.nowhere | heard - found.keys())


def _unheard(rows: Sequence[ReadRow], ground: Ground, kept: Offers) -> dict[Symbol, Named]:
    """What nobody knows, the shipped list has not and no feed was heard of."""
    named = unknown_named(rows, kept.on(ground))
    known = kept.instruments.keys() | kept.nowhere | listed_instruments(named).keys()
    return {symbol: each for symbol, each in named.items() if symbol not in known}


def _with_isins(isins: Mapping[Symbol, Named], kept: Offers, ends_at: float) -> tuple[Offers, frozenset[Symbol]]:
    """With the symbols that ISINs have in the file's currency: as they are known here, listed, or offered by a feed.

    Also the ISINs for which there was no time or no question left. One is sought at least.
    """
    symbols, instruments, unsought, count = dict(kept.symbols), dict(kept.instruments), set(), 0
    for isin, named in isins.items():
        found = _known_of_isin(isin, named)
        if found is None and count and (count >= MOST_ASKED or monotonic() >= ends_at):
            unsought.add(isin)
            continue
        if found is None:
            count += 1
            if (found := _offered_of_isin(isin, named)) is not None:
                instruments[found.symbol] = found
        if found is not None:
            symbols[isin] = found.symbol
    return replace(kept, symbols=symbols, instruments=instruments), frozenset(unsought)


def _known_of_isin(isin: str, named: Named) -> Instrument | None:
    listed = (each.instrument() for each in catalogue.by_isin(isin) if has_calendar(each.mic))
    known = chain(instruments_of_isin(isin, currency=named.currency.code), listed)
    return next((each for each in known if is_meant(each, named)), None)


def _offered_of_isin(isin: str, named: Named) -> Instrument | None:
    """A search does not say in which currency something is traded, so each place is asked for."""
    places = [each.symbol for each in lookup.search(isin)[:MOST_OF_ISIN]]
    said = lookup.describe(places).instruments
    offered = (said[place] for place in places if place in said)
    return next((each for each in offered if is_meant(each, named) and has_calendar(each.mic)), None)


def _document(instrument: Instrument) -> dict[str, Any]:
    columns = columns_of_instrument(instrument)
    listed_on = instrument.listed_on
    return {
        **columns,
        "contract_size": plain(instrument.contract_size),
        "quote_unit": plain(instrument.quote_unit),
        "listed_on": None if listed_on is None else listed_on.isoformat(),
    }


def _instrument(kept: Mapping[str, Any]) -> Instrument:
    return Instrument(
        symbol=Symbol(kept["symbol"]),
        name=kept["name"],
        mic=kept["mic"],
        currency=Currency(kept["currency"]),
        instrument_class=InstrumentClass(kept["instrument_class"]),
        price_places=kept["price_places"],
        contract_size=Decimal(kept["contract_size"]),
        quote_unit=Decimal(kept["quote_unit"]),
        listed_on=None if kept["listed_on"] is None else date.fromisoformat(kept["listed_on"]),
        isin=kept["isin"],
        publication=Publication(kept["publication"]),
    )
