"""Wake-ups from commit to page, over each kind of bus; the look at the database, which heals lost ones, does not come here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest

from tests.live.market import OPEN, calendar
from tests.live.portfolios import ALICE, MINE, Page
from tests.runtime.test_embedded import MadeUpFeed
from tests.runtime.test_embedded import Memory as MarketMemory
from tests.runtime.test_portfolio_reader import Memory
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import Bus
from tickfolio.live.bus.redis import RedisBus
from tickfolio.live.viewer import NO_RIGHTS
from tickfolio.runtime import wake
from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Embedded
from tickfolio.runtime.portfolio_reader import PortfolioReader

NEVER_SECONDS = 3600.0


class Scene:
    """A product that has just started, and one page on it."""

    def __init__(self, bus: Bus) -> None:
        self.memory = Memory()
        self.feed = MadeUpFeed(ClockPosition(run=1, at=OPEN))
        self.embedded = Embedded(
            market_from=lambda _position: self.feed,
            bus=bus,
            memory=MarketMemory().memory(),
            portfolios=self.memory.memory(),
            calendar_of=lambda _instrument: calendar(),
            clock=SystemClock(),
            build="build-1",
        )

    async def start(self) -> None:
        await self.embedded.start()
        assert self.embedded.engine is not None
        self.page = Page(self.embedded.engine)

    async def hear(self, kind: str) -> dict[str, Any]:
        """The first message of that kind."""
        return await self.until(lambda: next((one for one in self.page.take() if one["type"] == kind), None))

    async def until[T](self, found: Callable[[], T | None]) -> T:
        async with asyncio.timeout(60):
            while (value := found()) is None:
                await asyncio.sleep(0.01)
        return value


@pytest.fixture(params=["in process", "valkey"])
async def scene(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    # Nothing but a wake-up tells of anything; rights, which a look would confirm, last as long.
    monkeypatch.setattr(
        "tickfolio.runtime.embedded.PortfolioReader", partial(PortfolioReader, look_seconds=NEVER_SECONDS)
    )
    monkeypatch.setattr("tickfolio.live.people.RIGHTS_SECONDS", NEVER_SECONDS)
    bus: Bus = InProcessBus() if request.param == "in process" else RedisBus(request.getfixturevalue("valkey_url"))
    scene = Scene(bus)
    await scene.start()
    yield scene
    await scene.embedded.stop()


async def test_booking_in_another_thread_reaches_the_page(scene: Scene) -> None:
    scene.page.watch()
    await scene.hear("portfolio_snapshot")
    scene.memory.add_deposit()
    await asyncio.to_thread(wake.portfolio_changed, MINE, 3)
    event = await scene.hear("event")
    assert (event["ledger"], event["kind"]) == (3, "transaction_added")


async def test_session_that_ends_closes_its_sockets(scene: Scene) -> None:
    await scene.until(lambda: scene.memory.asked_rights or None)
    scene.memory.rights[ALICE] = NO_RIGHTS
    await asyncio.to_thread(wake.access_changed, ALICE)
    closed = await scene.until(lambda: scene.page.outlet.closed_with)
    assert closed == (1008, "signed_out")


async def test_after_the_stop_wake_ups_lead_to_nothing(scene: Scene) -> None:
    await scene.embedded.stop()
    wake.portfolio_changed(MINE, 3)
    await asyncio.sleep(0)
    assert scene.embedded.hub_now() is None


async def test_what_a_page_sees_is_audited_after_a_beat(scene: Scene) -> None:
    scene.page.watch()
    await scene.hear("portfolio_snapshot")
    assert scene.embedded.audit_report() == AuditReport()
    scene.embedded._audit._due_at = 0.0
    await scene.until(lambda: scene.embedded.audit_report().audited or None)
    assert scene.embedded.audit_report() == AuditReport(audited=1)
