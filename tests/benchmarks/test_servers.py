"""The two servers that are compared are started as the benchmark starts them, and must say the same."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect

from benchmarks.bench_fanout import MODULES, PATH
from benchmarks.processes import cpu_seconds, server, usage_of


@pytest.mark.parametrize("which", sorted(MODULES))
def test_both_servers_push_the_same_shape_of_message(which: str) -> None:
    with server(["-m", MODULES[which], "1", "0.3"]) as (process, port):
        pushed = json.loads(asyncio.run(third_message(port)))
        assert usage_of(process.pid).descriptors > 0
        assert cpu_seconds(process.pid) > 0
    assert list(pushed) == ["symbol", "price", "change", "currency", "previous_close", "time", "quality", "source"]
    assert (pushed["symbol"], pushed["quality"], pushed["source"]) == ("S000", "live", "synthetic")


async def third_message(port: int) -> str:
    """The answer may come before the first tick; the third message is surely a push."""
    async with asyncio.timeout(10), connect(f"ws://127.0.0.1:{port}{PATH}", compression=None) as socket:
        await socket.send('{"symbol": "S000"}')
        messages = [await socket.recv(decode=True) for _ in range(3)]
    return str(messages[-1])
