"""Rates that ship, and those that were recorded since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.services.recorded_days import clock
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.ecb.history import publication, rate_history
from tickfolio.feeds.feed import DayRates
from tickfolio.persistence.models import PublishedRateFact
from tickfolio.services.exchange_rates import (
    RatesSeen,
    last_rate_day,
    rate_table_now,
    rates_record,
    rates_seen,
    rates_wanted,
)

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
EUR, USD = Currency("EUR"), Currency("USD")
SHIPPED = rate_history().last_published_at
assert SHIPPED is not None
LAST = SHIPPED.date()
NEXT, THEN = LAST + timedelta(days=7), LAST + timedelta(days=8)
AT = datetime(LAST.year, LAST.month, LAST.day, 20, 0, tzinfo=UTC) + timedelta(days=30)


def dollars(at: datetime, table: object = None) -> Decimal:
    rate = rate_table_now().rate_at(EUR, USD, at=at)
    assert not isinstance(rate, Unpriced)
    return rate.rate


SHIPPED_USD = next(
    rate.rate for rate in [rate_history().rate_at(EUR, USD, at=SHIPPED)] if not isinstance(rate, Unpriced)
)


def near(part: str) -> str:
    """A rate a little beside the last one that ships."""
    return str((SHIPPED_USD * (1 + Decimal(part))).quantize(Decimal("0.0001")))


def day(of: date, usd: str, **more: str) -> DayRates:
    return DayRates(of, publication(of), "EUR", {code: Decimal(rate) for code, rate in {"USD": usd, **more}.items()})


def record(*days: DayRates, source: str = "ecb") -> int:
    return rates_record(days=days, source=source, at=AT)


def test_without_recorded_rates_those_that_ship_count() -> None:
    assert rate_table_now() is rate_history()
    assert last_rate_day() == LAST


def test_recorded_rates_follow_those_that_ship() -> None:
    assert record(day(NEXT, near("0.01"), CHF="0.93")) == 2
    assert dollars(publication(NEXT)) == Decimal(near("0.01"))
    assert dollars(publication(NEXT) - timedelta(microseconds=1)) == SHIPPED_USD
    assert last_rate_day() == NEXT
    assert rate_table_now() is rate_table_now()


def test_a_replay_has_those_that_ship(settings: Settings) -> None:
    record(day(NEXT, near("0.01")))
    settings.TICKFOLIO_IS_REPLAY = True
    assert rate_table_now() is rate_history()


def test_one_query_where_nothing_was_recorded() -> None:
    record(day(NEXT, near("0.01")))
    rate_table_now()
    with CaptureQueriesContext(connection) as asked:
        rate_table_now()
    assert len(asked) == 1


def test_repeated_nothing_is_appended_and_a_correction_is_the_next_version() -> None:
    record(day(NEXT, near("0.01")), day(THEN, near("0.02")))
    assert record(day(NEXT, near("0.01")), day(THEN, near("0.02"))) == 0
    assert record(day(NEXT, near("0.011"))) == 1
    assert dollars(publication(NEXT)) == Decimal(near("0.011"))
    assert dollars(publication(THEN)) == Decimal(near("0.02"))
    assert list(PublishedRateFact.objects.order_by("pk").values_list("version", flat=True)) == [1, 1, 2]


def test_of_two_sources_of_one_day_the_first_counts() -> None:
    record(day(NEXT, near("0.01")), source="frankfurter")
    record(day(NEXT, near("0.02"), CHF="0.9"), source="ecb")
    assert dollars(publication(NEXT)) == Decimal(near("0.01"))
    record(day(NEXT, near("0.03")), source="frankfurter")
    assert dollars(publication(NEXT)) == Decimal(near("0.03"))


def test_days_that_ship_are_passed_over() -> None:
    assert record(day(LAST, near("0.01")), day(LAST - timedelta(days=1), "900")) == 0
    assert not PublishedRateFact.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (day(THEN, "0"), "above zero"),
        (DayRates(THEN, publication(THEN), "USD", {"EUR": Decimal(1)}), "against EUR"),
        (day(AT.date() + timedelta(days=1), near("0.01")), "Expected rates that are published by"),
    ],
)
def test_rates_that_cannot_be_are_refused_whole(wrong: DayRates, message: str) -> None:
    with pytest.raises(FeedDataError, match=message):
        record(day(NEXT, near("0.01")), wrong)
    assert not PublishedRateFact.objects.exists()
    assert rate_table_now() is rate_history()


def test_a_rate_far_from_the_last_one_is_recorded_and_held_back_until_it_is_said_again() -> None:
    record(day(NEXT, near("0.01"), CHF="0.93"))
    assert rates_seen() == RatesSeen(publication(NEXT), ())
    assert record(day(THEN, near("0.5"), CHF="0.94")) == 2
    seen = rates_seen()
    assert (seen.day, [str(one.currency) for one in seen.doubted]) == (THEN, ["USD"])
    assert dollars(publication(THEN)) == Decimal(near("0.01"))
    francs = rate_table_now().rate_at(EUR, Currency("CHF"), at=publication(THEN))
    assert not isinstance(francs, Unpriced)
    assert francs.rate == Decimal("0.94")
    record(day(THEN + timedelta(days=1), near("0.51"), CHF="0.94"))
    assert dollars(publication(THEN + timedelta(days=1))) == Decimal(near("0.51"))
    assert dollars(publication(THEN)) == Decimal(near("0.01"))
    assert rates_seen().doubted == ()


def test_a_replay_doubts_no_rate(settings: Settings) -> None:
    record(day(NEXT, near("0.5")))
    settings.TICKFOLIO_IS_REPLAY = True
    assert (rates_seen().day, rates_seen().doubted) == (LAST, ())


def test_rates_are_wanted_from_the_last_known_day_on_once_they_are_published() -> None:
    monday = NEXT - timedelta(days=NEXT.weekday())
    morning = datetime(monday.year, monday.month, monday.day, 9, 0, tzinfo=UTC)
    friday = monday - timedelta(days=3)
    record(day(friday, near("0.01")))
    assert rates_wanted(morning) is None
    assert rates_wanted(morning + timedelta(hours=9)) == (friday + timedelta(days=1), monday)
    record(day(monday, near("0.02")))
    assert rates_wanted(morning + timedelta(hours=9)) is None
    assert rates_wanted(morning + timedelta(days=2)) == (monday + timedelta(days=1), monday + timedelta(days=2))
