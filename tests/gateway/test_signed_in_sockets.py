"""Sockets of people who have signed in: who is behind one is read once, at the handshake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from tests.gateway.asgi_client import AsgiSocket
from tests.live.market import SetClock, engine, tick
from tests.live.portfolios import Library
from tests.services.ledger_entries import Book, book, person
from tickfolio.config.routing import socket_application
from tickfolio.identity.models import User
from tickfolio.live.engine import Engine
from tickfolio.services.sessions import sign_out_everywhere
from tickfolio.services.watching import rights_of, with_own_connection

pytestmark = pytest.mark.django_db(transaction=True)
ACCEPT = {"type": "websocket.accept", "subprotocol": "tickfolio.v1"}
REFUSE = {"type": "websocket.close"}


class Scene:
    """A market, and the rights of its people as the database has them."""

    def __init__(self) -> None:
        clock = SetClock()
        self.library = Library(lambda: clock.market)
        self.market: Engine = engine(clock, source=self.library)
        self.library.market = self.market
        self.market.accept(tick("501.00"))

    def socket(self, cookie: str | None) -> AsgiSocket:
        headers = [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:8000")]
        if cookie is not None:
            headers.append((b"cookie", cookie.encode()))
        application = socket_application(lambda: self.market.hub)
        return AsgiSocket(application, "/ws/stocks/", headers=headers, subprotocols=["tickfolio.v1"])

    async def read_rights(self) -> None:
        """What the running product does after each new socket and each wake-up."""
        sessions, as_of = self.market.hub.people.sessions(), self.market.hub.monotonic()
        for user, rights in (await in_thread(lambda: rights_of(sessions))).items():
            self.market.hub.rights_read(user, rights, asked=sessions[user], as_of=as_of)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def cookie_of(mine: Book) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=mine.owner.user_id))
    return f"theme=dark; sessionid={client.session.session_key}"


async def in_thread[T](call: Callable[[], T]) -> T:
    """What `call` gives, from a thread that keeps no connection to the database."""
    return await asyncio.to_thread(with_own_connection(call))


async def test_session_cookie_says_who_it_is(mine: Book) -> None:
    scene = Scene()
    client = scene.socket(await in_thread(lambda: cookie_of(mine)))
    assert await client.connect() == ACCEPT
    await client.say({"type": "hello"})
    welcome = await client.hear()
    assert [(one["id"], one["role"]) for one in welcome["portfolios"]] == [(mine.portfolio_id, "owner")]
    await client.leave()
    assert (len(scene.market.hub), len(scene.market.hub.people)) == (0, 0)


@pytest.mark.parametrize("cookie", [None, "sessionid=made-up", "theme=dark"])
async def test_socket_without_a_session_is_a_visitors(mine: Book, cookie: str | None) -> None:
    scene = Scene()
    client = scene.socket(cookie)
    assert await client.connect() == ACCEPT
    await client.say({"type": "hello"})
    assert (await client.hear())["portfolios"] == []
    await client.leave()


async def test_person_who_has_signed_in_needs_no_leave_for_visitors(mine: Book, settings: Settings) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    scene = Scene()
    assert await scene.socket("sessionid=made-up").connect() == REFUSE
    client = scene.socket(await in_thread(lambda: cookie_of(mine)))
    assert await client.connect() == ACCEPT
    await client.leave()


async def test_signing_out_closes_the_socket(mine: Book) -> None:
    scene = Scene()
    client = scene.socket(await in_thread(lambda: cookie_of(mine)))
    await client.connect()
    await client.say({"type": "hello"})
    await client.hear()
    await scene.read_rights()
    await in_thread(lambda: sign_out_everywhere(user_id=mine.owner.user_id))
    await scene.read_rights()
    assert (await client.hear())["code"] == "signed_out"
    assert await client.output() == {"type": "websocket.close", "code": 1008, "reason": "signed_out"}
    await client.leave()
