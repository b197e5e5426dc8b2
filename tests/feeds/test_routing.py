"""Which feed serves an instrument, when it is left, and when it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.routing import DISTRUST, MOVE_BACK, MOVE_ON, FeedHealth, Route

START = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def three() -> tuple[FeedHealth, Route]:
    """A route of three feeds whose first one serves."""
    health, route = FeedHealth(["a", "b", "c"], at=START), Route("AAPL", ("a", "b", "c"))
    assert route.decide(health, at=START) is not None
    return health, route


def test_the_first_feed_that_can_serves() -> None:
    health, route = three()
    assert route.current == "a"
    assert route.decide(health, at=START + MOVE_BACK) is None


@pytest.mark.parametrize("state", [FeedState.STALE, FeedState.RECONNECTING, FeedState.REJECTED, FeedState.STOPPED])
def test_a_feed_is_left_once_it_has_failed_for_a_while(state: FeedState) -> None:
    health, route = three()
    health.note("a", state, "no price for 20 s", at=START)
    assert route.decide(health, at=START + MOVE_ON - SECOND) is None
    move = route.decide(health, at=START + MOVE_ON)
    assert move is not None
    assert (move.old, move.new) == ("a", "b")
    assert "no price for 20 s" in move.reason


def test_a_short_failure_moves_nothing() -> None:
    health, route = three()
    health.note("a", FeedState.RECONNECTING, "", at=START)
    health.note("a", FeedState.LIVE, "", at=START + 5 * SECOND)
    assert route.decide(health, at=START + 3 * MOVE_ON) is None


def test_it_comes_back_when_the_first_one_has_been_well_without_a_break() -> None:
    health, route = three()
    health.note("a", FeedState.REJECTED, "wrong key", at=START)
    route.decide(health, at=START + MOVE_ON)
    health.note("a", FeedState.LIVE, "", at=START + 60 * SECOND)
    health.note("a", FeedState.STALE, "", at=START + 80 * SECOND)
    health.note("a", FeedState.LIVE, "", at=START + 90 * SECOND)
    assert route.decide(health, at=START + 120 * SECOND) is None
    move = route.decide(health, at=START + 90 * SECOND + MOVE_BACK)
    assert move is not None
    assert (move.old, move.new, move.reason) == ("b", "a", "a is well again")


def test_a_feed_that_comes_and_goes_does_not_take_the_instrument_with_it() -> None:
    health, route = three()
    moves = 0
    at = START
    for _ in range(30):
        health.note("a", FeedState.STALE, "", at=at)
        moves += route.decide(health, at=at + 15 * SECOND) is not None
        health.note("a", FeedState.LIVE, "", at=at + 20 * SECOND)
        moves += route.decide(health, at=at + 40 * SECOND) is not None
        at += 45 * SECOND
    assert moves == 1


def test_with_every_feed_failing_it_stays_where_it_is() -> None:
    health, route = three()
    for name in "abc":
        health.note(name, FeedState.RECONNECTING, "", at=START)
    assert route.decide(health, at=START + timedelta(hours=1)) is None
    assert route.current == "a"


def test_a_refusal_moves_at_once_and_only_this_instrument() -> None:
    health, route = three()
    other = Route("IBM", ("a", "b", "c"))
    other.decide(health, at=START)
    route.refuse("a", "unknown symbol")
    move = route.decide(health, at=START)
    assert move is not None
    assert move.new == "b"
    assert other.decide(health, at=START) is None
    route.readmit("a")
    assert (route.decide(health, at=START + MOVE_BACK) or move).new == "a"


def test_disagreement_must_repeat_and_distrusts_for_a_time() -> None:
    health, route = three()
    route.compared(agrees=False, at=START)
    route.compared(agrees=True, at=START)
    route.compared(agrees=False, at=START)
    assert route.decide(health, at=START) is None
    route.compared(agrees=False, at=START)
    move = route.decide(health, at=START)
    assert move is not None
    assert (move.new, move.reason) == ("b", "a disagrees with another feed")
    assert route.decide(health, at=START + DISTRUST - SECOND) is None
    assert (route.decide(health, at=START + DISTRUST) or move).new == "a"


def test_an_instrument_that_no_feed_covers_is_served_by_none() -> None:
    health = FeedHealth(["a"], at=START)
    route = Route("CASTLE", ())
    assert route.decide(health, at=START) is None
    assert not route.current
