"""Open pages over the live protocol, and what the oracle says of each: is it right, and does it ever show as live what is not?"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from tests.faults.client_threads import ClientThread
from tests.faults.market import COINS, NEVER, RECENT_SECONDS, Ledger, Market
from tickfolio.client import LiveClient
from tickfolio.client.live_client import Disconnected
from tickfolio.live.wire.messages import Delta, QuoteRow, Snapshot, Status, Welcome
from tickfolio.live.wire.portfolio_messages import Access, Event, PortfolioDelta, PortfolioRow, PortfolioSnapshot
from tickfolio.live.wire.vocabulary import PORTFOLIO, QUOTES

SOCKET = (Path(__file__).parents[2] / "frontend" / "src" / "live" / "socket.ts").read_text(encoding="utf-8")
SILENCE_SECONDS = (
    sum(int(ms.replace("_", "")) for ms in re.findall(r"\b(?:STALE_AFTER|WATCH_EVERY)_MS = (\d+(?:_\d+)*);", SOCKET))
    / 1000
)
"""After which a page calls its prices stale by itself, at the latest: those of Tickfolio look for silence now and then."""
SAY_STALE_SECONDS = 5.0
ON_ITS_WAY = 1.5
"""What a machine that is busy with the product may take, between a price and the page, and between the page and who looks at it."""
LOOK_SECONDS = 0.1
WITHHELD = "withheld"


class OpenPage(ClientThread):
    """A client in a thread of its own, which reconnects by itself as a page does."""

    def __init__(
        self,
        name: str,
        address: str,
        *,
        origin: str,
        signed_in: dict[str, str] | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.name = name
        self.ledger = ledger
        self.disconnections: list[str] = []
        self.frames = 0
        self.heard_at = 0.0
        self.portfolios = ""
        """What the server said last of its portfolios: `current`, `behind` or `withheld`."""
        self.ended = ""
        self.ended_at = 0.0
        self.access_at = 0.0
        """When it was told last that what may be watched has changed."""
        self.roles: dict[str, str] = {}
        """By id of a portfolio, as what it is watched by what was told last."""
        self.told: Counter[str] = Counter()
        """How many messages came of each scope."""
        self.told_while: Counter[str] = Counter()
        """How many came of portfolios while the server said so of them: `behind`, for instance."""
        self._is_connected = False
        self._feeds_are_live = True
        self._answered: set[str] = set()
        """The scopes that this connection has told of: what is held of the others is left of an earlier one."""
        self.client = LiveClient(
            address,
            quotes=list(COINS),
            portfolios=[ledger.id] if ledger is not None else [],
            headers={"Origin": origin, **(signed_in or {})},
        )
        self._begin(name)

    @property
    def says_live(self) -> bool:
        """Whether somebody who looks at the page is told that its prices are those of now."""
        is_silent = time.monotonic() - self.heard_at > SILENCE_SECONDS
        is_marked = any(row.quality != "live" for row in self.client.quotes.values())
        is_caught_up = self._answered == self._scopes
        return self._is_connected and is_caught_up and self._feeds_are_live and not is_silent and not is_marked

    @property
    def told_of_portfolios(self) -> int:
        """How many messages told of one."""
        return self.told.total() - self.told[QUOTES]

    @property
    def _scopes(self) -> set[str]:
        return {QUOTES} if self.ledger is None else {QUOTES, PORTFOLIO + self.ledger.id}

    def shown(self) -> Iterator[tuple[str, Decimal]]:
        """Every price on the page: those of quotes, and those of holdings."""
        for symbol, row in self.client.quotes.items():
            if row.price is not None:
                yield symbol, Decimal(row.price)
        # What is withheld is called so, whatever becomes of prices.
        for held in self._holdings() if self.portfolios != WITHHELD else ():
            if held.price is not None:
                yield held.symbol, Decimal(held.price)

    def differences(self, market: Market, since: float) -> Iterator[str]:
        """In what the page is not as the oracle says; prices of before the moment `since` prove nothing."""
        if not self.says_live:
            yield f"does not say live (connected {self._is_connected}, feeds live {self._feeds_are_live})"
        rows: dict[str, QuoteRow] = dict(self.client.quotes)
        if set(rows) != set(COINS):
            yield f"shows {sorted(rows)}"
        for symbol, price in self.shown():
            age = market.age(symbol, price)
            if age > RECENT_SECONDS + market.excuse or not market.was_made_after(symbol, price, since):
                yield f"shows {symbol} at {price}, which has not been true for {age:.1f} s"
        if self.ledger is not None:
            yield from self._ledger_differences(self.ledger)

    def _ledger_differences(self, ledger: Ledger) -> Iterator[str]:
        held = self.client.portfolios.get(ledger.id)
        if held is None or held.totals is None:
            yield "holds nothing of the portfolio"
            return
        if self.portfolios == WITHHELD:
            yield "is told that portfolios are withheld"
        holdings = {row.symbol: row for row in held.rows.values() if row.kind == "holding"}
        units = {symbol: Decimal(row.quantity) for symbol, row in holdings.items()}
        cash = sum((Decimal(row.quantity) for row in held.rows.values() if row.kind == "cash"), Decimal(0))
        if units != ledger.units or cash != ledger.cash:
            yield f"holds {units} and {cash}, which are {ledger.units} and {ledger.cash}"
        elif any(row.price is None for row in holdings.values()):
            yield "has holdings without a price"
        else:
            prices = {symbol: Decimal(row.price or 0) for symbol, row in holdings.items()}
            if Decimal(held.totals.value) != ledger.value(prices):
                yield f"is worth {held.totals.value}, which is {ledger.value(prices)} at its own prices"

    def _holdings(self) -> list[PortfolioRow]:
        held = None if self.ledger is None else self.client.portfolios.get(self.ledger.id)
        return [] if held is None else [row for row in held.rows.values() if row.kind == "holding"]

    async def _read(self) -> None:
        try:
            async for message in self.client:
                if isinstance(message, Disconnected):
                    self._is_connected = False
                    self._answered.clear()
                    self.disconnections.append(message.reason)
                    continue
                self._is_connected, self.heard_at = True, time.monotonic()
                self.frames += 1
                if isinstance(message, Snapshot | Delta | PortfolioSnapshot | PortfolioDelta):
                    self._answered.add(message.scope)
                if isinstance(message, Snapshot | Delta | PortfolioSnapshot | PortfolioDelta | Event):
                    self.told[message.scope] += 1
                    self.told_while[self.portfolios] += message.scope != QUOTES
                if isinstance(message, Welcome | Access):
                    self.roles = {each.id: each.role for each in message.portfolios}
                if isinstance(message, Access):
                    self.access_at = time.monotonic()
                if isinstance(message, Status):
                    self.portfolios = "" if message.portfolios is None else message.portfolios.state
                    self._feeds_are_live = bool(message.feeds) and all(
                        feed.state == "live" for feed in message.feeds if feed.feed == "coinbase"
                    )
        except Exception as error:  # noqa: BLE001  # whatever ended it for good is what a test wants to know
            self._is_connected = False
            self.ended, self.ended_at = f"{type(error).__name__}: {error}", time.monotonic()


class Watch:
    """Looks at every open page ten times a second: whether it says live, and how old what it shows then is."""

    def __init__(self, market: Market, pages: Sequence[OpenPage]) -> None:
        self._market = market
        self.pages = list(pages)
        self.looks = 0
        self.lies: list[str] = []
        self.oldest = 0.0
        """The greatest age of a price that a page showed as live."""
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._look_for_ever, name="watch", daemon=True)

    @contextlib.contextmanager
    def looking(self) -> Iterator[Watch]:
        """Looks until the end."""
        self._thread.start()
        try:
            yield self
        finally:
            self._stops.set()
            self._thread.join(10)

    def _look_for_ever(self) -> None:
        while not self._stops.wait(LOOK_SECONDS):
            for page in self.pages:
                self._look(page)

    def _look(self, page: OpenPage) -> None:
        for symbol, price in list(page.shown()):
            age = self._market.age(symbol, price)
            if not page.says_live:  # looked at after the price: one that came in between is no lie
                continue
            self.looks += 1
            if age != NEVER and not self._market.unsaid:
                self.oldest = max(self.oldest, age)
            if age > SAY_STALE_SECONDS + ON_ITS_WAY + self._market.excuse + self._market.unsaid:
                self.lies.append(f"{page.name} shows {symbol} at {price} as live, {age:.1f} s after it was true")
