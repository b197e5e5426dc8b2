"""Symbols that nobody here knows yet: the feeds are asked, and the socket's messages keep their order meanwhile."""

from __future__ import annotations

import json

import pytest

from tests.live.market import (
    AAPL,
    CADENCE,
    IBM,
    MarketTime,
    NoPortfolios,
    RecordingOutlet,
    SetClock,
    beat,
    calendar,
    instrument,
    tick,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.live.allowance import LOOKUPS_AT_ONCE, SECONDS_A_LOOKUP
from tickfolio.live.connection import Connection
from tickfolio.live.engine import Engine
from tickfolio.live.facts import Instance
from tickfolio.live.instrument_desk import MOST_SOUGHT, MOST_WAITING
from tickfolio.live.viewer import Viewer


class Feeds:
    """Remembers what it is asked for; the test answers."""

    def __init__(self) -> None:
        self.sought: list[Symbol] = []

    def seek(self, symbol: Symbol) -> None:
        self.sought.append(symbol)


class NoRights(NoPortfolios):
    """People may sign in; what they may watch is never answered."""

    def check_rights(self, user: int) -> None:
        pass


class World:
    def __init__(self, *, is_live: bool = True) -> None:
        self.clock = SetClock()
        self.feeds = Feeds()
        self.engine = Engine(
            instruments=(instrument(AAPL),),
            calendar_of=lambda _instrument: calendar(),
            cadence=CADENCE,
            market_clock=MarketTime(self.clock),
            clock=self.clock,
            source=NoRights(),
            instance=Instance(epoch="e", build="b", is_replay=not is_live),
            unknown=self.feeds if is_live else None,
        )

    def join(
        self, *, is_plain: bool = True, address: str = "", user: int | None = None
    ) -> tuple[Connection, RecordingOutlet]:
        outlet = RecordingOutlet()
        viewer = None if user is None else Viewer(user=user, session="s")
        connection = self.engine.hub.join(outlet, is_plain=is_plain, viewer=viewer, address=address)
        if not is_plain:
            self.say(connection, {"type": "hello"})
        return connection, outlet

    def say(self, connection: Connection, message: object) -> None:
        self.engine.hub.receive_text(connection, json.dumps(message))

    def found(self, symbol: Symbol) -> None:
        self.engine.add_instrument(instrument(symbol))
        self.engine.hub.instrument_answered(symbol, None)


def said(outlet: RecordingOutlet) -> list[dict[str, object]]:
    return [json.loads(payload) for payload in outlet.payloads]


def test_a_replay_knows_what_it_knows() -> None:
    world = World(is_live=False)
    connection, outlet = world.join()
    world.say(connection, {"symbol": "IBM"})
    assert said(outlet)[0]["error"] == {"code": "unknown_symbol", "message": "No instrument has the symbol IBM."}


def test_an_unknown_symbol_is_asked_for_once_and_answered_when_it_is_found() -> None:
    world = World()
    (one, first), (two, second) = world.join(), world.join()
    world.say(one, {"symbol": "ibm"})
    world.say(two, {"symbol": "IBM"})
    assert world.feeds.sought == [IBM]
    assert not said(first)
    world.found(IBM)
    for outlet in (first, second):
        (answer,) = said(outlet)
        assert (answer["symbol"], answer["price"], answer["quality"]) == ("IBM", None, "unpriced")
    assert world.engine.hub.watched_symbols() == {IBM}


@pytest.mark.parametrize(
    ("refusal", "message"),
    [
        ("unknown_symbol", "No instrument has the symbol IBM."),
        ("feed_unavailable", "No feed could say now what IBM is. Try again in a minute."),
    ],
)
def test_a_symbol_that_is_not_found_is_refused_and_remembered_for_a_while(refusal: str, message: str) -> None:
    world = World()
    connection, outlet = world.join()
    world.say(connection, {"symbol": "IBM"})
    world.engine.hub.instrument_answered(IBM, refusal)  # type: ignore[arg-type]  # one of the codes
    world.say(connection, {"symbol": "IBM"})
    assert [answer["error"] for answer in said(outlet)] == [{"code": refusal, "message": message}] * 2
    assert [answer["symbol"] for answer in said(outlet)] == ["IBM"] * 2
    assert world.feeds.sought == [IBM]
    world.clock.pass_seconds(61)
    world.say(connection, {"symbol": "IBM"})
    assert world.feeds.sought == [IBM, IBM]


def test_messages_of_one_socket_keep_their_order() -> None:
    world = World()
    connection, outlet = world.join(is_plain=False)
    world.say(connection, {"type": "subscribe", "id": 1, "quotes": ["IBM", "AAPL", "NOPE"]})
    world.say(connection, {"type": "unsubscribe", "id": 2, "quotes": ["IBM"]})
    world.say(connection, {"type": "subscribe", "id": 3, "quotes": ["LATE"]})
    assert world.feeds.sought == ["IBM", "NOPE"]
    world.found(IBM)
    assert [answer.get("id") for answer in said(outlet)[1:]] == []
    world.engine.hub.instrument_answered(Symbol("NOPE"), "unknown_symbol")
    assert world.feeds.sought == ["IBM", "NOPE", "LATE"]
    world.found(Symbol("LATE"))
    answers = said(outlet)[1:]
    assert [(answer["type"], answer.get("id")) for answer in answers] == [
        ("error", 1),
        ("snapshot", 1),
        ("snapshot", 2),
        ("snapshot", 3),
    ]
    assert world.engine.hub.watched_symbols() == {AAPL, Symbol("LATE")}


def test_a_socket_that_leaves_meanwhile_leaves_nothing() -> None:
    world = World()
    connection, outlet = world.join()
    world.say(connection, {"symbol": "IBM"})
    world.engine.hub.leave(connection)
    world.found(IBM)
    assert not said(outlet)
    assert not world.engine.hub.watched_symbols()


def test_too_many_messages_behind_one_that_waits_close_the_socket() -> None:
    world = World()
    connection, outlet = world.join()
    for _ in range(MOST_WAITING + 1):
        world.say(connection, {"symbol": "IBM"})
    assert outlet.closed_with == (1008, "too_many_messages")


def test_so_many_symbols_are_asked_for_at_a_time_and_others_are_refused_for_now() -> None:
    world = World()
    for number in range(MOST_SOUGHT):
        connection, _outlet = world.join(address=f"192.0.2.{number}")
        world.say(connection, {"symbol": f"S{number}"})
    connection, outlet = world.join()
    world.say(connection, {"symbol": "IBM"})
    assert len(world.feeds.sought) == MOST_SOUGHT
    (answer,) = said(outlet)
    assert isinstance(answer["error"], dict)
    assert answer["error"]["code"] == "feed_unavailable"


@pytest.mark.parametrize("who", [{"address": "192.0.2.1"}, {"user": 7}])
def test_one_who_asks_for_many_unknown_symbols_is_told_to_wait_on_whatever_socket(who: dict[str, object]) -> None:
    world = World()
    sockets = [world.join(**who)[0] for _ in range(2)]  # type: ignore[arg-type]  # a test's own names
    for number in range(LOOKUPS_AT_ONCE):
        world.say(sockets[number % 2], {"symbol": f"S{number}"})
        world.engine.hub.instrument_answered(Symbol(f"S{number}"), "unknown_symbol")
    assert len(world.feeds.sought) == LOOKUPS_AT_ONCE
    third, outlet = world.join(**who)  # type: ignore[arg-type]
    world.say(third, {"symbol": "IBM"})
    assert said(outlet)[-1]["error"] == {
        "code": "feed_unavailable",
        "message": "No feed was asked what IBM is: expected at most 20 unknown symbols at once, then one every 3 s. "
        "Try again in a minute.",
    }
    # What is known, and what was answered a moment ago, costs nothing.
    world.say(third, {"symbol": "AAPL"})
    assert said(outlet)[-1]["symbol"] == "AAPL"
    assert "error" not in said(outlet)[-1]
    world.say(third, {"symbol": "S3"})
    assert said(outlet)[-1]["error"]["code"] == "unknown_symbol"  # type: ignore[index]
    # Somebody else may ask.
    other, _ = world.join(address="192.0.2.2")
    world.say(other, {"symbol": "IBM"})
    world.found(IBM)
    world.clock.pass_seconds(SECONDS_A_LOOKUP)
    world.say(third, {"symbol": "NEXT"})
    world.say(third, {"symbol": "LATER"})
    assert world.feeds.sought[LOOKUPS_AT_ONCE:] == ["IBM", "NEXT"]


def test_of_one_message_with_many_unknown_symbols_the_first_are_asked_for_and_the_others_refused() -> None:
    world = World()
    connection, outlet = world.join(is_plain=False)
    many = [f"S{number:02}" for number in range(LOOKUPS_AT_ONCE + 2)]
    world.say(connection, {"type": "subscribe", "id": 1, "quotes": many})
    assert world.feeds.sought == many[:LOOKUPS_AT_ONCE]
    for symbol in many[:LOOKUPS_AT_ONCE]:
        world.found(Symbol(symbol))
    answers = said(outlet)[1:]
    assert [answer["type"] for answer in answers] == ["error", "error", "snapshot"]
    assert {answer["code"] for answer in answers[:2]} == {"feed_unavailable"}
    assert world.engine.hub.watched_symbols() == set(many[:LOOKUPS_AT_ONCE])


def test_a_found_instrument_ticks_like_any_other() -> None:
    world = World()
    connection, outlet = world.join()
    world.say(connection, {"symbol": "IBM"})
    world.found(IBM)
    world.engine.accept(tick("189.20", symbol=IBM))
    world.engine.beat(beat())
    assert said(outlet)[-1]["price"] == 189.2
