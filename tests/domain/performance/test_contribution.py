"""What each part contributed to the return of a period."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

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


def test_two_days_by_hand() -> None:
    whole = [day(0, "1000", "1100"), day(1, "1100", "1045")]
    # The first gains 100 and 0, the second 0 and −55: of a portfolio that had grown by a tenth, −55 ÷ 1100 × 1.1.
    parts = {"a": [day(0, "600", "700"), day(1, "700", "700")], "b": [day(0, "400", "400"), day(1, "400", "345")]}
    found = contributions(whole, parts)
    assert found.parts == {"a": D("0.1"), "b": D("-0.055")}
    assert (found.timing, found.total) == (D(0), D("0.045"))


def test_of_a_day_that_was_cut_what_no_part_can_tell_is_the_timing() -> None:
    flow = ExternalFlow(D("1000"), before=D("1100"))
    whole = [day(0, "1000", "2310", flow)]
    found = contributions(whole, {"a": [day(0, "1000", "2310", flow)]})
    assert found.parts == {"a": D("0.155")}  # 310 of 2000
    assert found.total == growth_of(whole) - 1 == D("0.21")


@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_contributions_sum_to_the_return(ledger: AnyLedger, seed: int) -> None:
    series = series_of(ledger, seed)
    whole = series.whole()
    parts = {row.key: series.part(lambda each, key=row.key: each.key == key) for row in series.rows}  # type: ignore[misc]
    found = contributions(whole, parts)
    grown = growth_of(whole)
    assert abs(found.total - grown + 1) <= D("1e-20") * max(grown, D(1))
    assert abs(found.timing) <= D("1e-20") * max(grown, D(1))
