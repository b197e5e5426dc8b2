"""Makes the shipped list of instruments from the data of the pytickersymbols package.

By hand, now and then, in an environment of its own that has the package (it is none of the product's)::

    python tools/import_instrument_list.py src/tickfolio/feeds/listings/data/listings.csv.gz

The source is made from Wikipedia and has errors, so a listing is taken only where its exchange is certain: the company's own
symbol, New York and Nasdaq where the source names the exchange, Frankfurt's line of the ordinary share, and US over-the-counter
symbols. London's lines of foreign shares (0XYZ.L) are left out: the source calls them pounds, and they are not.
An ISIN is given to a listing only where one of the company's can be meant. The same source gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from tickfolio.domain.instruments import is_isin, normalise_symbol

HEADING = ["symbol", "name", "mic", "currency", "quote_unit", "class", "price_places", "isin", "country", "sector"]
"""What tickfolio.feeds.listings reads."""
HOME = {
    "AS": ("XAMS", "EUR", "NL"),
    "AX": ("XASX", "AUD", "AU"),
    "BO": ("XBOM", "INR", "IN"),
    "BR": ("XBRU", "EUR", "BE"),
    "CO": ("XCSE", "DKK", "DK"),
    "DE": ("XETR", "EUR", "DE"),
    "HE": ("XHEL", "EUR", "FI"),
    "HK": ("XHKG", "HKD", "HK"),
    "IS": ("XIST", "TRY", "TR"),
    "L": ("XLON", "GBP", "GB"),
    "LS": ("XLIS", "EUR", "PT"),
    "MC": ("XMAD", "EUR", "ES"),
    "MI": ("XMIL", "EUR", "IT"),
    "MX": ("XMEX", "MXN", "MX"),
    "NS": ("XNSE", "INR", "IN"),
    "OL": ("XOSL", "NOK", "NO"),
    "PA": ("XPAR", "EUR", "FR"),
    "SA": ("BVMF", "BRL", "BR"),
    "ST": ("XSTO", "SEK", "SE"),
    "SW": ("XSWX", "CHF", "CH"),
    "T": ("XTKS", "JPY", "JP"),
    "TO": ("XTSE", "CAD", "CA"),
    "VI": ("XWBO", "EUR", "AT"),
}
"""Exchanges by the suffix of their symbols: the currency that they quote in, and their country."""
AMERICAN = {"NYSE": "XNYS", "NASDAQ": "XNAS", "AMEX": "XASE", "NYSE AMERICAN": "XASE", "CBOE": "BATS"}
"""US exchanges by what the source calls them."""
OVER_THE_COUNTER = "OTCM"
WITHOUT_RECEIPTS = {"S&P 100", "S&P 500", "S&P 600"}
"""Indices of US companies: none of them has a depositary receipt in it, whose ISIN would be another than the company's."""
COUNTRIES = {
    "Argentina": "AR",
    "Australia": "AU",
    "Bahamas": "BS",
    "Belgium": "BE",
    "Bermuda": "BM",
    "Canada": "CA",
    "China": "CN",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Guernsey": "GG",
    "Ireland": "IE",
    "Isle of Man": "IM",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Luxembourg": "LU",
    "Mexico": "MX",
    "Netherlands": "NL",
    "Puerto Rico": "PR",
    "Singapore": "SG",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "United Kingdom": "GB",
    "United States": "US",
}
"""ISO 3166 codes of what the source names; a US company has its city and its state there instead."""
SECTORS = {
    "Communication Services": ("communication services", "telecommunications", "telecommunications services"),
    "Consumer Discretionary": ("consumer discretionary", "consumer cyclicals"),
    "Consumer Staples": ("consumer staples", "consumer non-cyclicals"),
    "Energy": ("energy", "oil & gas", "oil and gas", "petroleum industry"),
    "Financials": ("financials", "financial services", "insurance", "banking", "banks"),
    "Health Care": ("health care", "healthcare", "pharmaceuticals", "biotechnology"),
    "Industrials": ("industrials", "industrial goods"),
    "Information Technology": ("information technology", "technology"),
    "Materials": ("materials", "basic materials", "chemicals", "steel"),
    "Real Estate": ("real estate", "real estate investment trust"),
    "Utilities": ("utilities", "electric utility", "electric utilities"),
}
"""Sectors by the words of the several classifications in the source."""
DEUTSCHE_BOERSE = re.compile(r"[A-Z0-9]{2,5}\Z")
FOOTNOTE = re.compile(
    r" \((?:brand|corporation|(?:\w+ )?company|(?:\w+ )?retailer|business|\d{4}–present|Lotterie|Beteiligungsgesellschaft)\)\Z"
)
DOMICILES = {"BM", "CH", "GB", "GG", "IE", "IM", "JE", "KY", "LU", "NL"}
"""Where companies are founded that have their home exchange in another country of Europe."""
MISTAKEN = {"STMPA.PA"}
"""Symbols that the source gives to another company."""


