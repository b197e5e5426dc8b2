"""A vendor on loopback: its websocket and its HTTP answers on one port, with the faults that vendors have.

A vendor's emulator says how a tick is written, what a client's messages mean and what is answered to a request; this
module serves it, remembers what was asked, and breaks things on demand.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

type Frame = str | bytes


@dataclass(slots=True)
class Bar:
    """A day of an emulated instrument, as it was paid on the day."""

    day: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int = 1000


@dataclass(slots=True)
class Listed:
    """An instrument that the emulated vendor knows; `price` is the latest, made at `at`."""

    symbol: str
    name: str
    currency: str
    price: Decimal
    previous_close: Decimal
    at: datetime
    exchange: str = ""
    kind: str = "EQUITY"
    isin: str = ""
    places: int = 2
    days: list[Bar] = field(default_factory=list)
    dividends: dict[date, Decimal] = field(default_factory=dict)
    splits: dict[date, tuple[int, int]] = field(default_factory=dict)
    """New units for old ones, by ex-date."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to an HTTP request."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Faults:
    """What goes wrong from now on; all of it off by default."""

    handshake_status: int | None = None
    """Answer handshakes with this status instead of opening the socket."""
    http_answer: Answer | None = None
    """Answer every HTTP request with this."""
    retry_after: str = ""
    """The Retry-After header of refused handshakes and rate-limited requests."""
    is_stalled: bool = False
    """Open sockets, answer pings, and say nothing at all, not even to what is asked."""
    is_muted: bool = False
    """Answer what is asked and send heartbeats, but say no prices."""
    copies: int = 1
    """Say each tick so many times."""
    is_reordering: bool = False
    """Say ticks in pairs, the second first."""
    spoils: Callable[[Frame], Frame] | None = None
    """Change frames with prices before they are sent: cut them, garble them, lie."""


class Client:
    """One open socket of the emulated vendor; `symbols` are those it streams to it."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.symbols: set[str] = set()
        self.is_welcome = False
        """Whether the client has signed in, where the vendor wants it to."""
        self.notes: dict[str, object] = {}
        """What the vendor's emulator keeps of this connection, such as a sequence number."""

    async def say(self, frame: Frame) -> None:
        """Sends a frame; a client that is gone is no fault of the vendor's."""
        with contextlib.suppress(ConnectionClosed):
            await self.connection.send(frame)


