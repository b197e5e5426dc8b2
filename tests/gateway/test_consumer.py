"""The consumer under a plain ASGI server, which offers no frame writer; the product's own server is tested in tests/e2e."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.gateway.asgi_client import AsgiSocket
from tests.live.market import OPEN, SetClock, beat, engine, tick
from tickfolio.config.routing import socket_application
from tickfolio.live.engine import Engine

HOST = [(b"host", b"localhost:8000")]
SECOND = OPEN.replace(second=1)
ACCEPT = {"type": "websocket.accept", "subprotocol": None}
REFUSE = {"type": "websocket.close"}


@pytest.fixture
def market() -> Engine:
    market = engine(SetClock())
    market.accept(tick("501.00"))
    return market


def socket(market: Engine | None, *, path: str = "/ws/stocks/", **options: Any) -> AsgiSocket:
    application = socket_application(lambda: None if market is None else market.hub)
    return AsgiSocket(application, path, headers=options.pop("headers", HOST), **options)


async def test_plain_socket_is_answered_and_then_pushed_to(market: Engine) -> None:
    client = socket(market)
    assert await client.connect() == ACCEPT
    await client.say({"symbol": "AAPL"})
    assert (await client.hear())["price"] == 501.0
    market.accept(tick("502.00", at=SECOND))
    market.beat(beat(1))
    assert (await client.hear())["price"] == 502.0
    await client.leave()
    assert len(market.hub) == 0


async def test_socket_is_one_task_however_much_it_says(market: Engine) -> None:
    client = socket(market)
    before = asyncio.all_tasks()
    await client.connect()
    await client.say({"symbol": "AAPL"})
    await client.hear()
    assert len(asyncio.all_tasks() - before) == 1
    await client.leave()


async def test_offered_subprotocol_is_spoken(market: Engine) -> None:
    client = socket(market, subprotocols=["other", "tickfolio.v1"])
    assert await client.connect() == {**ACCEPT, "subprotocol": "tickfolio.v1"}
    await client.say({"type": "hello"})
    assert (await client.hear())["type"] == "welcome"
    await client.leave()


async def test_binary_frame_gets_an_error_and_the_socket_lives(market: Engine) -> None:
    client = socket(market)
    await client.connect()
    await client.send(binary=b"\x00\xff")
    assert (await client.hear())["error"]["code"] == "binary"
    await client.say({"symbol": "AAPL"})
    assert (await client.hear())["symbol"] == "AAPL"
    await client.leave()


async def test_flooding_socket_is_closed_with_1008(market: Engine) -> None:
    client = socket(market)
    await client.connect()
    for _ in range(81):
        await client.send("x")
    received = [await client.output() for _ in range(42)]
    assert received[-1] == {"type": "websocket.close", "code": 1008, "reason": "too_many_messages"}
    await client.leave()


async def test_only_unknown_subprotocols_are_refused_at_the_handshake(market: Engine) -> None:
    assert await socket(market, subprotocols=["graphql-ws"]).connect() == REFUSE


@pytest.mark.parametrize(
    "headers",
    [[(b"host", b"evil.example")], [*HOST, (b"origin", b"http://evil.example")], [*HOST, (b"cookie", b"a=b")]],
    ids=["wrong host", "wrong origin", "cookie without origin"],
)
async def test_wrong_host_or_origin_is_refused(market: Engine, headers: list[tuple[bytes, bytes]]) -> None:
    assert await socket(market, headers=headers).connect() == REFUSE
    assert len(market.hub) == 0


async def test_unknown_path_is_refused(market: Engine) -> None:
    assert await socket(market, path="/ws/nothing/").connect() == REFUSE


async def test_socket_before_the_engine_runs_is_refused() -> None:
    assert await socket(None).connect() == REFUSE


async def test_anonymous_visitors_are_refused_where_the_operator_does_not_allow_them(
    market: Engine, settings: Settings
) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    assert await socket(market).connect() == REFUSE


async def test_refusal_is_a_problem_document_where_the_server_can_answer(market: Engine) -> None:
    client = socket(market, subprotocols=["graphql-ws"], extensions={"websocket.http.response": {}})
    start = await client.connect()
    body = await client.output()
    assert (start["status"], start["headers"][0]) == (400, (b"content-type", b"application/problem+json"))
    assert json.loads(body["body"])["code"] == "unknown_subprotocol"


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    with capture_logs(processors=[merge_contextvars]) as logs:
        yield logs


async def test_a_line_tells_of_a_socket_that_ended_with_its_id_and_why(market: Engine, lines: list[EventDict]) -> None:
    flooding = socket(market, subprotocols=["tickfolio.v1"])
    await flooding.connect()
    for _ in range(81):
        await flooding.send("x")
    await flooding.leave()
    leaving = socket(market)
    await leaving.connect()
    await leaving.leave()
    stopping = socket(market)
    await stopping.connect()
    await stopping.leave(1012)
    ours, theirs, servers = (line for line in lines if line["event"] == "socket.closed")
    assert (ours["dialect"], ours["by"], ours["reason"]) == ("tickfolio.v1", "server", "too_many_messages")
    assert (theirs["dialect"], theirs["by"], theirs["code"], theirs["reason"]) == ("plain", "client", 1001, "")
    assert (servers["by"], servers["code"]) == ("server", 1012)
    assert len({ours["socket_id"], theirs["socket_id"]}) == 2
    assert {line["log_level"] for line in (ours, theirs)} == {"info"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"headers": [(b"host", b"evil.example")]}, "host"),
        ({"path": "/ws/else/"}, "unknown_path"),
        ({"subprotocols": ["other"]}, "unknown_subprotocol"),
    ],
)
async def test_a_refused_handshake_has_an_id_too(
    market: Engine, lines: list[EventDict], options: dict[str, Any], code: str
) -> None:
    assert await socket(market, **options).connect() == REFUSE
    (refused,) = (line for line in lines if line["event"] == "handshake.refused")
    assert refused["socket_id"]
    assert code in refused["code"]