@dataclass(frozen=True, slots=True)
class Row:
    """One listing, in the order of `HEADING`."""

    symbol: str
    name: str
    mic: str
    currency: str
    quote_unit: int
    instrument_class: str
    price_places: int
    isin: str
    country: str
    sector: str

    def texts(self) -> list[str | int]:
        """The columns."""
        return [getattr(self, field) for field in self.__slots__]


def main(target: Path) -> None:
    """Writes the list to `target` and says what it holds."""
    source = importlib.import_module("pytickersymbols").PyTickerSymbols()
    indices: dict[str, set[str]] = {}
    for index in source.get_all_indices():
        for stock in source.get_stocks_by_index(index):
            indices.setdefault(stock["name"], set()).add(index)
    rows: dict[str, Row] = {}
    for stock in source.get_all_stocks():
        for row in listings_of(stock, indices.get(stock["name"], set())):
            rows.setdefault(row.symbol, row)
    kept = without_doubtful_isins(rows[symbol] for symbol in sorted(rows))
    target.write_bytes(packed(kept))
    print(f"{len(kept)} listings, {sum(1 for row in kept if row.isin)} with an ISIN, {target.stat().st_size} bytes")
    print(", ".join(f"{mic} {count}" for mic, count in Counter(row.mic for row in kept).most_common()))


def packed(rows: Iterable[Row]) -> bytes:
    """The file: CSV with `HEADING`, compressed without a time stamp."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADING)
    writer.writerows(row.texts() for row in rows)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


def without_doubtful_isins(rows: Iterable[Row]) -> list[Row]:
    """The same without each ISIN that two rows of one exchange and currency claim: one at most can be right."""
    found = list(rows)
    claims = Counter((row.isin, row.mic, row.currency) for row in found)
    return [replace(row, isin="") if claims[row.isin, row.mic, row.currency] > 1 else row for row in found]


def listings_of(stock: dict[str, Any], indices: set[str]) -> Iterator[Row]:
    """The listings of a company that are certain, its home exchange first."""
    named = [(each["yahoo"], each["google"]) for each in stock.get("symbols", ())]
    name, own = name_of(stock["name"]), (stock.get("symbol") or "").replace(" ", "")
    country = country_of(stock.get("country") or "")
    isins = [isin for isin in stock.get("isins", ()) if is_isin(isin)]
    plain = Row("", name, "", "", 1, "equity", 2, "", country, sector_of(stock.get("industries", ())))
    suffix = own.partition(".")[2] if own not in MISTAKEN else ""
    mic, currency, place = HOME.get(suffix, ("", "", country))
    home = home_isin(isins, country, place) if own not in MISTAKEN else ""
    if mic and not is_foreign_line(own):
        pence, places = 100 if mic == "XLON" else 1, 1 if mic == "XTKS" else 2
        listed = replace(plain, symbol=own, mic=mic, currency=currency, isin=home)
        yield replace(listed, quote_unit=pence, price_places=places)
    for symbol, mic in american(named, own, str((stock.get("metadata") or {}).get("traded_as", "")), indices):
        yield replace(plain, symbol=symbol, mic=mic, currency="USD", isin=american_isin(isins, indices))
    if frankfurt := frankfurt_line(named, own):
        yield replace(plain, symbol=frankfurt, mic="XFRA", currency="EUR", isin=home or american_isin(isins, indices))
    for symbol, exchange in named:
        if exchange.startswith("OTCMKTS:") and symbol.isalpha() and len(symbol) == 5:
            is_receipt = symbol.endswith("Y")
            titled = f"{name} (ADR)" if is_receipt else name
            isin = home if symbol.endswith("F") else ""
            yield replace(plain, symbol=symbol, name=titled, mic=OVER_THE_COUNTER, currency="USD", isin=isin)


def is_foreign_line(symbol: str) -> bool:
    """Whether it is London's line of a share that has its home elsewhere."""
    return symbol.endswith(".L") and symbol[0].isdigit()


