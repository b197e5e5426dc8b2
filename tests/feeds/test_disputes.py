"""Feeds that say different prices of one instrument: who is left, who decides, and when one may serve again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.disputes import DISTRUST, WORD_WAIT
from tickfolio.feeds.routing import FeedHealth, Move, Route

START = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Three:
    """Feeds that each say a price, in the order of their names; the route is compared once a minute."""

    def __init__(self, **prices: int | None) -> None:
        self.prices = prices
        self.at = START
        self.health = FeedHealth(list(prices), at=START)
        self.route = Route(Symbol("AAPL"), tuple(prices))
        self.route.decide(self.health, at=START)
        self.moves: list[Move] = []

    def pass_minutes(self, minutes: int) -> list[str]:
        """Gives who serves after each move."""
        begun = len(self.moves)
        for _ in range(minutes):
            self.at += MINUTE
            move = self.route.decide(self.health, at=self.at)
            if move is not None:
                self.moves.append(move)
            asked = self.prices[self.route.opinions[0]]
            if asked is not None:
                self.route.compared(agrees=asked == self.prices[self.route.current], at=self.at)
        return [move.new for move in self.moves[begun:]]


def test_a_third_feed_that_agrees_with_who_serves_keeps_the_instrument_there() -> None:
    three = Three(a=100, b=130, c=100)
    assert three.pass_minutes(24 * 60) == []
    # The one that is alone is not turned to either.
    three.health.note("a", FeedState.STALE, "", at=three.at)
    assert three.pass_minutes(2) == ["c"]


def test_who_differs_from_two_others_is_left_for_good() -> None:
    three = Three(a=130, b=100, c=100)
    assert three.pass_minutes(24 * 60) == ["b"]
    assert three.moves[0].reason == "a says another price than b and c"


def test_three_that_all_differ_move_the_instrument_no_more_than_twice() -> None:
    three = Three(a=100, b=130, c=160)
    assert len(three.pass_minutes(24 * 60)) <= 2


def test_a_third_feed_that_is_silent_is_waited_for_and_then_decided_without() -> None:
    three = Three(a=100, b=130, c=None)
    assert three.pass_minutes(5) == []
    assert three.pass_minutes(24 * 60) == ["b"]
    assert "no third feed decides" in three.moves[0].reason
    assert three.moves[0].at - START <= 2 * WORD_WAIT + 5 * MINUTE


def test_a_third_feed_that_speaks_later_brings_back_who_was_right() -> None:
    three = Three(a=100, b=130, c=None)
    assert three.pass_minutes(60) == ["b"]
    three.prices["c"] = 100
    assert three.pass_minutes(24 * 60) == ["c", "a"]
    # And the one that was wrong is believed again once it says the same.
    three.prices["b"] = 100
    three.pass_minutes(60)
    assert three.route.may_be_served_by("b", three.at)


def test_a_feed_that_says_the_same_again_is_taken_back_and_one_that_begins_anew_is_left_anew() -> None:
    two = Three(a=130, b=100)
    assert two.pass_minutes(60) == ["b"]
    two.prices["a"] = 100
    assert two.pass_minutes(DISTRUST // MINUTE - 2) == []
    assert two.pass_minutes(5) == ["a"]
    two.prices["a"] = 130
    assert two.pass_minutes(24 * 60) == ["b"]


def test_a_feed_that_went_wrong_just_after_it_agreed_outvotes_nobody() -> None:
    three = Three(a=100, b=100, c=100)
    assert three.pass_minutes(60) == []
    three.prices["a"] = 130
    assert three.pass_minutes(24 * 60) == ["b"]
