"""One instance, in one process or in several over servers of its own, with a network in between that can become half-open."""

from __future__ import annotations

import contextlib
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.faults.market import COINS, Ledger, Market
from tests.faults.open_pages import OpenPage
from tests.servers.postgres import PostgresServer, postgres_server
from tests.servers.product import START_SECONDS, Product, users_environment
from tests.servers.roles import Role, children_of, seconds_until
from tests.servers.seed import seed
from tests.servers.swallowing import SwallowingProxy, swallowing_proxy
from tests.servers.valkey import ValkeyServer, valkey_server
from tests.servers.visitor import Visitor

PASSWORD = "correct horse battery staple"
UNITS = {"BTC-USD": Decimal(2), "ETH-USD": Decimal("1.5")}
PAID_IN = Decimal(500_000)
LEADS, WAITS = "has the lease (token", "waits"
AGAIN_SECONDS = 0.2


@dataclass(slots=True)
class Guest:
    """Somebody whom the portfolio is shared with, and their token for programs."""

    email: str
    role: str = "viewer"
    id: int = 0
    token: str = ""
    token_id: str = ""


class Deployment:
    """An instance that serves pages at two addresses, which may be one; the network to the first of them can be cut.

    Attributes:
        to_pages: between pages and the first of the two.
    """

    def __init__(self, market: Market, cut: Product, whole: Product, *, stack: contextlib.ExitStack) -> None:
        self.market, self.cut, self.whole = market, cut, whole
        self.to_pages: SwallowingProxy = stack.enter_context(swallowing_proxy(cut.port))
        self.ledger = Ledger(UNITS, PAID_IN - sum(UNITS[symbol] * price for symbol, price in COINS.items()))

    def seed(self, email: str, *guests: Guest) -> None:
        """A person with the portfolio, whose shares the feeds must have been asked for by now, and whom it is shared with."""
        buys = [
            {"account": "Main", "type": "buy", "at": "2026-01-06T12:00:00+00:00", "symbol": symbol}
            | {"quantity": str(units), "price": str(COINS[symbol])}
            for symbol, units in UNITS.items()
        ]
        deposit = {"account": "Main", "type": "deposit", "at": "2026-01-05T12:00:00+00:00", "amount": str(PAID_IN)}
        portfolio = {
            "name": "Coins",
            "currency": "USD",
            "accounts": [{"name": "Main", "currency": "USD"}],
            "transactions": [deposit, *buys],
            "members": {guest.email: guest.role for guest in guests},
        }
        asked = [{"email": guest.email, "password": PASSWORD, "token": "Script"} for guest in guests]
        owner = {"email": email, "password": PASSWORD, "portfolios": [portfolio]}
        *made, owned = seed(self.whole, {"people": [*asked, owner]})["people"]
        self.ledger.id = owned["portfolios"][0]["id"]
        for guest, found in zip(guests, made, strict=True):
            guest.id, guest.token, guest.token_id = found["id"], found["token"]["text"], found["token"]["id"]

    def visitor(self, email: str, at: Product | None = None) -> Visitor:
        """A person who has signed in, at the second address unless at another."""
        visitor = Visitor(at or self.whole)
        form = visitor.form("/sign-in/", action="/sign-in/")
        visitor.send("/sign-in/", form | {"login": email, "password": PASSWORD})
        return visitor

    def pay_in(self, visitor: Visitor, amount: Decimal, *, most: float) -> None:
        """Books a deposit, which the oracle knows of once it is acknowledged. It is sent until it is, and booked once."""
        path = f"/portfolios/{self.ledger.id}/transactions/new/"
        form = once_answered(lambda: visitor.form(f"{path}?type=deposit", action=path), most=most)
        assert once_answered(lambda: visitor.send(path, form | {"amount": str(amount)}), most=most) != path
        self.ledger.pay_in(amount)

    @contextlib.contextmanager
    def page(
        self, name: str, at: Product, *, visitor: Visitor | None = None, token: str = "", through_proxy: bool = False
    ) -> Iterator[OpenPage]:
        """A page that is open until the end; a person's, signed in by a session or a token, shows the portfolio, too."""
        by_session = None if visitor is None else visitor.socket_headers()
        signed_in = {"Authorization": f"Bearer {token}"} if token else by_session
        address = f"http://127.0.0.1:{self.to_pages.port}" if through_proxy else at.origin
        page = OpenPage(
            name,
            address,
            origin=at.origin,
            signed_in=signed_in,
            ledger=None if signed_in is None else self.ledger,
        )
        try:
            yield page
        finally:
            page.close()


