"""Many websockets in one lean process: it walks frame headers, answers pings, and reads the time in every n-th message.

`python -m benchmarks.load_client` takes commands as JSON lines on standard input and answers each with one on standard
output: `connect` opens sockets, `count` tells what came since the last count, `wait` does so once a number of messages is there or
no more come, `spin` has it never sleep, `leave` closes them all. It ends with its input. It is no full client: it trusts the server
it measures, which must not compress.

Beside the product's two dialects it knows `driven`, in which the price tells when a tick was due (`benchmarks/fanout/driving.py`),
the same of `socketio`, `portfolio`: a page of ``tickfolio.v1`` on the portfolio that it names, whose id is its session too, and
`stuck`: a page that reads nothing once it has asked.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket as socketlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from benchmarks.fanout.driving import milliseconds_since

TEXT, CLOSE, PING = 0x81, 0x88, 0x89
MASKED = 0x80
NO_MASK = bytes(4)
CONNECTING_AT_ONCE = 64
CONNECT_SECONDS = 60.0
LOOK_SECONDS = 0.05
QUIET_SECONDS = 1.0
"""So long nothing new must come for a wait to end."""
STUCK_RECEIVE_BYTES = 4096
SESSION_COOKIE = "sessionid"
UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)
PRICE = re.compile(rb'"price": ?([0-9.]+)')
RECEIVED = re.compile(rb'"received":"([^"]+)"')
V1 = "tickfolio.v1"
STAMPS = {
    "plain": re.compile(rb'"time": ?"([^"]+)"'),
    V1: RECEIVED,
    "portfolio": RECEIVED,
    "stuck": RECEIVED,
    "driven": PRICE,
    "socketio": PRICE,
}
"""The time of the newest quote, in each dialect; absent where there is none yet."""
type Script = tuple[tuple[bytes, bytes], ...]


class Tally:
    """What all sockets received since the last count."""

    def __init__(self, *, stamp: re.Pattern[bytes], stride: int) -> None:
        self._stamp = stamp
        self._is_priced = stamp is PRICE
        self._stride = stride
        self.messages = 0
        self.received_bytes = 0
        self.latencies_ms: list[float] = []

    def add(self, message: bytes, start: int, end: int, *, at: float) -> None:
        """One message, at `message[start:end]`, received at `at` (Unix seconds)."""
        self.messages += 1
        if not self._stride or self.messages % self._stride:
            return
        if not (found := self._stamp.search(message, start, end)):
            return
        if self._is_priced:
            self.latencies_ms.append(milliseconds_since(float(found[1]), now=time.monotonic()))
        else:
            self.latencies_ms.append((at - unix_seconds(found[1])) * 1000)

    def take(self) -> dict[str, float | int | None]:
        """The figures so far, and begins anew."""
        figures: dict[str, float | int | None] = {
            "messages": self.messages,
            "bytes": self.received_bytes,
            "p50_ms": percentile(self.latencies_ms, 50),
            "p99_ms": percentile(self.latencies_ms, 99),
        }
        self.messages = self.received_bytes = 0
        self.latencies_ms = []
        return figures


@lru_cache(maxsize=64)
def unix_seconds(moment: bytes) -> float:
    """Unix seconds of an RFC 3339 moment."""
    return datetime.fromisoformat(moment.decode("ascii")).timestamp()


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The value that `percent` of `values` do not exceed, or None where there are fewer than two.

    >>> percentile([1.0, 2.0, 3.0], 50)
    2.0
    """
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else None


def walk(data: bytes, found: Callable[[int, int, int], None]) -> int:
    r"""Calls `found(head, start, end)` for each whole frame in `data`; returns where the first incomplete one begins.

    >>> frames = []
    >>> walk(b"\x81\x05Hello\x81\x05He", lambda head, start, end: frames.append((head, start, end)))
    7
    >>> frames
    [(129, 2, 7)]
    """
    at, size = 0, len(data)
    while size - at >= 2:
        length, start = data[at + 1], at + 2
        if length == 126:
            length, start = int.from_bytes(data[at + 2 : at + 4]), at + 4
        elif length == 127:
            length, start = int.from_bytes(data[at + 2 : at + 10]), at + 10
        if start > size or start + length > size:
            break
        found(data[at], start, start + length)
        at = start + length
    return at


