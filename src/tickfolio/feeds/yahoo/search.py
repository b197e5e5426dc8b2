"""Yahoo's search: what a name, a symbol or an ISIN may mean."""

from __future__ import annotations

import msgspec

from tickfolio.domain.instruments import Instrument, Symbol, normalise_symbol
from tickfolio.domain.money import NO_CURRENCY
from tickfolio.errors import FeedDataError, InvalidSymbol
from tickfolio.feeds.yahoo.venues import class_of, mic_of, publication_of

SEARCH_PATH = "/v1/finance/search"
LONGEST_TEXT = 100


class _Found(msgspec.Struct):
    symbol: str | None = None
    exchange: str | None = None
    short_name: str | None = msgspec.field(name="shortname", default=None)
    long_name: str | None = msgspec.field(name="longname", default=None)
    kind: str | None = msgspec.field(name="quoteType", default=None)


class _Answer(msgspec.Struct):
    quotes: list[_Found]


_ANSWERS = msgspec.json.Decoder(_Answer)


def search_query(text: str) -> dict[str, str]:
    """What asks for instruments by `text`."""
    return {"q": text[:LONGEST_TEXT], "quotesCount": "20", "newsCount": "0", "enableFuzzyQuery": "false"}


def read_search(body: bytes) -> tuple[Instrument, ...]:
    """What was found, the best first. Yahoo does not say in which currency: it is ISO 4217's code for none.

    Raises:
        FeedDataError: it is no answer of the search.
    """
    try:
        answer = _ANSWERS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FeedDataError(f"Expected an answer of the search, found something else: {error}.") from None
    found: dict[Symbol, Instrument] = {}
    for one in answer.quotes:
        instrument = _instrument(one)
        if instrument is not None:
            found.setdefault(instrument.symbol, instrument)
    return tuple(found.values())


def _instrument(found: _Found) -> Instrument | None:
    """None for what cannot be traded: companies without a symbol, and futures and options by other spellings than ours."""
    try:
        symbol = normalise_symbol(found.symbol or "")
    except InvalidSymbol:
        return None
    kind = found.kind or ""
    return Instrument(
        symbol=symbol,
        name=found.long_name or found.short_name or symbol,
        mic=mic_of(found.exchange or ""),
        currency=NO_CURRENCY,
        instrument_class=class_of(kind),
        publication=publication_of(kind),
    )