def american(named: list[tuple[str, str]], own: str, traded_as: str, indices: set[str]) -> Iterator[tuple[str, str]]:
    """The symbols in New York and at Nasdaq, in today's spelling of classes (BRK-B), and their exchanges."""
    for symbol, exchange in named:
        place, _, _ = exchange.partition(":")
        if "." in symbol and symbol.rpartition(".")[2] not in ("A", "B"):
            continue
        mic = AMERICAN.get(place) if ":" in exchange else None
        if mic is None and ":" not in exchange and symbol == own and indices & (WITHOUT_RECEIPTS | {"NASDAQ 100"}):
            words, _, rest = traded_as.partition(":")
            is_named = re.match(rf"\s*{re.escape(symbol)}\b", rest.replace("-", "."))
            mic = AMERICAN.get(words.strip().upper()) if is_named else None
        if mic is not None:
            yield normalise_symbol(symbol.replace(".", "-")), mic


def frankfurt_line(named: list[tuple[str, str]], own: str) -> str | None:
    """Frankfurt's symbol of the ordinary share: Xetra's own or, of several, the one that all others are made from.

    The others are lines of depositary receipts, a letter or a digit longer.
    """
    codes = [symbol.removesuffix(".F") for symbol, _ in named if symbol.endswith(".F")]
    codes = [code for code in codes if DEUTSCHE_BOERSE.match(code)]
    home, _, suffix = own.rpartition(".")
    if suffix == "DE" and home in codes:
        return f"{home}.F"
    ordinary = [code for code in codes if all(other.startswith(code) for other in codes)]
    return f"{ordinary[0]}.F" if ordinary else None


def home_isin(isins: list[str], country: str, place: str) -> str:
    """The ISIN of the share at home: the only one of its country or, where there is none, the only one.

    It must be of the exchange's country, `place`, or of one where companies are founded that are listed elsewhere.
    """
    if country == "US":
        return ""
    own = [isin for isin in isins if isin.startswith(country)] if country else []
    found = own or [isin for isin in isins if not isin.startswith("US")]
    return found[0] if len(found) == 1 and found[0][:2] in DOMICILES | {place} else ""


def american_isin(isins: list[str], indices: set[str]) -> str:
    """The ISIN of what is traded in New York: that of the company where it has one, and no receipt is traded instead."""
    if len(isins) != 1:
        return ""
    return isins[0] if isins[0].startswith("US") or indices & WITHOUT_RECEIPTS else ""


def name_of(text: str) -> str:
    """The name without what tells it from other articles: Puma (brand), and LifcoB of a class B share."""
    plain = FOOTNOTE.sub("", " ".join(text.split()))
    return re.sub(r"(?<=[a-zäöå])([ABC])\Z", r" \1", plain)


def country_of(text: str) -> str:
    """The ISO 3166 code, empty where nothing is said or known."""
    place = re.split(r",\s*", text)[-1]
    if place in COUNTRIES:
        return COUNTRIES[place]
    return "US" if "," in text and place not in ("none", "Russian Federation") else ""


def sector_of(industries: Iterable[str]) -> str:
    """The sector that the source's words mean, the more general ones first; empty where none is named."""
    words = {each.strip().lower() for each in industries}
    for place in range(max(map(len, SECTORS.values()))):
        for sector, names in SECTORS.items():
            if place < len(names) and names[place] in words:
                return sector
    return ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
