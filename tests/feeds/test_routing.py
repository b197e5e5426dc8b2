"""Which feed serves an instrument, when it is left, and when it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.disputes import DISTRUST
from tickfolio.feeds.routing import (
    LONGEST_PROOF,
    LONGEST_REFUSAL,
    MOVE_BACK,
    MOVE_ON,
    PROBES,
    REFUSED_FOR,
    STEADY,
    FeedHealth,
    Plan,
    Route,
    plan,
)
from tickfolio.feeds.statuses import CLOSED_MARKETS, UNWANTED

START = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
AAPL, IBM = Symbol("AAPL"), Symbol("IBM")


def three() -> tuple[FeedHealth, Route]:
    """A route of three feeds whose first one serves."""
    health, route = FeedHealth(["a", "b", "c"], at=START), Route(AAPL, ("a", "b", "c"))
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
    other = Route(IBM, ("a", "b", "c"))
    other.decide(health, at=START)
    route.refuse("a", "unknown symbol")
    move = route.decide(health, at=START)
    assert move is not None
    assert move.new == "b"
    assert other.decide(health, at=START) is None
    route.readmit("a")
    assert (route.decide(health, at=START + MOVE_BACK) or move).new == "a"


def two() -> tuple[FeedHealth, Route]:
    """A route of two feeds whose first one serves."""
    health, route = FeedHealth(["a", "b"], at=START), Route(AAPL, ("a", "b"))
    assert route.decide(health, at=START) is not None
    return health, route


def test_an_answer_of_a_feed_that_serves_by_then_says_nothing() -> None:
    health, route = two()
    for other in ("a", "a", "a", "gone"):
        route.compared(agrees=False, at=START, other=other)
    assert route.decide(health, at=START) is None


def test_disagreement_must_repeat_before_a_feed_is_left_and_its_reason_says_that_nobody_decides() -> None:
    health, route = two()
    route.compared(agrees=False, at=START)
    route.compared(agrees=True, at=START)
    route.compared(agrees=False, at=START)
    assert route.decide(health, at=START) is None
    route.compared(agrees=False, at=START)
    move = route.decide(health, at=START)
    assert move is not None
    assert (move.old, move.new) == ("a", "b")
    assert move.reason == (
        "a and b say different prices, and no third feed decides: a is not taken back before they agree"
    )


def test_two_feeds_that_differ_for_ever_move_the_instrument_once() -> None:
    health, route = two()
    moves = 0
    for minute in range(24 * 60):
        at = START + timedelta(minutes=minute)
        route.compared(agrees=False, at=at)
        moves += route.decide(health, at=at) is not None
    assert (moves, route.current) == (1, "b")


def test_a_feed_that_was_left_for_another_and_is_compared_with_it_no_more_stays_left() -> None:
    health, route = two()
    for _ in range(2):
        route.compared(agrees=False, at=START)
    assert route.decide(health, at=START) is not None
    assert route.decide(health, at=START + 10 * DISTRUST) is None


def test_a_feed_that_was_left_is_taken_back_once_both_agree_and_a_while_has_passed() -> None:
    health, route = two()
    for _ in range(2):
        route.compared(agrees=False, at=START)
    route.decide(health, at=START)
    route.compared(agrees=False, at=START + MOVE_BACK)
    route.compared(agrees=True, at=START + 2 * MOVE_BACK)
    assert route.decide(health, at=START + MOVE_BACK + DISTRUST - SECOND) is None
    move = route.decide(health, at=START + MOVE_BACK + DISTRUST)
    assert move is not None
    assert (move.new, move.reason) == ("a", "a is well again")


def test_where_the_other_one_fails_a_feed_that_was_left_serves_after_a_while_and_old_prices_are_not_compared() -> None:
    health, route = two()
    for _ in range(2):
        route.compared(agrees=False, at=START)
    route.decide(health, at=START)
    health.note("b", FeedState.STALE, "", at=START + SECOND)
    for minute in range(1, 30):
        at = START + timedelta(minutes=minute)
        assert route.decide(health, at=at) is None
        route.compared(agrees=False, at=at)
    move = route.decide(health, at=START + DISTRUST)
    assert move is not None
    assert (move.old, move.new) == ("b", "a")


def test_a_feed_that_answers_nothing_is_no_opinion() -> None:
    route = Route(AAPL, ("a", "b", "c"), current="a", mute=frozenset({"b"}))
    assert route.opinions == ["c"]
    route.refuse("c", "unknown symbol")
    assert not route.opinions
    route.compared(agrees=False, at=START)
    assert route.decide(FeedHealth(["a", "b", "c"], at=START), at=START) is None


def test_an_instrument_that_no_feed_covers_is_served_by_none() -> None:
    health = FeedHealth(["a"], at=START)
    route = Route(Symbol("CASTLE"), ())
    assert route.decide(health, at=START) is None
    assert not route.current


# ---------- What heals a feed ----------


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (FeedState.QUIET, UNWANTED),
        (FeedState.QUIET, "it was asked for nothing"),
        (FeedState.CONNECTING, ""),
        (FeedState.STALE, "no price"),
    ],
)
def test_a_feed_that_failed_is_not_healed_by_having_nothing_to_do(state: FeedState, message: str) -> None:
    health, route = three()
    health.note("a", FeedState.STALE, "no price", at=START)
    assert route.decide(health, at=START + MOVE_ON) is not None
    health.note("a", state, message, at=START + 20 * SECOND)
    assert route.decide(health, at=START + timedelta(hours=5)) is None
    assert not health.is_usable("a")


@pytest.mark.parametrize(("state", "message"), [(FeedState.LIVE, ""), (FeedState.QUIET, CLOSED_MARKETS)])
def test_a_price_heals_it_and_so_do_closed_markets_of_what_it_streams(state: FeedState, message: str) -> None:
    health, route = three()
    health.note("a", FeedState.STALE, "no price", at=START)
    route.decide(health, at=START + MOVE_ON)
    health.note("a", state, message, at=START + 20 * SECOND)
    assert (route.decide(health, at=START + 20 * SECOND + MOVE_BACK) or route).symbol == AAPL
    assert route.current == "a"


def test_each_return_that_fails_makes_the_next_one_take_twice_as_long_until_it_stays() -> None:
    health, route = three()
    at = START
    proofs = []
    for _ in range(7):
        health.note("a", FeedState.STALE, "", at=at)
        at += MOVE_ON
        assert (route.decide(health, at=at) or route).symbol == AAPL
        health.note("a", FeedState.LIVE, "", at=at)
        proof = timedelta(0)
        while route.current != "a":
            proof += SECOND
            route.decide(health, at=at + proof)
        proofs.append(proof // SECOND)
        at += proof + 5 * SECOND
    assert proofs == [60, 120, 240, 480, 960, 960, 960]
    assert LONGEST_PROOF // SECOND == 960
    at += STEADY
    health.note("a", FeedState.STALE, "", at=at)
    health.note("a", FeedState.LIVE, "", at=at + MOVE_ON)
    assert health.is_well("a", at + MOVE_ON + MOVE_BACK)


def test_a_short_failure_makes_no_return_harder() -> None:
    health, _route = three()
    for start in (0, 100, 200):
        health.note("a", FeedState.RECONNECTING, "", at=START + start * SECOND)
        health.note("a", FeedState.LIVE, "", at=START + (start + 5) * SECOND)
    assert health.is_well("a", START + 205 * SECOND + MOVE_BACK)


# ---------- Refusals ----------


def test_a_refusal_ends_after_a_while_and_each_further_one_lasts_twice_as_long() -> None:
    health, route = three()
    at, lengths = START, []
    for _ in range(5):
        route.refuse("a", "unknown symbol")
        began = at
        route.decide(health, at=at)
        assert route.current == "b"
        while route.current == "b":
            at += timedelta(minutes=1)
            route.decide(health, at=at)
        lengths.append(at - began)
    assert lengths == [REFUSED_FOR * factor for factor in (1, 2, 4, 8, 8)]
    assert REFUSED_FOR * 8 == LONGEST_REFUSAL


# ---------- All routes together ----------


def planned(
    routes: list[Route],
    health: FeedHealth,
    at: datetime,
    *,
    limits: dict[str, int | None] | None = None,
    closed: tuple[Symbol, ...] = (),
) -> Plan:
    return plan(
        routes,
        health,
        limits={"a": None, "b": None, **(limits or {})},
        is_open=lambda symbol: symbol not in closed,
        at=at,
    )


def some(count: int) -> list[Route]:
    return [Route(Symbol(f"S{n}"), ("a", "b")) for n in range(count)]


def test_a_feed_that_was_left_streams_a_few_symbols_to_prove_itself_and_nobody_is_sent_to_it() -> None:
    health, routes = FeedHealth(["a", "b"], at=START), some(9)
    assert planned(routes, health, START).wanted == {"a": {route.symbol for route in routes}, "b": frozenset()}
    health.note("a", FeedState.STALE, "no price", at=START)
    left = planned(routes, health, START + MOVE_ON)
    assert len(left.moves) == 9
    assert left.wanted["b"] == {route.symbol for route in routes}
    assert left.wanted["a"] == {"S0", "S1", "S2"}
    assert len(left.wanted["a"]) == PROBES
    health.note("a", FeedState.LIVE, "", at=START + timedelta(hours=1))
    assert planned(routes, health, START + timedelta(hours=1)).moves == ()
    back = planned(routes, health, START + timedelta(hours=1) + MOVE_BACK)
    assert {move.new for move in back.moves} == {"a"}
    assert back.wanted["b"] == frozenset()


def test_probes_are_of_open_markets_first_and_never_what_the_feed_refuses() -> None:
    health, routes = FeedHealth(["a", "b"], at=START), some(6)
    planned(routes, health, START)
    health.note("a", FeedState.STALE, "no price", at=START)
    routes[1].refuse("a", "unknown symbol")
    closed = tuple(Symbol(text) for text in ("S0", "S2"))
    assert planned(routes, health, START + MOVE_ON, closed=closed).wanted["a"] == {"S3", "S4", "S5"}
    closed = tuple(route.symbol for route in routes)
    assert planned(routes, health, START + MOVE_ON, closed=closed).wanted["a"] == {"S0", "S2", "S3"}


def test_a_feed_that_serves_an_open_market_needs_no_probes() -> None:
    health, routes = FeedHealth(["a", "b"], at=START), some(3)
    routes.append(Route(IBM, ("a",)))
    planned(routes, health, START)
    health.note("a", FeedState.STALE, "no price", at=START)
    assert planned(routes, health, START + MOVE_ON).wanted["a"] == {IBM}
    assert planned(routes, health, START + MOVE_ON, closed=(IBM,)).wanted["a"] == {IBM, "S0", "S1", "S2"}


def test_a_full_feed_takes_no_more_and_what_is_beyond_goes_to_the_next_with_room() -> None:
    health, routes = FeedHealth(["a", "b"], at=START), some(4)
    first = planned(routes, health, START, limits={"a": 2, "b": 1})
    # What has room nowhere is the first feed's, whose report says so.
    assert first.wanted == {"a": {"S0", "S1", "S3"}, "b": {"S2"}}
    freed = [route for route in routes if route.symbol != "S2"]
    assert planned(freed, health, START + SECOND, limits={"a": 2, "b": 1}).wanted == {"a": {"S1", "S3"}, "b": {"S0"}}


def test_an_instrument_goes_back_where_room_was_made() -> None:
    health, routes = FeedHealth(["a", "b"], at=START), some(3)
    assert planned(routes, health, START, limits={"a": 2}).wanted == {"a": {"S0", "S1"}, "b": {"S2"}}
    assert planned(routes, health, START + MOVE_BACK, limits={"a": 2}).moves == ()
    (move,) = planned(routes[1:], health, START + MOVE_BACK, limits={"a": 2}).moves
    assert (move.symbol, move.new) == ("S2", "a")


def test_probes_stay_within_a_feeds_limit() -> None:
    health, routes = FeedHealth(["a", "b"], at=START), some(5)
    planned(routes, health, START, limits={"a": 2})
    health.note("a", FeedState.STALE, "no price", at=START)
    assert len(planned(routes, health, START + MOVE_ON, limits={"a": 2}).wanted["a"]) == 2


def test_a_feed_in_reserve_that_failed_is_seen_to_heal_before_it_is_needed_again() -> None:
    health, routes = FeedHealth(["a", "b"], at=START), some(4)
    planned(routes, health, START)
    health.note("b", FeedState.STALE, "no price", at=START)
    assert len(planned(routes, health, START + SECOND).wanted["b"]) == PROBES
    health.note("b", FeedState.LIVE, "", at=START + 20 * SECOND)
    assert planned(routes, health, START + 20 * SECOND).wanted["b"] == frozenset()
    health.note("a", FeedState.STALE, "no price", at=START + 30 * SECOND)
    assert len(planned(routes, health, START + 30 * SECOND + MOVE_ON).moves) == 4


def test_what_only_a_failing_feed_has_is_asked_of_it() -> None:
    health, route = FeedHealth(["a", "b"], at=START), Route(AAPL, ("a", "b"))
    for name in "ab":
        health.note(name, FeedState.RECONNECTING, "no connection", at=START)
    route.refuse("a", "unknown symbol")
    assert (route.decide(health, at=START) or route).symbol == AAPL
    assert route.current == "b"
