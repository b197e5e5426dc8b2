"""What a span came to in a benchmark, and how it follows it, explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.followed_instruments import IDX, followed, without_sessions
from tests.domain.explain.moments import told
from tests.domain.explain.spans import span, span_of
from tests.domain.explain.test_risks import FIRST, moving, weekdays
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import buy, deposit, moment, withdrawal
from tests.domain.valuation.market import EUR, USD
from tests.domain.valuation.test_any_portfolio import book_of
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.explain.benchmarks import REGRESSION, benchmark_return, benchmark_value, regression_figure
from tickfolio.domain.explain.followed import Followed
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.risk import Regression, regression, session_returns
from tickfolio.domain.performance.span_figures import index_of

D = Decimal
PRICES = {"2012-05-11": "100.00", "2012-05-14": "80.00", "2012-05-16": "90.00", "2012-05-18": "120.00"}


def paid(*, base_is_euro: bool = False) -> Measured:
    """1,000.00 on Monday, 600.00 on Wednesday, 300.00 back on Saturday, all at noon."""
    return span(
        deposit("2012-05-14", "1000.00 USD"),
        deposit("2012-05-16", "600.00 USD"),
        withdrawal("2012-05-19", "300.00 USD"),
        first="2012-05-14",
        last="2012-05-20",
        base=EUR if base_is_euro else USD,
    )


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16), part=st.booleans())
def test_what_a_benchmark_came_to_is_what_its_formulas_say_of_what_is_below(
    ledger: AnyLedger, seed: int, part: bool
) -> None:
    found = span_of(ledger, seed, account=book_of(ledger).accounts[0].id if part else "")
    days = [found.start_day, *(day.day for day in found.days)]
    prices = {f"{day}": f"{50 + (number * 37 + seed) % 61}.{number % 100:02}" for number, day in enumerate(days)}
    actions = (
        CashDividend(IDX, days[len(days) // 3], D("1.25"), EUR),
        Split(IDX, days[len(days) // 2], 3, 2),
    )
    beside = followed(prices, *actions, base=book_of(ledger).base, rates=ledger.rates)
    check(benchmark_return(found, beside))
    check(benchmark_value(found, beside))
    for figure in REGRESSION:
        check(regression_figure(found, beside, figure, None, days=len(found.days)))


def test_a_benchmark_returns_what_one_unit_of_it_became() -> None:
    tree = benchmark_return(paid(), followed(PRICES))
    assert check(tree) == 3
    assert (tree.value, tree.formula) == (D("0.2"), "end ÷ start − 1")
    assert "end: Level of IDX on 2012-05-20 = 120.00" in told(tree)
    assert "start: Level of IDX on 2012-05-13 = 100.00" in told(tree)


def test_the_same_flows_buy_and_sell_it_at_its_level_of_their_moments() -> None:
    tree = benchmark_value(paid(), followed(PRICES))
    # 10 at 100 of Friday, 7.5 at 80, and 2.5 sold at 120.
    assert (tree.value, tree.unit) == (D("1800.00"), "USD")
    assert check(tree) > 5
    text = told(tree)
    assert "round(round(units × level, 12), 2)" in text
    assert "Σ(flows ÷ levels)" in text
    assert "flows: Deposit = 600.00 USD (transaction, 2012-05-16 12:00:00Z)" in text
    assert "flows: Withdrawal = -300.00 USD" in text


def test_what_was_there_at_the_start_buys_it_at_the_start() -> None:
    found = paid()
    later = replace(found, days=found.days[1:], places=found.places[1:])
    tree = benchmark_value(later, followed(PRICES))
    # 12.5 at 80 of Monday, 7.5 more, and 2.5 sold.
    assert tree.value == D("2100.00")
    assert "flows: Value at the end of 2012-05-14 = 1000.00 USD" in told(tree)


def test_in_another_currency_levels_are_at_the_rates_in_force() -> None:
    tree = benchmark_value(paid(base_is_euro=True), followed(PRICES, base=EUR))
    assert tree.value == D("1440.00")
    assert "price × rate" in told(tree)
    check(tree)


def test_without_a_flow_there_is_nothing_of_it() -> None:
    found = paid()
    never = replace(found, keep=lambda _row: False, days=[replace(day, flows=()) for day in found.days])
    assert benchmark_value(never, followed(PRICES)).value == D("0.00")


def test_where_it_has_no_price_it_has_no_figure() -> None:
    late = followed({"2012-05-18": "120.00"})
    reason = NotAvailable("the benchmark has no price by 2012-05-13")
    assert benchmark_return(paid(), late).value == reason
    assert regression_figure(paid(), late, "beta", None, days=7).value == reason
    assert benchmark_value(paid(), late).value == NotAvailable("the benchmark has no price by 2012-05-14")


# ---------- Beta and alpha ----------


def beside(days: int = 30) -> Followed:
    prices = {f"{FIRST + timedelta(days=number)}": f"{100 + (number * 29) % 17}.00" for number in range(-3, days)}
    return followed(prices)


def expected(found: Measured, other: Followed, common: frozenset[date]) -> Regression:
    own = session_returns(index_of(found.days), common)
    levels = [(day.day, D(1)) for day in found.days]
    index = []
    for day, _ in [(found.start_day, None), *levels]:
        worth = other.benchmark.worth(moment(f"{day} 23:59"))
        assert isinstance(worth, Decimal)
        index.append((day, worth))
    wanted = regression(own, session_returns(index, common))
    assert isinstance(wanted, Regression)
    return wanted


@pytest.mark.parametrize("figure", REGRESSION)
def test_beta_and_alpha_are_of_the_days_that_both_had(figure: str) -> None:
    found, other = moving(), without_sessions(beside(), "2012-04-18")
    days = weekdays(found)
    tree = regression_figure(found, other, figure, days, days=len(found.days))
    wanted = expected(found, other, days - {date(2012, 4, 18)})
    assert tree.value == pytest.approx(getattr(wanted, figure), rel=1e-12)
    assert check(tree) > 40
    of_them = [node for symbol, node in tree.children() if symbol == "other"]
    after = next(node for node in of_them if node.name == "Return of IDX on 2012-04-19")
    assert isinstance(after, Explained)
    assert [node.name for _, node in after.children()] == ["Level of IDX on 2012-04-19", "Level of IDX on 2012-04-17"]
    assert not [node for node in of_them if node.name == "Return of IDX on 2012-04-18"]


def test_the_day_that_is_not_over_is_in_no_return() -> None:
    found = moving()
    whole = regression_figure(found, beside(), "beta", None, days=len(found.days))
    finished = regression_figure(found, beside(), "beta", None, days=len(found.days) - 1)
    assert (len(list(whole.children())), len(list(finished.children()))) == (60, 58)
    assert finished.name == "Beta of the portfolio beside IDX, 2012-04-09 to 2012-05-07"


def test_where_nothing_is_left_no_more_returns_count() -> None:
    prices = {f"{FIRST + timedelta(days=number)}": f"{500 + (number * 37) % 23}.00" for number in range(26)}
    found = span(
        deposit(f"{FIRST}", "5000.00 USD"),
        buy(f"{FIRST} 13:00", "10", "5000.00 USD"),
        first=f"{FIRST}",
        last=f"{FIRST + timedelta(days=29)}",
        prices={**prices, f"{FIRST + timedelta(days=26)}": "0.00"},
    )
    check(regression_figure(found, beside(), "alpha", None, days=len(found.days)))


def test_too_few_common_days_have_no_beta() -> None:
    tree = regression_figure(moving(9), beside(9), "beta", None, days=9)
    assert tree.value == NotAvailable("it needs 20 common returns, and there are 9")
