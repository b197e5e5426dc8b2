"""What files say of instruments: read from texts, and what several places say of one brought together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tickfolio.domain.instruments import MAX_CONTRACT, InstrumentClass
from tickfolio.domain.money import MAX_PRICE_PLACES, decimal_places, plain
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.statements.conventions import Conventions
from tickfolio.statements.currencies import currency_of, stated_currency
from tickfolio.statements.rows import MAX_NAME, InstrumentFacts, shortened
from tickfolio.words import marked_phrase, phrase

_ALSO = {"share": "equity", "stock": "equity", "etf": "fund"}
_WORDS = {
    "contract_size": marked_phrase("contract size"),
    "quote_unit": marked_phrase("quote unit"),
    "instrument_class": "class",
}


def facts_of(filled: Mapping[str, str], spelling: Conventions) -> InstrumentFacts:
    """What texts by name say: name, currency, contract_size, quote_unit, instrument_class; each may be missing.

    Raises:
        InvalidValue: a contract size or a quote unit is no number above zero, or there is no such class.
    """
    return InstrumentFacts(
        name=filled.get("name", "")[:MAX_NAME],
        currency=stated_currency(filled.get("currency", "")),
        contract_size=_contract("contract_size", filled, spelling),
        quote_unit=_contract("quote_unit", filled, spelling),
        instrument_class=_class(filled.get("instrument_class", "")),
    )


def merged(one: InstrumentFacts, other: InstrumentFacts) -> InstrumentFacts:
    """What both say together; where they differ, the first."""
    return InstrumentFacts(
        name=one.name or other.name,
        currency=one.currency or other.currency,
        contract_size=other.contract_size if one.contract_size is None else one.contract_size,
        quote_unit=other.quote_unit if one.quote_unit is None else one.quote_unit,
        instrument_class=one.instrument_class or other.instrument_class,
    )


def contradiction(said: InstrumentFacts, now: InstrumentFacts, symbol: str) -> str:
    """Why `now` cannot be of the instrument of which another place of the file has said `said`; empty where it can."""
    for name, words in _WORDS.items():
        before, after = getattr(said, name), getattr(now, name)
        if before not in (None, "") and after not in (None, "") and before != after:
            return phrase(
                "Expected the {words} {before}, as the file says elsewhere of {symbol}, was {after}.",
                words=words,
                before=_text(before),
                symbol=shortened(symbol),
                after=_text(after),
            )
    return ""


def require_one_scale(currency: str, facts: InstrumentFacts | None) -> None:
    """Expects that prices are brought to their currency once.

    Raises:
        InvalidValue: they are in pence by their currency and by the quote unit of the instrument.
    """
    if facts is None or facts.quote_unit in (None, 1) or not currency or not currency_of(currency)[1]:
        return
    assert facts.quote_unit is not None
    raise InvalidValue(
        phrase(
            "Expected a price in pence by its currency or by the quote unit, was {currency} and {plain}: one of them is enough.",
            currency=shortened(currency),
            plain=plain(facts.quote_unit),
        )
    )


def _text(value: Decimal | str) -> str:
    return value if isinstance(value, str) else plain(value)


def _contract(name: str, filled: Mapping[str, str], spelling: Conventions) -> Decimal | None:
    text = filled.get(name, "")
    if not text:
        return None
    words = _WORDS[name]
    try:
        number = spelling.number(text)
    except InvalidNumber as error:
        raise InvalidNumber(f"{words.capitalize()}: {error}") from error
    if not 0 < number < MAX_CONTRACT or decimal_places(number) > MAX_PRICE_PLACES:
        raise InvalidValue(
            phrase(
                "Expected a {words} above 0 and below {max_contract:,}, was {text}.",
                words=words,
                max_contract=MAX_CONTRACT,
                text=shortened(text),
            )
        )
    return number


def _class(text: str) -> str:
    spelt = _ALSO.get(text.strip().lower(), text.strip().lower())
    if spelt and spelt not in list(InstrumentClass):
        raise InvalidValue(
            phrase("Expected a class such as equity, fund or option, was {text}.", text=repr(shortened(text)))
        )
    return spelt
