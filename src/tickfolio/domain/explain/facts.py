"""The facts that figures rest on, as leaves of a tree.

**Source**: docs/reference/definitions.md, sections Numbers and Time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.explain.definitions import NUMBERS
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Input, Node, Unit, one
from tickfolio.domain.explain.standing import Sources, Standing
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.applied_actions import is_derived
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import Transaction, TransactionId, transaction_type
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.domain.market.quotes import Quote, Unpriced
from tickfolio.domain.money import MAX_PRICE_PLACES, Currency
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.words import phrase

ONE = Decimal(1)


def transaction_fact(
    standing: Standing,
    transaction: TransactionId,
    value: Decimal,
    unit: str,
    *,
    at: datetime | None = None,
    of: str = "",
) -> Fact:
    """What a transaction says of an amount or of units.

    Args:
        of: which of its amounts, where it has several.
    """
    booked = standing.transactions[transaction]
    kind = FactKind.ACTION if is_derived(transaction) else FactKind.TRANSACTION
    label = f"{transaction_name(booked)}, {of}" if of else transaction_name(booked)
    reference = "" if kind is FactKind.ACTION else transaction
    return Fact(kind, label, value, unit, at or booked.at, reference=reference)


def transaction_name(booked: Transaction) -> str:
    """The type of a transaction and what it is of."""
    name = str(TYPE_NAMES[transaction_type(booked)])
    return " ".join((name, *dict.fromkeys(symbols_of(booked))))


def price_fact(quote: Quote, currency: Currency) -> Fact:
    """The price that a quote says."""
    return Fact(
        FactKind.PRICE,
        phrase("Price of {symbol}", symbol=quote.symbol),
        quote.price,
        currency.code,
        quote.source_time,
        source=quote.source,
    )


def rate_node(sources: Sources, currency: Currency, base: Currency, at: datetime) -> Node:
    """The exchange rate in force at a moment at which there is one: as it was published, or worked out from what was."""
    found = sources.rates.rate_at(currency, base, at=at)
    assert not isinstance(found, Unpriced)
    pivot = sources.rates.pivot
    if currency == pivot:
        return _published(sources, base, at)
    divisor = _published(sources, currency, at)
    numerator = None if base == pivot else _published(sources, base, at)
    inputs = (
        (one(_symbol(currency), divisor),)
        if numerator is None
        else (
            one(_symbol(base), numerator),
            one(_symbol(currency), divisor),
        )
    )
    top = "1" if numerator is None else _symbol(base)
    return Explained(
        name=phrase("Rate of {currency} in {base}", currency=currency, base=base),
        value=found.rate,
        unit=f"{base}/{currency}",
        formula=f"round({top} ÷ {_symbol(currency)}, {MAX_PRICE_PLACES})",
        words=phrase(
            "Rates are published for one {pivot}; this one follows from them and is rounded once.", pivot=pivot
        ),
        definition=NUMBERS,
        make_inputs=lambda: inputs,
    )


def _symbol(currency: Currency) -> str:
    return phrase("{currency} rate", currency=currency)


def _published(sources: Sources, currency: Currency, at: datetime) -> Fact:
    found = sources.rates.published(currency, at=at)
    assert not isinstance(found, Unpriced)
    pivot = sources.rates.pivot
    return Fact(
        FactKind.RATE,
        phrase("Rate of {pivot} in {currency}", pivot=pivot, currency=currency),
        found.rate.rate,
        f"{currency}/{pivot}",
        found.published_at,
        source=sources.rates_from,
    )


def conversion(
    sources: Sources, currency: Currency, base: Currency, at: datetime, *, symbol: str = "rate"
) -> tuple[str, list[Input]]:
    """What a formula goes on with to bring an amount into the base currency, and the input for it; nothing in that currency."""
    if currency == base:
        return "", []
    return f" × {symbol}", [one(symbol, rate_node(sources, currency, base, at))]


def unit_factor(instrument: Instrument) -> tuple[str, list[Input]]:
    """The same for what a quantity of 1 at a price of 1 is worth; nothing where that is 1."""
    size, unit = instrument.contract_size, instrument.quote_unit
    if unit_value(instrument) == ONE:
        return "", []
    terms = [(" × size", "size", phrase("Contract size"), size)] if size != ONE else []
    divided = ""
    if unit != ONE:
        exact = unit_value(instrument) * unit == size
        top = "size" if size != ONE else "1"
        divided = f" × {top} ÷ unit" if exact else f" × round({top} ÷ unit, {MAX_PRICE_PLACES})"
    inputs = [one(symbol, _property(instrument, name, value)) for _, symbol, name, value in terms]
    if unit != ONE:
        inputs.append(one("unit", _property(instrument, phrase("Quote unit"), unit)))
    return divided or " × size", inputs


def _property(instrument: Instrument, name: str, value: Decimal) -> Fact:
    return Fact(
        FactKind.OPTION,
        phrase("{name} of {symbol}", name=name, symbol=instrument.symbol),
        value,
        Unit.NUMBER,
        source="instrument",
    )


def ratio_inputs(ratio: tuple[int, int]) -> Iterable[Input]:
    """The splits that a price does not know yet, as one ratio."""
    new, old = ratio
    for symbol, count in (("new", new), ("old", old)):
        label = (
            phrase("New units of the splits that the price does not know")
            if symbol == "new"
            else phrase("Old units of the same")
        )
        yield one(symbol, Fact(FactKind.ACTION, label, Decimal(count), Unit.UNITS))
