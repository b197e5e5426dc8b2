"""Instruments and their symbols."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.instruments import (
    Instrument,
    InstrumentClass,
    Publication,
    Symbol,
    is_isin,
    normalise_symbol,
)
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


@pytest.mark.parametrize(
    "isin",
    ["US0378331005", "GB0002634946", "DE000A1EWWW0", "AU0000XVGZA3", "XS0356705219", "US0004026250"],
)
def test_an_isin_is_known_by_its_check_digit(isin: str) -> None:
    assert is_isin(isin)
    assert replace(instrument(), isin=isin).isin == isin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "US0378331006",  # another check digit
        "US0378331050",  # two digits changed places
        "us0378331005",
        "US037833100",
        "US03783310055",
        "US037833100A",
        "0S0378331005",
        "US0378331005\n",
        "ÜS0378331005",
        "US037833100５",
    ],
)
def test_anything_else_is_no_isin(text: str) -> None:
    assert not is_isin(text)


@given(st.from_regex(r"[A-Z]{2}[A-Z0-9]{9}", fullmatch=True))
def test_every_beginning_has_exactly_one_check_digit(body: str) -> None:
    assert [is_isin(f"{body}{digit}") for digit in range(10)].count(True) == 1


def test_an_instrument_without_a_known_isin_has_none() -> None:
    share = instrument()
    assert (share.isin, share.publication) == ("", Publication.TICK)
    with pytest.raises(InvalidValue, match="its check digit, was 'US0378331006'"):
        replace(share, isin="US0378331006")


def test_a_price_is_published_with_each_trade_once_a_day_or_by_hand() -> None:
    assert [str(each) for each in Publication] == ["tick", "daily", "manual"]


@pytest.mark.parametrize(
    ("currency", "unit", "written"),
    [
        ("USD", "1", "USD"),
        ("GBP", "100", "GBp"),
        ("ZAR", "100", "ZAc"),
        ("ILS", "100", "ILA"),
        ("EUR", "100", "EUR/100"),
        ("USD", "1E+3", "USD/1000"),
    ],
)
def test_prices_are_written_in_what_they_are_in(currency: str, unit: str, written: str) -> None:
    share = replace(instrument(), currency=Currency(currency), quote_unit=Decimal(unit))
    assert share.quoted_in == written


def test_what_was_delisted_is_traded_before_that_day_and_never_again() -> None:
    share = replace(instrument(), delisted_on=date(2026, 11, 20))
    days = [date(2026, 11, 19), date(2026, 11, 20), date(2027, 1, 4)]
    assert [share.is_delisted(day) for day in days] == [False, True, True]
    assert not instrument().is_delisted(days[-1])
