"""The demo's portfolios on the wire: twenty pages watch while transactions are booked, edited and deleted.

On every frame that a page has taken in, each figure of the header is the sum of the rows, and all pages hold the same.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.live.portfolios import header_mismatches
from tests.servers.product import Product
from tests.servers.visitor import Visitor
from tickfolio.live.wire.apply import PortfolioState, apply_to_portfolio
from tickfolio.live.wire.codec import decode_server
from tickfolio.live.wire.messages import ServerMessage, Welcome
from tickfolio.live.wire.portfolio_messages import Event, PortfolioDelta, PortfolioSnapshot

SOCKETS = 20
SHORT_SECONDS, LONG_SECONDS = 15.0, 600.0
MOST_SECONDS_TO_EVENT = 1.0


@dataclass
class Tally:
    """What all pages together saw."""

    frames: int = 0
    mismatches: list[str] = field(default_factory=list)
    states: dict[str, PortfolioState] = field(default_factory=dict)

    def check(self, state: PortfolioState, message: ServerMessage) -> None:
        """Looks at what a page holds after a frame."""
        if not isinstance(message, PortfolioSnapshot | PortfolioDelta) or message.scope != state.scope:
            return
        self.frames += 1
        place = f"{state.scope} {state.epoch} {state.sequence}"
        self.mismatches += [f"{name} in {place}" for name in header_mismatches(state)]
        if state.needs_refresh:
            self.mismatches.append(f"a gap after {place}")
        # A snapshot may be newer than its sequence says; after the next delta everybody holds the same.
        elif isinstance(message, PortfolioDelta) and self.states.setdefault(place, state) != state:
            self.mismatches.append(f"two pages differ in {place}")


class WatchingPage:
    """A page with all portfolios of the demo."""

    def __init__(self, socket: ClientConnection, tally: Tally) -> None:
        self._socket = socket
        self._tally = tally
        self.states: dict[str, PortfolioState] = {}
        self.events: dict[tuple[str, int], tuple[float, Event]] = {}

    async def begin(self) -> None:
        """Greets, and asks for everything that the person may see."""
        await self._say({"type": "hello"})
        welcome = decode_server(await self._socket.recv())
        assert isinstance(welcome, Welcome)
        ids = [portfolio.id for portfolio in welcome.portfolios]
        self.states = {f"portfolio:{one}": PortfolioState(f"portfolio:{one}") for one in ids}
        await self._say({"type": "subscribe", "id": 1, "portfolios": ids})

    async def read(self) -> None:
        """Takes in what comes, for ever."""
        async for text in self._socket:
            message = decode_server(text)
            if isinstance(message, Event):
                self.events[message.scope, message.ledger] = (time.monotonic(), message)
            for scope, state in self.states.items():
                self.states[scope] = apply_to_portfolio(state, message)
                self._tally.check(self.states[scope], message)

    async def _say(self, message: dict[str, object]) -> None:
        await self._socket.send(json.dumps(message))


class Bookkeeper:
    """Books, edits and deletes in the pages' forms, and waits until every page has heard of it."""

    def __init__(self, visitor: Visitor, pages: list[WatchingPage]) -> None:
        self._visitor = visitor
        self._pages = pages
        self.seconds_to_event: list[float] = []

    async def work(self, until: float) -> None:
        """One transaction after the other, through its whole life."""
        turn = 0
        while time.monotonic() < until:
            for scope in self._pages[0].states:
                turn += 1
                folder = f"/portfolios/{scope.removeprefix('portfolio:')}/transactions/"
                event = await self._write(scope, partial(self._add, folder, f"{turn}.25"))
                address = f"{folder}{event.transaction}/"
                await self._write(scope, partial(self._edit, address, f"{turn}.75"))
                await self._write(scope, partial(self._delete, address))

    async def _write(self, scope: str, send: Callable[[], None]) -> Event:
        ledger = self._pages[0].states[scope].ledger + 1
        await asyncio.to_thread(send)
        committed = time.monotonic()
        async with asyncio.timeout(60):
            while not all((scope, ledger) in page.events for page in self._pages):  # other processes have no event here
                await asyncio.sleep(0.005)
        heard = [page.events[scope, ledger] for page in self._pages]
        self.seconds_to_event.append(max(at for at, _event in heard) - committed)
        return heard[0][1]

    def _add(self, folder: str, amount: str) -> None:
        path = f"{folder}new/"
        values = self._visitor.form(f"{path}?type=deposit", action=path)
        self._visitor.send(path, values | {"amount": amount})

    def _edit(self, path: str, amount: str) -> None:
        self._visitor.send(path, self._visitor.form(path, action=path) | {"amount": amount})

    def _delete(self, path: str) -> None:
        path = f"{path}delete/"
        self._visitor.send(path, self._visitor.form(path, action=path))


def test_header_is_the_sum_of_the_rows_on_every_frame_while_people_book(
    start_product: Callable[..., Product], is_long_run: bool, request: pytest.FixtureRequest
) -> None:
    product = start_product("--speed", "60")
    seconds = LONG_SECONDS if is_long_run else SHORT_SECONDS
    tally, slowest = asyncio.run(watched(product, seconds=seconds))
    request.node.user_properties += [
        ("portfolio_frames", tally.frames),
        ("portfolio_frame_mismatches", len(tally.mismatches)),
        ("portfolio_bookings", len(slowest)),
        ("portfolio_slowest_booking_s", round(max(slowest), 3)),
    ]
    assert tally.mismatches == []
    assert tally.frames > SOCKETS * seconds
    assert len(slowest) >= 6
    assert not is_long_run or sorted(slowest)[len(slowest) // 2] <= MOST_SECONDS_TO_EVENT
    assert "Traceback" not in product.logs


async def watched(product: Product, *, seconds: float) -> tuple[Tally, list[float]]:
    """Twenty pages watch for a while; what they saw, and how long each booking took to reach the last of them."""
    visitor = await asyncio.to_thread(lambda: Visitor(product).open_demo())
    tally = Tally()
    async with AsyncExitStack() as stack:
        pages = [WatchingPage(await stack.enter_async_context(opened(product, visitor)), tally) for _ in range(SOCKETS)]
        for page in pages:
            await page.begin()
        readers = [asyncio.create_task(page.read()) for page in pages]
        async with asyncio.timeout(20):
            while not all(state.totals for page in pages for state in page.states.values()):
                await asyncio.sleep(0.01)
        bookkeeper = Bookkeeper(visitor, pages)
        await bookkeeper.work(time.monotonic() + seconds)
        for reader in readers:
            assert not reader.done(), "expected every page's socket to stay open"
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    return tally, bookkeeper.seconds_to_event


def opened(product: Product, visitor: Visitor) -> connect:
    """A socket of one of the visitor's pages."""
    return connect(
        f"ws://127.0.0.1:{product.port}/ws/stocks/",
        subprotocols=[Subprotocol("tickfolio.v1")],
        origin=Origin(product.origin),
        additional_headers=visitor.socket_headers(),
    )
