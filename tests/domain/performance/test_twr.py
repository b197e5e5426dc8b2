from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.performance.twr import ONE, ExternalFlow, SubPeriod, annualised, linked, sub_periods


def money(text: str) -> Decimal:
    return Decimal(text)


def test_a_flow_whose_value_was_recorded_cuts_the_day() -> None:
    cut = sub_periods(money("1000"), [ExternalFlow(money("500"), before=money("1100"))], money("1760"))
    assert [period.growth for period in cut] == [money("1.1"), money("1.1")]
    assert linked(cut) == money("1.21")


def test_without_it_inflows_count_from_the_start_and_outflows_until_the_end() -> None:
    flows = [ExternalFlow(money("-200")), ExternalFlow(money("500"))]
    (period,) = sub_periods(money("1000"), flows, money("1450"))
    assert period == SubPeriod(money("1000"), money("500"), money("200"), money("1450"))
    assert period.growth == money("1.1")


def test_both_kinds_can_meet_in_one_day() -> None:
    flows = [
        ExternalFlow(money("100")),
        ExternalFlow(money("-50"), before=money("1210")),
        ExternalFlow(money("-160")),
    ]
    cut = sub_periods(money("1000"), flows, money("1000"))
    assert cut == [
        SubPeriod(money("1000"), money("100"), money("0"), money("1210")),
        SubPeriod(money("1160"), money("0"), money("160"), money("1000")),
    ]
    assert linked(cut) == money("1.1")


@pytest.mark.parametrize("opening", ["0", "-100"])
def test_where_nothing_was_there_that_could_earn_there_is_no_growth(opening: str) -> None:
    period = SubPeriod(money(opening), money("0"), money("0"), money("10"))
    assert period.growth is None
    assert linked([period, SubPeriod(money("10"), money("0"), money("0"), money("11"))]) == money("1.1")


def test_what_ends_below_nothing_has_no_growth() -> None:
    assert SubPeriod(money("10"), money("0"), money("0"), money("-1")).growth is None


def test_what_is_lost_altogether_is_lost() -> None:
    gone = SubPeriod(money("10"), money("0"), money("0"), money("0"))
    assert linked([gone]) == 0
    assert annualised(Decimal(0), days=365) == -1


def test_less_than_a_year_is_not_annualised() -> None:
    assert annualised(money("1.1"), days=364) is None
    assert annualised(money("1.1"), days=365) == money("0.1")
    assert annualised(money("-0.1"), days=365) is None


def test_of_several_years_it_is_the_root() -> None:
    assert annualised(money("1.331"), days=3 * 365) == money("0.1")


AMOUNTS = st.decimals(min_value="0.01", max_value="1000000", places=2)
GROWTHS = st.decimals(min_value="0.5", max_value="2", places=4)


@given(st.lists(st.tuples(AMOUNTS, GROWTHS), min_size=1, max_size=40), st.data())
def test_any_partition_of_a_span_gives_the_same_return(
    days: list[tuple[Decimal, Decimal]], data: st.DataObject
) -> None:
    periods = [SubPeriod(opening, Decimal(0), Decimal(0), opening * growth) for opening, growth in days]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(periods)), max_size=5)))
    growth = ONE
    for first, last in zip([0, *cuts], [*cuts, len(periods)], strict=True):
        growth *= linked(periods[first:last])
    whole = linked(periods)
    assert abs(growth - whole) <= Decimal("1e-12") * whole


@given(st.lists(st.tuples(AMOUNTS, GROWTHS), min_size=1, max_size=20), st.integers(1, 1000))
def test_it_does_not_move_when_flows_are_scaled_at_unchanged_prices(
    parts: list[tuple[Decimal, Decimal]], factor: int
) -> None:
    def grown(scale: int) -> Decimal:
        value, periods = Decimal(1000), []
        for amount, growth in parts:
            before = value * growth
            periods += sub_periods(value, [ExternalFlow(amount * scale, before=before)], before + amount * scale)
            value = before + amount * scale
        return linked(periods)

    assert abs(grown(factor) - grown(1)) <= Decimal("1e-12") * grown(1)
