from __future__ import annotations

import asyncio
import http
import json
import random
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import ANY

import pytest
from websockets.asyncio.server import serve

from tests.client.small_server import SmallServer, small_server
from tests.live.market import IBM
from tickfolio.client import Disconnected, LiveClient, News, live_client, socket_address
from tickfolio.errors import InvalidValue, LiveEnded
from tickfolio.live.session import Leave
from tickfolio.live.wire.messages import Bye, Delta, Error, Snapshot, Welcome
from tickfolio.live.wire.vocabulary import SUBPROTOCOL

SECONDS = 20.0
CERTIFICATE = Path(__file__).with_name("localhost.pem")


@pytest.fixture
async def server() -> AsyncIterator[SmallServer]:
    async with small_server() as running:
        yield running


async def until(news: AsyncIterator[News], kind: type[News]) -> News:
    """The next message of that kind."""
    async with asyncio.timeout(SECONDS):
        async for each in news:
            if isinstance(each, kind):
                return each
    raise AssertionError(f"Expected {kind.__name__}, the iteration ended.")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("localhost:8000", "ws://localhost:8000/ws/stocks/"),
        ("http://localhost:8000/", "ws://localhost:8000/ws/stocks/"),
        ("https://folio.example", "wss://folio.example/ws/stocks/"),
        ("wss://folio.example/behind/ws/stocks/", "wss://folio.example/behind/ws/stocks/"),
        ("http://[::1]:8000", "ws://[::1]:8000/ws/stocks/"),
    ],
)
def test_the_address_of_a_page_leads_to_its_socket(url: str, address: str) -> None:
    assert socket_address(url) == address


@pytest.mark.parametrize(
    "url", ["", "ftp://folio.example", "http://", "http:///stocks/", "http://[::1", "localhost:99999", "http://a..b"]
)
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="Expected an address such as"):
        LiveClient(url)


@pytest.mark.parametrize("token", ["", "tkf_x y", "tkf_x\nHost: evil.example", "tkf_ü"])
def test_what_cannot_be_a_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(InvalidValue, match="Expected a token") as refusal:
        LiveClient("localhost:8000", token=token)
    assert not token or token not in str(refusal.value)


async def test_token_goes_into_the_header_of_each_handshake_and_into_nothing_else(server: SmallServer) -> None:
    async with LiveClient(server.url, quotes=["AAPL"], token="tkf_x") as client:
        news = aiter(client)
        await until(news, Snapshot)
        server.cut()
        await until(news, Welcome)
    assert server.authorizations == ["Bearer tkf_x"] * 2
    assert not any("tkf_" in text for text in server.heard)
    assert "tkf_" not in client.address


async def test_token_that_was_refused_ends_the_iteration(server: SmallServer) -> None:
    server.refusals.append((http.HTTPStatus.UNAUTHORIZED, '{"title": "Expected a token that stands."}'))
    async with LiveClient(server.url, token="tkf_x") as client:
        with pytest.raises(LiveEnded, match="Expected a token that stands") as ended:
            await anext(aiter(client))
    assert ended.value.reason == "handshake_refused"
    assert "tkf_" not in str(ended.value)


async def test_quotes_are_held_as_they_move_and_each_message_is_handed_over(server: SmallServer) -> None:
    async with LiveClient(server.url, quotes=["AAPL"]) as client:
        news = aiter(client)
        assert isinstance(await anext(news), Welcome)
        assert isinstance(await anext(news), Snapshot)
        assert client.quotes["AAPL"].price == "530.00"
        server.move("531.25")
        assert isinstance(await anext(news), Delta)
        assert (client.quotes["AAPL"].price, client.quotes["AAPL"].change_percent) == ("531.25", "6.25")


