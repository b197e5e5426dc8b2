"""Every server of `./dev bench fanout`, started as it is there: each tick reaches everyone who watches its symbol."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from benchmarks.fanout import peers
from benchmarks.fanout.driving import Order
from benchmarks.fanout.peers import (
    ASGI,
    LIMIT,
    OURS,
    TUTORIAL,
    WEBSOCKETS,
    Lacking,
    Program,
    Seat,
    compiled,
    python,
    run,
    seated,
)
from benchmarks.fanout.portfolios import watch
from benchmarks.fanout.rounds import Scene, connected, window

TINY = Scene("tiny", clients=6, watched=2, symbols=4)
KEYS = ["symbol", "price", "change", "currency", "previous_close", "time", "quality", "source"]
PYTHONS = {
    OURS: python("hub_server", "{symbols}"),
    ASGI: python("hub_server", "{symbols}", "asgi"),
    TUTORIAL: python("channels_server", "{symbols}"),
    WEBSOCKETS: python("library_server", "websockets", "{symbols}"),
}


@pytest.fixture(scope="module")
def limit(tmp_path_factory: pytest.TempPathFactory) -> Program:
    try:
        return Program(("{symbols}",), program=str(compiled(tmp_path_factory.mktemp("limit"))))
    except Lacking as lack:
        pytest.skip(str(lack))


@pytest.mark.parametrize("name", [*PYTHONS, LIMIT])
def test_each_tick_reaches_all_who_watch_it(name: str, request: pytest.FixtureRequest) -> None:
    program = PYTHONS.get(name) or request.getfixturevalue("limit")
    with connected(program, TINY, stride=1) as seat:
        counted = window(seat, Order(ticks=8, per_second=100, burst=4, batch=2), watchers=TINY.watchers)
        assert (counted.messages, counted.expected) == (24, 24)
        assert counted.cpu_seconds > 0
        assert 0 < counted.p50_ms <= counted.p99_ms
        if name != LIMIT:  # whose handshake is the load client's alone
            assert list(json.loads(asyncio.run(second_message(seat)))) == KEYS


async def second_message(seat: Seat) -> str:
    """The first one is the answer, the second a tick."""
    address, origin = f"ws://127.0.0.1:{seat.port}{peers.PATH}", Origin(f"http://127.0.0.1:{seat.port}")
    async with asyncio.timeout(10), connect(address, origin=origin, compression=None) as socket:
        await socket.send('{"symbol": "S000"}')
        await socket.recv()
        await asyncio.to_thread(seat.order, Order(ticks=4, per_second=1000))
        return str(await socket.recv(decode=True))


def test_the_product_by_its_beat_sends_the_newest_price_only() -> None:
    with connected(PYTHONS[OURS], TINY, stride=1) as seat:
        order = Order(ticks=80, per_second=400, burst=4, batch=4, beat_ms=100)
        counted = window(seat, order, watchers=TINY.watchers, conflates=True)
    assert 0 < counted.messages < counted.expected


def test_each_portfolio_is_sent_to_its_page_once_a_beat() -> None:
    program = python("portfolio_server", "{symbols}", "2")
    with seated(program, symbols=4) as seat:
        assert watch(seat, program, count=3) >= 6
        counted = window(
            seat, Order(ticks=40, per_second=80, burst=4, batch=4, beat_ms=100), watchers=0, conflates=True
        )
    assert 3 <= counted.messages <= 3 * 12


def test_what_cannot_be_had_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Lacking, match="false failed"):
        run(["false"], cwd=tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _program, path=None: None)
    with pytest.raises(Lacking, match="no C compiler"):
        compiled(tmp_path)
    with pytest.raises(Lacking, match=r"no Node\.js"):
        peers.node_with_packages()


def test_its_packages_of_node_are_no_part_of_the_product() -> None:
    own = json.loads((peers.NODE_FOLDER / "package.json").read_text())
    product = json.loads((peers.NODE_FOLDER.parents[1] / "frontend" / "package.json").read_text())
    assert set(own["dependencies"]) == {"socket.io", "ws"}
    assert not set(own["dependencies"]) & set(product["dependencies"] | product["devDependencies"])
