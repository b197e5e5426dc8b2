"""Corporate actions of a file."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue
from tickfolio.statements.scenario.actions import (
    MAX_BYTES,
    GivenAction,
    InvalidActions,
    corporate_action,
    read_actions,
)

AAPL, NEWCO, DAY, USD = Symbol("AAPL"), Symbol("NEWCO"), date(2012, 5, 21), Currency("USD")


def given(type_: str, **fields: Any) -> dict[str, Any]:
    return {"symbol": "aapl", "type": type_, "ex_date": "2012-05-21", **fields}


@pytest.mark.parametrize(
    ("stated", "action"),
    [
        (given("split", new="2", old="1"), facts.Split(AAPL, DAY, 2, 1)),
        (given("stock_dividend", new="1", old="20"), facts.StockDistribution(AAPL, DAY, 1, 20)),
        (
            given("cash_dividend", amount="0.26", currency="USD", pay_date="2012-06-14"),
            facts.CashDividend(AAPL, DAY, Decimal("0.26"), USD, date(2012, 6, 14)),
        ),
        (
            given("return_of_capital", amount="1", currency="USD"),
            facts.CapitalRepayment(AAPL, DAY, Decimal(1), USD),
        ),
        (
            given("spin_off", new_symbol="newco", new="1", old="4", cost_share="0.2"),
            facts.Demerger(AAPL, DAY, NEWCO, 1, 4, Decimal("0.2")),
        ),
        (given("merger", new_symbol="NEWCO", new="1", old="2"), facts.Takeover(AAPL, DAY, NEWCO, 1, 2)),
        (
            given("merger", new_symbol="NEWCO", new="1", old="2", amount="3.50", currency="USD", cost_share="0.1"),
            facts.Takeover(AAPL, DAY, NEWCO, 1, 2, Decimal("3.50"), USD, Decimal("0.1")),
        ),
        (given("symbol_change", new_symbol="NEWCO"), facts.Renaming(AAPL, DAY, NEWCO)),
    ],
)
def test_each_type_is_read(stated: dict[str, Any], action: facts.CorporateAction) -> None:
    assert read_actions(json.dumps([stated]).encode()) == [action]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (given("split", new="2"), "Corporate action 1, aapl: Expected old of a split, was none."),
        (given("split", new="2", old="1", amount="3"), "Expected no amount of a split, was 3."),
        (given("cash_dividend", amount="0.26"), "Expected the currency of a cash_dividend, was none."),
        (given("cash_dividend", amount="0", currency="USD"), "above zero"),
        (given("symbol_change", new_symbol="AAPL"), "Expected another symbol than AAPL"),
        (given("bonus"), "Expected a JSON list of corporate actions"),
        (given("split", new="2", old="1", what="?"), "what"),
        (given("split", new="-2", old="1"), "Expected a JSON list of corporate actions"),
    ],
)
def test_what_cannot_be_read_is_named(stated: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidActions, match=said.replace("(", r"\(")):
        read_actions(json.dumps([stated]).encode())


def test_what_is_no_json_and_what_is_too_large_are_refused() -> None:
    with pytest.raises(InvalidActions, match="JSON list"):
        read_actions(b"symbol,type\n")
    with pytest.raises(InvalidActions, match="at most 10 MiB"):
        read_actions(b" " * (MAX_BYTES + 1))


def test_the_currency_of_the_instrument_stands_in_for_one_that_is_not_stated() -> None:
    stated = GivenAction(symbol="AAPL", type="cash_dividend", ex_date=DAY, amount="0.26")
    assert corporate_action(stated, currency=USD) == facts.CashDividend(AAPL, DAY, Decimal("0.26"), USD)
    with pytest.raises(InvalidValue, match="currency"):
        corporate_action(stated)
