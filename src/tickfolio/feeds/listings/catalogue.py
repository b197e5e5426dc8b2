"""Finds listings in the shipped list.

**Source**: data/NOTICE.
"""

from __future__ import annotations

import csv
import gzip
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from heapq import nsmallest
from importlib.resources import files

from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.money import Currency

# Where somebody who names a company means it first: the most liquid markets, and over the counter last.
_VENUES = ("XNYS", "XNAS", "XETR", "XLON", "XPAR", "XAMS", "XTKS", "XSWX", "XMIL", "XMAD", "XSTO", "XHEL", "XBRU")
_LATER = {"XFRA": len(_VENUES) + 1, "OTCM": len(_VENUES) + 2}
_RANK = {mic: rank for rank, mic in enumerate(_VENUES)} | _LATER


@dataclass(frozen=True, slots=True)
class Listing:
    """One row of the list.

    Attributes:
        symbol: with the suffix of its exchange, none in the United States: VOD.L, BRK-B.
        isin: empty where the source is not certain of it.
        country: of the company, as ISO 3166 writes it; empty where it is not known. The same holds for `sector`.
    """

    symbol: Symbol
    name: str
    mic: str
    currency: str
    quote_unit: str
    instrument_class: str
    price_places: int
    isin: str
    country: str
    sector: str

    def instrument(self) -> Instrument:
        """What is listed."""
        return Instrument(
            symbol=self.symbol,
            name=self.name,
            mic=self.mic,
            currency=Currency(self.currency),
            instrument_class=InstrumentClass(self.instrument_class),
            price_places=self.price_places,
            quote_unit=Decimal(self.quote_unit),
            isin=self.isin,
        )


class Catalogue:
    """Listings, found by what somebody types."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        """Takes listings of different symbols."""
        self._by_symbol = {listing.symbol: listing for listing in listings}
        by_isin = defaultdict[str, list[Listing]](list)
        for listing in sorted(self._by_symbol.values(), key=_place):
            if listing.isin:
                by_isin[listing.isin].append(listing)
        self._by_isin: Mapping[str, Sequence[Listing]] = by_isin
        # The blank before each word makes the beginning of a word a plain search.
        self._searched = [(listing, f" {folded(listing.name)}") for listing in self._by_symbol.values()]

    def __len__(self) -> int:
        return len(self._by_symbol)

    def by_symbol(self, symbol: str) -> Listing | None:
        """The listing of a symbol in capitals."""
        return self._by_symbol.get(Symbol(symbol))

    def by_isin(self, isin: str) -> tuple[Listing, ...]:
        """The listings of an ISIN in capitals, those of the most liquid markets first."""
        return tuple(self._by_isin.get(isin, ()))

    def find(self, text: str, limit: int) -> tuple[Listing, ...]:
        """At most `limit` listings that `text` may mean, the best first.

        First the very symbol, then the ISIN, symbols that begin so, names with a word that does, and names that hold it.
        Capitals and accents do not matter.
        """
        upper, words = text.strip().upper(), folded(text)
        if not words:
            return ()
        begins = f" {words}"
        found = [
            (rank, listing)
            for listing, name in self._searched
            if (rank := _rank(listing, name, upper, words, begins)) is not None
        ]
        best = nsmallest(limit, found, key=lambda each: (each[0], *_place(each[1])))
        return tuple(listing for _, listing in best)


def _rank(listing: Listing, name: str, upper: str, words: str, begins: str) -> int | None:
    """How good a match is, 0 the best; None where it is none."""
    if listing.symbol.startswith(upper):
        return 0 if len(listing.symbol) == len(upper) else 2
    if listing.isin == upper:
        return 1
    if begins in name:
        return 3
    return 4 if words in name else None


def _place(listing: Listing) -> tuple[int, int, str]:
    """Orders listings that are as good as one another."""
    return _RANK.get(listing.mic, len(_VENUES)), len(listing.symbol), listing.symbol


def folded(text: str) -> str:
    """`text` in small letters, without accents and double blanks.

    >>> folded("  Société  Générale")
    'societe generale'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()) if not text.isascii() else text.lower()
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())


# ---------- The shipped list ----------


@cache
def shipped() -> Catalogue:
    """The list that ships, read when it is first asked for."""
    packed = (files(__name__.rpartition(".")[0]) / "data" / "listings.csv.gz").read_bytes()
    rows = csv.reader(gzip.decompress(packed).decode().splitlines())
    next(rows)  # the heading
    return Catalogue(_listing(row) for row in rows)


def find(text: str, limit: int) -> tuple[Listing, ...]:
    """As `Catalogue.find`, of the shipped list."""
    return shipped().find(text, limit)


def by_symbol(symbol: str) -> Listing | None:
    """As `Catalogue.by_symbol`, of the shipped list."""
    return shipped().by_symbol(symbol)


def by_isin(isin: str) -> tuple[Listing, ...]:
    """As `Catalogue.by_isin`, of the shipped list."""
    return shipped().by_isin(isin)


def _listing(row: list[str]) -> Listing:
    symbol, name, mic, currency, quote_unit, instrument_class, places, isin, country, sector = row
    return Listing(
        Symbol(symbol), name, mic, currency, quote_unit, instrument_class, int(places), isin, country, sector
    )
