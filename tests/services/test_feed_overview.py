from datetime import UTC, datetime, timedelta

import pytest

from tests.identity.cast import person
from tests.live.market import AAPL, IBM
from tests.services.feeds_told import held, live_instance, report, tell
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import NotFound
from tickfolio.persistence.models import FeedCondition
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.ports import FeedNews
from tickfolio.services.feed_overview import MOST_EVENTS, FeedOverview, feed_overview, feeds_seen
from tickfolio.services.market_records import instance_declare

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Person:
    return Person(person("alice").pk)


def overview(operator: Person) -> FeedOverview:
    return feed_overview(actor=operator)


def test_it_is_for_operators_only(operator: Person) -> None:
    with pytest.raises(NotFound):
        feed_overview(actor=Person(person("bob").pk))
    assert overview(operator).feeds == ()


def test_each_feed_is_seen_as_the_engine_reported_it_with_what_it_offers(operator: Person) -> None:
    live_instance()
    told = report("yahoo", state=FeedState.STALE, refused={AAPL: "unknown"})
    tell(told, report("unheard of"))
    found = overview(operator)
    assert [seen.report.name for seen in found.feeds] == ["unheard of", "yahoo"]
    assert found.feeds[1].report == told
    assert found.feeds[1].description is not None
    assert "Unofficial" in found.feeds[1].description.capabilities.terms
    assert found.feeds[0].description is None
    assert found.is_reported
    assert found.calendars == {}


def test_a_report_of_long_ago_is_no_report(operator: Person) -> None:
    live_instance()
    assert not overview(operator).is_reported
    tell(report(), at=datetime.now(UTC) - timedelta(seconds=31))
    assert not overview(operator).is_reported
    tell(report())
    assert overview(operator).is_reported


def test_prices_in_quarantine_are_of_their_instrument(operator: Person) -> None:
    live_instance()
    tell(report(), quarantine={IBM: held("1.25"), AAPL: held("700", doubt=Doubt.JUMP, count=9)})
    by_symbol = {each.symbol: each for each in overview(operator).held}
    assert (by_symbol["IBM"].name, by_symbol["IBM"].unit, by_symbol["IBM"].doubt) == (
        "IBM Inc.",
        "USD",
        Doubt.WILD_JUMP,
    )
    assert (by_symbol["AAPL"].count, by_symbol["AAPL"].released_at, by_symbol["AAPL"].released_by) == (9, None, "")


def test_the_newest_events_come_first_and_no_more_than_fit(operator: Person) -> None:
    live_instance()
    now = datetime.now(UTC)
    news = tuple(FeedNews(now + timedelta(seconds=number), "state", "yahoo", "", f"{number}") for number in range(210))
    tell(report(), news=news)
    events = overview(operator).events
    assert (len(events), events[0].text, events[-1].text) == (MOST_EVENTS, "209", "10")


def test_hours_that_run_out_are_named(operator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    live_instance()
    last = datetime.now(UTC).date() + timedelta(days=100)
    monkeypatch.setattr("tickfolio.services.feed_overview.hours_running_out", lambda: {"XNYS": last})
    assert overview(operator).calendars == {"XNYS": last}


def test_a_replay_has_no_feeds(operator: Person) -> None:
    instance_declare(is_replay=True, at=datetime.now(UTC))
    tell(report())
    found = overview(operator)
    assert (found.is_replay, found.feeds, found.held, found.events) == (True, (), (), ())


def test_a_report_in_the_form_of_another_version_is_passed_over() -> None:
    tell(report())
    FeedCondition.objects.create(name="odd", report='{"name": "odd", "state": "sleepy"}', reported_at=datetime.now(UTC))
    assert [seen.report.name for seen in feeds_seen()] == ["yahoo"]