class OneProcess(Deployment):
    """All of it in one process, over SQLite."""

    def __init__(self, market: Market, *, stack: contextlib.ExitStack) -> None:
        self.process = Product(environment={**market.environment, "TICKFOLIO_LOG_FORMAT": "json"})
        stack.callback(self.process.remove)
        self.process.start()
        super().__init__(market, self.process, self.process, stack=stack)


class Processes(Deployment):
    """One process that reads the feeds, or two, and two that serve pages; the network of the first of these can be cut.

    Attributes:
        to_bus, to_database: between the first `web` and Valkey, and PostgreSQL.
    """

    def __init__(
        self,
        folder: Path,
        market: Market,
        *,
        postgres: PostgresServer,
        valkey: ValkeyServer,
        with_standby: bool,
        stack: contextlib.ExitStack,
    ) -> None:
        self.postgres, self.valkey = postgres, valkey
        self._data = folder / "data"
        self._stack = stack
        self.to_bus = stack.enter_context(swallowing_proxy(valkey.port))
        self.to_database = stack.enter_context(swallowing_proxy(postgres.port))
        self.environment = {
            **users_environment(),
            **market.environment,
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "TICKFOLIO_LOG_FORMAT": "json",
        }
        self.feeds = [self.role("feeds") for _ in range(2 if with_standby else 1)]
        self.feeds[0].launch()
        self.feeds[0].wait_for_line(LEADS, seconds=START_SECONDS)
        for standby in self.feeds[1:]:
            standby.launch()
        behind = {
            "DATABASE_URL": through(self.to_database, postgres.url),
            "REDIS_URL": through(self.to_bus, valkey.url),
        }
        cut, whole = self.role("web", "--workers", "1", **behind), self.role("web", "--workers", "1")
        self._web = cut
        cut.launch()
        whole.start()
        cut.wait_until_served()
        for standby in self.feeds[1:]:
            standby.wait_for_line(WAITS, seconds=START_SECONDS)
        super().__init__(market, cut, whole, stack=stack)

    def role(self, name: str, *options: str, **variables: str) -> Role:
        """A process that is not started yet, removed at the end."""
        process = Role(name, *options, data=self._data, environment={**self.environment, **variables})
        self._stack.callback(process.remove)
        return process

    @property
    def leader(self) -> Role:
        """The process of `feeds` that has the lease by what it said last."""
        [leader] = [role for role in self.feeds if role.returncode is None and LEADS in role.said_last]
        return leader

    def serving(self) -> int:
        """The process of the first `web` that serves, behind its parent."""
        [child] = children_of(self._web)
        return child


def through(proxy: SwallowingProxy, url: str) -> str:
    """The same address by way of the proxy."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=re.sub(r":\d+$", f":{proxy.port}", parts.netloc)))


def once_answered[T](ask: Callable[[], T], *, most: float) -> T:
    """What is answered in the end: what the server needs for it may just have been what was gone."""
    since = time.monotonic()
    while True:
        with contextlib.suppress(OSError, HTTPException):
            return ask()
        assert time.monotonic() - since < most, f"no answer within {most} s"
        time.sleep(AGAIN_SECONDS)


def seconds_until_right(market: Market, pages: list[OpenPage], *, most: float) -> float:
    """How long until every page is as the oracle says, with prices of after now; an AssertionError with all differences."""
    since = time.monotonic()

    def differences() -> list[str]:
        return [f"{page.name}: {each}" for page in pages for each in page.differences(market, since)]

    try:
        return seconds_until(lambda: not differences(), most=most)
    except AssertionError:
        left = differences()
        assert not left, f"after {most} s: {left}"
        return most


@contextlib.contextmanager
def one_process(chance: random.Random) -> Iterator[OneProcess]:
    """An instance in one process, with its vendor."""
    with contextlib.ExitStack() as stack:
        market = stack.enter_context(Market(chance).moving())
        yield OneProcess(market, stack=stack)


@contextlib.contextmanager
def processes(folder: Path, chance: random.Random, *, with_standby: bool) -> Iterator[Processes]:
    """An instance in several, with its servers and its vendor."""
    with contextlib.ExitStack() as stack:
        market = stack.enter_context(Market(chance).moving())
        postgres = stack.enter_context(postgres_server())
        valkey = stack.enter_context(valkey_server())
        yield Processes(folder, market, postgres=postgres, valkey=valkey, with_standby=with_standby, stack=stack)
