"""Days and spans of a scenario; the rules behind them have their tests in tests/domain/valuation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.services.test_scenario_answers import answer
from tests.statements.scenarios import bought, sold

PRICES = [
    {"symbol": "ACME", "at": "2020-02-03", "price": "100"},
    {"symbol": "ACME", "at": "2020-02-04", "price": "110"},
    {"symbol": "ACME", "at": "2020-02-05", "price": "99"},
]
TRADES = (bought(fees="10"), sold(at="2020-02-05", fees="5"))


def figure(name: str, **ask: str) -> Any:
    return answer(name, *TRADES, ask={"at": "2020-02-05", **ask}, prices=PRICES)


# Ten were bought, four are sold on 5 February at 130 less a fee of 5.
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("day_change", "9.00"),
        ("day_price", "-110.00"),
        ("day_trading", "119.00"),
        ("day_currency", "0.00"),
        ("day_income", "0.00"),
        ("day_fees", "0.00"),
        ("day_taxes", "0.00"),
        ("attribution_price", "-110.00"),
        ("attribution_trading", "119.00"),
    ],
)
def test_a_day_is_told_by_its_parts(name: str, expected: str) -> None:
    assert str(figure(name).value) == expected


def test_a_span_counts_from_its_first_moment() -> None:
    assert str(figure("attribution_price", **{"from": "2020-02-04"}).value) == "-10.00"


def test_the_day_of_a_holding_is_of_what_it_was_worth_and_of_what_was_bought() -> None:
    # 9 of the 1,100 that the ten were worth.
    assert round(figure("day_percent", symbol="ACME").value, 4) == Decimal("0.8182")


def test_without_a_price_at_the_start_there_is_no_day() -> None:
    found = answer("day_change", *TRADES, expected=None, ask={"at": "2020-02-05"}, prices=PRICES[2:])
    assert (found.value, found.is_right) == (None, True)
    assert "no price of ACME" in found.reason


def test_nothing_held_has_no_percentage() -> None:
    found = answer("day_percent", *TRADES, expected=None, ask={"at": "2020-01-01"}, prices=PRICES)
    assert found.is_right
    assert "not above zero" in found.reason
