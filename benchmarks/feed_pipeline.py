"""A stream of prices in a process of its own, and the way of its ticks from the socket to the quote book in this one."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from subprocess import PIPE, Popen
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quote_book import QuoteBook
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.money import Currency
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.real_time import SystemTime
from tickfolio.feeds.vendor import Surroundings
from tickfolio.feeds.yahoo.config import YahooConfig
from tickfolio.feeds.yahoo.feed import YahooFeed

SYMBOLS = 300
TICKS = 60_000
WARM_UP = 5_000


@contextmanager
def streaming_server() -> Iterator[str]:
    """A server that says `TICKS` prices of shares to whoever subscribes, as fast as they are taken; its address."""
    with Popen([sys.executable, "-m", "benchmarks.feed_pipeline"], stdout=PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield f"ws://127.0.0.1:{server.stdout.readline().strip()}/"
        finally:
            server.kill()


def ticks_a_second() -> float:
    """Ticks that a second of one core's time carries from the socket into the quote book."""
    with streaming_server() as address:
        return asyncio.run(_ticks_a_second(address))


async def _ticks_a_second(address: str) -> float:
    instruments = [_instrument(number) for number in range(SYMBOLS)]
    calendar = _always_open()
    feed = YahooFeed(YahooConfig(ws_url=address, http_url="http://127.0.0.1:9"), Surroundings())
    market = LiveMarket([feed], instruments=instruments, calendar_of=lambda _one: calendar, real_time=SystemTime())
    book = QuoteBook(instruments)
    market.want(frozenset(instrument.symbol for instrument in instruments))
    taken, began, wall = 0, 0.0, 0.0
    async for event in market.events():
        if isinstance(event, Tick):
            book.apply(event)
            taken += 1
            if taken == WARM_UP:
                began, wall = time.process_time(), time.monotonic()
            if taken == TICKS:
                break
    spent = time.process_time() - began
    print(f"  {(TICKS - WARM_UP) / (time.monotonic() - wall):,.0f} ticks/s of real time", file=sys.stderr)
    await market.stop()
    return (TICKS - WARM_UP) / spent


def _instrument(number: int) -> Instrument:
    return Instrument(symbol=Symbol(f"S{number:03d}"), name=f"Share {number}", mic="XNAS", currency=Currency("USD"))


def _always_open() -> ExchangeCalendar:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    session = Session(day=now.date(), opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=3))
    return ExchangeCalendar(mic="XNAS", zone=ZoneInfo("UTC"), sessions=[session])


async def _serve() -> None:
    """The server's side: frames are made before anybody comes."""
    from websockets.asyncio.server import ServerConnection, serve

    from tests.feeds.emulators.yahoo import framed, pricing_bytes

    start = int(datetime.now(UTC).timestamp() * 1000) - TICKS
    prices = [Decimal("189.20") + Decimal(step % 97) / 100 for step in range(TICKS)]
    frames = [
        framed(
            pricing_bytes(
                id=f"S{number % SYMBOLS:03d}",
                price=prices[number],
                time=start + number,
                currency="USD",
                exchange="NMS",
                quote_type=8,
                market_hours=1,
                change=Decimal("1.25"),
                day_volume=1000 + number,
                price_hint=2,
            )
        )
        for number in range(TICKS)
    ]

    async def talk(connection: ServerConnection) -> None:
        heard = 0
        async for message in connection:
            heard += str(message).count('"S')
            if heard >= SYMBOLS:
                for frame in frames:
                    await connection.send(frame)

    async with serve(talk, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    os.environ.setdefault("TICKFOLIO_MODE", "test")
    asyncio.run(_serve())
