"""What each part contributed to the return of a period."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.domain.examples import FEWER
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.performance.test_series import series_of
from tickfolio.domain.performance.contribution import contributions
from tickfolio.domain.performance.series import ValuedDay, growth_of
from tickfolio.domain.performance.twr import ExternalFlow, linked, sub_periods

D = Decimal
FIRST = date(2024, 1, 1)


def day(number: int, opening: str, closing: str, *flows: ExternalFlow) -> ValuedDay:
    growth = linked(sub_periods(D(opening), flows, D(closing)))
    return ValuedDay(FIRST + timedelta(days=number), D(opening), D(closing), flows, D(closing), growth, False, 0)


def coins(*gains: int) -> NDArray[np.int64]:
    return np.array(gains, dtype=np.int64)


def test_two_days_by_hand() -> None:
    whole = [day(0, "1000", "1100"), day(1, "1100", "1045")]
    # The first gains 100 and 0, the second 0 and −55: of a portfolio that had grown by a tenth, −55 ÷ 1100 × 1.1.
    found = contributions(whole, {"a": coins(100_00, 0), "b": coins(0, -55_00)}, minor_unit=2)
    assert found.parts == {"a": pytest.approx(0.1), "b": pytest.approx(-0.055)}
    assert found.timing == pytest.approx(0.0, abs=1e-15)
    assert found.total == pytest.approx(0.045)
    more = contributions([whole[0], day(1, "1100", "1046")], {"a": coins(100_00, 1_00)}, minor_unit=2)
    assert more.parts["a"] - found.parts["a"] == pytest.approx(found.weight)


def test_of_a_day_that_was_cut_what_no_part_can_tell_is_the_timing() -> None:
    flow = ExternalFlow(D("1000"), before=D("1100"))
    whole = [day(0, "1000", "2310", flow)]
    found = contributions(whole, {"a": coins(310)}, minor_unit=0)
    assert found.parts == {"a": pytest.approx(0.155)}  # 310 of 2000
    assert found.total == pytest.approx(float(growth_of(whole) - 1)) == pytest.approx(0.21)


def test_of_a_day_that_began_with_nothing_and_was_cut_all_is_the_timing() -> None:
    whole = [day(0, "0", "45", ExternalFlow(D("-10"), before=D("50")))]
    found = contributions(whole, {"a": coins(55)}, minor_unit=0)
    assert found.parts == {"a": 0.0}
    assert found.timing == found.total == pytest.approx(0.125)  # 40 became 45


def test_a_day_on_which_nothing_could_earn_contributes_nothing() -> None:
    empty = ValuedDay(FIRST, D(0), D(5), (), D(5), D(1), is_skipped=True, left_out=0)
    found = contributions([empty, day(1, "5", "6")], {"a": coins(5, 1)}, minor_unit=0)
    assert found.parts == {"a": pytest.approx(0.2)}


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_contributions_sum_to_the_return(ledger: AnyLedger, seed: int) -> None:
    series = series_of(ledger, seed)
    whole, gains = series.whole(), series.gains()
    found = contributions(whole, gains, minor_unit=series.base.minor_unit)
    grown = float(growth_of(whole))
    heights = max([1.0, *(abs(part) for part in found.parts.values())])
    assert abs(found.total - grown + 1) <= 1e-12 * max(grown, heights)
    assert abs(found.timing) <= 1e-9 * max(grown, heights)


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_what_the_rows_gained_is_what_the_whole_gained_on_each_day(ledger: AnyLedger, seed: int) -> None:
    series = series_of(ledger, seed)
    gains = series.gains()
    for place, each in enumerate(series.whole()):
        gained = D(sum(int(of_row[place]) for of_row in gains.values())).scaleb(-series.base.minor_unit)
        assert gained == each.gain
