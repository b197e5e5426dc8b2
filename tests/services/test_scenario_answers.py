"""Answers to the questions of a scenario; what others print stands in tests/worked_examples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import pytest

from tests.statements.scenarios import asked, bought, scenario, sold
from tickfolio.services.scenario_answers import Answer, answers_to
from tickfolio.statements.scenario.questions import ReturnFigure
from tickfolio.statements.scenario.reading import read_scenario

PRICES = [{"symbol": "ACME", "at": "2021-03-01", "price": "150"}]


def answer(
    figure: str,
    *transactions: dict[str, Any],
    expected: str | None = "0",
    ask: dict[str, str] | None = None,
    **fields: Any,
) -> Answer:
    content = scenario(
        *(transactions or (bought(fees="10"), sold(fees="5"))),
        questions=[asked(figure, expected, **(ask or {}))],
        **{"prices": PRICES, **fields},
    )
    (given,) = answers_to(read_scenario(content))
    return given


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("quantity", "6"),
        ("cost_basis", "606"),
        ("unit_cost", "101"),
        ("market_value", "900"),
        ("value", "405"),
        ("cash_balance", "-495"),
        ("receivables", "0"),
        ("unrealized_pnl", "294"),
        ("unrealized_price", "294"),
        ("unrealized_currency", "0"),
        ("realized_pnl", "111"),
        ("realized_price", "111"),
        ("realized_currency", "0"),
        ("relieved_cost", "404"),
        ("proceeds", "515"),
        ("short_term_pnl", "0"),
        ("long_term_pnl", "111"),
        ("holding_days", "392"),
        ("income", "0"),
        ("fees", "0"),
        ("currency_result", "0"),
        ("net_external_flows", "0"),
        ("total_pnl", "405"),
    ],
)
def test_a_figure_is_what_the_ledger_comes_to(figure: str, expected: str) -> None:
    assert answer(figure).value == Decimal(expected)


def test_a_span_counts_what_happened_in_it() -> None:
    assert answer("realized_pnl", ask={"from": "2021-02-01"}).value == Decimal(111)
    assert answer("realized_pnl", ask={"from": "2021-02-02"}).value == 0
    assert answer("realized_pnl", ask={"at": "2021-01-31"}).value == 0


def test_a_transaction_is_its_open_lot_or_its_closed_ones() -> None:
    assert answer("quantity", ask={"transaction": "b1"}).value == 6
    assert answer("quantity", ask={"transaction": "s1"}).value == 4
    assert answer("market_value", ask={"transaction": "b1"}).value == 900


@pytest.mark.parametrize(("day_count", "days"), [("actual", "392"), ("inclusive", "393"), ("thirty_360", "385")])
def test_days_of_holding_are_counted_as_the_scenario_says(day_count: str, days: str) -> None:
    assert answer("holding_days", day_count=day_count).value == Decimal(days)


@pytest.mark.parametrize(("months", "long_term"), [(12, "120"), ("13", "0"), (0, "0"), (1, "120")])
def test_long_term_begins_after_the_months_that_the_scenario_says(months: int | str, long_term: str) -> None:
    assert answer("long_term_pnl", bought(), sold(), long_term_months=months).value == Decimal(long_term)
    short_term = answer("short_term_pnl", bought(), sold(), long_term_months=months).value
    assert short_term == 120 - Decimal(long_term)


def test_what_is_not_known_is_not_available_and_says_why() -> None:
    unpriced = answer("market_value", expected=None, prices=[])
    assert (unpriced.value, unpriced.is_right) == (None, True)
    assert unpriced.reason == "no price of ACME is given by 2021-02-02"
    gift = {"id": "g", "type": "transfer_in", "at": "2020-01-06", "symbol": "ACME", "quantity": "1"}
    unknown = answer("unrealized_pnl", gift, expected=None)
    assert unknown.reason == "what was transferred in on 2020-01-06 came without its cost"
    assert answer("market_value", gift).value == 150
    assert answer("unit_cost", bought(quantity="4"), sold(), expected=None).is_right
    assert not answer("market_value", expected="900", prices=[]).is_right


def test_a_figure_counts_in_the_currency_of_the_instrument_where_asked() -> None:
    euros: dict[str, Any] = {
        "base_currency": "EUR",
        "rates": [{"from": "USD", "to": "EUR", "at": "2020-01-01", "rate": "0.5"}],
    }
    assert answer("realized_pnl", **euros).value == Decimal("55.5")
    assert answer("realized_pnl", ask={"in": "instrument"}, **euros).value == Decimal(111)
    assert answer("market_value", ask={"in": "instrument"}, **euros).value == Decimal(900)


def test_an_answer_within_the_tolerance_is_right() -> None:
    content = scenario(bought(), questions=[asked("cost_basis", "1000.4", tolerance="0.5")])
    assert [each.is_right for each in answers_to(read_scenario(content))] == [True]
    content = scenario(bought(), questions=[asked("cost_basis", "1000.6", tolerance="0.5")])
    assert [each.is_right for each in answers_to(read_scenario(content))] == [False]


@pytest.mark.parametrize("figure", get_args(ReturnFigure.__value__))
def test_returns_risk_and_benchmarks_have_an_answer_or_a_reason(figure: str) -> None:
    given = answer(figure, ask={"benchmark": "ACME"})
    assert (given.value is None) is (given.reason != "")


ACTIONS = [
    {"symbol": "ACME", "type": "split", "ex_date": "2020-06-01", "new": "2", "old": "1"},
    {"symbol": "ACME", "type": "cash_dividend", "ex_date": "2020-09-01", "amount": "0.50"},
]


def test_corporate_actions_are_applied_to_the_accounts_that_hold_the_instrument() -> None:
    assert answer("quantity", bought(), corporate_actions=ACTIONS).value == 20
    assert answer("dividends", bought(), corporate_actions=ACTIONS).value == 10
    units = [{"id": "broker", "actions": "units"}]
    assert answer("dividends", bought(), corporate_actions=ACTIONS, accounts=units).value == 0
    own = {"id": "p", "type": "split", "at": "2020-06-03", "symbol": "ACME", "new": "3", "old": "1"}
    assert answer("quantity", bought(), own, corporate_actions=ACTIONS).value == 30
