"""The contract of /ws/stocks/ as any script meets it: no Origin, no subprotocol, twenty lines."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.faults.instances import Instance
from tests.servers.product import Product, running_product
from tickfolio.runtime.server import raise_descriptor_limit

RECORDED = (
    "SELECT symbol, price FROM latest_quote JOIN instrument ON instrument.id = instrument_id WHERE symbol = 'IBM'"
)
CROWD = 2000


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The product as a person starts it, at the default pace; these tests change nothing in it."""
    with running_product() as product:
        yield product


def address(product: Product) -> str:
    return f"ws://127.0.0.1:{product.port}/ws/stocks/"


def hear(client: ClientConnection) -> dict[str, object]:
    message: dict[str, object] = json.loads(client.recv(timeout=10))
    return message


def error_code(client: ClientConnection) -> object:
    """The code of the next error; prices that come in between are passed over."""
    while True:
        error = hear(client).get("error")
        if isinstance(error, dict):
            return error["code"]


def prices_in(client: ClientConnection, seconds: float) -> set[object]:
    prices, until = set(), time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        try:
            prices.add(json.loads(client.recv(timeout=left))["price"])
        except TimeoutError:
            break
    return prices


def test_script_gets_symbol_price_and_change_and_then_five_prices_in_ten_seconds(product: Product) -> None:
    with connect(address(product)) as client:
        client.send('{"symbol":"AAPL"}')
        first = hear(client)
        assert list(first)[:3] == ["symbol", "price", "change"]
        assert first["symbol"] == "AAPL"
        assert isinstance(first["price"], float)
        assert isinstance(first["change"], float)
        assert len(prices_in(client, 10)) >= 5


def test_several_symbols_share_one_socket(product: Product) -> None:
    with connect(address(product)) as client:
        for symbol in ("AAPL", "IBM", "MSFT", "GOOG", "FB"):
            client.send(json.dumps({"symbol": symbol}))
        heard = {hear(client)["symbol"] for _ in range(40)}
    assert heard == {"AAPL", "IBM", "MSFT", "GOOG", "FB"}


def test_messages_of_a_symbol_come_at_most_four_times_a_second(product: Product) -> None:
    with connect(address(product)) as client:
        began = time.monotonic()
        client.send('{"symbol":"AAPL"}')
        for _ in range(22):
            hear(client)
        ended = time.monotonic()
    # One at once, and of twenty-one beats the first whenever it comes; who reads late makes it longer only.
    assert ended - began >= 20 * 0.25 * 0.9


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("garbage", "not_json"),
        (b"\x00\x01", "binary"),
        ("{}", "missing_symbol"),
        ('{"symbol":"' + "A" * 33 + '"}', "invalid_symbol"),
        ('{"symbol":"XXXX"}', "unknown_symbol"),
        ('{"symbol":"' + "A" * 5000 + '"}', "message_too_large"),
    ],
)
def test_nonsense_gets_its_error_and_the_socket_lives(product: Product, message: str | bytes, code: str) -> None:
    with connect(address(product)) as client:
        client.send(message)
        assert error_code(client) == code
        client.send('{"symbol":"AAPL"}')
        assert hear(client)["symbol"] == "AAPL"


def test_message_over_sixteen_kibibytes_is_closed_with_1009(product: Product) -> None:
    with connect(address(product)) as client:
        client.send("x" * (16 * 1024 + 1))
        with pytest.raises(ConnectionClosedError) as closed:
            client.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Cookie": "sessionid=x"}, {"Origin": "null", "Cookie": "sessionid=x"}],
    ids=["wrong origin", "cookie without origin", "null origin"],
)
def test_page_of_another_site_is_refused(product: Product, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(address(product), additional_headers=headers):
        pass
    assert refused.value.response.status_code == 403
    assert b"application/problem+json" in refused.value.response.headers["content-type"].encode()


def test_wrong_host_is_refused(product: Product) -> None:
    raw = socket.create_connection(("127.0.0.1", product.port))
    with pytest.raises(InvalidStatus) as refused, connect("ws://evil.example/ws/stocks/", sock=raw):
        pass
    assert refused.value.response.status_code == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_own_page_is_allowed_with_its_cookies(product: Product, host: str) -> None:
    headers = {"Origin": f"http://{host}:{product.port}", "Cookie": "theme=dark"}
    with connect(address(product), additional_headers=headers) as client:
        client.send('{"symbol":"AAPL"}')
        assert hear(client)["symbol"] == "AAPL"


def test_unknown_subprotocol_and_unknown_path_are_refused(product: Product) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(address(product), subprotocols=["nonsense"]):  # type: ignore[list-item]
        pass
    assert refused.value.response.status_code == 400
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{product.port}/ws/nothing/"):
        pass
    assert refused.value.response.status_code == 404


def test_two_thousand_sockets_at_once_are_all_served(product: Product) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert raise_descriptor_limit() > CROWD + 200
    heard = asyncio.run(crowd(address(product)))
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert len(heard) == CROWD
    assert all(len(prices) >= 3 for prices in heard)


async def crowd(url: str) -> list[set[float]]:
    """What each of the crowd hears: the answer and the prices after it, all sockets being open at the same time."""
    opened, everyone_is_in = 0, asyncio.Event()
    door = asyncio.Semaphore(50)

    async def one() -> set[float]:
        nonlocal opened
        async with door:
            client = await connect_async(url, compression=None, ping_interval=None, open_timeout=60)
        opened += 1
        if opened == CROWD:
            everyone_is_in.set()
        await everyone_is_in.wait()
        await client.send('{"symbol":"AAPL"}')
        prices: set[float] = set()
        async with asyncio.timeout(60):
            while len(prices) < 3:
                prices.add(json.loads(await client.recv())["price"])
        await client.close()
        return prices

    async with asyncio.timeout(240):
        return list(await asyncio.gather(*(one() for _ in range(CROWD))))


def test_served_symbol_is_kept_in_the_database(start_product: Callable[..., Product]) -> None:
    product = start_product()
    with connect(address(product)) as client:
        client.send('{"symbol":"IBM"}')
        hear(client)
    instance, until = Instance(product.data), time.monotonic() + 60
    while not instance.rows(RECORDED) and time.monotonic() < until:  # a record is written every two seconds
        time.sleep(0.1)
    product.kill()
    assert len(instance.rows(RECORDED)) == 1
