"""Sockets of programs, which sign in with a token: in the handshake's header, or in the hello."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from tests.gateway.asgi_client import AsgiSocket
from tests.gateway.test_signed_in_sockets import ACCEPT, REFUSE, Scene, cookie_of, in_thread
from tests.services.ledger_entries import Book, book, person
from tickfolio.config.routing import socket_application
from tickfolio.gateway.consumer import StockConsumer
from tickfolio.gateway.holders import SECONDS_A_WRONG_TOKEN, WRONG_TOKENS_AT_ONCE, Holders
from tickfolio.identity.models import ApiToken
from tickfolio.live.viewer import Viewer
from tickfolio.services import people
from tickfolio.services.tokens import NewToken, token_make, token_revoke

pytestmark = pytest.mark.django_db(transaction=True)
HOST = [(b"host", b"localhost:8000")]
ORIGIN = (b"origin", b"http://localhost:8000")
BYE = {"type": "bye", "code": "signed_out", "retry_after_ms": None}
CLOSED = {"type": "websocket.close", "code": 1008, "reason": "signed_out"}


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


@pytest.fixture
def token(mine: Book) -> NewToken:
    return token_make(actor=mine.owner, name="Script", days=None)


def socket(scene: Scene, *headers: tuple[bytes, bytes], **options: Any) -> AsgiSocket:
    application = options.pop("application", None) or socket_application(lambda: scene.market.hub)
    options = {"subprotocols": ["tickfolio.v1"], **options}
    return AsgiSocket(application, "/ws/stocks/", headers=[*HOST, *headers], **options)


def bearer(text: str) -> tuple[bytes, bytes]:
    return (b"authorization", f"Bearer {text}".encode())


def portfolios_in(welcome: Any) -> list[str]:
    return [each["id"] for each in welcome["portfolios"]]


async def revoke(mine: Book, token: NewToken) -> None:
    await in_thread(lambda: token_revoke(actor=mine.owner, token_id=token.view.id))


# ---------- In the header ----------


@pytest.mark.parametrize("origin", [[], [ORIGIN]])
async def test_token_in_the_header_says_who_it_is(
    mine: Book, token: NewToken, settings: Settings, origin: list[tuple[bytes, bytes]]
) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    scene = Scene()
    client = socket(scene, bearer(token.text), *origin)
    assert await client.connect() == ACCEPT
    await client.say({"type": "hello"})
    assert portfolios_in(await client.hear()) == [mine.portfolio_id]
    await client.leave()
    assert (len(scene.market.hub), len(scene.market.hub.people)) == (0, 0)


async def test_token_in_the_header_opens_the_plain_dialect_too(token: NewToken, settings: Settings) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    client = socket(Scene(), bearer(token.text), subprotocols=[])
    assert await client.connect() == {**ACCEPT, "subprotocol": None}
    await client.say({"symbol": "AAPL"})
    assert (await client.hear())["price"] == 501.0
    await client.leave()


@pytest.mark.parametrize("wrong", ["", "tkf_made_up", "revoked"])
async def test_token_that_does_not_stand_is_refused_even_where_visitors_may_watch(
    mine: Book, token: NewToken, wrong: str
) -> None:
    await revoke(mine, token)
    text = token.text if wrong == "revoked" else wrong
    assert await socket(Scene(), bearer(text)).connect() == REFUSE
    client = socket(Scene(), bearer(text), extensions={"websocket.http.response": {}})
    assert (await client.connect())["status"] == 401
    answer = json.loads((await client.output())["body"])
    assert answer["code"] == "invalid_token"
    assert "tkf_" not in json.dumps(answer)


async def test_token_beside_a_cookie_is_refused(mine: Book, token: NewToken) -> None:
    cookie = await in_thread(lambda: cookie_of(mine))
    assert await socket(Scene(), bearer(token.text), ORIGIN, (b"cookie", cookie.encode())).connect() == REFUSE


@pytest.mark.parametrize("ends", ["revoke", "expire", "deactivate"])
async def test_whatever_ends_a_token_closes_its_sockets_and_no_others(mine: Book, token: NewToken, ends: str) -> None:
    other = await in_thread(lambda: token_make(actor=mine.owner, name="Other", days=None))
    scene = Scene()
    client, staying = socket(scene, bearer(token.text)), socket(scene, bearer(other.text))
    for each in (client, staying):
        await each.connect()
        await each.say({"type": "hello"})
        await each.hear()
    await scene.read_rights()
    match ends:
        case "revoke":
            await revoke(mine, token)
        case "expire":
            rows = ApiToken.objects.filter(pk=token.view.id)
            await in_thread(lambda: rows.update(expires_at=timezone.now()))
        case _:
            await in_thread(lambda: people.person_deactivate(email="alice@example.org"))
    await scene.read_rights()
    assert [await client.hear(), await client.output()] == [BYE, CLOSED]
    if ends == "deactivate":
        assert [await staying.hear(), await staying.output()] == [BYE, CLOSED]
    else:
        await staying.say({"type": "ping", "id": 7})
        assert (await staying.hear())["id"] == 7
    await client.leave()
    await staying.leave()


# ---------- In the hello ----------


@pytest.mark.parametrize("visitors_may_watch", [True, False])
async def test_token_in_the_hello_says_who_it_is(
    mine: Book, token: NewToken, settings: Settings, visitors_may_watch: bool
) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = visitors_may_watch
    scene = Scene()
    client = socket(scene)
    assert await client.connect() == ACCEPT
    assert len(scene.market.hub.people) == 0
    await client.say({"type": "hello", "token": token.text})
    # Sent at once: it must not be answered as if nobody had signed in.
    await client.say({"type": "subscribe", "id": 1, "portfolios": ["00000000-0000-4000-8000-000000000000"]})
    await client.say({"type": "ping", "id": 2})
    assert portfolios_in(await client.hear()) == [mine.portfolio_id]
    assert list(scene.market.hub.people.sessions().values()) == [frozenset({f"token:{token.view.id}"})]
    assert (await client.hear())["id"] == 2
    # Rights that are read before the request has come in do not answer it.
    await scene.read_rights()
    assert (await client.hear())["code"] == "unknown_portfolio"
    await revoke(mine, token)
    await scene.read_rights()
    assert [await client.hear(), await client.output()] == [BYE, CLOSED]
    await client.leave()
    assert (len(scene.market.hub), len(scene.market.hub.people)) == (0, 0)


@pytest.mark.parametrize("wrong", ["", "tkf_made_up", "revoked"])
async def test_hello_with_a_token_that_does_not_stand_is_refused(mine: Book, token: NewToken, wrong: str) -> None:
    await revoke(mine, token)
    client = socket(Scene())
    await client.connect()
    await client.say({"type": "hello", "token": token.text if wrong == "revoked" else wrong})
    refusal = await client.hear()
    assert (refusal["type"], refusal["code"]) == ("error", "invalid_token")
    assert "tkf_" not in json.dumps(refusal)
    assert [await client.hear(), await client.output()] == [BYE, CLOSED]
    await client.leave()


async def test_who_has_signed_in_otherwise_says_no_token(mine: Book, token: NewToken) -> None:
    cookie = await in_thread(lambda: cookie_of(mine))
    scene = Scene()
    for client in (socket(scene, bearer(token.text)), scene.socket(cookie)):
        await client.connect()
        await client.say({"type": "hello", "token": token.text})
        assert (await client.hear())["code"] == "invalid_token"
        assert [await client.hear(), await client.output()] == [BYE, CLOSED]
        await client.leave()


async def test_second_hello_takes_no_token(mine: Book, token: NewToken) -> None:
    client = socket(Scene())
    await client.connect()
    await client.say({"type": "hello"})
    assert portfolios_in(await client.hear()) == []
    await client.say({"type": "hello", "token": token.text})
    assert (await client.hear())["code"] == "invalid_token"
    await client.leave()


async def test_where_visitors_see_nothing_a_socket_without_a_token_hears_nothing(
    token: NewToken, settings: Settings
) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    client = socket(Scene())
    assert await client.connect() == ACCEPT
    await client.say({"type": "subscribe", "id": 1, "quotes": ["AAPL"]})
    assert (await client.hear())["code"] == "expected_hello"
    await client.say({"type": "hello"})
    assert (await client.hear())["code"] == "invalid_token"
    assert [await client.hear(), await client.output()] == [BYE, CLOSED]
    await client.leave()
    assert await socket(Scene(), subprotocols=[]).connect() == REFUSE


async def test_limit_of_sockets_counts_those_that_say_their_token_in_the_hello(token: NewToken) -> None:
    scene = Scene()
    clients = [socket(scene) for _ in range(21)]
    answers = []
    for client in clients:
        await client.connect()
        await client.say({"type": "hello", "token": token.text})
        answers.append(await client.hear())
    assert [each["type"] for each in answers] == ["welcome"] * 20 + ["bye"]
    assert answers[-1]["code"] == "too_many_sockets"
    for client in clients:
        await client.leave()
    assert (len(scene.market.hub), len(scene.market.hub.people)) == (0, 0)


async def test_address_that_says_wrong_tokens_is_not_listened_to_for_a_while(
    token: NewToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickfolio.config.routing.Holders", partial(Holders, monotonic=lambda: 100.0))
    scene = Scene()
    application = socket_application(lambda: scene.market.hub)
    extensions: dict[str, Any] = {"websocket.http.response": {}}
    for _ in range(WRONG_TOKENS_AT_ONCE):
        wrong = socket(scene, bearer("tkf_made_up"), application=application, extensions=extensions)
        assert (await wrong.connect())["status"] == 401
    for text in ("tkf_made_up", token.text):
        late = socket(scene, bearer(text), application=application, extensions=extensions)
        assert (await late.connect())["status"] == 429
        assert json.loads((await late.output())["body"])["code"] == "too_many_wrong_tokens"
        late = socket(scene, application=application)
        assert await late.connect() == ACCEPT
        await late.say({"type": "hello", "token": text})
        bye = await late.hear()
        assert (bye["type"], bye["code"]) == ("bye", "too_many_wrong_tokens")
        assert 0 < bye["retry_after_ms"] <= SECONDS_A_WRONG_TOKEN * 1000
        assert await late.output() == {**CLOSED, "reason": "too_many_wrong_tokens"}
        await late.leave()
    visitor = socket(scene, application=application)
    assert await visitor.connect() == ACCEPT
    await visitor.say({"type": "hello"})
    assert (await visitor.hear())["type"] == "welcome"
    await visitor.leave()


@pytest.mark.parametrize("cause", [psycopg.OperationalError("refused"), sqlite3.OperationalError("database is locked")])
async def test_while_the_database_is_out_of_reach_a_token_is_told_so_and_a_visitor_is_let_in(cause: Exception) -> None:
    def holder_of(_token: str) -> Viewer | None:
        raise OperationalError("no") from cause

    scene, holders = Scene(), Holders(holder_of)
    extensions: dict[str, Any] = {"websocket.http.response": {}}

    def opened(*headers: tuple[bytes, bytes]) -> AsgiSocket:
        async def consumer(scope: Any, receive: Any, send: Any) -> None:
            await StockConsumer(hub=lambda: scene.market.hub, viewer_of=lambda _key: None, holders=holders)(
                scope, receive, send
            )

        return socket(scene, *headers, application=consumer, extensions=extensions)

    if isinstance(cause, sqlite3.Error):  # no matter of the connection
        with pytest.raises(OperationalError):
            await opened(bearer("tkf_mine")).connect()
        return
    refused = opened(bearer("tkf_mine"))
    assert (await refused.connect())["status"] == 503
    assert json.loads((await refused.output())["body"])["code"] == "database_out_of_reach"
    program = opened()
    assert await program.connect() == ACCEPT
    await program.say({"type": "hello", "token": "tkf_mine"})
    assert await program.hear() == {"type": "bye", "code": "database_out_of_reach", "retry_after_ms": 2000}
    assert await program.output() == {**CLOSED, "reason": "database_out_of_reach"}
    await program.leave()
    visitor = opened()
    assert await visitor.connect() == ACCEPT
    await visitor.say({"type": "hello"})
    assert (await visitor.hear())["type"] == "welcome"
    await visitor.leave()


# ---------- What is told ----------


async def test_no_log_holds_a_token(mine: Book, token: NewToken, caplog: pytest.LogCaptureFixture) -> None:
    cookie = await in_thread(lambda: cookie_of(mine))
    caplog.set_level(0)
    with capture_logs() as logs:
        for client in (
            socket(Scene(), bearer(token.text)),
            socket(Scene(), bearer("tkf_made_up_by_somebody")),
            socket(Scene(), bearer(token.text), ORIGIN, (b"cookie", cookie.encode())),
        ):
            if await client.connect() == ACCEPT:
                await client.say({"type": "hello"})
                await client.hear()
                await client.leave()
        for text in (token.text, "tkf_made_up_by_somebody"):
            client = socket(Scene())
            await client.connect()
            await client.say({"type": "hello", "token": text})
            await client.hear()
            await client.leave()
    assert [each["event"] for each in logs].count("handshake.refused") == 2
    assert "tkf_" not in repr(logs) + caplog.text
