"""What consecutive days come to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.mwr import MoneyWeighted, net_present_value
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.span_figures import (
    index_of,
    investor_flows,
    live_edge,
    monthly_returns,
    span_figures,
    yearly_returns,
)
from tickfolio.domain.performance.spans import ONE_DAY
from tickfolio.domain.performance.twr import ONE, ExternalFlow, linked, sub_periods

D = Decimal
FIRST = date(2023, 12, 30)


def days_of(*steps: tuple[str, str], start: str = "0", first: date = FIRST) -> list[ValuedDay]:
    """Days by what flowed and what was there at the end."""
    found, opening = [], D(start)
    for number, (moved, closing) in enumerate(steps):
        flows = (ExternalFlow(D(moved)),) if D(moved) else ()
        found.append(valued(first + timedelta(days=number), opening, flows, D(closing)))
        opening = D(closing)
    return found


def valued(
    day: date, opening: Decimal, flows: tuple[ExternalFlow, ...], closing: Decimal, value: Decimal | None = None
) -> ValuedDay:
    periods = sub_periods(opening, flows, closing)
    is_skipped = all(period.growth is None for period in periods)
    whole = closing if value is None else value
    return ValuedDay(day, opening, closing, flows, whole, linked(periods), is_skipped, int(value is not None))


def test_a_span_adds_up_and_earns_what_its_days_earned() -> None:
    found = span_figures(days_of(("1000", "1010"), ("0", "1111"), ("-500", "600")), opening=D(0))
    assert (found.opening, found.inflow, found.outflow, found.gain, found.uncovered, found.closing) == (
        D(0), D(1000), D(500), D(100), D(0), D(600),
    )  # fmt: skip
    assert found.net_flow == D(500)
    assert found.twr == pytest.approx(D("1.01") * D("1.1") * (D(1100) / D(1111)) - 1)
    assert (found.first, found.last, found.days) == (FIRST, FIRST + timedelta(days=2), 3)
    assert found.annual == NotAvailable("the span is shorter than a year")


def test_where_nothing_could_earn_there_is_no_return() -> None:
    found = span_figures(days_of(("0", "0"), ("0", "0")), opening=D(0))
    assert found.twr == found.annual == NotAvailable("nothing was there that could earn")
    assert isinstance(found.mwr, NotAvailable)
    assert found.skipped == (FIRST, FIRST + timedelta(days=1))


def test_a_span_of_a_year_has_a_return_a_year() -> None:
    found = span_figures(days_of(*[("0", "100")] * 729, ("0", "121"), start="100"), opening=D(100))
    assert found.annual == D("0.1")
    assert isinstance(found.mwr, MoneyWeighted)
    assert found.mwr.annual == pytest.approx(0.1)


def test_what_comes_without_a_known_value_before_is_no_gain_and_counts_as_paid_in() -> None:
    days = days_of(("0", "110"), start="100")
    later = days[0].day + timedelta(days=1)
    days.append(valued(later, D(110), (), D(121), value=D(171)))  # a row of 50 that had no price yesterday
    found = span_figures(days, opening=D(100))
    assert (found.gain, found.uncovered, found.closing, found.incomplete) == (D(21), D(50), D(171), 1)
    assert found.twr == D("0.21")
    assert list(investor_flows(days, opening=D(100))) == [
        (FIRST - timedelta(days=1), D(-100)), (later, D(-50)), (later, D(171)),
    ]  # fmt: skip


def test_what_came_and_went_on_a_day_is_no_flow_of_the_investor() -> None:
    both = (ExternalFlow(D(50)), ExternalFlow(D(-50)))
    days = [valued(FIRST, D(100), both, D(110))]
    assert list(investor_flows(days, opening=D(100))) == [(FIRST - timedelta(days=1), D(-100)), (FIRST, D(110))]


def test_the_index_begins_with_one_on_the_day_before() -> None:
    assert index_of(days_of(("0", "110"), ("0", "99"), start="100")) == [
        (FIRST - timedelta(days=1), D(1)), (FIRST, D("1.1")), (FIRST + timedelta(days=1), D("0.990")),
    ]  # fmt: skip


def test_months_and_years_link_their_days_and_those_without_anything_have_none() -> None:
    days = days_of(("0", "0"), ("100", "110"), ("0", "121"), ("0", "133.1"))
    monthly = monthly_returns(days)
    assert monthly == {(2023, 12): D("0.1"), (2024, 1): D("0.21")}
    assert yearly_returns(monthly) == {2023: D("0.1"), 2024: D("0.21")}


def test_the_live_edge_tells_the_return_of_any_value() -> None:
    cut = (ExternalFlow(D(100), before=D(1050)), ExternalFlow(D(-50)))
    days = [*days_of(("0", "1000"), start="900"), valued(FIRST + ONE_DAY, D(1000), cut, D(1150), value=D(1200))]
    edge = live_edge(days)
    assert edge is not None
    for closing in ("1150", "1200", "900"):
        again = [days[0], valued(FIRST + ONE_DAY, D(1000), cut, D(closing))]
        expected = span_figures(again, opening=D(900)).twr
        value = D(closing) + 50  # a row of 50 has a value and does not count
        found = edge.factor * (value - edge.uncounted + edge.outflow) / edge.invested - 1
        assert not isinstance(expected, NotAvailable)
        assert abs(found - expected) < D("1e-25")


def test_where_nothing_can_earn_there_is_no_live_edge() -> None:
    assert live_edge(days_of(("0", "0"))) is None


STEPS = st.lists(st.tuples(st.integers(-200, 500).map(str), st.integers(1, 2000).map(str)), min_size=2, max_size=40)


@given(STEPS, st.data())
def test_any_partition_of_a_span_has_the_same_return(steps: list[tuple[str, str]], data: st.DataObject) -> None:
    days = days_of(*steps, start="1000")
    cuts = sorted(data.draw(st.sets(st.integers(1, len(days) - 1), max_size=5)))
    whole = span_figures(days, opening=D(1000))
    assert not isinstance(whole.twr, NotAvailable)
    growth, gain = ONE, D(0)
    for begin, end in zip([0, *cuts], [*cuts, len(days)], strict=True):
        part = span_figures(days[begin:end], opening=days[begin].opening)
        gain += part.gain
        growth *= 1 if isinstance(part.twr, NotAvailable) else part.twr + 1
    assert abs(growth - 1 - whole.twr) <= D("1e-12") * max(ONE, abs(growth))
    assert gain == whole.gain == whole.closing - whole.opening - whole.net_flow


@given(STEPS, st.integers(2, 9))
def test_a_larger_flow_at_the_same_prices_does_not_move_the_return(steps: list[tuple[str, str]], times: int) -> None:
    """The price moves all that is there, so a day's growth is given and the values follow from the flows."""

    def of(scale: int) -> list[ValuedDay]:
        found, opening = [], D(1000)
        for number, (moved, closing) in enumerate(steps):
            flow = abs(D(moved)) * scale
            growth = D(closing) / 1000
            end = (opening + flow) * growth
            flows = (ExternalFlow(flow),) if flow else ()
            found.append(valued(FIRST + timedelta(days=number), opening, flows, end))
            opening = end
        return found

    one, other = span_figures(of(1), opening=D(1000)), span_figures(of(times), opening=D(1000))
    assert not isinstance(one.twr, NotAvailable)
    assert not isinstance(other.twr, NotAvailable)
    assert abs(one.twr - other.twr) <= D("1e-12") * max(ONE, abs(one.twr))


@given(STEPS)
def test_at_the_money_weighted_return_the_net_present_value_is_zero(steps: list[tuple[str, str]]) -> None:
    days = days_of(*steps, start="1000")
    found = span_figures(days, opening=D(1000)).mwr
    if isinstance(found, MoneyWeighted):
        flows = list(investor_flows(days, opening=D(1000)))
        size = sum(abs(float(amount)) for _, amount in flows)
        assert abs(net_present_value(flows, found.force)) <= 1e-7 * size