async def test_what_is_watched_changes_while_it_runs(server: SmallServer) -> None:
    async with LiveClient(server.url, quotes=["AAPL"]) as client:
        news = aiter(client)
        await until(news, Snapshot)
        await client.subscribe(["IBM", "XXXX"])
        refusal = await until(news, Error)
        assert isinstance(refusal, Error)
        assert (refusal.code, refusal.symbol) == ("unknown_symbol", "XXXX")
        await until(news, Snapshot)
        assert set(client.quotes) == {"AAPL", "IBM"}
        await client.unsubscribe(["AAPL"])
        await until(news, Snapshot)
        assert set(client.quotes) == {"IBM"}


async def test_after_a_cut_it_comes_back_with_all_that_it_watches(server: SmallServer) -> None:
    async with LiveClient(server.url, quotes=["AAPL"]) as client:
        news = aiter(client)
        await until(news, Snapshot)
        await client.subscribe(["IBM"])
        await until(news, Snapshot)
        server.cut()
        lost = await until(news, Disconnected)
        assert isinstance(lost, Disconnected)
        assert 0 <= lost.retry_seconds <= live_client.FIRST_PAUSE
        assert client.quotes["AAPL"].price == "530.00"
        server.move("191.50", symbol=IBM)
        await until(news, Welcome)
        missed = await until(news, Delta)
        assert isinstance(missed, Delta)
        assert missed.since == 0
        assert missed.sequence == 1
        assert client.quotes["IBM"].price == "191.50"
        assert json.loads(server.heard[-2])["resume"].keys() == {"quotes"}


async def test_a_connection_on_which_nothing_is_heard_counts_as_lost(
    server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_client, "SILENCE_SECONDS", 0.2)
    async with LiveClient(server.url, quotes=["AAPL"]) as client:
        news = aiter(client)
        await until(news, Snapshot)
        server.is_mute = True
        lost = await until(news, Disconnected)
        assert isinstance(lost, Disconnected)
        assert "nothing was heard" in lost.reason
        server.is_mute = False
        await until(news, Delta)
        assert server.handshakes >= 2


async def test_pauses_grow_while_nobody_answers_and_a_server_that_comes_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high / 100)
    server = SmallServer()
    await server.start()
    url = server.url
    await server.stop()
    async with LiveClient(url, quotes=["AAPL"]) as client:
        news = aiter(client)
        pauses = [lost.retry_seconds for _ in range(8) if isinstance(lost := await anext(news), Disconnected)]
    assert pauses == pytest.approx([0.003, 0.006, 0.012, 0.024, 0.048, 0.096, 0.15, 0.15])


async def test_a_goodbye_that_names_a_time_is_waited_for(server: SmallServer) -> None:
    async with LiveClient(server.url, quotes=["AAPL"]) as client:
        news = aiter(client)
        await until(news, Snapshot)
        server.engine.hub.say_goodbye()
        goodbye = await until(news, Bye)
        assert isinstance(goodbye, Bye)
        server.cut()
        lost = await until(news, Disconnected)
        assert isinstance(lost, Disconnected)
        assert lost.reason == "restarting"
        assert goodbye.retry_after_ms is not None
        assert lost.retry_seconds >= goodbye.retry_after_ms / 1000


async def test_a_goodbye_for_good_ends_the_iteration_with_its_code(server: SmallServer) -> None:
    async with LiveClient(server.url, quotes=["AAPL"]) as client:
        news = aiter(client)
        await until(news, Snapshot)
        for connection in server.sockets.values():
            server.engine.hub._perform(connection, [Leave(close_code=1008, reason="signed_out")])
        assert isinstance(await until(news, Bye), Bye)
        with pytest.raises(LiveEnded, match="signed_out") as ended:
            await until(news, Disconnected)
        assert ended.value.reason == "signed_out"


async def test_a_handshake_that_is_refused_for_good_says_why(server: SmallServer) -> None:
    server.refusals.append((http.HTTPStatus.FORBIDDEN, '{"title": "Quotes are for signed-in people here."}'))
    with pytest.raises(LiveEnded, match="403, Quotes are for signed-in people"):
        await until(aiter(LiveClient(server.url, quotes=["AAPL"])), Snapshot)