class Emulator(ABC):
    """A vendor. Use it by `async with`; `ws_url` and `http_url` are what the feed is pointed to."""

    ws_path = "/"

    def __init__(self, *listed: Listed) -> None:
        self.listed = {one.symbol: one for one in listed}
        self.faults = Faults()
        self.clients: list[Client] = []
        self.handshakes: list[Request] = []
        self.messages: list[Frame] = []
        """Everything that clients said over sockets, in order."""
        self.requests: list[str] = []
        """The paths and queries that were asked for over HTTP, in order."""
        self._server: Server | None = None
        self._beats: asyncio.Task[None] | None = None

    # ---------- What a vendor is ----------

    @abstractmethod
    def tick_frame(self, listed: Listed, client: Client) -> Frame:
        """How a new price of `listed` is written to `client`."""

    @abstractmethod
    async def heard(self, client: Client, message: Frame) -> None:
        """What a client's message brings about: it changes `client.symbols`, or is answered."""

    @abstractmethod
    def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
        """What is answered to an HTTP request."""

    async def greeted(self, client: Client) -> None:  # noqa: B027  # many vendors say nothing
        """What is said first to a new client; nothing by default."""

    async def heartbeat(self, client: Client) -> None:  # noqa: B027  # many vendors say nothing
        """What is said every `heartbeat_seconds`; nothing by default."""

    heartbeat_seconds: float = 0.0
    """How often heartbeats are said; 0 for a vendor that says none."""

    # ---------- What tests do ----------

    async def tick(self, symbol: str, price: str | Decimal, *, at: datetime | None = None) -> None:
        """A new price, made at `at` (now by default) and said to whoever streams the symbol."""
        listed = self.listed[symbol]
        listed.price = Decimal(price)
        listed.at = datetime.now(UTC) if at is None else at
        for client in [one for one in self.clients if symbol in one.symbols]:
            await self._say_tick(client, self.tick_frame(listed, client))

    async def say(self, frame: Frame) -> None:
        """Sends a frame to every client as it is."""
        for client in list(self.clients):
            await client.say(frame)

    async def drop(self) -> None:
        """Cuts every connection at once, without a goodbye."""
        dropped = list(self.clients)
        for client in dropped:
            client.connection.transport.abort()
        # A client may be back at once, so that there is no moment without any.
        await self.until(lambda: not any(client in self.clients for client in dropped))

    async def until(self, condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
        """Waits until something is true of the emulator; fails after `seconds`."""
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.005)

    async def streams(self, *symbols: str) -> None:
        """Waits until exactly these are streamed over one connection."""
        await self.until(lambda: len(self.clients) == 1 and self.clients[0].symbols == set(symbols))

    # ---------- Serving ----------

    async def __aenter__(self) -> Emulator:
        self._server = await serve(
            self._converse, "127.0.0.1", 0, process_request=self._process_request, ping_interval=None, close_timeout=0.2
        )
        if self.heartbeat_seconds:
            self._beats = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._beats is not None:
            self._beats.cancel()
            await asyncio.gather(self._beats, return_exceptions=True)
        assert self._server is not None
        for client in list(self.clients):
            client.connection.transport.abort()
        self._server.close()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        """The port on loopback."""
        assert self._server is not None
        port: int = next(iter(self._server.sockets)).getsockname()[1]
        return port

    @property
    def ws_url(self) -> str:
        """The address of the socket."""
        return f"ws://127.0.0.1:{self.port}{self.ws_path}"

    @property
    def http_url(self) -> str:
        """The address of everything else."""
        return f"http://127.0.0.1:{self.port}"

    def _process_request(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            self.handshakes.append(request)
            refusal = self.faults.handshake_status or self.refusal(request)
            if refusal is None:
                return None
            return self._response(Answer(b"refused", refusal, "text/plain"))
        self.requests.append(request.path)
        parts = urlsplit(request.path)
        answer = self.faults.http_answer or self.answer(parts.path, dict(parse_qsl(parts.query)), request.headers)
        return self._response(answer)

    def refusal(self, _request: Request) -> int | None:
        """The status with which a handshake is refused, as for a wrong key; None where it is welcome."""
        return None

    def _response(self, answer: Answer) -> Response:
        headers = Headers(
            {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
        )
        headers["Connection"] = "close"
        if answer.status in (429, 503) and self.faults.retry_after:
            headers["Retry-After"] = self.faults.retry_after
        return Response(answer.status, HTTPStatus(answer.status).phrase, headers, answer.body)

    async def _converse(self, connection: ServerConnection) -> None:
        client = Client(connection)
        self.clients.append(client)
        try:
            if not self.faults.is_stalled:
                await self.greeted(client)
            async for message in connection:
                self.messages.append(message)
                if not self.faults.is_stalled:
                    await self.heard(client, message)
        except ConnectionClosed:
            pass
        finally:
            self.clients.remove(client)

    async def _say_tick(self, client: Client, frame: Frame) -> None:
        faults = self.faults
        if faults.is_muted or faults.is_stalled:
            return
        if faults.spoils is not None:
            frame = faults.spoils(frame)
        for _ in range(faults.copies):
            if not faults.is_reordering:
                await client.say(frame)
            elif "held" in client.notes:
                await client.say(frame)
                held = client.notes.pop("held")
                assert isinstance(held, str | bytes)
                await client.say(held)
            else:
                client.notes["held"] = frame

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            if not self.faults.is_stalled:
                for client in list(self.clients):
                    await self.heartbeat(client)


@contextlib.contextmanager
def in_a_thread(emulator: Emulator) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Runs the emulator on a loop of its own, for tests whose product is another process.

    What is yielded runs a function that gives an awaitable, or nothing, on that loop, and waits for it.
    """
    loop = asyncio.new_event_loop()
    started, stop = threading.Event(), asyncio.Event()

    async def live() -> None:
        async with emulator:
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(live()), name="emulator", daemon=True)
    thread.start()
    assert started.wait(10)

    def do(action: Callable[[], object]) -> None:
        async def run() -> None:
            outcome = action()
            if asyncio.iscoroutine(outcome):
                await outcome

        asyncio.run_coroutine_threadsafe(run(), loop).result(20)

    try:
        yield do
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
