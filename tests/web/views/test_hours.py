from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from tests.live.market import IBM, OPEN, instrument
from tests.services.changes import changes
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_records import instruments_register, market_changes_record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def recorded() -> None:
    instruments_register(instruments=[instrument(IBM)])
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=OPEN + timedelta(hours=1))))


def test_the_hours_are_the_sessions_from_the_markets_moment_on(client: Client) -> None:
    (hours,) = client.get("/market-hours.json").json()["hours"]
    assert (hours["names"], hours["zone"]) == ("NYSE", "America/New_York")
    assert hours["sessions"][0] == {
        "opens_at": "2012-05-21T13:30:00.000Z",
        "closes_at": "2012-05-21T20:00:00.000Z",
    }


def test_who_may_not_see_quotes_may_not_see_the_hours(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    assert client.get("/market-hours.json").status_code == 403


def test_the_hours_are_only_read(client: Client) -> None:
    assert client.post("/market-hours.json").status_code == 405
