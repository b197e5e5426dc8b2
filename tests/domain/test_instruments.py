"""Instruments and their symbols."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol, normalise_symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidSymbol, InvalidValue


def instrument(*, contract_size: str = "1", quote_unit: str = "1", price_places: int = 2) -> Instrument:
    return Instrument(
        symbol=Symbol("AAPL"),
        name="Apple Inc.",
        mic="XNAS",
        currency=Currency("USD"),
        price_places=price_places,
        contract_size=Decimal(contract_size),
        quote_unit=Decimal(quote_unit),
    )


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        (" aapl ", "AAPL"),
        ("brk.b", "BRK.B"),
        ("^gspc", "^GSPC"),
        ("EURUSD=X", "EURUSD=X"),
        ("BTC/USD", "BTC/USD"),
        ("7203", "7203"),
    ],
)
def test_a_symbol_has_one_spelling(text: str, symbol: str) -> None:
    assert normalise_symbol(text) == symbol


@pytest.mark.parametrize("text", ["", "  ", "A" * 33, "AA PL", "AAPL\n;", "<b>", "Ä", "-A", ".A"])
def test_what_no_exchange_uses_is_no_symbol(text: str) -> None:
    with pytest.raises(InvalidSymbol, match="such as AAPL"):
        normalise_symbol(text)


def test_a_share_is_counted_and_quoted_by_the_unit() -> None:
    share = instrument()
    assert share.instrument_class is InstrumentClass.EQUITY
    assert share.contract_size == share.quote_unit == 1
    assert share.listed_on is None


@pytest.mark.parametrize(("contract_size", "quote_unit"), [("0", "1"), ("1", "0"), ("-1", "1")])
def test_a_contract_size_or_quote_unit_of_nothing_is_refused(contract_size: str, quote_unit: str) -> None:
    with pytest.raises(InvalidValue, match="above zero for AAPL"):
        instrument(contract_size=contract_size, quote_unit=quote_unit)


@pytest.mark.parametrize("places", [-1, 13])
def test_price_places_have_bounds(places: int) -> None:
    with pytest.raises(InvalidValue, match="0 to 12 price places"):
        instrument(price_places=places)
