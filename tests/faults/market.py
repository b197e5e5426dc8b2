"""The oracle: a market that never stands still, and a ledger, from which every right figure follows without the product.

The vendor is an emulator on loopback, which feeds the product by the wire format of a real one; the oracle knows each price
from the moment on in which it was made, and what was booked from the answers to whoever booked it.
"""

from __future__ import annotations

import bisect
import contextlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from tests.feeds.emulators.coinbase import CoinbaseEmulator
from tests.feeds.emulators.emulator import Bar, Listed, in_a_thread
from tickfolio.feeds.coinbase.config import CoinbaseConfig

COINS = {"BTC-USD": Decimal(60_000), "ETH-USD": Decimal(3_000)}
"""Traded at all hours, so that prices move whenever the tests run; with the prices they begin at."""
STEP_SECONDS = 0.25
NEVER = float("inf")
NOBODY = "http://127.0.0.1:9"
REMEMBERED = 20_000
LATELY_SECONDS = 20.0
VENDOR_SECONDS = CoinbaseConfig().aliveness.total_seconds()
"""For how long the vendor may say nothing at all until it is noticed."""
RECENT_SECONDS = 3.0
"""A price that was true so lately is right: it may be on its way to the page."""
HOPS = 4
"""From here to a page: the vendor's thread, the process that reads it, the bus, the process that serves the page."""


class Market:
    """Each price is a little higher than the one before, so that no old one can be taken for a new one."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        now = datetime.now(UTC)
        yesterday = (now - timedelta(days=1)).date()
        self.emulator = CoinbaseEmulator(
            *(
                Listed(symbol, symbol, "USD", price, price, now, days=[Bar(yesterday, price, price, price, price)])
                for symbol, price in COINS.items()
            )
        )
        began = time.monotonic()
        self._since = {symbol: deque([began], maxlen=REMEMBERED) for symbol in COINS}
        self._prices = {symbol: deque([price], maxlen=REMEMBERED) for symbol, price in COINS.items()}
        self._lock = threading.Lock()
        self._waits_since = began
        self._overslept: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)
        """When this thread got to go on, and how much later than it had asked for."""
        self._is_silent_until = 0.0
        self._stops = threading.Event()

    @property
    def environment(self) -> dict[str, str]:
        """What leads the product to this vendor, and to no other."""
        return {
            "TICKFOLIO_FEEDS": "coinbase",
            "TICKFOLIO_COINBASE_WS_URL": self.emulator.ws_url,
            "TICKFOLIO_COINBASE_HTTP_URL": self.emulator.http_url,
            "TICKFOLIO_ECB_HTTP_URL": NOBODY,
            "TICKFOLIO_FRANKFURTER_HTTP_URL": NOBODY,
        }

    def was_made_after(self, symbol: str, price: Decimal, moment: float) -> bool:
        """Whether `price` is of later than `moment` by the monotonic clock."""
        with self._lock:
            at = bisect.bisect_right(list(self._since[symbol]), moment)
            return at < len(self._prices[symbol]) and price >= self._prices[symbol][at]

    def age(self, symbol: str, price: Decimal) -> float:
        """For how many seconds `price` has not been true any more; `NEVER` where it never was."""
        with self._lock:
            since, prices = list(self._since[symbol]), list(self._prices[symbol])
        at = bisect.bisect_left(prices, price)
        if at == len(prices) or prices[at] != price:
            return NEVER
        return 0.0 if at + 1 == len(prices) else time.monotonic() - since[at + 1]

    @property
    def excuse(self) -> float:
        """By how many seconds a price may be late of which the product has no share.

        What a machine that others use too has lately kept a thread waiting that does nothing, it may have kept each on the way.
        """
        now = time.monotonic()
        with self._lock:
            lately = [late for at, late in self._overslept if at > now - LATELY_SECONDS]
            lately.append(now - self._waits_since - STEP_SECONDS)
        return HOPS * max(0.0, *lately)

    # ---------- A vendor that says nothing ----------

    def fall_silent(self) -> None:
        """Prices go on, and the vendor says neither them nor anything else, over connections that stay open."""
        self._is_silent_until = NEVER
        self.emulator.faults.is_stalled = True

    def speak(self) -> None:
        """It says prices again; to whoever asked for them in the meantime it says nothing until they ask anew."""
        self.emulator.faults.is_stalled = False
        self._is_silent_until = time.monotonic() + RECENT_SECONDS

    @property
    def unsaid(self) -> float:
        """By how many seconds a price may be late because the vendor, as far as anybody can tell, may just have none to say."""
        return VENDOR_SECONDS if time.monotonic() < self._is_silent_until else 0.0

    @contextlib.contextmanager
    def moving(self) -> Iterator[Market]:
        """The vendor serves, and its prices move until the end."""
        with in_a_thread(self.emulator) as do:
            mover = threading.Thread(target=self._move, args=(do,), name="market", daemon=True)
            mover.start()
            try:
                yield self
            finally:
                self._stops.set()
                mover.join(10)

    def _move(self, do: Callable[[Callable[[], object]], None]) -> None:
        self._waits_since = time.monotonic()
        while not self._stops.wait(STEP_SECONDS):
            now = time.monotonic()
            with self._lock:
                self._overslept.append((now, now - self._waits_since - STEP_SECONDS))
            for symbol, prices in self._prices.items():
                price = prices[-1] + Decimal(self._chance.randint(1, 40)) / 100
                with self._lock:
                    prices.append(price)
                    self._since[symbol].append(time.monotonic())
                do(partial(self.emulator.tick, symbol, price))
            self._waits_since = time.monotonic()


@dataclass(slots=True)
class Ledger:
    """What was booked in a portfolio of one account in US dollars, as the product acknowledged it."""

    units: Mapping[str, Decimal]
    cash: Decimal
    id: str = ""
    bookings: list[Decimal] = field(default_factory=list)
    """The amounts that were paid in during the faults."""

    def pay_in(self, amount: Decimal) -> None:
        """A deposit was acknowledged."""
        self.bookings.append(amount)
        self.cash += amount

    def value(self, prices: Mapping[str, Decimal]) -> Decimal:
        """What it is worth at these prices, to the cent."""
        worth = (units * prices[symbol] for symbol, units in self.units.items())
        return self.cash + sum((each.quantize(Decimal("0.01")) for each in worth), Decimal(0))
