"""The server of the load benchmark is started as there."""

import asyncio
import json

from websockets.asyncio.client import connect

from benchmarks.bench_load import PATH
from benchmarks.processes import cpu_seconds, server, usage_of


def test_it_pushes_ticks_in_the_plain_dialect() -> None:
    with server(["-m", "benchmarks.live_server", "1", "0.3"]) as (process, port):
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
