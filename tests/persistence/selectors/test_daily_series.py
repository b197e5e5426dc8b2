from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.persistence.booked import AT, new_account
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.twr import ExternalFlow
from tickfolio.persistence.models import DailySeries, DailyValue, Portfolio
from tickfolio.persistence.selectors.daily_series import (
    COLUMNS,
    SeriesHeading,
    StoredDay,
    days_of,
    days_stored,
    living_portfolios,
    series_heading,
    series_headings,
)
from tickfolio.persistence.selectors.headings import LedgerHeading
from tickfolio.persistence.tenancy import System

D = Decimal
TEST = System("test")
GROWTH = "1.0234567890123456789012345678901234567890123456789"
FLOWS = ExternalFlow(D("30.00")), ExternalFlow(D("-5.50"), before=D("130")), ExternalFlow(D("0.50"))
DAY = ValuedDay(date(2012, 5, 21), D("100.00"), D("127.50"), FLOWS, D("130.00"), D(GROWTH), False, 1)


def test_a_day_keeps_what_it_gained_and_every_digit_of_its_growth() -> None:
    (day,) = days_of([DAY])
    assert (day.came_in, day.went_out, day.gain) == (D("30.5"), D("5.5"), DAY.gain)
    assert str(day.growth) == GROWTH
    assert str(day.opening) == "100"
    assert dict(zip(COLUMNS, day.columns(), strict=True))["left_out"] == 1


@pytest.mark.django_db
def test_days_come_back_as_they_were_stored_in_order(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    portfolio = new_account().portfolio_id
    later, earlier = StoredDay.of(DAY), StoredDay.of(ValuedDay(date(2012, 5, 20), D(1), D(1), (), D(1), D(1), True, 0))
    for day in (later, earlier):
        DailyValue.unguarded.create(portfolio_id=portfolio, **dict(zip(COLUMNS, day.columns(), strict=True)))
    with django_assert_num_queries(1):
        assert days_stored(str(portfolio), actor=TEST) == (earlier, later)
    assert days_stored(str(portfolio), actor=TEST, since=date(2012, 5, 21)) == (later,)
    assert str(days_stored(str(portfolio), actor=TEST)[1].growth) == GROWTH


@pytest.mark.django_db
def test_headings_of_portfolios_that_live() -> None:
    portfolio = new_account().portfolio_id
    assert series_heading(str(portfolio), actor=TEST) is None
    DailySeries.unguarded.create(
        portfolio_id=portfolio,
        head=7,
        actions=3,
        base_currency="EUR",
        zone="Europe/Berlin",
        version="1/x",
        last_day=date(2012, 5, 21),
    )
    heading = SeriesHeading(LedgerHeading(7, "EUR", "Europe/Berlin", 3), "1/x", None, date(2012, 5, 21))
    assert series_heading(str(portfolio), actor=TEST) == heading
    assert series_headings(actor=TEST) == {str(portfolio): heading}
    assert living_portfolios(actor=TEST) == (str(portfolio),)
    Portfolio.objects.for_actor(TEST).update(deleted_at=AT)
    assert (series_headings(actor=TEST), living_portfolios(actor=TEST)) == ({}, ())
