"""Wakes the running engine after something was committed. Services call it through `transaction.on_commit`.

A wake-up is a hint: it may be lost, doubled or late, since the engine reads heads and access rights from the database every
few seconds anyway. In a process without an engine nothing happens. Every function may be called from any thread.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from tickfolio.live.bus.port import AccessChanged, BusMessage, PortfolioChanged

type Publish = Callable[[BusMessage], None]


class Waker:
    """A way from any thread into the event loop on which the bus lives."""

    def __init__(self) -> None:
        self._target: tuple[asyncio.AbstractEventLoop, Publish] | None = None

    def attach(self, loop: asyncio.AbstractEventLoop, publish: Publish) -> None:
        """From now on wake-ups are published by `publish`, on `loop`."""
        self._target = (loop, publish)

    def detach(self, publish: Publish) -> None:
        """`publish` listens no longer; one that was attached after it goes on."""
        if self._target is not None and self._target[1] == publish:
            self._target = None

    def publish(self, message: BusMessage) -> None:
        """Hands `message` over; never waits."""
        target = self._target
        if target is None:
            return
        loop, publish = target
        with contextlib.suppress(RuntimeError):  # the loop has just been closed: who comes next reads the database
            loop.call_soon_threadsafe(publish, message)


waker = Waker()


def portfolio_changed(portfolio_id: str, sequence: int) -> None:
    """The ledger of a portfolio, its name, accounts or base currency changed; `sequence` is its head now."""
    waker.publish(PortfolioChanged(portfolio_id, sequence))


def access_changed(user_id: int) -> None:
    """What a person may see changed: a role, a new portfolio, a sign-out, a password. Each session is looked at again."""
    waker.publish(AccessChanged(user_id))
