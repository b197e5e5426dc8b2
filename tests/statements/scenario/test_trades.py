"""Trades that are read with one look are what the careful way makes of them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.statements.scenarios import bought, scenario, sold
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.domain.money import Currency
from tickfolio.errors import TickfolioError
from tickfolio.statements.scenario.document import GivenBuy, GivenSell
from tickfolio.statements.scenario.reading import InvalidScenario, read_scenario
from tickfolio.statements.scenario.trades import PlainBuy, PlainSell, TradeReader
from tickfolio.statements.scenario.transactions import Surroundings, transaction_from

USD, EUR = Currency("USD"), Currency("EUR")
INSTRUMENTS = {
    Symbol(symbol): Instrument(Symbol(symbol), symbol, PRIVATE_MIC, currency)
    for symbol, currency in (("ACME", USD), ("ADIDAS", EUR))
}
BROKER, BANK = AccountId("broker"), AccountId("bank")

NUMBERS = st.from_regex(r"\A-?[0-9]{1,20}(\.[0-9]{1,20})?\Z") | st.sampled_from(
    ("0", "1.10", "7", "12.345", "100", "0.5", "", "1e3", "+1", " 1", "NaN", "1_0", "0.0000000000001", "1\n")
)
TRADES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(("buy", "sell")),
        "id": st.sampled_from(("t1", "", "x" * 201)),
        "at": st.sampled_from(("2020-01-06", "2020-01-06T14:30:00Z", "2020-02-30", "2020-W02-1", "20200106")),
        "symbol": st.sampled_from(("ACME", "ADIDAS", " acme", "OTHER")),
        "quantity": NUMBERS,
        "price": NUMBERS,
    },
    optional={
        "account": st.sampled_from(("broker", "bank", "gone", "")),
        "gross": NUMBERS,
        "fees": NUMBERS,
        "taxes": NUMBERS,
        "currency": st.sampled_from(("USD", "JPY", "usd")),
        "settlement_currency": st.sampled_from(("JPY", "USD")),
        "settlement_rate": NUMBERS,
    },
)


def carefully(fields: dict[str, Any], around: Surroundings) -> Transaction | None:
    try:
        return transaction_from(msgspec.convert(fields, GivenBuy | GivenSell), 7, around)
    except (msgspec.ValidationError, TickfolioError):
        return None


def at_once(fields: dict[str, Any], around: Surroundings) -> Transaction | None:
    try:
        return TradeReader(around).read(msgspec.convert(fields, PlainBuy | PlainSell), 7)
    except (msgspec.ValidationError, TickfolioError):
        return None


@given(fields=TRADES, accounts=st.sampled_from(((BROKER,), (BROKER, BANK))))
def test_one_look_reads_and_refuses_what_the_careful_way_does(
    fields: dict[str, Any], accounts: tuple[AccountId, ...]
) -> None:
    around = Surroundings(base=USD, accounts=accounts, instruments=INSTRUMENTS)
    read = at_once(fields, around)
    # The words too: 1.10 stays 1.10.
    assert repr(read) == repr(carefully(fields, around))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (scenario(bought(), sold(price="1e3")), r"matching regex .* - at `\$.transactions\[1\].price`"),
        (scenario(bought(at="6 January")), r"at `\$.transactions\[0\].at`"),
        (scenario(bought(fees="")), r"at `\$.transactions\[0\].fees`"),
        (scenario(bought(color="red")), r"unknown field `color` - at `\$.transactions\[0\]`"),
        (scenario(bought(price="1.0000000000001")), "b1: Expected at most 12 decimal places, was '1.0000000000001'"),
        (scenario(sold(fees="521")), "s1: Expected fees and taxes of at most 520"),
    ],
)
def test_what_is_wrong_is_said_as_the_careful_way_says_it(content: bytes, told: str) -> None:
    with pytest.raises(InvalidScenario, match=told):
        read_scenario(content)


def test_what_trades_share_is_made_once() -> None:
    first, second = read_scenario(scenario(bought(), sold(at="2020-01-06"))).transactions
    assert first.at is second.at
