"""Waiting for a lease, working while it is held."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from structlog.testing import capture_logs

from tickfolio.runtime.campaign import Campaign, LeaseMemory


class Made:
    """A lease that the test gives and takes, and the terms that were worked."""

    def __init__(self) -> None:
        self.token: int | None = None
        self.is_ours = True
        self.fails = False
        self.fails_to_start = 0
        self.above: list[int] = []
        self.released: list[int] = []
        self.events: list[str] = []
        self.said: list[str] = []
        self.on_over: Callable[[], None] = lambda: None

    def campaign(self) -> Campaign:
        memory = LeaseMemory(take=self._take, renew=self._renew, release=self.released.append)
        return Campaign(
            memory,
            term_of=self._term,
            newest_token=self._newest,
            say=self.said.append,
            renew_seconds=0.01,
            try_seconds=0.01,
        )

    async def _newest(self) -> int:
        return 17

    def _take(self, above: int) -> int | None:
        self.above.append(above)
        if self.fails:
            raise OSError("no database")
        return self.token

    def _renew(self, _token: int) -> bool:
        if self.fails:
            raise OSError("no database")
        return self.is_ours

    def _term(self, token: int, on_over: Callable[[], None]) -> Made:
        self.events.append(f"term {token}")
        self.on_over = on_over
        return self

    async def start(self) -> None:
        if self.fails_to_start:
            self.fails_to_start -= 1
            raise OSError("no bus")
        self.events.append("start")

    async def stop(self) -> None:
        self.events.append("stop")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


async def test_it_waits_works_and_gives_the_lease_back_at_the_end() -> None:
    made = Made()
    running = asyncio.create_task((campaign := made.campaign()).run())
    await until(lambda: made.said)
    assert (made.said, made.events) == (["waits: the lease is another process's"], [])
    made.token = 18
    await until(lambda: "start" in made.events)
    campaign.stop()
    await running
    assert made.events == ["term 18", "start", "stop"]
    assert made.released == [18]
    assert set(made.above) == {17}
    assert made.said[1:] == ["has the lease (token 18)"]


async def test_a_lease_that_another_has_taken_ends_the_term_and_it_waits_again() -> None:
    made = Made()
    made.token = 18
    running = asyncio.create_task((campaign := made.campaign()).run())
    await until(lambda: "start" in made.events)
    made.token, made.is_ours = None, False
    await until(lambda: len(made.said) == 3)
    campaign.stop()
    await running
    assert made.events == ["term 18", "start", "stop"]
    assert made.released == []
    assert made.said[1:] == ["has lost the lease", "waits: the lease is another process's"]


async def test_the_bus_may_tell_that_it_is_over() -> None:
    made = Made()
    made.token = 18
    running = asyncio.create_task((campaign := made.campaign()).run())
    await until(lambda: "start" in made.events)
    made.token = None
    made.on_over()
    await until(lambda: "stop" in made.events)
    campaign.stop()
    await running
    assert made.released == []


async def test_without_a_database_the_work_goes_on_and_nothing_new_begins() -> None:
    made = Made()
    made.token = 18
    running = asyncio.create_task((campaign := made.campaign()).run())
    await until(lambda: "start" in made.events)
    made.fails = True
    await asyncio.sleep(0.1)
    assert "stop" not in made.events
    made.fails = False
    campaign.stop()
    await running
    assert made.released == [18]


async def test_a_term_that_could_not_begin_is_ended_given_back_and_tried_again() -> None:
    made = Made()
    made.token, made.fails_to_start = 18, 1
    running = asyncio.create_task((campaign := made.campaign()).run())
    await until(lambda: "start" in made.events)
    campaign.stop()
    await running
    assert made.events == ["term 18", "stop", "term 18", "start", "stop"]
    assert made.released == [18, 18]


async def test_who_cannot_ask_for_the_lease_asks_again() -> None:
    made = Made()
    made.token, made.fails = 18, True
    running = asyncio.create_task((campaign := made.campaign()).run())
    await until(lambda: len(made.above) > 2)
    made.fails = False
    await until(lambda: "start" in made.events)
    campaign.stop()
    await running


async def test_an_absence_is_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    made = Made()
    made.fails = True
    with capture_logs() as lines:
        running = asyncio.create_task((campaign := made.campaign()).run())
        await until(lambda: len(made.above) > 3)
        assert made.said == []
        assert [(line["event"], line["reason"], line["exc_info"]) for line in lines] == [
            ("lease.out_of_reach", "no database", False)
        ]
        made.token, made.fails = 18, False
        await until(lambda: "start" in made.events)
        made.fails = True
        await asyncio.sleep(0.1)
        made.fails = False
        await until(lambda: len(lines) == 5)
        made.token, made.is_ours = None, False
        await until(lambda: "stop" in made.events)
        campaign.stop()
        await running
    assert [line["event"] for line in lines] == [
        "lease.out_of_reach",
        "lease.in_reach",
        "lease.taken",
        "lease.out_of_reach",
        "lease.in_reach",
        "lease.lost",
    ]
    assert (lines[2]["token"], lines[5]["token"]) == (18, 18)


async def test_a_fault_of_ours_is_told_with_the_way_to_it() -> None:
    made = Made()

    async def broken() -> int:
        made.above.append(0)
        raise KeyError("ours")

    with capture_logs() as lines:
        campaign = Campaign(
            LeaseMemory(take=lambda _above: None, renew=lambda _token: False, release=made.released.append),
            term_of=lambda _token, _over: made,
            newest_token=broken,
            say=made.said.append,
            try_seconds=0.01,
        )
        running = asyncio.create_task(campaign.run())
        await until(lambda: len(made.above) > 3)
        campaign.stop()
        await running
    assert [line["exc_info"] for line in lines] == [True]
