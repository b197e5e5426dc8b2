"""A database that is out of reach is told, and rights that cannot be confirmed count for a while and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.live.market import OPEN, SetClock, beat, tick
from tests.live.portfolios import ALICE, BOB, MINE, OTHER, SCOPE, Library, Page, book, deposit, visible, watching
from tickfolio.live.engine import Engine
from tickfolio.live.people import RIGHTS_SECONDS
from tickfolio.live.reach import PATIENCE_SECONDS
from tickfolio.live.wire.codec import moment

BEAT = 0.25
OF_PORTFOLIOS = {"portfolio_snapshot", "portfolio_delta", "event"}


class Time:
    """Lets beats pass, each with a price."""

    def __init__(self, market: Engine, clock: SetClock) -> None:
        self.market = market
        self.clock = clock
        self._beats = 0

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / BEAT)):
            self._beats += 1
            self.clock.pass_seconds(BEAT)
            self.market.accept(tick(f"502.{self._beats:02}", at=OPEN + timedelta(seconds=self._beats)))
            self.market.beat(beat(self._beats))


@pytest.fixture
def time(peopled: Engine, clock: SetClock) -> Time:
    return Time(peopled, clock)


def is_of_portfolios(message: dict[str, Any]) -> bool:
    return message["type"] in OF_PORTFOLIOS


def reports(page: Page) -> Iterator[dict[str, Any]]:
    return (message["portfolios"] for message in page.take() if message["type"] == "status")


def confirm(market: Engine, library: Library, *users: int) -> None:
    """The database answers: it is there, and says what people may watch."""
    market.hub.reach.heard(market.hub.monotonic())
    for user in users:
        library.check_rights(user)
    library.answer()


def test_pages_are_told_within_five_seconds_that_the_database_is_out_of_reach_and_when_it_is_back(
    peopled: Engine, library: Library, clock: SetClock, time: Time
) -> None:
    page, lost = watching(peopled, library), moment(clock.now())
    time.passes(PATIENCE_SECONDS)
    assert [report["state"] for report in reports(page)] in ([], ["current"])
    time.passes(2 * BEAT)
    assert list(reports(page)) == [{"state": "behind", "since": lost}]
    confirm(peopled, library, ALICE)
    time.passes(BEAT)
    assert list(reports(page)) == [{"state": "current", "since": None}]


def test_visitors_hear_nothing_of_it(peopled: Engine, time: Time) -> None:
    page = Page(peopled, user=None)
    time.passes(RIGHTS_SECONDS + 5)
    assert set(map(str, reports(page))) == {"None"}


def test_an_outage_of_a_few_seconds_takes_nothing_from_anybody(peopled: Engine, library: Library, time: Time) -> None:
    page = watching(peopled, library)
    time.passes(RIGHTS_SECONDS - BEAT)
    frames = [message["type"] for message in page.take() if is_of_portfolios(message)]
    assert len(frames) == (RIGHTS_SECONDS - BEAT) / BEAT
    confirm(peopled, library, ALICE)
    time.passes(2 * BEAT)
    assert page.kinds().count("portfolio_delta") == 2
    assert peopled.hub.tally.withheld == 0


def test_rights_that_were_not_confirmed_for_ten_seconds_bring_no_portfolio_data_any_more(
    peopled: Engine, library: Library, clock: SetClock, time: Time
) -> None:
    page, confirmed = watching(peopled, library), moment(clock.now())
    library.keep(f"{MINE}@EUR", book())
    page.watch(f"{MINE}@EUR", totals_only=True)
    library.answer()
    time.passes(10)
    last = list(reports(page))[-1]
    assert last == {"state": "withheld", "since": confirmed}
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.answer_portfolios()
    time.passes(5)
    page.say({"type": "refresh", "scope": SCOPE})
    page.watch()
    page.watch(OTHER)
    time.passes(5)
    messages = page.take()
    assert [message for message in messages if is_of_portfolios(message) or message["type"] == "error"] == []
    assert [message["scopes"] for message in messages if message["type"] == "status"][-1] == {}
    assert page.outlet.closed_with is None
    assert peopled.hub.tally.withheld == 2


def test_prices_go_on_meanwhile(peopled: Engine, library: Library, time: Time) -> None:
    page = watching(peopled, library)
    page.say({"type": "subscribe", "id": 9, "quotes": ["AAPL"]})
    time.passes(12)
    page.take()
    time.passes(2)
    assert page.kinds().count("delta") == 2 / BEAT


def test_who_still_may_see_it_gets_it_again_as_they_asked_for_it(peopled: Engine, library: Library, time: Time) -> None:
    page = watching(peopled, library, totals_only=True)
    time.passes(12)
    page.take()
    confirm(peopled, library, ALICE)
    (snapshot,) = (message for message in page.take() if is_of_portfolios(message))
    assert (snapshot["type"], snapshot["rows"]) == ("portfolio_snapshot", {})
    time.passes(1)
    messages = page.take()
    assert [message["type"] for message in messages].count("portfolio_delta") == 1 / BEAT
    assert [message["portfolios"]["state"] for message in messages if message["type"] == "status"] == ["current"]


def test_what_was_taken_away_unheard_does_not_come_back(peopled: Engine, library: Library, time: Time) -> None:
    page = watching(peopled, library)
    time.passes(12)
    page.take()
    library.admit(ALICE)
    confirm(peopled, library, ALICE)
    time.passes(3)
    messages = [message for message in page.take() if message["type"] not in ("status", "access")]
    assert [(message["type"], message["code"]) for message in messages] == [("error", "unknown_portfolio")]


def test_session_that_ended_unheard_is_closed(peopled: Engine, library: Library, time: Time) -> None:
    page = watching(peopled, library)
    time.passes(12)
    page.take()
    library.admit(ALICE, visible(), sessions=frozenset())
    confirm(peopled, library, ALICE)
    assert page.outlet.closed_with == (1008, "signed_out")
    time.passes(3)
    assert page.kinds() == ["bye"]


def test_whoever_is_confirmed_is_served_while_another_waits(peopled: Engine, library: Library, time: Time) -> None:
    alice = watching(peopled, library)
    bob = Page(peopled, user=BOB, portfolios=(visible(OTHER),))
    bob.watch(OTHER)
    library.answer()
    time.passes(6)
    confirm(peopled, library, BOB)
    time.passes(4)
    assert [list(reports(page))[-1]["state"] for page in (alice, bob)] == ["withheld", "current"]


def test_rights_that_took_so_long_to_be_read_that_they_are_old_confirm_nothing(
    peopled: Engine, library: Library, clock: SetClock, time: Time
) -> None:
    page = watching(peopled, library)
    asked = clock.monotonic()
    time.passes(12)
    page.take()
    peopled.hub.rights_read(ALICE, library.rights[ALICE], asked=frozenset({"session"}), as_of=asked)
    time.passes(1)
    assert [message for message in page.take() if message["type"] != "status"] == []
    confirm(peopled, library, ALICE)
    assert page.kinds() == ["portfolio_snapshot"]


def test_a_process_that_was_frozen_sends_nothing_before_it_has_read_the_rights(
    peopled: Engine, library: Library, clock: SetClock
) -> None:
    page = watching(peopled, library)
    clock.pass_seconds(60.0)
    page.say({"type": "refresh", "scope": SCOPE})
    peopled.beat(beat(1))
    assert [message for message in page.take() if message["type"] != "status"] == []
    confirm(peopled, library, ALICE)
    assert page.kinds() == ["portfolio_snapshot"]


def test_request_that_waits_for_its_portfolio_keeps_its_number(peopled: Engine, library: Library, time: Time) -> None:
    page = Page(peopled)
    library.answer_rights()
    page.watch()
    time.passes(12)
    assert not any(map(is_of_portfolios, page.take()))
    confirm(peopled, library, ALICE)
    assert [message["id"] for message in page.take() if is_of_portfolios(message)] == [1]


def test_events_that_a_slow_page_is_owed_are_withheld_too(peopled: Engine, library: Library, time: Time) -> None:
    page = watching(peopled, library)
    page.outlet.is_full = True
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.answer_portfolios()
    time.passes(10)
    page.outlet.is_full = False
    time.passes(3)
    assert set(page.kinds()) == {"status"}
