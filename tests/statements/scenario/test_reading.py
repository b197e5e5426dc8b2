"""Scenarios are read into domain values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.statements.scenarios import asked, bought, scenario, sold
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, DayCount, HoldingPeriods
from tickfolio.statements.scenario.reading import MAX_BYTES, InvalidScenario, read_scenario

USD, EUR, GBP = Currency("USD"), Currency("EUR"), Currency("GBP")
MAY = datetime(2020, 5, 1, tzinfo=UTC)
DEPOSIT = {"id": "d1", "type": "deposit", "at": "2020-01-06", "amount": "100"}


def test_a_scenario_is_its_transactions_market_and_questions() -> None:
    read = read_scenario(
        scenario(
            bought(),
            sold(),
            accounts=[{"id": "broker", "method": "lifo", "allows_shorts": True}],
            prices=[{"symbol": "ACME", "at": "2022-01-01", "price": "140"}],
            questions=[asked("realized_pnl", "120", at="2021-12-31", **{"from": "2021-01-01", "in": "instrument"})],
        )
    )
    assert [each.sequence for each in read.transactions] == [1, 2]
    assert read.accounts[0].options == AccountOptions(CostMethod.LIFO, allows_shorts=True)
    (question,) = read.questions
    assert (question.since, question.in_instrument) == (datetime(2021, 1, 1, tzinfo=UTC), True)
    assert question.at == datetime(2021, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert read.end == datetime(2022, 1, 2, tzinfo=UTC)


def test_what_a_figure_is_measured_against_is_read_with_it() -> None:
    content = scenario(
        DEPOSIT,
        questions=[asked("sharpe", None, benchmark="acme", risk_free="0.02"), asked("twr", None)],
        flow_valuations=[{"transaction": "d1", "value": "12.50"}],
    )
    read = read_scenario(content)
    assert [(each.benchmark, each.risk_free) for each in read.questions] == [("ACME", Decimal("0.02")), (None, 0)]
    assert read.flow_valuations == {"d1": Decimal("12.50")}


def test_holding_periods_are_as_said_and_a_year_of_real_days_otherwise() -> None:
    assert read_scenario(scenario()).periods == DEFAULT_PERIODS
    read = read_scenario(scenario(day_count="thirty_360", long_term_months="6"))
    assert read.periods == HoldingPeriods(DayCount.THIRTY_360, 6)


@pytest.mark.parametrize("fields", [{"day_count": "other"}, {"long_term_months": 1201}, {"long_term_months": "1201"}])
def test_holding_periods_that_cannot_be_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidScenario):
        read_scenario(scenario(**fields))


def test_rates_are_as_stated_inverted_or_crossed_through_the_base() -> None:
    rates = read_scenario(
        scenario(
            rates=[
                {"from": "EUR", "to": "USD", "at": "2020-01-01", "rate": "1.25"},
                {"from": "EUR", "to": "USD", "at": "2020-06-01", "rate": "1.5"},
                {"from": "USD", "to": "GBP", "at": "2020-01-01", "rate": "0.8"},
            ]
        )
    ).rates

    def rate(base: Currency, quote: Currency, at: datetime = MAY) -> Decimal | None:
        found = rates.rate_at(base, quote, at=at)
        return None if isinstance(found, Unpriced) else found.rate

    assert rate(EUR, EUR) == 1
    assert (rate(EUR, USD), rate(USD, EUR), rate(EUR, GBP)) == (Decimal("1.25"), Decimal("0.8"), Decimal("1.0"))
    assert rate(EUR, USD, datetime(2020, 7, 1, tzinfo=UTC)) == Decimal("1.5")
    assert rate(EUR, USD, datetime(2019, 7, 1, tzinfo=UTC)) is None
    assert rate(Currency("JPY"), USD) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "Expected a scenario as docs/reference/scenario-format.md says"),
        (b"\xff", "Expected a scenario"),
        (b" " * (MAX_BYTES + 1), "at most 10 MiB"),
        (scenario(bought(), bought()), "each transaction to have an id of its own, was 'b1' twice"),
        (scenario(bought(symbol="OTHER")), "b1: Expected an instrument of the scenario, was OTHER"),
        (scenario(bought(account="gone")), "one of the accounts broker, was 'gone'"),
        (scenario(bought(at="2020-02-30")), "a day such as 2020-01-06"),
        (scenario(bought(quantity="0")), "b1: Expected a quantity of ACME above zero"),
        (scenario(bought(settlement_rate="0.9")), "a settlement_currency beside what was settled"),
        (scenario(bought(settlement_currency="EUR")), "a settlement_amount or a settlement_rate, found neither"),
        (scenario(time_zone="Mars/Base"), "a time zone such as Europe/Berlin"),
        (
            scenario(prices=[{"symbol": "X", "at": "2020-01-01", "price": "1"}]),
            "a price of an instrument of the scenario",
        ),
        (scenario(questions=[asked("value", "1", source="nobody")]), "the id of a source of the scenario"),
        (scenario(questions=[asked("beta", "1", benchmark="X")]), "an instrument of the scenario as benchmark of beta"),
        (scenario(questions=[asked("sharpe", "1", risk_free="-1")]), "a risk-free rate above −1 in sharpe"),
        (
            scenario(bought(), flow_valuations=[{"transaction": "b1", "value": "1"}]),
            "a valuation before a deposit, a withdrawal or a transfer",
        ),
        (
            scenario(DEPOSIT, flow_valuations=[{"transaction": "d1", "value": "1"}] * 2),
            "each flow valuation to have an id of its own, was 'd1' twice",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_expected(content: bytes, told: str) -> None:
    with pytest.raises(InvalidScenario) as refused:
        read_scenario(content)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"type": "split", "new": "2"}, "Corporate action 1, ACME: Expected old of a split, was none."),
        ({"type": "symbol_change", "new_symbol": "OTHER"}, "expected an instrument of the scenario, was OTHER"),
    ],
)
def test_a_corporate_action_that_cannot_be_is_named(action: dict[str, str], said: str) -> None:
    stated = {"symbol": "ACME", "ex_date": "2020-06-01", **action}
    with pytest.raises(InvalidScenario, match=said):
        read_scenario(scenario(bought(), corporate_actions=[stated]))