def client_frame(opcode: int, payload: bytes) -> bytes:
    """A client's frame, masked with zeros, which leaves the payload as it is."""
    size = len(payload)
    head = bytes([opcode, MASKED | size]) if size < 126 else bytes([opcode, MASKED | 126]) + size.to_bytes(2)
    return head + NO_MASK + payload


class Socket(asyncio.Protocol):
    """One socket: upgrades, asks, and counts what comes."""

    def __init__(
        self, *, request: bytes, messages: bytes, tally: Tally, script: Script = (), is_stuck: bool = False
    ) -> None:
        self._request = request
        self._messages = messages
        self._tally = tally
        self._script = script
        self._is_stuck = is_stuck
        self._rest = b""
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        received = time.time()
        self._tally.received_bytes += len(data)
        data = self._rest + data if self._rest else data
        if not self._is_open:
            data = self._after_upgrade(data)
        if self._is_open:
            self._rest = data[self._walk(data, at=received) :]

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set_result(None)
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("Expected an open socket, was closed."))

    def _after_upgrade(self, data: bytes) -> bytes:
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            self._rest = data
        elif not head.startswith(b"HTTP/1.1 101 "):
            self.opened.set_exception(ConnectionError(f"Expected status 101, was {head[:40]!r}."))
            self.transport.abort()
        else:
            self._is_open = True
            self.transport.write(self._messages)
            self.opened.set_result(None)
            if self._is_stuck:
                self.transport.pause_reading()
        return rest

    def _walk(self, data: bytes, *, at: float) -> int:
        def found(head: int, start: int, end: int) -> None:
            if head == TEXT:
                if not self._script or not self._answered(data, start):
                    self._tally.add(data, start, end, at=at)
            elif head == PING:
                self.transport.write(client_frame(0x8A, data[start:end]))
            elif head == CLOSE:
                self.transport.close()

        return walk(data, found)

    def _answered(self, data: bytes, start: int) -> bool:
        """Whether the message was of the protocol's own, and its answer was sent."""
        for beginning, answer in self._script:
            if data.startswith(beginning, start):
                self.transport.write(client_frame(TEXT, answer))
                return True
        return False


class Crowd:
    """All sockets, and the commands that move them."""

    def __init__(self) -> None:
        self._sockets: list[Socket] = []
        self._tallies: dict[str, Tally] = {}
        self._spinning: asyncio.Task[None] | None = None

    async def connect(
        self, *, port: int, path: str, watch: list[list[str]], dialect: str = "plain", stride: int = 1
    ) -> dict[str, float | int]:
        """Opens one socket per entry of `watch`, which names its symbols; reads the time of each `stride`-th message."""
        tally = self._tallies.setdefault(dialect, Tally(stamp=STAMPS[dialect], stride=stride))
        gate = asyncio.Semaphore(CONNECTING_AT_ONCE)
        began = time.monotonic()
        async with asyncio.timeout(CONNECT_SECONDS):
            opened = await asyncio.gather(
                *(_open(gate, port=port, path=path, symbols=symbols, dialect=dialect, tally=tally) for symbols in watch)
            )
        self._sockets += opened
        return {"sockets": len(opened), "seconds": time.monotonic() - began}

    def spin(self, *, is_on: bool) -> dict[str, bool]:
        """Never sleeps, so that no server pays for waking this process; or sleeps again."""
        if self._spinning is not None:
            self._spinning.cancel()
        self._spinning = asyncio.create_task(_take_turns_for_ever()) if is_on else None
        return {"spins": is_on}

    async def wait(self, *, messages: int, seconds: float) -> dict[str, Any]:
        """What came since the last count, once `messages` have, or nothing more comes, or the time is over."""
        began = news_at = time.monotonic()
        seen = 0
        while seen < messages and (now := time.monotonic()) < min(began + seconds, news_at + QUIET_SECONDS):
            await asyncio.sleep(LOOK_SECONDS)
            here = sum(tally.messages for tally in self._tallies.values())
            seen, news_at = here, news_at if here == seen else now
        return self.count()

    def count(self) -> dict[str, Any]:
        """What came since the last count, by dialect, and how many sockets are still open."""
        is_open = sum(not socket.closed.done() for socket in self._sockets)
        return {"open": is_open, **{dialect: tally.take() for dialect, tally in self._tallies.items()}}

    async def leave(self) -> dict[str, int]:
        """Closes every socket in good order."""
        for socket in self._sockets:
            socket.transport.write(client_frame(CLOSE, b"\x03\xe8"))
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.gather(*(socket.closed for socket in self._sockets))
        left, self._sockets = len(self._sockets), []
        return {"left": left}


