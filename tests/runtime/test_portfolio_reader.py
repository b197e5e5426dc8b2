"""The reader between a running engine and a memory that is a few dictionaries, with its real threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from tests.live.market import AAPL, OPEN, SetClock, beat, engine, tick
from tests.live.portfolios import ALICE, BOB, CALENDAR, MINE, OTHER, RATES, SCOPE, Page, book, deposit, sell, visible
from tickfolio.live.engine import Engine
from tickfolio.live.ports import LedgerEvent, Standing
from tickfolio.live.viewer import Rights
from tickfolio.runtime.portfolio_reader import PortfolioReader
from tickfolio.runtime.ports import PortfolioMemory, StoredPortfolio

SESSION = frozenset({"session"})


class Memory:
    """Portfolios and rights as threads read them; it can be made to fail and to take its time."""

    def __init__(self) -> None:
        self.stored = {MINE: StoredPortfolio(Standing(2, "Europe/Berlin"), book(), ())}
        self.rights = {ALICE: Rights((visible(),), SESSION)}
        self.fails = False
        self.probes = 0
        self.asked_rights: list[set[int]] = []
        self.threads: set[int] = set()
        self.may_load = threading.Event()
        self.may_load.set()

    def memory(self) -> PortfolioMemory:
        return PortfolioMemory(
            load=self._load, standings=self._standings, rights=self._rights, rates=lambda: RATES, probe=self._probe
        )

    def add_deposit(self) -> None:
        held = self.stored[MINE]
        head = held.standing.head + 1
        transactions = (*held.book.transactions, deposit("1.00", at=OPEN, sequence=head))
        self.stored[MINE] = StoredPortfolio(
            replace(held.standing, head=head),
            replace(held.book, transactions=transactions),
            (*held.events, LedgerEvent(head, "transaction_added", None)),
        )

    def _load(self, portfolio: str, known_head: int | None) -> StoredPortfolio | None:
        self._note()
        assert self.may_load.wait(10)
        stored = self.stored.get(portfolio)
        if stored is None:
            return None
        since = stored.standing.head if known_head is None else known_head
        return replace(stored, events=tuple(event for event in stored.events if event.sequence > since))

    def _standings(self, asked: frozenset[str]) -> Mapping[str, Standing]:
        self._note()
        return {portfolio: self.stored[portfolio].standing for portfolio in asked if portfolio in self.stored}

    def _rights(self, asked: Mapping[int, frozenset[str]]) -> Mapping[int, Rights]:
        self.asked_rights.append(set(asked))
        self._note()
        return {user: self.rights[user] for user in asked if user in self.rights}

    def _probe(self) -> None:
        self.probes += 1
        self._note()

    def _note(self) -> None:
        self.threads.add(threading.get_ident())
        if self.fails:
            raise OSError("no database")


class Running:
    """An engine whose reader runs, without a feed and a beat of its own."""

    def __init__(self, memory: Memory, *, look_seconds: float = 0.02) -> None:
        self.clock = SetClock()
        self.reader = PortfolioReader(
            memory.memory(), calendar_of=lambda _instrument: CALENDAR, look_seconds=look_seconds, probe_seconds=0.01
        )
        self.market: Engine = engine(self.clock, source=self.reader)
        self.reader.attach(self.market.hub, self.market.market)
        self.market.accept(tick("501.00"))
        self._lookouts: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Running:
        for watch in (self.reader.watch_standings, self.reader.watch_rights, self.reader.watch_reach):
            self._lookouts.append(asyncio.create_task(self._again(watch)))
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._lookouts:
            task.cancel()
        await asyncio.gather(*self._lookouts, return_exceptions=True)
        await self.reader.stop()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # threads have no event to wait for
                await asyncio.sleep(0.005)

    async def hear(self, page: Page, kind: str) -> dict[str, Any]:
        """The first message of that kind; the beat goes on meanwhile."""
        found: list[dict[str, Any]] = []

        def is_heard() -> bool:
            self.market.beat(beat(1))
            found.extend(message for message in page.take() if message["type"] == kind)
            return bool(found)

        await self.until(is_heard)
        return found[0]

    async def _again(self, watch: Callable[[], Any]) -> None:
        """What the supervisor does."""
        while True:
            try:
                await watch()
            except OSError:
                await asyncio.sleep(0.01)


async def test_portfolio_is_read_in_another_thread_and_answered_on_the_loop() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        snapshot = await running.hear(page, "portfolio_snapshot")
        assert snapshot["totals"]["value"] == "11010.00"
        assert threading.get_ident() not in memory.threads


async def test_a_portfolio_is_read_in_another_currency_beside_its_own_and_goes_with_it() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch(f"{MINE}@EUR")
        snapshot = await running.hear(page, "portfolio_snapshot")
        # 11,010 dollars, each row at 1.25 dollars a euro.
        assert (snapshot["totals"]["currency"], snapshot["totals"]["value"]) == ("EUR", "8808.00")
        memory.add_deposit()
        delta = await running.hear(page, "portfolio_delta")
        assert (delta["scope"], delta["totals"]["value"]) == (f"portfolio:{MINE}@EUR", "8808.80")
        running.market.beat(beat(1))
        assert "event" not in page.kinds()
        memory.rights[ALICE] = Rights((), SESSION)
        await running.hear(page, "access")
        page.say({"type": "refresh", "scope": f"portfolio:{MINE}@EUR"})
        assert page.take()[-1]["code"] == "unknown_portfolio"


async def test_a_portfolio_in_a_currency_without_any_rate_is_refused_and_goes_on_in_its_own() -> None:
    async with Running(Memory()) as running:
        page = Page(running.market)
        page.watch(f"{MINE}@XXX")
        error = await running.hear(page, "error")
        assert (error["code"], error["id"], error["scope"]) == ("unknown_portfolio", 1, f"portfolio:{MINE}@XXX")
        page.watch()
        snapshot = await running.hear(page, "portfolio_snapshot")
        assert (snapshot["scope"], snapshot["totals"]["value"]) == (SCOPE, "11010.00")


async def test_reading_that_takes_its_time_holds_up_nobody() -> None:
    memory = Memory()
    memory.may_load.clear()
    async with Running(memory) as running:
        page = Page(running.market)
        page.say({"type": "subscribe", "id": 1, "quotes": ["AAPL"], "portfolios": [MINE]})
        await running.until(lambda: memory.threads)
        running.market.accept(tick("502.00", at=OPEN.replace(second=1)))
        running.market.beat(beat(1))
        assert "delta" in page.kinds()
        memory.may_load.set()
        await running.hear(page, "portfolio_snapshot")


async def test_transactions_that_the_market_has_reached_meanwhile_count_at_once() -> None:
    memory = Memory()
    transactions = (*book().transactions, sell("4", "510.00", at=OPEN.replace(minute=45)))
    memory.stored[MINE] = StoredPortfolio(Standing(3, "Europe/Berlin"), book(*transactions), ())
    async with Running(memory) as running:
        running.clock.market = OPEN.replace(minute=45)
        page = Page(running.market)
        page.watch()
        snapshot = await running.hear(page, "portfolio_snapshot")
        assert sorted(row["quantity"] for row in snapshot["rows"].values()) == ["6", "8040.00"]


async def test_what_follows_from_a_corporate_action_is_read_as_soon_as_it_is_told_of() -> None:
    memory = Memory()
    async with Running(memory, look_seconds=3600) as running:
        page = Page(running.market)
        page.watch()
        await running.hear(page, "portfolio_snapshot")
        held = memory.stored[MINE]
        derived = deposit("1.00", at=OPEN, sequence=-1)
        memory.stored[MINE] = StoredPortfolio(
            replace(held.standing, actions=1),
            replace(held.book, transactions=(*held.book.transactions, derived)),
            held.events,
        )
        running.reader.look_now()
        delta = await running.hear(page, "portfolio_delta")
        assert delta["ledger"] == held.standing.head
        assert [row["quantity"] for row in delta["rows"].values() if "quantity" in row] == ["6001.00"]


async def test_what_another_process_booked_is_found_without_any_wake_up() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        await running.hear(page, "portfolio_snapshot")
        memory.add_deposit()
        event = await running.hear(page, "event")
        assert event["ledger"] == 3


async def test_rights_that_changed_without_any_wake_up_are_found() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        await running.hear(page, "portfolio_snapshot")
        memory.rights[ALICE] = Rights((), SESSION)
        access = await running.hear(page, "access")
        assert access["portfolios"] == []


async def test_session_that_ended_without_any_wake_up_is_found() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        del memory.rights[ALICE]
        await running.until(lambda: page.outlet.closed_with)
        assert page.outlet.closed_with == (1008, "signed_out")


async def test_person_who_is_asked_about_is_read_at_once_and_alone() -> None:
    memory = Memory()
    memory.rights[BOB] = Rights((visible(OTHER),), SESSION)
    async with Running(memory, look_seconds=3600) as running:
        await running.until(lambda: not running.reader._is_asked.is_set())
        alice = Page(running.market)
        bob = Page(running.market, user=BOB, portfolios=(visible(OTHER),))
        await running.until(lambda: memory.asked_rights and memory.asked_rights[-1] == {ALICE, BOB})
        memory.rights[ALICE] = Rights((), SESSION)
        running.market.hub.access_changed(ALICE)
        await running.hear(alice, "access")
        assert memory.asked_rights[-1] == {ALICE}
        assert "access" not in bob.kinds()


async def test_portfolio_that_is_gone_is_looked_up_in_the_rights() -> None:
    memory = Memory()
    memory.stored.clear()
    async with Running(memory, look_seconds=3600) as running:
        page = Page(running.market)
        await running.until(lambda: memory.asked_rights)
        memory.rights[ALICE] = Rights((), SESSION)
        page.watch()
        error = await running.hear(page, "error")
        assert error["code"] == "unknown_portfolio"


async def test_database_that_is_away_is_told_and_tried_again() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        memory.fails = True
        page.watch()
        error = await running.hear(page, "error")
        assert error["code"] == "portfolio_unavailable"
        memory.fails = False
        await running.hear(page, "portfolio_snapshot")


async def test_database_is_asked_again_and_again_and_each_answer_is_of_when_it_was_asked() -> None:
    memory = Memory()
    async with Running(memory) as running:
        reach = running.market.hub.reach
        running.clock.pass_seconds(60.0)
        await running.until(lambda: not reach.is_lost)
        memory.fails = True
        failed = memory.probes
        await running.until(lambda: memory.probes > failed + 1)  # the one before was on its way
        running.clock.pass_seconds(60.0)
        asked = memory.probes
        await running.until(lambda: memory.probes > asked + 2)
        assert reach.silence >= 60.0
        memory.fails = False
        await running.until(lambda: not reach.is_lost)


async def test_rights_are_of_the_moment_at_which_they_were_asked_for() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        await running.hear(page, "portfolio_snapshot")
        memory.fails = True
        asked = len(memory.asked_rights)
        await running.until(lambda: len(memory.asked_rights) > asked + 1)
        running.clock.pass_seconds(60.0)
        running.market.beat(beat(1))
        page.take()
        memory.fails = False
        await running.hear(page, "portfolio_snapshot")
        assert running.market.hub.people.confirmed_at(page.connection) == 60.0


async def test_only_symbols_of_transactions_are_listened_to() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        await running.hear(page, "portfolio_snapshot")
        held = running.market.hub.portfolios.shelf.get(MINE)
        assert held is not None
        assert held.symbols == {AAPL}


async def test_stop_ends_what_is_being_read() -> None:
    memory = Memory()
    memory.may_load.clear()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        await running.until(lambda: memory.threads)
        memory.may_load.set()
    running.reader.load(MINE, known_head=None, spare=None)
    await asyncio.sleep(0)
    assert page.kinds()[:1] == ["welcome"]


def test_error_in_one_portfolio_is_noted_and_swallowed() -> None:
    reader = PortfolioReader(Memory().memory(), calendar_of=lambda _instrument: CALENDAR)
    assert reader.attempt(MINE, lambda: None)
    assert not reader.attempt(MINE, [].pop)


async def test_second_booking_renews_what_the_first_one_left_over() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        await running.hear(page, "portfolio_snapshot")
        for sequence in (3, 4, 5, 6):
            memory.add_deposit()
            running.market.hub.portfolios.head_heard(MINE, sequence)
            event = await running.hear(page, "event")
            assert event["ledger"] == sequence
        page.say({"type": "refresh", "scope": f"portfolio:{MINE}"})
        snapshot = await running.hear(page, "portfolio_snapshot")
        assert snapshot["totals"]["value"] == "11014.00"


async def test_ledger_that_cannot_be_renewed_is_folded_anew() -> None:
    memory = Memory()
    async with Running(memory) as running:
        page = Page(running.market)
        page.watch()
        await running.hear(page, "portfolio_snapshot")
        for head, price in ((3, "1.00"), (4, "2.00"), (5, "3.00")):
            transactions = (deposit(f"{price}"), *book().transactions[1:])
            standing = replace(memory.stored[MINE].standing, head=head)
            memory.stored[MINE] = StoredPortfolio(standing, book(*transactions), ())
            await running.until(partial(_shows, running, head))
        running.market.beat(beat(1))
        held = running.market.hub.portfolios.shelf.get(MINE)
        assert held is not None
        assert held.rows is not None
        assert held.rows.totals.value == "1013.00"


def _shows(running: Running, ledger: int) -> bool:
    """Whether pages see that state of the ledger, after one more beat."""
    running.market.beat(beat(1))
    held = running.market.hub.portfolios.shelf.get(MINE)
    return held is not None and held.rows is not None and held.rows.ledger == ledger
