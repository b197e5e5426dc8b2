"""Which of several facts of finished days and of rates count, and what it costs to ask."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, TUESDAY, WEDNESDAY, clock, told
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.ecb.history import publication
from tickfolio.persistence.models import PublishedRateFact
from tickfolio.persistence.selectors import daily_bars
from tickfolio.persistence.selectors.market import record_ids
from tickfolio.services.instruments import instrument_rename

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def rate(day_offset: int, usd: str, *, source: str = "ecb", version: int = 1, currency: str = "USD") -> None:
    day = MONDAY + timedelta(days=day_offset)
    PublishedRateFact.objects.create(
        day=day,
        pivot="EUR",
        currency=currency,
        rate=Decimal(usd),
        published_at=publication(day),
        source=source,
        version=version,
        recorded_at=NOW + timedelta(hours=day_offset),
    )


def test_nothing_is_recorded_at_first() -> None:
    assert (daily_bars.newest_bar(), daily_bars.newest_rate()) == (0, 0)
    assert (daily_bars.newest_bar_at(NOW), daily_bars.newest_rate_at(NOW)) == (0, 0)
    assert (daily_bars.symbols_with_bars(), daily_bars.rates_in_force(), daily_bars.renamings()) == ({}, [], (0, 0))
    assert daily_bars.rates_added(0, 10) is None


def test_what_was_added_between_two_keys_is_told_by_instrument(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    told({MONDAY: "100"}, at=NOW - timedelta(hours=1))
    before, ids = daily_bars.newest_bar(), record_ids([AAPL, IBM])
    told({TUESDAY: "101", WEDNESDAY: "102"})
    told({FRIDAY: "200", MONDAY: "201"}, symbol=IBM)
    newest = daily_bars.newest_bar()
    with django_assert_num_queries(1):
        assert daily_bars.bars_added(before, newest) == {ids[AAPL]: TUESDAY, ids[IBM]: FRIDAY}
    assert daily_bars.bars_added(newest, newest) == {}
    assert daily_bars.newest_bar_at(NOW - timedelta(minutes=1)) == before
    assert daily_bars.days_in_force(ids[IBM], first=FRIDAY, last=FRIDAY) == {FRIDAY}
    assert daily_bars.mics_of([ids[IBM]]) == {ids[IBM]: "XNYS"}
    assert [str(each.price) for each in daily_bars.closes_in_force(ids[AAPL], upto=before)] == ["100"]


def test_instruments_are_found_by_the_symbols_that_they_had() -> None:
    told({MONDAY: "100"})
    ids = record_ids([AAPL])
    instrument_rename(symbol=AAPL, new_symbol=Symbol("APPL"), since=TUESDAY)
    assert daily_bars.symbols_with_bars() == {AAPL: ids[AAPL], Symbol("APPL"): ids[AAPL]}
    assert daily_bars.instruments_of_symbols([AAPL, Symbol("NOPE")]) == {AAPL: ids[AAPL]}
    assert daily_bars.renamings()[1] == 1


def test_the_rates_of_a_day_are_those_of_its_first_source(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rate(0, "1.1")
    rate(0, "0.9", currency="CHF")
    rate(0, "1.2", source="frankfurter")
    rate(1, "1.3")
    first = daily_bars.newest_rate()
    rate(0, "1.11", version=2)
    with django_assert_num_queries(1):
        found = daily_bars.rates_in_force()
    assert [each.rates for each in found] == [
        {"USD": Decimal("1.11"), "CHF": Decimal("0.9")},
        {"USD": Decimal("1.3")},
    ]
    assert [each.rates["USD"] for each in daily_bars.rates_in_force(upto=first)] == [Decimal("1.1"), Decimal("1.3")]
    assert [each.day for each in daily_bars.rates_in_force(after=MONDAY)] == [TUESDAY]
    assert daily_bars.rates_added(first, daily_bars.newest_rate()) == publication(MONDAY)
    assert daily_bars.newest_rate_at(NOW + timedelta(minutes=1)) == daily_bars.newest_rate()
