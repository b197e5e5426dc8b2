"""The routes of all instruments together: what each feed is to stream, and what an order of an instrument's own changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.feeds.feed_under_test import symbols
from tests.feeds.made_up import START, MadeUpFeed, SetTime
from tickfolio.domain.instruments import Instrument, InstrumentClass, Publication, Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.domain.money import Currency
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.routes import Routes
from tickfolio.feeds.routing import REFUSED_FOR

AAPL, IBM, HOUSE, COIN = Symbol("AAPL"), Symbol("IBM"), Symbol("HOUSE"), Symbol("BTC-USD")


class Three:
    """Routes over two feeds that stream and answer, and one that only answers."""

    def __init__(self, orders: dict[Symbol, tuple[str, ...]] | None = None) -> None:
        time = SetTime()
        self.first, self.second = MadeUpFeed("first", time), MadeUpFeed("second", time)
        answering = MadeUpFeed("answers", time, operations=frozenset({Operation.SNAPSHOT}))
        self.routes = Routes(
            {feed.name: feed for feed in (answering, self.first, self.second)}, orders=orders or {}, at=START
        )
        for symbol in (AAPL, IBM):
            self.routes.add(instrument(symbol))

    def wanted(self) -> tuple[frozenset[Symbol], frozenset[Symbol]]:
        return self.first.wanted, self.second.wanted


def instrument(symbol: Symbol) -> Instrument:
    return Instrument(symbol=symbol, name=symbol, mic="XNYS", currency=Currency("USD"))


def is_open(_symbol: Symbol) -> bool:
    return True


def test_each_feed_is_told_what_it_is_to_stream_and_moves_are_given() -> None:
    three = Three({IBM: ("second", "gone")})
    moves = three.routes.decide([AAPL, IBM], is_open=is_open, at=START)
    assert [(move.symbol, move.old, move.new) for move in moves] == [(AAPL, "", "first"), (IBM, "", "second")]
    assert three.wanted() == (symbols(AAPL), symbols(IBM))
    assert three.routes.decide([AAPL], is_open=is_open, at=START) == ()
    assert three.wanted() == (symbols(AAPL), frozenset())


def test_what_a_feed_refuses_is_noted_by_its_route_alone() -> None:
    three = Three()
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START)
    three.first.refused[AAPL] = "unknown symbol"
    three.routes.note_refusals([AAPL, IBM])
    (move,) = three.routes.decide([AAPL, IBM], is_open=is_open, at=START)
    assert (move.symbol, move.new) == (AAPL, "second")
    assert three.wanted() == (symbols(IBM), symbols(AAPL))


def test_a_feed_that_fails_is_left_for_all_instruments() -> None:
    three = Three()
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START)
    three.routes.health.note("first", FeedState.REJECTED, "wrong key", at=START)
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START + timedelta(seconds=10))
    assert three.routes.is_served_by("second", AAPL)
    assert three.second.wanted == symbols(AAPL, IBM)


def test_who_serves_has_the_word_and_the_others_that_answer_a_second_opinion() -> None:
    three = Three()
    assert three.routes.serving(AAPL) is None
    three.routes.decide([AAPL], is_open=is_open, at=START)
    serving = three.routes.serving(AAPL)
    assert serving is not None
    assert serving.name == "first"
    assert three.routes.is_served_by("first", AAPL)
    assert not three.routes.is_served_by("second", AAPL)
    assert [feed.name for feed in three.routes.others(AAPL)] == ["second"]
    three.routes.by_symbol[AAPL].refuse("second", "unknown symbol")
    assert three.routes.others(AAPL) == []


def test_an_order_of_its_own_counts_at_once_and_one_of_an_unknown_instrument_changes_nothing() -> None:
    three = Three()
    three.routes.decide([AAPL], is_open=is_open, at=START)
    changed = three.routes.follow({AAPL: ("second",), IBM: ("second",), Symbol("NOPE"): ("first",)}, at=START)
    moved = changed[AAPL]
    assert moved is not None
    assert (moved.old, moved.new, moved.reason) == ("first", "second", "so the operator wants it")
    assert changed[IBM] is None
    assert set(changed) == {AAPL, IBM}
    assert three.routes.follow({AAPL: ("second", "first"), IBM: ("second",)}, at=START) == {AAPL: None}


def test_what_is_priced_by_hand_and_what_no_feed_covers_is_served_by_none() -> None:
    three = Three()
    three.routes.add(replace(instrument(HOUSE), publication=Publication.MANUAL))
    three.routes.add(replace(instrument(COIN), instrument_class=InstrumentClass.CRYPTO))
    assert three.routes.decide([HOUSE, COIN], is_open=is_open, at=START) == ()
    assert three.wanted() == (frozenset(), frozenset())


def test_a_refusal_that_its_feed_takes_back_is_over_and_one_of_a_feed_that_was_left_is_not() -> None:
    three = Three({IBM: ("first",)})
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START)
    three.first.refused.update({AAPL: "no room", IBM: "no room"})
    three.routes.note_refusals([AAPL, IBM])
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START)
    assert three.wanted() == (symbols(IBM), symbols(AAPL))
    three.first.refused.clear()
    three.routes.note_refusals([AAPL, IBM])
    assert three.routes.by_symbol[IBM].refused == {}
    assert three.routes.by_symbol[AAPL].refused == {"first": "no room"}  # it was not asked again
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START + REFUSED_FOR)
    assert three.routes.by_symbol[AAPL].refused == {}


def test_no_feed_is_given_more_than_it_streams_at_once() -> None:
    three = Three()
    three.first.capabilities = replace(three.first.capabilities, symbol_limit=1)
    three.routes.decide([IBM, AAPL], is_open=is_open, at=START)
    assert three.wanted() == (symbols(AAPL), symbols(IBM))


def test_a_feed_that_was_left_proves_itself_with_what_another_serves() -> None:
    three = Three()
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START)
    three.routes.health.note("first", FeedState.STALE, "no price", at=START)
    three.routes.decide([AAPL, IBM], is_open=is_open, at=START + timedelta(seconds=10))
    assert three.wanted() == (symbols(AAPL, IBM), symbols(AAPL, IBM))
    assert three.routes.is_served_by("second", AAPL)
