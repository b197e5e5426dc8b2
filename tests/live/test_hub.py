import json
from datetime import timedelta
from typing import Any

import pytest

from tests.live.market import AAPL, IBM, OPEN, RecordingOutlet, SetClock, beat, engine, tick
from tickfolio.live.connection import STUCK_SECONDS, Connection
from tickfolio.live.engine import Engine
from tickfolio.live.session import HELLO_SECONDS

SECOND = timedelta(seconds=1)
IDS = {"AAPL", "IBM"}


class Client:
    """One socket, from the client's side."""

    def __init__(self, market: Engine, *, is_plain: bool = False) -> None:
        self.market = market
        self.outlet = RecordingOutlet()
        self.connection: Connection = market.hub.join(self.outlet, is_plain=is_plain)

    def send(self, message: dict[str, Any]) -> None:
        self.market.hub.receive_text(self.connection, json.dumps(message))

    def take(self) -> list[dict[str, Any]]:
        return [json.loads(payload) for payload in self.outlet.take()]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def market(clock: SetClock) -> Engine:
    return engine(clock)


def v1(market: Engine, *symbols: str) -> Client:
    client = Client(market)
    client.send({"type": "hello"})
    client.send({"type": "subscribe", "id": 1, "quotes": list(symbols) or ["AAPL"]})
    client.take()
    return client


def plain(market: Engine, symbol: str = "AAPL") -> Client:
    client = Client(market, is_plain=True)
    client.send({"symbol": symbol})
    client.take()
    return client


# ---------- Plain ----------


def test_plain_request_is_answered_at_once(market: Engine) -> None:
    market.accept(tick("501.00"))
    client = Client(market, is_plain=True)
    client.send({"symbol": "AAPL"})
    answer = client.take()
    assert [list(message)[:3] for message in answer] == [["symbol", "price", "change"]]
    assert (answer[0]["symbol"], answer[0]["price"], answer[0]["change"]) == ("AAPL", 501.0, 0.2)
    assert (answer[0]["quality"], answer[0]["source"]) == ("replay", "replay")


def test_plain_symbol_without_a_price_is_unpriced_and_null(market: Engine) -> None:
    client = Client(market, is_plain=True)
    client.send({"symbol": "AAPL"})
    answer = client.take()[0]
    assert (answer["price"], answer["change"], answer["quality"]) == (None, None, "unpriced")


def test_plain_pushes_a_change_once_a_beat_however_many_ticks(market: Engine) -> None:
    client = plain(market)
    for cents in range(50):
        market.accept(tick(f"501.{cents:02d}", at=OPEN + cents * SECOND))
    market.beat(beat(1))
    assert [message["price"] for message in client.take()] == [501.49]


def test_plain_pushes_nothing_when_nothing_moved(market: Engine) -> None:
    market.accept(tick("501.00"))
    client = plain(market)
    market.accept(tick("501.00", at=OPEN + SECOND))
    market.beat(beat(1))
    assert client.take() == []


def test_plain_answer_is_not_pushed_again_on_the_next_beat(market: Engine) -> None:
    market.accept(tick("501.00"))
    client = plain(market)
    market.beat(beat(1))
    assert client.take() == []


def test_plain_several_symbols_share_one_write(market: Engine) -> None:
    client = plain(market)
    client.send({"symbol": "IBM"})
    client.take()
    market.accept(tick("501.00"))
    market.accept(tick("34.00", symbol=IBM))
    writes = client.outlet.writes
    market.beat(beat(1))
    assert client.outlet.writes == writes + 1
    assert {message["symbol"] for message in client.take()} == IDS


def test_plain_frame_is_the_same_object_for_every_watcher(market: Engine) -> None:
    clients = [plain(market) for _ in range(3)]
    market.accept(tick("501.00"))
    market.beat(beat(1))
    payloads = [client.outlet.payloads[0] for client in clients]
    assert payloads[0] is payloads[1] is payloads[2]


def test_plain_slow_client_gets_the_newest_value_and_no_backlog(market: Engine) -> None:
    slow, quick = plain(market), plain(market)
    slow.outlet.is_full = True
    for number in range(1, 20):
        market.accept(tick(f"501.{number:02d}", at=OPEN + number * SECOND))
        market.beat(beat(number))
    assert len(quick.take()) == 19
    slow.outlet.is_full = False
    market.beat(beat(21))
    assert [message["price"] for message in slow.take()] == [501.19]


# ---------- tickfolio.v1 ----------


def test_hello_is_answered_by_a_welcome(market: Engine) -> None:
    client = Client(market)
    client.send({"type": "hello"})
    (welcome,) = client.take()
    assert (welcome["type"], welcome["epoch"], welcome["build"]) == ("welcome", "epoch-1", "build-1")
    assert welcome["is_replay"] is True
    assert welcome["market_time"] == "2012-05-21T13:30:00.000Z"
    assert welcome["server_time"] == "2026-01-02T03:04:05.678Z"
    assert welcome["symbols"] == ["AAPL", "IBM"]
    assert welcome["limits"] == {
        "message_bytes": 16384,
        "messages_per_second": 20,
        "message_burst": 40,
        "symbols": 500,
        "portfolios": 50,
        "sockets_per_user": 20,
    }


