"""The stretches between flows, and the values and flows at their ends."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import told
from tests.domain.explain.spans import span
from tests.domain.ledger.bookings import buy, deposit, sell, transfer_in, withdrawal
from tests.domain.valuation.market import EUR
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.returns import figures_of, time_weighted
from tickfolio.domain.performance.twr import FlowValue

D = Decimal
FIRST, LAST = "2012-05-14", "2012-05-20"
PRICES = {"2012-05-14": "500.00", "2012-05-16": "550.00", "2012-05-18": "560.00"}


def stretches(found: Measured) -> list[str]:
    return [each.name for each in found.periods(0, len(found.days) - 1)]


def test_days_between_flows_are_one_stretch() -> None:
    found = span(
        deposit("2012-05-14", "6000.00 USD"),
        buy("2012-05-14 13:00", "10", "5000.00 USD"),
        withdrawal("2012-05-17", "100.00 USD"),
        first=FIRST,
        last=LAST,
        prices=PRICES,
    )
    assert stretches(found) == ["Growth 2012-05-14 to 2012-05-17", "Growth 2012-05-18 to 2012-05-20"]
    text = told(time_weighted(found))
    assert "(closing + out) ÷ (opening + in)" in text
    assert "in: Came in on 2012-05-14 = 6000.00 USD" in text
    assert "flows: Withdrawal = 100.00 USD (transaction, 2012-05-17 12:00:00Z)" in text
    assert time_weighted(found).value == figures_of(found).twr


def test_a_day_on_which_nothing_could_earn_is_in_no_stretch_and_named() -> None:
    found = span(
        deposit("2012-05-14", "100.00 USD"),
        withdrawal("2012-05-15", "100.00 USD"),
        deposit("2012-05-19", "50.00 USD"),
        first=FIRST,
        last=LAST,
    )
    assert stretches(found) == ["Growth 2012-05-14 to 2012-05-15", "Growth 2012-05-19 to 2012-05-20"]
    assert "on 2012-05-16 to 2012-05-18; these days are skipped" in told(time_weighted(found))


def test_what_has_no_price_is_left_out_of_a_stretch() -> None:
    found = span(
        deposit("2012-05-14", "6000.00 USD"),
        buy("2012-05-14 13:00", "10", "5000.00 USD"),
        first=FIRST,
        last=LAST,
        prices={"2012-05-16": "550.00"},
    )
    assert len(stretches(found)) == 3
    assert "On 3 days a row without a value is left out." in told(time_weighted(found))


def test_where_the_value_before_a_flow_was_recorded_the_day_is_cut() -> None:
    start, more = deposit("2012-05-14", "1000.00 USD"), deposit("2012-05-16", "500.00 USD")
    found = span(start, more, first=FIRST, last=LAST, valued={more.id: FlowValue(D("1000.00"))})
    assert "Growth 2012-05-16" in stretches(found)
    assert "Π(parts)" in told(time_weighted(found))


def test_flows_count_at_the_rate_of_their_day_and_transfers_as_they_count() -> None:
    found = span(
        deposit("2012-05-14", "1000.00 USD"),
        transfer_in("2012-05-17", "1"),
        sell("2012-05-18", "1", "560.00 USD"),
        first=FIRST,
        last=LAST,
        prices=PRICES,
        base=EUR,
    )
    text = told(time_weighted(found))
    assert "amount × rate" in text
    assert "Transfer in AAPL, as it counts = 440.00 EUR" in text
