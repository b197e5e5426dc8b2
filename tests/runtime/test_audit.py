"""What pages see is valued once more from nothing, and what is not the same is counted and named."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from structlog.testing import capture_logs

from tests.live.market import AAPL, IBM, OPEN, SetClock, beat, engine, tick
from tests.live.portfolios import (
    ACCOUNT,
    ALICE,
    CALENDAR,
    MINE,
    OTHER,
    Library,
    Page,
    book,
    buy,
    deposit,
    sell,
    visible,
)
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.valuation.holdings import HoldingSums
from tickfolio.live.engine import Engine
from tickfolio.runtime.audit import TOTALS, Audit, AuditReport, differences
from tickfolio.runtime.ports import DaysCompared


class Scene:
    """A market in which Alice watches a portfolio, and an audit that is due whenever a minute has passed."""

    def __init__(self, compare_days: Callable[[str], DaysCompared] = lambda _portfolio: DaysCompared()) -> None:
        self.clock = SetClock()
        self.library = Library(lambda: self.clock.market)
        self.library.keep(MINE, book())
        self.library.admit(ALICE, visible(), visible(OTHER, name="Other"))
        self.market: Engine = engine(self.clock, source=self.library)
        self.library.market = self.market
        self.threads = set[int]()
        self.audit = Audit(
            calendar_of=lambda _instrument: CALENDAR,
            compare_days=compare_days,
            monotonic=self.clock.monotonic,
        )
        self.price("501.00")
        self.page = Page(self.market, portfolios=(visible(), visible(OTHER, name="Other")))

    def price(self, price: str, *, seconds: int = 0) -> None:
        self.market.accept(tick(price, at=OPEN + timedelta(seconds=seconds)))

    def watch(self, *portfolios: str) -> None:
        self.page.watch(*portfolios)
        self.library.answer()
        self.market.beat(beat(1))

    def pass_a_minute(self) -> None:
        """And rights are read every few seconds of it."""
        self.clock.pass_seconds(60)
        self.library.asked_users.append(ALICE)
        self.library.answer_rights()

    async def minute(self) -> AuditReport:
        """A minute later a beat has been, and what was begun after it is done."""
        self.pass_a_minute()
        self.market.beat(beat(1))
        self.audit.after_beat(self.market)
        await self.settled()
        return self.audit.report()

    async def settled(self) -> None:
        task = self.audit._task
        if task is not None:
            await task


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    await scene.audit.stop()


def corrupt(scene: Scene) -> None:
    """The cell of AAPL forgets what a unit is worth, and is shown with the next price."""
    held = scene.market.hub.portfolios.shelf.get(MINE)
    assert held is not None
    assert held._loaded is not None
    cell = held._loaded.live.account(ACCOUNT).holdings[AAPL]
    assert isinstance(cell._sums, HoldingSums)
    cell._sums = replace(cell._sums, unit=Decimal(2))
    scene.price("502.00", seconds=1)


async def test_what_pages_see_is_what_a_valuation_from_nothing_comes_to(scene: Scene) -> None:
    scene.watch(MINE)
    with capture_logs() as logs:
        assert await scene.minute() == AuditReport(audited=1)
    assert [(line["event"], line["portfolio"], line["mismatches"]) for line in logs] == [("audit.done", MINE, 0)]


async def test_a_corrupted_cell_is_counted_and_named(scene: Scene) -> None:
    scene.watch(MINE)
    corrupt(scene)
    with capture_logs() as logs:
        assert await scene.minute() == AuditReport(audited=1, mismatches=1)
    (error,) = (line for line in logs if line["log_level"] == "error")
    assert (error["event"], error["portfolio"], error["row"]) == ("audit.mismatch", MINE, f"h:{ACCOUNT}:AAPL")
    assert error["columns"] == ["worth"]


async def test_one_portfolio_a_minute_in_turn(scene: Scene) -> None:
    scene.library.keep(OTHER, book(deposit("5.00")))
    scene.watch(MINE, OTHER)
    with capture_logs() as logs:
        for _ in range(3):
            await scene.minute()
        scene.audit.after_beat(scene.market)  # not due
        await scene.settled()
    assert [line["portfolio"] for line in logs if line["event"] == "audit.done"] == [MINE, OTHER, MINE]


async def test_nothing_is_audited_where_nothing_is_watched(scene: Scene) -> None:
    assert await scene.minute() == AuditReport()


async def test_what_changed_since_the_beat_waits_for_the_next(scene: Scene) -> None:
    scene.watch(MINE)
    scene.pass_a_minute()
    scene.price("503.00", seconds=2)
    scene.market.hub.portfolios.shelf.mark_changed()
    scene.audit.after_beat(scene.market)
    await scene.settled()
    assert scene.audit.report().audited == 0
    scene.market.beat(beat(1))
    scene.audit.after_beat(scene.market)
    await scene.settled()
    assert scene.audit.report() == AuditReport(audited=1)


async def test_prices_that_come_while_it_is_worked_out_change_nothing(scene: Scene) -> None:
    scene.watch(MINE)
    scene.pass_a_minute()
    scene.market.beat(beat(1))
    scene.audit.after_beat(scene.market)
    scene.price("777.00", seconds=3)
    scene.market.beat(beat(2))
    scene.library.book(MINE, buy("1", "400.00", sequence=3))
    scene.market.hub.portfolios.head_heard(MINE, 3)
    scene.library.answer()
    scene.market.beat(beat(3))
    await scene.settled()
    assert scene.audit.report() == AuditReport(audited=1)


async def test_stored_days_that_differ_are_counted_and_named() -> None:
    threads = set[int]()

    def compare(portfolio: str) -> DaysCompared:
        threads.add(threading.get_ident())
        assert portfolio == MINE
        return DaysCompared(9, (date(2012, 5, 18),))

    scene = Scene(compare)
    scene.watch(MINE)
    with capture_logs() as logs:
        assert await scene.minute() == AuditReport(audited=1, days=9, mismatches=1)
    assert [line["row"] for line in logs if line["log_level"] == "error"] == ["day 2012-05-18"]
    assert threading.get_ident() not in threads
    await scene.audit.stop()


async def test_one_that_comes_to_no_end_is_counted_and_the_next_goes_on() -> None:
    answers: Iterator[OSError | DaysCompared] = iter([OSError("no database"), DaysCompared()])

    def compare(_portfolio: str) -> DaysCompared:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    scene = Scene(compare)
    scene.watch(MINE)
    assert await scene.minute() == AuditReport(failures=1)
    assert await scene.minute() == AuditReport(audited=1, failures=1)
    await scene.audit.stop()


async def test_many_edits_and_prices_leave_no_mismatch(scene: Scene, is_long_run: bool) -> None:
    """What is appended is applied, what is of the past is folded again, and each is valued in its place."""
    random, rounds = Random(7), 400 if is_long_run else 80
    written: list[Transaction] = [deposit("90000.00"), buy("50", "400.00"), buy("50", "30.00", symbol=IBM, sequence=3)]
    scene.library.keep(MINE, book(*written))
    scene.watch(MINE)
    for sequence in range(4, 4 + rounds):
        at = OPEN - timedelta(days=random.randint(0, 29), minutes=random.randint(0, 1000))
        symbol = random.choice((AAPL, IBM))
        made: Transaction = random.choice(
            (
                buy("3", f"{random.randint(1, 600)}.25", symbol=symbol, at=at, sequence=sequence),
                sell("0.3", f"{random.randint(1, 600)}.75", symbol=symbol, at=at, sequence=sequence),
                deposit(f"{random.randint(1, 900)}.10", at=at, sequence=sequence),
            )
        )
        if random.random() < 0.3 and len(written) > 6:
            written.pop(random.randrange(3, len(written)))
        written.append(made)
        scene.library.books[MINE] = book(*written)
        scene.library.note(MINE, "transaction_edited", transaction=made.id)
        scene.market.hub.portfolios.head_heard(MINE, scene.library.heads[MINE])
        scene.library.answer()
        scene.clock.market = OPEN + timedelta(seconds=sequence)
        scene.market.accept(tick(f"{random.randint(100, 700)}.5", symbol=symbol, at=scene.clock.market))
        await scene.minute()
    assert scene.audit.report() == AuditReport(audited=rounds)


async def test_stopping_does_not_wait_for_ever(scene: Scene) -> None:
    scene.watch(MINE)
    scene.pass_a_minute()
    scene.market.beat(beat(1))
    scene.audit.after_beat(scene.market)
    async with asyncio.timeout(10):
        await scene.audit.stop()


def test_rows_that_only_one_has_other_orders_and_totals_differ() -> None:
    scene = Scene()
    scene.watch(MINE)
    held = scene.market.hub.portfolios.shelf.get(MINE)
    assert held is not None
    sample = held.sample(scene.market.market)
    assert sample is not None
    shown = sample.valuation
    first, second = shown.rows
    assert list(differences(shown, shown)) == []
    assert list(differences(shown, replace(shown, rows=(first,)))) == [(second.key, ["key"])]
    assert list(differences(shown, replace(shown, rows=(second, first)))) == [(first.key, ["key"])]
    totals = shown.totals.but(value=Decimal(1), priced=7)
    assert list(differences(shown, replace(shown, totals=totals))) == [(TOTALS, ["value", "priced"])]
    renamed = first.but(name="Another", quantity=Decimal(9))
    assert list(differences(shown, replace(shown, rows=(renamed, second)))) == [(first.key, ["name", "quantity"])]
