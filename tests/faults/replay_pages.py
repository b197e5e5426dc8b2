"""Pages over the replay that several processes serve, and what one without pages answers to probes."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus

from tests.faults.client_threads import ClientThread
from tests.servers.product import Product
from tests.servers.roles import Role, seconds_until
from tests.servers.visitor import Visitor
from tickfolio.client import LiveClient
from tickfolio.live.wire.messages import QuoteRow, Status

SYMBOLS = ("AAPL", "IBM")
LEADS = "has the lease (token"


class Page(ClientThread):
    """An open page: a client in a thread of its own, which reconnects by itself as a page does."""

    def __init__(self, product: Product, visitor: Visitor | None = None) -> None:
        headers = {"Origin": product.origin, **({} if visitor is None else visitor.socket_headers())}
        self.client = LiveClient(product.origin, quotes=SYMBOLS, headers=headers)
        self.heard_at = 0.0
        self.is_told_stale = False
        self.told: list[bool] = []
        """Of each time that it was told how the feeds do: whether they are stale."""
        self.texts: list[str] = []
        self.priced_at: list[str] = []
        self._begin()

    def price(self, symbol: str = "AAPL") -> str | None:
        """What the page shows."""
        row = self.client.quotes.get(symbol)
        return None if row is None else str(row.price)

    def moved_since(self, moment: float) -> bool:
        """Whether a price came after `moment`."""
        return self.heard_at > moment

    def is_called_stale_since(self, count: int) -> bool:
        """Whether its feeds were called stale after the first `count` times that it was told how they do."""
        return any(self.told[count:])

    def watch(self, portfolio: str) -> None:
        """Watches a portfolio, too."""
        asyncio.run_coroutine_threadsafe(self.client.subscribe(portfolios=[portfolio]), self._loop).result(10)

    async def _read(self) -> None:
        before: dict[str, QuoteRow] = {}
        async for message in self.client:
            shown = dict(self.client.quotes)
            if shown != before:
                before, self.heard_at = shown, time.monotonic()
                self.priced_at += [str(row.source_time) for symbol, row in shown.items() if symbol == "AAPL"]
            if isinstance(message, Status):
                self.is_told_stale = any(feed.state == "stale" for feed in message.feeds)
                self.told.append(self.is_told_stale)
            self.texts.append(type(message).__name__)


@contextlib.contextmanager
def opened(*products: Product) -> Iterator[list[Page]]:
    """A page at each of these, until the end."""
    pages = [Page(product) for product in products]
    try:
        yield pages
    finally:
        for page in pages:
            page.close()


def all_move(pages: list[Page], *, most: float) -> float:
    """How long until every page has had a newer price."""
    now = time.monotonic()
    return seconds_until(lambda: all(page.moved_since(now) for page in pages), most=most)


def probed(role: Role, path: str) -> str:
    """What a process without pages answers."""
    address = re.search(r"http://\S+(?=/)", role.printed)
    assert address is not None
    with urllib.request.urlopen(address.group() + path, timeout=60) as answer:
        return str(answer.read().decode())


def _is_ready(role: Role) -> bool:
    """Whether a process without pages has its lease and misses nothing; right after an outage it may still miss what is back."""
    try:
        return '"lease": "held"' in probed(role, "/readyz")
    except urllib.error.HTTPError as missing:
        missing.close()
        if missing.code != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return False


def wait_until_ready(role: Role, *, most: float) -> None:
    """Fails unless it is ready within `most` seconds."""
    seconds_until(lambda: _is_ready(role), most=most)
