"""The live path as the product composes it, on a synthetic market: `python -m benchmarks.live_server SYMBOLS INTERVAL`.

Feed, bus, engine, hub, consumer, protocol class and server are the product's own. The market's memory keeps nothing,
because the tutorial beside which this is measured has no database either.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import django
from channels.routing import ProtocolTypeRouter

from benchmarks.load_client import raise_file_limit
from benchmarks.ticks import PREVIOUS_CLOSE_CENTS, Price, bursts, symbols
from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.domain.money import Currency
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.feeds.market_source import MarketEvent
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Embedded
from tickfolio.runtime.lifespan import Lifespan
from tickfolio.runtime.logs import configure_logs
from tickfolio.runtime.ports import MarketMemory, PortfolioMemory
from tickfolio.runtime.server import bind, serve

MIC = "XNYS"


class SyntheticFeed:
    """The `MarketSource` of a synthetic market that is always open and whose time is the real one."""

    name = "synthetic"
    is_replay = False
    position = None

    def __init__(self, *, count: int, interval: float) -> None:
        self.clock = SystemClock()
        self.tick_interval = timedelta(seconds=interval)
        self._count = count
        self._interval = interval

    def instruments(self) -> tuple[Instrument, ...]:
        """All of them."""
        return tuple(
            Instrument(symbol=Symbol(name), name=name, mic=MIC, currency=Currency("USD"))
            for name in symbols(self._count)
        )

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Every symbol ticks, wanted or not."""

    async def events(self) -> AsyncIterator[MarketEvent]:
        """The bursts, tick by tick."""
        async for burst in bursts(self._count, interval=self._interval):
            for price in burst:
                yield _tick(price)

    def bars(self, symbol: Symbol) -> tuple[Bar, ...]:
        """None: nothing was before."""
        return ()


def _tick(price: Price) -> Tick:
    return Tick(
        symbol=Symbol(price.symbol),
        price=Decimal(price.cents).scaleb(-2),
        previous_close=Decimal(PREVIOUS_CLOSE_CENTS).scaleb(-2),
        session_day=price.at.date(),
        session=MarketSession.REGULAR,
        source_time=price.at,
        received_time=price.at,
        source=SyntheticFeed.name,
    )


def always_open(today: date) -> ExchangeCalendar:
    """A calendar whose session began yesterday and lasts beyond tomorrow; of the one before it, the day's change counts."""
    midnight, day = datetime(today.year, today.month, today.day, tzinfo=UTC), timedelta(days=1)
    before = Session(opens_at=midnight - 3 * day, closes_at=midnight - 2 * day, day=today - 2 * day)
    session = Session(opens_at=midnight - day, closes_at=midnight + 2 * day, day=today)
    return ExchangeCalendar(mic=MIC, zone=ZoneInfo("UTC"), sessions=[before, session])


def compose(*, count: int, interval: float) -> Embedded:
    """The product's composition with a synthetic feed and a memory that keeps nothing."""
    calendar = always_open(datetime.now(UTC).date())
    return Embedded(
        market_from=lambda position: SyntheticFeed(count=count, interval=interval),
        bus=InProcessBus(),
        memory=MarketMemory(
            register=lambda instruments: None,
            record=lambda changes: None,
            last_quotes=lambda: (),
            last_clock=lambda: None,
        ),
        portfolios=PortfolioMemory(
            load=lambda portfolio, known_head: None,
            standings=lambda asked: {},
            rights=lambda asked: {},
            rates=rate_history,
        ),
        calendar_of=lambda instrument: calendar,
        clock=SystemClock(),
        build="bench",
    )


def main(count: int, interval: float) -> None:
    """Serves until SIGTERM."""
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as data:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tickfolio.config.settings", TICKFOLIO_MODE="test", TICKFOLIO_DATA=data
        )
        django.setup()
        from tickfolio.config.routing import socket_application  # needs the app registry

        configure_logs("console", level=logging.WARNING)  # nobody reads standard output after the first line
        embedded = compose(count=count, interval=interval)
        sockets = socket_application(embedded.hub_now)
        application = ProtocolTypeRouter({"websocket": sockets, "lifespan": Lifespan(embedded)})
        bound = bind("127.0.0.1", 0)
        print(f"127.0.0.1:{bound[0].getsockname()[1]}", flush=True)
        serve(application, bound, before_stop=embedded.say_goodbye)


if __name__ == "__main__":
    raise_file_limit()
    main(int(sys.argv[1]), float(sys.argv[2]))