async def _take_turns_for_ever() -> None:
    while True:  # noqa: ASYNC110  there is nothing to wait for
        await asyncio.sleep(0)


def opening_messages(dialect: str, symbols: list[str]) -> bytes:
    """What a socket of `dialect` says first, framed."""
    if dialect in ("plain", "driven"):
        said = [json.dumps({"symbol": symbol}) for symbol in symbols]
    elif dialect == "portfolio":
        said = ['{"type":"hello"}', json.dumps({"type": "subscribe", "id": 1, "portfolios": symbols})]
    elif dialect == "socketio":
        said = []
    else:
        said = ['{"type":"hello"}', json.dumps({"type": "subscribe", "id": 1, "quotes": symbols})]
    return b"".join(client_frame(TEXT, text.encode()) for text in said)


def script_of(dialect: str, symbols: list[str]) -> Script:
    """What a socket of `dialect` answers to messages that begin so: of socket.io the open packet, a namespace, and pings.

    **Source**: the Engine.IO protocol, revision 4, and the Socket.IO protocol, revision 5.
    """
    if dialect != "socketio":
        return ()
    return (b"0", b"40"), (b"40", f"42{json.dumps(['watch', symbols])}".encode()), (b"2", b"3")


async def _open(
    gate: asyncio.Semaphore, *, port: int, path: str, symbols: list[str], dialect: str, tally: Tally
) -> Socket:
    more = f"Sec-WebSocket-Protocol: {V1}\r\n" if dialect in (V1, "portfolio", "stuck") else ""
    if dialect in ("driven", "portfolio"):
        more += f"Origin: http://127.0.0.1:{port}\r\n"
    if dialect == "portfolio":
        more += f"Cookie: {SESSION_COOKIE}={symbols[0]}\r\n"
    request = UPGRADE.format(path=path, port=port, more=more).encode()
    messages = opening_messages(dialect, symbols)
    async with gate:
        raw = new_socket(is_stuck=dialect == "stuck")
        loop = asyncio.get_running_loop()
        await loop.sock_connect(raw, ("127.0.0.1", port))
        _transport, socket = await loop.create_connection(
            lambda: Socket(
                request=request,
                messages=messages,
                tally=tally,
                script=script_of(dialect, symbols),
                is_stuck=dialect == "stuck",
            ),
            sock=raw,
        )
        await socket.opened
    return socket


def new_socket(*, is_stuck: bool) -> socketlib.socket:
    """One that is not connected yet; of a stuck one the kernel keeps little."""
    raw = socketlib.socket(socketlib.AF_INET, socketlib.SOCK_STREAM)
    raw.setblocking(False)
    if is_stuck:
        raw.setsockopt(socketlib.SOL_SOCKET, socketlib.SO_RCVBUF, STUCK_RECEIVE_BYTES)
    return raw


async def serve_commands() -> None:
    """Carries out commands until the input ends."""
    crowd = Crowd()
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        answer: dict[str, Any]
        match command.pop("do"):
            case "connect":
                answer = await crowd.connect(**command)
            case "count":
                answer = crowd.count()
            case "spin":
                answer = crowd.spin(**command)
            case "wait":
                answer = await crowd.wait(**command)
            case "leave":
                answer = await crowd.leave()
            case other:
                raise ValueError(f"Expected connect, count, spin, wait or leave, was {other!r}.")
        print(json.dumps(answer), flush=True)


def raise_file_limit() -> None:
    """As many open files as this user may have: a socket is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    raise_file_limit()
    asyncio.run(serve_commands())