def test_subscription_is_answered_by_a_snapshot_and_followed_by_deltas(market: Engine) -> None:
    market.accept(tick("501.00"))
    client = Client(market)
    client.send({"type": "hello"})
    client.send({"type": "subscribe", "id": 5, "quotes": ["AAPL"]})
    snapshot = client.take()[-1]
    assert (snapshot["type"], snapshot["scope"], snapshot["sequence"], snapshot["id"]) == ("snapshot", "quotes", 0, 5)
    assert snapshot["rows"]["AAPL"]["price"] == "501.00"
    for number in (1, 2):
        market.accept(tick(f"50{number}.50", at=OPEN + number * SECOND))
        market.beat(beat(number))
    deltas = client.take()
    epoch = snapshot["epoch"]
    assert [(delta["type"], delta["epoch"], delta["sequence"]) for delta in deltas] == [
        ("delta", epoch, 1),
        ("delta", epoch, 2),
    ]
    assert deltas[1]["rows"]["AAPL"]["price"] == "502.50"
    assert deltas[1]["stamps"] == {
        "source": "2012-05-21T13:30:02.000Z",
        "received": "2026-01-02T03:04:05.678Z",
        "sent": "2026-01-02T03:04:05.678Z",
    }


def test_same_watch_set_shares_one_frame(market: Engine) -> None:
    first, second = v1(market, "AAPL", "IBM"), v1(market, "IBM", "AAPL")
    market.accept(tick("501.00"))
    market.beat(beat(1))
    assert first.outlet.payloads[0] is second.outlet.payloads[0]


def test_client_that_missed_a_frame_gets_a_snapshot_and_then_deltas(market: Engine) -> None:
    slow, quick = v1(market), v1(market)
    slow.outlet.is_full = True
    market.accept(tick("501.00"))
    market.beat(beat(1))
    slow.outlet.is_full = False
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(2))
    market.accept(tick("503.00", at=OPEN + 2 * SECOND))
    market.beat(beat(3))
    kinds = [(message["type"], message["sequence"]) for message in slow.take()]
    assert kinds == [("snapshot", 1), ("delta", 2), ("delta", 3)]
    assert [message["sequence"] for message in quick.take()] == [1, 2, 3]


def test_answer_to_a_subscription_keeps_its_request_while_the_client_is_behind(market: Engine) -> None:
    client = v1(market)
    client.outlet.is_full = True
    client.send({"type": "subscribe", "id": 7, "quotes": ["IBM"]})
    market.beat(beat(1))
    client.outlet.is_full = False
    market.beat(beat(2))
    assert [(message["type"], message["id"]) for message in client.take()] == [("snapshot", 7)]
    client.send({"type": "refresh", "scope": "quotes"})
    assert client.take()[0]["id"] is None


def test_answers_wait_in_order_for_a_client_that_cannot_take_them(market: Engine) -> None:
    client = v1(market)
    client.outlet.is_full = True
    for number in (1, 2):
        client.send({"type": "ping", "id": number})
    client.outlet.is_full = False
    market.beat(beat(1))
    assert [message["id"] for message in client.take()] == [1, 2]


def test_client_that_asks_and_never_reads_is_closed(market: Engine, clock: SetClock) -> None:
    client = v1(market)
    client.outlet.is_full = True
    for number in range(65):
        clock.pass_seconds(0.1)
        client.send({"type": "ping", "id": number})
    assert client.outlet.closed_with == (1008, "reads_too_slowly")


def test_each_watch_set_and_pace_has_an_epoch_of_its_own(market: Engine) -> None:
    clients = [v1(market), v1(market, "IBM"), v1(market)]
    for client in clients:
        client.send({"type": "refresh", "scope": "quotes"})
    first, other, same = (client.take()[0]["epoch"] for client in clients)
    assert first == same != other


def test_unsubscribed_symbol_is_no_longer_sent(market: Engine) -> None:
    client = v1(market, "AAPL", "IBM")
    client.send({"type": "unsubscribe", "id": 2, "quotes": ["IBM"]})
    assert set(client.take()[-1]["rows"]) == {"AAPL"}
    market.accept(tick("34.00", symbol=IBM))
    market.beat(beat(1))
    assert client.take() == []


def test_refresh_is_answered_by_a_snapshot(market: Engine) -> None:
    client = v1(market)
    client.send({"type": "refresh", "scope": "quotes"})
    assert [message["type"] for message in client.take()] == ["snapshot"]


def test_refresh_before_any_subscription_is_an_empty_snapshot(market: Engine) -> None:
    client = Client(market)
    client.send({"type": "hello"})
    client.send({"type": "refresh", "scope": "quotes"})
    assert client.take()[-1]["rows"] == {}


