"""Faults that are inflicted on an instance one after the other, and who looks on: its pages, and clients that never read."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import struct
import threading
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

import msgspec

from tests.faults.deployment import Deployment, once_answered, seconds_until_right
from tests.faults.ended_rights import Guests, lost
from tests.faults.market import COINS
from tests.faults.open_pages import OpenPage, Watch
from tests.servers.product import START_SECONDS
from tests.servers.roles import HANG_SECONDS, seconds_until
from tests.servers.visitor import Visitor
from tickfolio.live.wire.messages import ClientMessage, Hello, Subscribe
from tickfolio.live.wire.vocabulary import SUBPROTOCOL

RIGHT_SECONDS = 25.0
STUCK_SECONDS = 30.0
STOPPED_SECONDS = 10.0
"""The goals of a run at length."""
LONG_ROUNDS = 3
ESTABLISHED = 1
EMAIL = "nemesis@example.org"


@dataclass(frozen=True, slots=True)
class Case[Place: Deployment]:
    """A fault and how long it lasts, in short and at length; nothing where it is left to the other form."""

    inflict: Callable[[Place, float], None]
    short: float | None
    long: float | None

    @property
    def name(self) -> str:
        """What happens."""
        return self.inflict.__name__.replace("_", " ")


def rounds[Place: Deployment](
    cases: Sequence[Case[Place]], chance: random.Random, *, is_long: bool
) -> Iterator[tuple[Case[Place], float]]:
    """The faults in an order of chance, FAULT_ROUNDS times where the environment says so."""
    for _ in range(int(os.environ.get("FAULT_ROUNDS") or (LONG_ROUNDS if is_long else 1))):
        for case in chance.sample(cases, len(cases)):
            seconds = case.long if is_long else case.short
            if seconds is not None:
                yield case, seconds


class StuckClients:
    """Sockets that ask for more than any buffer on the way holds, and never read."""

    REQUEST = (
        "GET /ws/stocks/ HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {{key}}\r\n\r\n"
    )
    MESSAGES: tuple[ClientMessage, ...] = (
        Hello(),
        Subscribe(id=1, quotes=list(COINS)),
        # Each of these is refused fifty times; there are as many as one may say at once.
        *(Subscribe(id=2 + n, portfolios=[str(uuid.UUID(int=n * 50 + i)) for i in range(50)]) for n in range(38)),
    )

    def __init__(self, port: int, origin: str, count: int, *, most: float) -> None:
        """Opens them; `most` is how long the server may take until it has let go of all."""
        self._began = time.monotonic()
        self._most = most
        self._port = port
        self._sockets = [self._opened(port, origin) for _ in range(count)]
        self._gone_after = 0.0
        self._thread = threading.Thread(target=self._wait, name="stuck clients", daemon=True)
        self._thread.start()

    def gone_after(self) -> float:
        """How long after the beginning the server had let go of all of them; an AssertionError where it has not."""
        self._thread.join()
        assert self._gone_after, f"sockets that read nothing are still open after {self._most} s"
        return self._gone_after

    def close(self) -> None:
        """Leaves."""
        self._thread.join()
        for each in self._sockets:
            each.close()

    def _wait(self) -> None:
        with contextlib.suppress(AssertionError):  # `gone_after` says so
            seconds_until(lambda: not self._held(), most=self._most)
            self._gone_after = time.monotonic() - self._began

    def _opened(self, port: int, origin: str) -> socket.socket:
        opened = socket.socket()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.connect(("127.0.0.1", port))
        key = b64encode(os.urandom(16)).decode()
        opened.sendall(self.REQUEST.format(host=f"127.0.0.1:{port}", origin=origin, key=key).encode())
        opened.sendall(b"".join(masked_frame(msgspec.json.encode(message)) for message in self.MESSAGES))
        return opened

    def _held(self) -> int:
        """How many of them the server still holds; who does not read cannot tell, since the end waits behind what is unread."""
        ours = {each.getsockname()[1] for each in self._sockets}
        lines = [
            line.split() for table in ("tcp", "tcp6") for line in Path("/proc/net", table).read_text().splitlines()[1:]
        ]
        ends = [(_port(local), _port(remote)) for _, local, remote, state, *_ in lines if int(state, 16) == ESTABLISHED]
        return sum(local == self._port and remote in ours for local, remote in ends)


@dataclass(slots=True)
class Run[Place: Deployment]:
    """A deployment with its pages, and what was seen."""

    there: Place
    pages: list[OpenPage]
    watch: Watch
    visitor: Visitor
    at_cut: Visitor
    guests: Guests
    is_long: bool

    def most(self, goal: float) -> float:
        """How long something may take that has a goal."""
        return goal if self.is_long else HANG_SECONDS

    def after(self, case: Case[Place], seconds: float) -> str:
        """Inflicts a fault, waits until all is right again, and says how long that took; an AssertionError says what is not."""
        before = len(self.watch.lies)
        case.inflict(self.there, seconds)
        healed = time.monotonic()
        most = self.most(RIGHT_SECONDS)
        # Booked where nothing is wrong, seen everywhere: the page of the other process must hear of it.
        self.there.pay_in(self.visitor, Decimal(100), most=most)
        booked = time.monotonic() - healed
        right = booked + seconds_until_right(self.there.market, self.pages, most=most - booked)
        loaded = self._load_page(most=most)
        with self.there.page("one that came afterwards", self.there.cut, visitor=self.at_cut) as fresh:
            seconds_until_right(self.there.market, [*self.pages, fresh], most=most)
        lies = self.watch.lies[before:]
        assert not lies, f"{len(lies)} lies, such as {lies[0]}"
        assert not any(page.ended for page in self.pages), [page.ended for page in self.pages]
        return f"booked after {booked:.1f} s, right after {right:.1f} s, page after {loaded:.1f} s"

    def rights_end(self, goal: float, *, during: AbstractContextManager[None] | None = None) -> str:
        """Ends rights of guests at the second address, and says how long their pages at the first went on."""
        endings = self.guests.opened(self.there, self.visitor)
        with during or contextlib.nullcontext():
            taken = lost(endings, most=self.most(goal))
        # What is booked now must reach who may see it, and nobody else.
        self.there.pay_in(self.visitor, Decimal(100), most=self.most(RIGHT_SECONDS))
        seconds_until_right(self.there.market, self.pages, most=self.most(RIGHT_SECONDS))
        self.guests.check_that_nothing_more_was_told()
        return ", ".join(f"{what} after {seconds:.1f} s" for what, seconds in taken.items())

    def stuck_clients(self) -> contextlib.closing[StuckClients]:
        """So many as are to do no harm, at the second address."""
        whole, count = self.there.whole, 200 if self.is_long else 20
        return contextlib.closing(StuckClients(whole.port, whole.origin, count, most=self.most(STUCK_SECONDS)))

    def stops(self) -> str:
        """Stops the second address while clients that never read are connected, and says how long that took."""
        with self.stuck_clients():
            seconds_until(lambda: self.pages[-1].says_live, most=HANG_SECONDS)
            began = time.monotonic()
            status = self.there.whole.terminate()
            took = time.monotonic() - began
        assert status != -signal.SIGKILL, f"it did not end by itself within {took:.0f} s"
        assert took < self.most(STOPPED_SECONDS), f"it took {took:.1f} s"
        return f"ended after {took:.1f} s"

    def _load_page(self, *, most: float) -> float:
        began = time.monotonic()
        assert "Coins" in once_answered(lambda: self.at_cut.read(f"/portfolios/{self.there.ledger.id}/"), most=most)
        return time.monotonic() - began


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def masked_frame(text: bytes) -> bytes:
    """A text message as a client writes it (RFC 6455), masked with zeros."""
    size = len(text)
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack("!H", size)
    return b"\x81" + length + bytes(4) + text


@contextlib.contextmanager
def watched[Place: Deployment](there: Place, *, is_long: bool) -> Iterator[Run[Place]]:
    """A run with four pages: of a person through the network that is cut, at either address, and of a stranger."""
    with contextlib.ExitStack() as stack:
        with there.page("scout", there.whole) as scout:
            seconds_until(lambda: set(scout.client.quotes) == set(COINS), most=START_SECONDS)
        guests = stack.enter_context(contextlib.closing(Guests()))
        there.seed(EMAIL, *guests.everybody)
        visitor, at_cut = there.visitor(EMAIL), there.visitor(EMAIL, there.cut)
        pages = [
            stack.enter_context(there.page("through the network", there.cut, visitor=at_cut, through_proxy=True)),
            stack.enter_context(there.page("at the cut", there.cut, visitor=at_cut)),
            stack.enter_context(there.page("a stranger at the cut", there.cut)),
            stack.enter_context(there.page("at the whole", there.whole, visitor=visitor)),
        ]
        seconds_until_right(there.market, pages, most=START_SECONDS)
        watch = stack.enter_context(Watch(there.market, pages).looking())
        yield Run(there, pages, watch, visitor, at_cut, guests, is_long)


def try_all[Place: Deployment](
    run: Run[Place],
    cases: Sequence[Case[Place]],
    *,
    besides: Sequence[tuple[str, Callable[[], str]]],
    chance: random.Random,
) -> None:
    """Every fault, then what is tried `besides`, and the end; an AssertionError has all that failed."""
    failures: list[str] = []

    def attempt(name: str, outcome: Callable[[], str]) -> None:
        try:
            print(f"{name}: {outcome()}")  # noqa: T201  # a measured figure
        except AssertionError as failure:
            failures.append(f"{name}: {failure}")
            print("FAILED", failures[-1])  # noqa: T201

    for case, seconds in rounds(cases, chance, is_long=run.is_long):
        attempt(f"{case.name}, {seconds:g} s", partial(run.after, case, seconds))
    for name, outcome in besides:
        attempt(name, outcome)
    print(f"{run.watch.looks} looks; the oldest price that was shown as live: {run.watch.oldest:.1f} s")  # noqa: T201
    attempt("SIGTERM while clients never read", run.stops)
    assert not failures, failures
    assert not run.watch.lies, run.watch.lies