async def test_a_server_that_is_not_ready_is_tried_again(server: SmallServer) -> None:
    server.refusals.append((http.HTTPStatus.SERVICE_UNAVAILABLE, "not a document"))
    async with LiveClient(server.url, quotes=["AAPL"]) as client:
        news = aiter(client)
        lost = await until(news, Disconnected)
        assert isinstance(lost, Disconnected)
        assert "503" in lost.reason
        await until(news, Snapshot)


async def test_closing_ends_the_iteration(server: SmallServer) -> None:
    client = LiveClient(server.url, quotes=["AAPL"])
    heard = []
    async with asyncio.timeout(SECONDS):
        async for each in client:
            heard.append(type(each))
            if isinstance(each, Snapshot):
                await client.close()
    assert heard == [Welcome, Snapshot]
    await client.close()


async def test_closing_ends_the_pause_before_the_next_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, _high: 3600.0)
    client = LiveClient("127.0.0.1:9", quotes=["AAPL"])
    async with asyncio.timeout(SECONDS):
        async for each in client:
            assert isinstance(each, Disconnected)
            assert each.reason == "Connection refused"
            asyncio.get_running_loop().call_later(0.05, asyncio.create_task, client.close())


async def test_a_socket_of_another_kind_is_left() -> None:
    async with serve(lambda socket: socket.wait_closed(), "127.0.0.1", 0) as other:
        client = LiveClient(f"me:secret@127.0.0.1:{other.sockets[0].getsockname()[1]}")
        with pytest.raises(LiveEnded, match=r"Expected tickfolio\.v1 at 127") as ended:
            await until(aiter(client), Welcome)
    assert ended.value.reason == "unknown_subprotocol"


async def test_who_has_a_token_follows_nobody_to_another_address(server: SmallServer) -> None:
    here = server.url.replace("127.0.0.1", "localhost").replace("http", "ws") + live_client.PATH
    server.redirections += [here, here]
    with pytest.raises(LiveEnded, match="Give that address") as ended:
        await until(aiter(LiveClient(server.url, token="tkf_x")), Welcome)
    assert ended.value.reason == "redirected"
    assert server.authorizations == ["Bearer tkf_x", None]
    assert isinstance(await until(aiter(LiveClient(server.url)), Welcome), Welcome)


async def test_a_certificate_that_nobody_vouches_for_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with serve(
        lambda socket: socket.wait_closed(),
        "127.0.0.1",
        0,
        ssl=context,
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]  # a name of its own for text
    ) as secured:
        place = f"localhost:{secured.sockets[0].getsockname()[1]}"
        with pytest.raises(LiveEnded, match=f"certificate that this machine trusts at {place}: self-signed") as ended:
            await until(aiter(LiveClient(f"https://{place}")), Welcome)
        assert ended.value.reason == "untrusted_certificate"
        # One that this machine trusts is, and who speaks without TLS to it is told that nobody answers.
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        async with LiveClient(f"https://{place}") as client, asyncio.timeout(SECONDS):
            assert await client._connect() is not None
        lost = await until(aiter(LiveClient(f"http://{place}")), Disconnected)
        assert isinstance(lost, Disconnected)
        assert lost.reason


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no TLS was agreed on, wrong version number"),
        (b"", "the other side hung up"),
    ],
)
async def test_a_server_without_tls_is_told_from_one_that_is_not_there(said: bytes, reason: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as plain:
        client = LiveClient(f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}")
        assert await until(aiter(client), Disconnected) == Disconnected(reason, ANY)


async def test_a_server_that_speaks_otherwise_is_left(server: SmallServer) -> None:
    client = LiveClient(server.url, quotes=["AAPL"])
    news = aiter(client)
    await until(news, Snapshot)
    for socket in server.sockets:
        await socket.send('{"type": "snapshot"}')
    with pytest.raises(LiveEnded, match=r"Expected a message of tickfolio\.v1"):
        await anext(news)