def test_hidden_tab_gets_its_frames_on_every_eighth_beat(market: Engine) -> None:
    client = v1(market)
    client.send({"type": "visibility", "hidden": True})
    client.send({"type": "visibility", "hidden": True})
    assert [message["type"] for message in client.take()] == ["snapshot"]
    for number in range(1, 9):
        market.accept(tick(f"501.0{number}", at=OPEN + number * SECOND))
        market.beat(beat(number))
    assert [message["rows"]["AAPL"]["price"] for message in client.take()] == ["501.08"]
    client.send({"type": "visibility", "hidden": False})
    assert [message["type"] for message in client.take()] == ["snapshot"]


def test_hidden_before_the_first_subscription_counts_too(market: Engine) -> None:
    client = Client(market)
    client.send({"type": "hello"})
    client.send({"type": "visibility", "hidden": True})
    client.send({"type": "subscribe", "id": 1, "quotes": ["AAPL"]})
    client.take()
    market.accept(tick("501.00"))
    market.beat(beat(1))
    assert client.take() == []


def test_status_is_sent_when_nothing_else_was_for_a_while(market: Engine, clock: SetClock) -> None:
    client = v1(market)
    clock.pass_seconds(1.0)
    market.beat(beat(4))
    assert client.take() == []
    clock.pass_seconds(2.0)
    market.beat(beat(8))
    (status,) = client.take()
    assert (status["type"], status["epoch"]) == ("status", "epoch-1")
    assert status["scopes"] == {"quotes": {"epoch": "epoch-1-1", "sequence": 0}}


def test_socket_that_never_says_hello_is_sent_away(market: Engine, clock: SetClock) -> None:
    client = Client(market)
    clock.pass_seconds(HELLO_SECONDS + 0.1)
    market.beat(beat(4))
    assert client.take() == [{"type": "bye", "code": "expected_hello", "retry_after_ms": None}]
    assert client.outlet.closed_with == (1008, "expected_hello")


def test_flooding_socket_is_told_and_sent_away(market: Engine) -> None:
    client = v1(market)
    for _ in range(100):
        client.send({"type": "ping", "id": 1})
    messages = client.take()
    assert [message["code"] for message in messages if message["type"] == "error"] == ["too_many_messages"]
    assert messages[-1]["type"] == "bye"
    assert client.outlet.closed_with == (1008, "too_many_messages")


def test_nothing_is_sent_to_a_socket_that_was_sent_away(market: Engine) -> None:
    client = plain(market)
    client.connection.leave(code=1008, reason="test")
    market.accept(tick("501.00"))
    market.beat(beat(1))
    assert client.take() == []


# ---------- Stuck clients, leaving, the end ----------


def test_client_that_reads_nothing_for_fifteen_seconds_is_cut(market: Engine, clock: SetClock) -> None:
    client = plain(market)
    client.outlet.is_full, client.outlet.waiting = True, 70_000
    market.accept(tick("501.00"))
    market.beat(beat(1))
    clock.pass_seconds(STUCK_SECONDS - 0.1)
    market.beat(beat(4))
    assert not client.outlet.is_aborted
    clock.pass_seconds(0.2)
    market.beat(beat(8))
    assert client.outlet.is_aborted


def test_client_that_reads_slowly_is_not_cut(market: Engine, clock: SetClock) -> None:
    client = plain(market)
    client.outlet.is_full, client.outlet.waiting = True, 70_000
    market.accept(tick("501.00"))
    market.beat(beat(1))
    for number in range(10):
        clock.pass_seconds(10)
        client.outlet.waiting -= 100
        market.beat(beat(4 * (number + 1)))
    assert not client.outlet.is_aborted


def test_client_that_leaves_is_forgotten(market: Engine) -> None:
    clients = [plain(market), v1(market), v1(market, "IBM"), Client(market)]
    assert market.hub.watched_symbols() == {AAPL, IBM}
    assert len(market.hub) == 4
    for client in clients:
        market.hub.leave(client.connection)
        market.hub.leave(client.connection)
    assert len(market.hub) == 0
    assert market.hub.watched_symbols() == frozenset()
    market.accept(tick("501.00"))
    market.beat(beat(8))
    assert all(client.outlet.take() == [] for client in clients[:3])


def test_goodbye_is_said_to_pages_and_spares_plain_sockets(market: Engine) -> None:
    page, script = v1(market), plain(market)
    market.hub.say_goodbye()
    assert page.take() == [{"type": "bye", "code": "restarting", "retry_after_ms": 1000}]
    assert script.take() == []


def test_binary_message_is_answered_by_an_error(market: Engine) -> None:
    client = plain(market)
    market.hub.receive_binary(client.connection)
    assert client.take()[0]["error"]["code"] == "binary"


def test_frames_sent_are_counted(market: Engine) -> None:
    before = market.hub.tally.frames
    plain(market)
    assert market.hub.tally.frames == before + 1
