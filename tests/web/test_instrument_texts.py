"""Words of the instrument's page that other tests do not reach."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.services.changes import quote
from tickfolio.domain.market.quotes import MarketSession, Quality
from tickfolio.web.instrument_texts import (
    SESSIONS,
    PriceSeen,
    exact_moment_text,
    head_text,
    held_text,
    since_text,
    trust_text,
)

NOW = datetime(2012, 5, 21, 14, 31, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (date(2012, 5, 21), "since today"),
        (date(2012, 5, 20), "1 day"),
        (date(2012, 4, 22), "29 days"),
        (date(2012, 4, 21), "1 month"),
        (date(2011, 5, 21), "1 year"),
        (date(2009, 3, 22), "3 years 1 month"),
    ],
)
def test_how_long_a_lot_is_held_is_told_in_whole_years_and_months(since: date, told: str) -> None:
    assert held_text(since, date(2012, 5, 21)) == told


def test_a_price_without_a_close_before_says_so() -> None:
    head = head_text(
        quote("510.00").but(previous_close=None), Quality.REPLAY, PriceSeen(UTC_ZONE, NOW, 2), reference_day=None
    )
    assert (head.change.text, head.percent.text, head.since) == ("—", "—", "No previous close is known.")
    assert since_text(quote("510.00").previous_close, None, places=2) == "since the previous close, 500.00"


def test_how_far_a_price_can_be_trusted_names_its_source_unless_it_is_the_market_itself() -> None:
    vendors = quote("510.00").but(source="alpaca", session=MarketSession.POST)
    assert trust_text(Quality.LIVE, vendors) == "live, Alpaca, after the close"
    assert trust_text(Quality.SIMULATED, vendors.but(source="simulated")) == "simulated, after the close"
    assert set(SESSIONS) == set(MarketSession)


def test_a_price_of_another_day_is_told_with_its_day() -> None:
    assert exact_moment_text(NOW - timedelta(days=3), now=NOW, zone=UTC_ZONE) == "18 May, 14:31:00.000"
