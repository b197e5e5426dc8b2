"""Measures of risk, explained."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.domain.explain.checked import check
from tests.domain.explain.moments import told
from tests.domain.explain.spans import span
from tests.domain.ledger.bookings import buy, deposit
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained
from tickfolio.domain.explain.risks import MEASURES, drawdown, risk_figure
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.risk import Drawdown, max_drawdown
from tickfolio.domain.performance.span_figures import index_of

FIRST = date(2012, 4, 9)


def moving(days: int = 30) -> Measured:
    prices = {f"{FIRST + timedelta(days=number)}": f"{500 + (number * 37) % 23}.00" for number in range(days)}
    return span(
        deposit(f"{FIRST}", "6000.00 USD"),
        buy(f"{FIRST} 13:00", "10", "5000.00 USD"),
        first=f"{FIRST}",
        last=f"{FIRST + timedelta(days=days - 1)}",
        prices=prices,
    )


def weekdays(found: Measured) -> frozenset[date]:
    return frozenset(day.day for day in found.days if day.day.weekday() < 5)


@pytest.mark.parametrize("measure", MEASURES)
def test_each_measure_is_what_its_formula_says_of_the_returns(measure: str) -> None:
    found = moving()
    tree = risk_figure(found, measure, weekdays(found))
    assert isinstance(tree.value, float)
    assert check(tree) > 20
    assert check(risk_figure(found, measure, None)) > 20


def test_what_a_weekend_brings_is_in_the_return_of_monday() -> None:
    found = moving()
    tree = risk_figure(found, "volatility", weekdays(found))
    nodes = {node.name: node for _, node in tree.children()}
    monday = nodes["Return of 2012-04-16"]
    assert isinstance(monday, Explained)
    assert [node.name for _, node in monday.children()] == [f"Growth 2012-04-{day}" for day in (14, 15, 16)]


def test_too_few_returns_have_no_measure() -> None:
    tree = risk_figure(moving(9), "sharpe", None)
    assert tree.value == NotAvailable("it needs 20 returns, and there are 9")


def test_the_largest_fall_runs_from_its_peak_to_its_trough() -> None:
    found = moving()
    tree, expected = drawdown(found), max_drawdown(index_of(found.days))
    assert isinstance(expected, Drawdown)
    assert tree.value == expected.depth
    assert f"from the peak of {expected.peak}" in told(tree)


def test_what_never_fell_has_no_drawdown() -> None:
    found = span(deposit("2012-05-14", "100.00 USD"), first="2012-05-14", last="2012-05-20")
    assert drawdown(found).value == NotAvailable("the index has never been below its peak")


def test_whether_a_peak_was_reached_again_is_told() -> None:
    prices = {"2012-05-14": "500.00", "2012-05-15": "400.00", "2012-05-16": "600.00"}
    bought = (deposit("2012-05-14", "5000.00 USD"), buy("2012-05-14 13:00", "10", "5000.00 USD"))
    recovered = span(*bought, first="2012-05-14", last="2012-05-16", prices=prices)
    assert drawdown(recovered).notes == ("It was reached again on 2012-05-16.",)
    fallen = span(*bought, first="2012-05-14", last="2012-05-15", prices=prices)
    assert drawdown(fallen).notes == ("It has not been reached again.",)
