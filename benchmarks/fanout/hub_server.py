"""The product's live path on ticks that it is told to make: `python -m benchmarks.fanout.hub_server SYMBOLS [asgi] [URL]`.

Engine, hub, consumer and routes are the product's own, and so is the server with its protocol class; with `asgi` it is uvicorn as
it comes, which offers no frame writer. There is neither database nor feed: orders make the ticks (`driving.py`), or with the
address of a Redis or Valkey the bus brings them from another process. The product's beat goes on at all times; an order for
delivery at once adds a sweep after each batch.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import django
import uvicorn
from channels.routing import ProtocolTypeRouter

from benchmarks.fanout.driving import Batch, Order, obey
from benchmarks.live_server import MIC, always_open
from benchmarks.load_client import raise_file_limit
from benchmarks.processes import say_address
from benchmarks.ticks import PREVIOUS_CLOSE_CENTS, symbols
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.domain.market.staleness import Cadence
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import Bus, BusEvent, Ticks
from tickfolio.live.bus.redis import RedisBus
from tickfolio.live.engine import Engine
from tickfolio.live.facts import Instance
from tickfolio.live.hub import Hub
from tickfolio.live.pacer import BEAT_SECONDS, Beat, Pacer
from tickfolio.live.ports import PortfolioSource
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.lifespan import Lifespan
from tickfolio.runtime.logs import configure_logs
from tickfolio.runtime.server import bind, serve

BUS_BEAT_SECONDS = 0.1
PREVIOUS_CLOSE = Decimal(PREVIOUS_CLOSE_CENTS).scaleb(-2)
AT_ONCE = Beat(number=0, includes_hidden=False, is_housekeeping=False)


class NoPortfolios:
    """The `PortfolioSource` of a market without portfolios."""

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        """There is none."""

    def check_rights(self, user: int) -> None:
        """Nobody has any."""

    def attempt(self, portfolio: str, work: Callable[[], None]) -> bool:
        """Does `work`."""
        work()
        return True


def ticks_of(batch: Batch) -> tuple[Tick, ...]:
    """What a feed would say."""
    at = datetime.now(UTC)
    return tuple(
        Tick(
            symbol=Symbol(symbol),
            price=Decimal(stamped).scaleb(-2),
            previous_close=PREVIOUS_CLOSE,
            session_day=at.date(),
            session=MarketSession.REGULAR,
            source_time=at,
            received_time=at,
            source="synthetic",
        )
        for symbol, stamped in batch
    )


class Driven:
    """The engine, its bus and its beat, for as long as the server lives."""

    def __init__(
        self, count: int, bus: Bus, *, beat_seconds: float = BEAT_SECONDS, source: PortfolioSource | None = None
    ) -> None:
        calendar, clock = always_open(datetime.now(UTC).date()), SystemClock()
        self._count = count
        self._bus = bus
        self._is_at_once = False
        self._pacer = Pacer(interval=beat_seconds)
        self._tasks: list[asyncio.Task[None]] = []
        self.engine = Engine(
            instruments=tuple(
                Instrument(symbol=Symbol(name), name=name, mic=MIC, currency=Currency("USD")) for name in symbols(count)
            ),
            calendar_of=lambda _instrument: calendar,
            # Prices may rest while others are measured, and nothing is to be said of that.
            cadence=Cadence(tick_interval=timedelta(hours=1)),
            market_clock=clock,
            clock=clock,
            source=source or NoPortfolios(),
            instance=Instance("bench", "bench", is_replay=False),
        )

    def hub_now(self) -> Hub:
        """The hub."""
        return self.engine.hub

    async def start(self) -> None:
        """Every symbol has a price, then orders are taken."""
        await self._bus.start(self.receive)
        for tick in ticks_of([(name, 1) for name in symbols(self._count)]):
            self.engine.accept(tick)
        self._tasks = [
            asyncio.create_task(self._beat_for_ever()),
            asyncio.create_task(obey(self._count, self.deliver, before=self.follow)),
        ]

    async def stop(self) -> None:
        """Ends what was begun."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._bus.stop()

    def follow(self, order: Order) -> None:
        """Takes over the pace of an order."""
        self._is_at_once = not order.beat_ms
        self._pacer = Pacer(interval=order.beat_ms / 1000 or BEAT_SECONDS)

    async def deliver(self, batch: Batch) -> None:
        """Ticks, and their sweep where they are to go out at once."""
        self._bus.publish(Ticks(ticks_of(batch)))

    def receive(self, event: BusEvent) -> None:
        """What the bus brings."""
        if isinstance(event, Ticks):
            for tick in event.ticks:
                self.engine.accept(tick)
            if self._is_at_once:
                self.engine.beat(AT_ONCE)

    async def _beat_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._pacer.delay(loop.time()))
            pacer, began = self._pacer, loop.time()
            self.engine.beat(pacer.beat(began))
            pacer.took(loop.time() - began)


@contextmanager
def django_ready(*, port: int) -> Iterator[None]:
    """Django with the product's settings, which know the port by which pages come, and nothing in its folder."""
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as data:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tickfolio.config.settings",
            TICKFOLIO_MODE="test",
            TICKFOLIO_DATA=data,
            TICKFOLIO_PORT=str(port),
        )
        django.setup()
        configure_logs("console", level=logging.WARNING)  # standard output is for answers
        yield


def main(count: int, *, is_plain_asgi: bool, bus: str | None) -> None:
    """Serves until SIGTERM."""
    bound = bind("127.0.0.1", 0)
    with django_ready(port=bound[0].getsockname()[1]):
        from tickfolio.config.routing import socket_application  # needs the app registry

        driven = Driven(count, RedisBus(bus), beat_seconds=BUS_BEAT_SECONDS) if bus else Driven(count, InProcessBus())
        sockets = socket_application(driven.hub_now)
        application: Any = ProtocolTypeRouter({"websocket": sockets, "lifespan": Lifespan(driven)})
        say_address(bound[0])
        if is_plain_asgi:
            config = uvicorn.Config(
                application, ws="websockets-sansio", ws_per_message_deflate=False, lifespan="on", log_config=None
            )
            uvicorn.Server(config).run(sockets=bound)
        else:
            serve(application, bound, before_stop=driven.engine.hub.say_goodbye)


if __name__ == "__main__":
    raise_file_limit()
    main(
        int(sys.argv[1]),
        is_plain_asgi="asgi" in sys.argv[2:],
        bus=next((word for word in sys.argv[2:] if "://" in word), None),
    )
