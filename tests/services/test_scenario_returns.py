"""Returns, risk and benchmarks of scenarios; what others print stands in tests/worked_examples."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.statements.scenarios import asked, bought, scenario
from tickfolio.services.scenario_answers import Answer, answers_to
from tickfolio.statements.scenario.reading import read_scenario

D = Decimal
INDEX = {"symbol": "INDEX", "currency": "USD"}


def deposit(at: str, amount: str, **fields: Any) -> dict[str, Any]:
    return {"id": f"in-{at}", "type": "deposit", "at": at, "amount": amount, **fields}


def withdrawal(at: str, amount: str) -> dict[str, Any]:
    return {"id": f"out-{at}", "type": "withdrawal", "at": at, "amount": amount}


def prices(symbol: str, **at: str) -> list[dict[str, str]]:
    """By day, as d0106="100" for 6 January 2020."""
    return [{"symbol": symbol, "at": f"2020-{day[1:3]}-{day[3:]}", "price": price} for day, price in at.items()]


HELD = (
    deposit("2020-01-06", "1000"),
    bought(),
    deposit("2020-02-03", "1100"),
)
MARKET = [
    *prices("ACME", d0106="100", d0131="110", d0203="110", d0331="99"),
    *prices("INDEX", d0106="50", d0131="60", d0203="60", d0331="66"),
]


def answer(figure: str, *transactions: dict[str, Any], ask: dict[str, str] | None = None, **fields: Any) -> Answer:
    """Of one share that rises by a tenth and falls by a tenth, where nothing else is told."""
    fields = {
        "instruments": [{"symbol": "ACME", "currency": "USD"}, INDEX],
        "prices": MARKET,
        **fields,
    }
    content = scenario(*(transactions or HELD), questions=[asked(figure, None, **(ask or {}))], **fields)
    (given,) = answers_to(read_scenario(content))
    return given


def test_the_return_is_cut_at_each_flow() -> None:
    # 1000 → 1100, then 2200 → 2090.
    assert answer("twr").value == D("1.1") * D("0.95") - 1


def test_a_span_begins_with_its_first_day_and_ends_with_its_last() -> None:
    assert answer("twr", ask={"from": "2020-02-01"}).value == D("-0.05")
    assert answer("twr", ask={"at": "2020-02-29"}).value == D("0.1")
    assert answer("twr", ask={"from": "2020-01-31", "at": "2020-01-31"}).value == D("0.1")


def test_a_span_begins_at_the_earliest_with_the_first_transaction() -> None:
    assert answer("twr", ask={"from": "1999-01-01", "at": "2020-01-31"}).value == D("0.1")


def test_a_day_with_a_flow_follows_the_day_rule() -> None:
    moved = [deposit("2020-01-06", "1000"), bought(), withdrawal("2020-01-31", "500")]
    # (1100 − 500 + 500) ÷ 1000.
    assert answer("twr", *moved, ask={"at": "2020-01-31"}).value == D("0.1")
    # What comes in on the day of a rise counts from its beginning: 1600 ÷ 1500.
    late = [deposit("2020-01-06", "1000"), bought(), deposit("2020-01-31", "500")]
    assert answer("twr", *late, ask={"at": "2020-01-31"}).value == pytest.approx(D(1600) / D(1500) - 1)


def test_a_recorded_valuation_cuts_the_day_at_its_flow() -> None:
    late = [deposit("2020-01-06", "1000"), bought(), deposit("2020-01-31", "500")]
    valued = [{"transaction": "in-2020-01-31", "value": "1100"}]
    assert answer("twr", *late, ask={"at": "2020-01-31"}, flow_valuations=valued).value == D("0.1")


def test_a_year_is_needed_for_a_return_a_year() -> None:
    cash = [
        deposit("2019-01-01", "1000"),
        {"id": "i", "type": "interest", "at": "2020-12-30", "amount": "210"},
    ]
    assert answer("twr_annualised", *cash, ask={"at": "2020-12-30"}).value == D("0.1")
    short = answer("twr_annualised", *cash, ask={"from": "2020-12-01", "at": "2020-12-30"})
    assert (short.value, short.reason) == (None, "a span of less than 365 days is not annualised")


CASH = (
    deposit("2019-01-01", "1000"),
    {"id": "i", "type": "interest", "at": "2019-07-02", "amount": "100"},
    {"id": "j", "type": "interest", "at": "2020-01-01", "amount": "110"},
)


def test_the_money_weighted_return_is_a_year_or_of_a_shorter_period() -> None:
    assert answer("mwr", *CASH, ask={"at": "2020-01-01"}).value == pytest.approx(D("0.21"), abs=D("1e-12"))
    half = answer("mwr", *CASH, ask={"at": "2019-07-02"}).value
    annual = answer("mwr_annual", *CASH, ask={"at": "2019-07-02"}).value
    assert half == pytest.approx(D("0.1"), abs=D("1e-12"))
    assert float(annual or 0) == pytest.approx(1.1 ** (365 / 182) - 1)


def test_what_was_there_before_the_span_is_paid_in_at_its_start() -> None:
    assert answer("mwr", *CASH, ask={"from": "2019-07-03", "at": "2020-01-01"}).value == pytest.approx(
        D("0.1"), abs=D("1e-12")
    )


def test_without_one_rate_there_is_no_money_weighted_return() -> None:
    flows = [deposit("2019-01-01", "100"), withdrawal("2020-01-01", "230"), deposit("2020-12-31", "132")]
    gain = {"id": "f", "type": "fee", "at": "2020-12-31", "amount": "2"}
    found = answer("mwr", *flows, gain, ask={"at": "2020-12-31"})
    assert (found.value, found.reason) == (None, "no unique solution: 10.0000%, 20.0000% a year")
    assert answer("mwr_annual", *flows, gain, ask={"at": "2020-12-31"}).reason == found.reason


def test_money_weighted_returns_need_the_values_at_both_ends_alone() -> None:
    late = prices("ACME", d0331="120")
    assert answer("mwr", *HELD[:2], prices=late, ask={"at": "2020-03-31"}).value == pytest.approx(
        D("0.2"), abs=D("1e-12")
    )
    unknown = "a price or an exchange rate is not given by the end of 2020-01-06"
    assert answer("twr", *HELD[:2], prices=late, ask={"at": "2020-03-31"}).reason == unknown
    assert answer("mwr", *HELD[:2], prices=late, ask={"at": "2020-01-06"}).reason == unknown
    holding = answer("mwr", *HELD[:2], prices=late, ask={"at": "2020-03-31", "symbol": "ACME"})
    assert holding.value == pytest.approx(D("0.2"), abs=D("1e-12"))
    received = {"id": "r", "type": "transfer_in", "at": "2020-01-06", "symbol": "ACME", "quantity": "1"}
    assert answer("mwr", received, prices=late, ask={"at": "2020-03-31"}).reason == unknown


def test_a_holding_has_its_purchases_sales_and_income_as_flows() -> None:
    paid = {"id": "v", "type": "dividend", "at": "2020-02-10", "symbol": "ACME", "gross": "99"}
    # A tenth up and a tenth down, and 99 came out of 1100 besides: (1100 + 99) ÷ 1100 in between.
    found = answer("twr", *HELD, paid, ask={"symbol": "ACME"}).value
    assert found == pytest.approx(D("1.1") * (D(1199) / D(1100)) * D("0.9") - 1)


def test_an_account_has_what_comes_from_its_sisters_as_flows() -> None:
    accounts = [{"id": "a"}, {"id": "b"}]
    moved = [
        deposit("2020-01-06", "2000", account="a"),
        {
            "id": "t", "type": "cash_transfer", "at": "2020-01-06", "account": "a", "to_account": "b", "amount": "1000"
        },
        bought(account="b"),
    ]  # fmt: skip
    fields: dict[str, Any] = {"accounts": accounts}
    assert answer("twr", *moved, ask={"account": "b", "at": "2020-01-31"}, **fields).value == D("0.1")
    assert answer("twr", *moved, ask={"account": "a", "at": "2020-01-31"}, **fields).value == 0
    assert answer("twr", *moved, ask={"at": "2020-01-31"}, **fields).value == D("0.05")
    assert answer("contribution", *moved, ask={"account": "b", "at": "2020-01-31"}, **fields).value == D("0.05")


def test_contributions_are_of_a_part() -> None:
    assert answer("contribution", ask={"symbol": "ACME"}).value == D("0.1") + D("-110") / D(2200) * D("1.1")
    assert answer("contribution").reason == "a contribution is of a symbol or an account"


def test_a_dividend_that_is_due_is_of_its_holding() -> None:
    due = {
        "id": "v", "type": "dividend", "at": "2020-03-02", "ex_date": "2020-01-31", "symbol": "ACME", "gross": "50"
    }  # fmt: skip
    asked_of = {"symbol": "ACME", "at": "2020-01-31"}
    assert answer("contribution", *HELD[:2], due, ask=asked_of).value == D("0.15")
    assert answer("twr", *HELD[:2], due, ask=asked_of).value == D("0.15")


def test_a_ledger_may_begin_with_a_dividend_that_was_due_before() -> None:
    due = {
        "id": "v", "type": "dividend", "at": "2020-01-07", "ex_date": "2020-01-03", "symbol": "ACME", "gross": "5"
    }  # fmt: skip
    assert answer("mwr", *HELD[:2], due, ask={"at": "2020-01-31"}).value is not None


@pytest.mark.parametrize(
    ("figure", "fields", "reason"),
    [
        ("twr", {"at": "2019-12-31"}, "the span ends before it begins, or before anything was booked"),
        ("twr", {"from": "2020-03-02", "at": "2020-03-01"}, "the span ends before it begins"),
        ("benchmark_twr", {}, "no benchmark is named"),
        ("beta", {}, "no benchmark is named"),
        ("volatility", {}, "it needs 20 returns, and there are 3"),
        ("value_at_risk", {}, "it needs 20 returns, and there are 3"),
    ],
)
def test_what_is_not_available_says_why(figure: str, fields: dict[str, str], reason: str) -> None:
    found = answer(figure, ask=fields)
    assert found.value is None
    assert found.reason.startswith(reason)


def test_where_nothing_was_there_nothing_earned() -> None:
    gone = [deposit("2020-01-06", "100"), withdrawal("2020-01-07", "100")]
    for figure in ("twr", "benchmark_twr"):
        found = answer(figure, *gone, ask={"from": "2020-01-08", "at": "2020-01-31", "benchmark": "INDEX"})
        assert found.reason == "nothing was there that could earn"


def test_no_more_than_two_hundred_years_are_worked_out() -> None:
    found = answer("twr", ask={"at": "9999-12-31"})
    assert found.reason == "from 2020-01-06 to 9999-12-31 are more days than are worked out"


def test_without_a_transaction_there_is_no_return() -> None:
    content = scenario(questions=[asked("twr", None)], prices=[])
    (found,) = answers_to(read_scenario(content))
    assert found.reason == "nothing was booked"


# ---------- Risk ----------

SESSIONS = [date(2020, 1, 6) + timedelta(days=day) for day in range(42) if day % 7 < 5]
RETURNS = [[0.02, -0.01, 0.03, -0.02][number % 4] for number in range(len(SESSIONS) - 1)]


def path(symbol: str, returns: list[float]) -> list[dict[str, str]]:
    price, found = D(100), []
    for day, earned in zip(SESSIONS, [0.0, *returns], strict=True):
        price *= 1 + D(repr(earned))
        found.append({"symbol": symbol, "at": day.isoformat(), "price": f"{price:.12f}"})
    return found


def risky(figure: str, **ask: str) -> float:
    """Of ten million in a share, so that coins do not matter."""
    half = [each / 2 for each in RETURNS]
    moved = [
        deposit("2020-01-06", "10000000"),
        {"id": "b", "type": "buy", "at": "2020-01-06", "symbol": "ACME", "quantity": "100000", "price": "100"},
    ]
    market = [*path("ACME", RETURNS), *path("INDEX", half)]
    found = answer(figure, *moved, prices=market, ask={"at": SESSIONS[-1].isoformat(), **ask})
    assert found.value is not None, found.reason
    return float(found.value)


def test_risk_is_of_the_returns_from_session_to_session() -> None:
    mean = math.fsum(RETURNS) / len(RETURNS)
    spread = math.sqrt(math.fsum((each - mean) ** 2 for each in RETURNS) / (len(RETURNS) - 1))
    below = math.sqrt(math.fsum(min(each, 0.0) ** 2 for each in RETURNS) / len(RETURNS))
    daily = 1.05 ** (1 / 252) - 1
    for figure, ask, expected in (
        ("volatility", {}, spread * 252**0.5),
        ("downside_deviation", {}, below * 252**0.5),
        ("sharpe", {}, mean / spread * 252**0.5),
        ("sortino", {}, mean / below * 252**0.5),
        ("sharpe", {"risk_free": "0.05"}, (mean - daily) / spread * 252**0.5),
        ("value_at_risk", {}, 0.02),
        ("expected_shortfall", {}, 0.02),
        ("max_drawdown", {}, -0.02),
    ):
        assert risky(figure, **ask) == pytest.approx(expected, rel=1e-6), figure


def test_a_benchmark_is_compared_on_the_days_that_both_have_a_price_on() -> None:
    assert risky("beta", benchmark="INDEX") == pytest.approx(2, rel=1e-6)
    assert risky("alpha", benchmark="INDEX") == pytest.approx(0, abs=1e-5)


def test_the_session_before_the_span_is_where_its_first_return_begins() -> None:
    # From the second week on there are 25 sessions and as many returns.
    later = RETURNS[4:]
    found = risky("volatility", **{"from": SESSIONS[5].isoformat()})
    mean = math.fsum(later) / len(later)
    spread = math.sqrt(math.fsum((each - mean) ** 2 for each in later) / (len(later) - 1))
    assert found == pytest.approx(spread * 252**0.5, rel=1e-6)
    assert risky("beta", benchmark="INDEX", **{"from": SESSIONS[5].isoformat()}) == pytest.approx(2, rel=1e-6)


# ---------- Benchmark ----------


def test_the_benchmark_has_a_return_of_its_own_over_the_span() -> None:
    ask = {"benchmark": "INDEX"}
    assert answer("benchmark_twr", ask=ask).value == D("0.32")
    assert answer("benchmark_twr", ask={**ask, "from": "2020-02-01"}).value == D("0.1")


def test_the_same_flows_are_invested_in_it() -> None:
    # 1000 at 50 and 1100 at 60, at 66.
    assert answer("benchmark_value", ask={"benchmark": "INDEX"}).value == D("2530.00")
    # 1100 of the start and 1100, both at 60.
    assert answer("benchmark_value", ask={"benchmark": "INDEX", "from": "2020-02-01"}).value == D("2420.00")


def test_it_counts_in_the_base_currency() -> None:
    euros: dict[str, Any] = {
        "instruments": [{"symbol": "ACME", "currency": "USD"}, {"symbol": "INDEX", "currency": "EUR"}],
        "rates": [
            {"from": "EUR", "to": "USD", "at": "2020-01-01", "rate": "1.00"},
            {"from": "EUR", "to": "USD", "at": "2020-03-01", "rate": "1.25"},
        ],
    }
    assert answer("benchmark_twr", ask={"benchmark": "INDEX"}, **euros).value == D("0.65")


def test_its_splits_are_no_loss_and_its_dividends_are_reinvested() -> None:
    actions = [
        {"symbol": "INDEX", "type": "split", "ex_date": "2020-01-20", "new": "3", "old": "1"},
        {"symbol": "INDEX", "type": "stock_dividend", "ex_date": "2020-01-21", "new": "1", "old": "1"},
        {"symbol": "INDEX", "type": "cash_dividend", "ex_date": "2020-02-03", "amount": "1"},
        {"symbol": "INDEX", "type": "return_of_capital", "ex_date": "2020-02-03", "amount": "1"},
        {"symbol": "ACME", "type": "symbol_change", "ex_date": "2020-05-01", "new_symbol": "INDEX"},
    ]
    market = [
        *prices("ACME", d0106="100"),
        *prices("INDEX", d0106="60", d0131="10", d0203="8", d0331="8.8"),
    ]
    found = answer("benchmark_twr", *HELD[:2], ask={"benchmark": "INDEX"}, prices=market, corporate_actions=actions)
    assert found.value == D("0.1")


def test_what_a_benchmark_became_is_not_followed() -> None:
    actions = [{"symbol": "INDEX", "type": "symbol_change", "ex_date": "2020-02-01", "new_symbol": "ACME"}]
    found = answer("benchmark_twr", ask={"benchmark": "INDEX"}, corporate_actions=actions)
    assert "on 2020-02-01 INDEX became something else" in found.reason


def test_a_benchmark_without_a_price_is_not_available() -> None:
    late = [*prices("ACME", d0106="100"), *prices("INDEX", d0203="60")]
    found = answer("benchmark_value", ask={"benchmark": "INDEX"}, prices=late)
    assert found.reason == "the benchmark has no price by 2020-01-06"
    assert answer("benchmark_twr", ask={"benchmark": "INDEX"}, prices=late).reason == found.reason
    assert answer("beta", ask={"benchmark": "INDEX", "from": "2020-02-01"}, prices=late).reason == (
        "the benchmark has no price by 2020-01-31"
    )


def test_several_questions_are_answered_by_the_same_days() -> None:
    ask = {"benchmark": "INDEX"}
    twice = [
        asked(figure, None, **ask) | {"id": f"{figure}-{n}"} for figure in ("twr", "benchmark_twr") for n in (1, 2)
    ]
    content = scenario(
        *HELD, questions=twice, prices=MARKET, instruments=[{"symbol": "ACME", "currency": "USD"}, INDEX]
    )
    first, second, third, fourth = (each.value for each in answers_to(read_scenario(content)))
    assert first == second == D("0.045")
    assert third == fourth == D("0.32")
