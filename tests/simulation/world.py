"""One simulated day of everything together: who acts and what breaks follows from the seed alone."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from structlog.testing import capture_logs

from tests.live.market import OPEN
from tests.live.portfolios import ALICE, BOB, MINE, OTHER
from tests.simulation.clockwork import Clock, VirtualLoop
from tests.simulation.database import Database
from tests.simulation.faults import Faults
from tests.simulation.network import PING_SECONDS
from tests.simulation.oracle import differences, remains, strays
from tests.simulation.pages import Page, Place, PlainPage, V1Page
from tests.simulation.server import Process, Surroundings, ended
from tests.simulation.valkey import ValkeyServer
from tests.simulation.vendor import RARE, SYMBOLS, Vendor
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Quote
from tickfolio.live.bus.port import AccessChanged, PortfolioChanged
from tickfolio.live.wire.messages import Subscribe

FAULTY_SECONDS = 25.0
CONVERGE_SECONDS = 25.0
"""How long after the last fault a page may still be wrong."""
SETTLE_SECONDS = 4.0
"""How long before the end the last price is made: a hidden tab is served every 2 s."""
EMPTY_SECONDS = PING_SECONDS + 63.0
"""After which nothing of those who left may be left: they are waited for a minute, once it is known that they left."""
REVOKED_SECONDS = 2.0
REVOKED_SECONDS_WITHOUT_BUS = 10.0
BUS_RECOVERS_SECONDS = 6.0
"""For how long after its return the bus may still be pausing between two attempts."""


@dataclass(slots=True)
class Findings:
    """What a simulation came to."""

    seed: int
    problems: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    digest: int = 0
    """Of every frame that arrived anywhere."""
    seen: Counter[str] = field(default_factory=Counter)
    """What came to pass that the simulation is about."""

    def report(self) -> str:
        """For a person: what went wrong, and how to see it again."""
        return "\n".join(
            [
                f"Seed {self.seed}: {len(self.problems)} problems",
                *self.problems[:10],
                *(self._ways_on() if self.problems else ()),
            ]
        )

    def _ways_on(self) -> tuple[str, ...]:
        return (
            f"To see all that happened: .venv/bin/python -m tests.simulation {self.seed}",
            "To have it tried for ever: write the number into tests/simulation/failed_seeds.txt.",
        )


class World:
    """Everything, on one clock."""

    def __init__(self, seed: int) -> None:
        self.findings = Findings(seed)
        self.draw = random.Random(seed)
        self.loop = VirtualLoop()
        self.clock = Clock(self.loop, begins_at=OPEN + timedelta(hours=1))
        self.vendor = Vendor(self.clock, self.draw)
        self.valkey = ValkeyServer(self.loop, self.draw)
        self.database = Database(self.clock)
        self.kept: dict[Symbol, Quote] = {}
        self.process: Process | None = None
        self._processes: list[Process] = []
        self.is_faulty = True
        self._trades_on = True
        self.place = Place(
            self.loop,
            self.draw,
            self.database,
            self.vendor.exchange,
            lambda: self.process,
            self.why_not,
            self.complain,
            self.note,
            self.count,
            self.see,
        )
        both = (MINE, OTHER)
        self.pages: list[Page] = [
            V1Page(self.place, "Alice", user=ALICE, session="1-one", portfolios=both),
            V1Page(self.place, "Alice's list", user=ALICE, session="1-two", portfolios=both, totals_only=True),
            V1Page(self.place, "Bob", user=BOB, session="2-one", portfolios=[OTHER]),
            V1Page(self.place, "Bob's hidden tab", user=BOB, session="2-two", portfolios=[OTHER], is_hidden=True),
            V1Page(self.place, "a visitor"),
            PlainPage(self.place, "a script"),
        ]
        self.faults = Faults(self)

    # ---------- What is said of it ----------

    def complain(self, what: str) -> None:
        """Something is not as it must be."""
        self.findings.problems.append(f"at {self.loop.time():.2f} s: {what}")
        self.note(f"PROBLEM: {what}")

    def note(self, what: str) -> None:
        """Something happened."""
        self.findings.trace.append(f"{self.loop.time():7.2f} {what}")

    def count(self, payload: bytes) -> None:
        """A frame has arrived."""
        self.findings.digest = zlib.crc32(payload, self.findings.digest)

    def see(self, what: str) -> None:
        """Something came to pass that the simulation is about."""
        self.findings.seen[what] += 1

    def why_not(self, user: int | None, session: str | None, portfolio: str | None) -> str | None:
        """Why somebody must not be told something any more, by which time the server must have known."""
        database = self.database
        if session is not None and self._knows_by_now(database.ended_at.get(session)):
            return "after the session had ended"
        if user is not None and portfolio is not None and self._knows_by_now(database.lost_at.get((user, portfolio))):
            return "after it was taken away"
        return None

    def _knows_by_now(self, since: float | None) -> bool:
        if since is None or self.process is None:
            return False
        now, valkey = self.loop.time(), self.valkey
        stopped = sum(max(0.0, min(now, until) - max(since, begun)) for begun, until in self.process.stops)
        had_bus = valkey.is_heard and since > valkey.back_at + BUS_RECOVERS_SECONDS
        limit = REVOKED_SECONDS if had_bus else REVOKED_SECONDS_WITHOUT_BUS
        # Whoever was stopped in the midst of reading has a moment more.
        return now - since > limit + stopped + (REVOKED_SECONDS if stopped else 0.0)

    # ---------- The story ----------

    def run(self) -> Findings:
        """From the first page to the last one; the loop is closed afterwards."""
        state = random.getstate()
        random.seed(self.findings.seed)  # what the product draws by itself, such as the pauses of the bus
        self.loop.set_exception_handler(lambda _loop, context: self.complain(_fault(context)))
        with capture_logs() as logs:
            try:
                self._complete(self._story())
            finally:
                self._complete(self._clear_up())
                self.loop.close()
                random.setstate(state)
        # The product goes on after what it did not foresee; here that is a fault of its own.
        for entry in logs:
            if entry["log_level"] in ("error", "critical"):
                self.complain(f"{entry}")
        return self.findings

    def _complete(self, work: Coroutine[Any, Any, None]) -> None:
        self.loop.run_until_complete(work)

    async def _story(self) -> None:
        self.start()
        for page in self.pages:
            self.loop.call_later(self.draw.uniform(0.0, 4.0), page.open)
        self._trade()
        self._live()
        self.vendor.is_unanswering = self.draw.random() < 0.4
        self.faults.begin()
        self.loop.call_at(FAULTY_SECONDS - 1.0, self.faults.blow_a_last_gale)
        await asyncio.sleep(FAULTY_SECONDS)
        self._stop_faults()
        await asyncio.sleep(CONVERGE_SECONDS - SETTLE_SECONDS)
        self._compare_states()
        await asyncio.sleep(SETTLE_SECONDS)
        self._compare()
        for page in self.pages:
            page.close()
        await asyncio.sleep(0.2)
        await self._end_feeds()
        await asyncio.sleep(EMPTY_SECONDS)
        if self.process is not None and (left := remains(self.process.hub)):
            self.complain(f"everybody has left, and the hub still holds {left}")

    async def _end_feeds(self) -> None:
        """Of feed and bus nothing is asked any more; the hub goes on."""
        if self.process is not None:
            self.process.idle()
            await self.process.end()

    async def _clear_up(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.is_alive = False
        await ended(self._processes)
        await self.loop.shutdown_asyncgens()

    def _compare(self) -> None:
        for page in self.pages:
            for difference in differences(page, self.vendor.exchange, self.database):
                self.complain(f"{page.name} {difference}")
        process = self.process
        assert process is not None, "the server was started again when the faults stopped"
        for page in self.pages:
            if isinstance(page, V1Page) and page.line is not None:
                for stray in strays(page, process, self.database):
                    self.complain(f"{page.name}: {stray}")
        for failure in process.reader.failures:
            self.complain(f"could not be valued: {failure}")

    def _compare_states(self) -> None:
        """While prices still come: into silence everything is told anyway."""
        assert self.process is not None
        report = self.process.feed.report()
        # What changed a moment ago may still be on its way.
        if (self.clock.now() - report.since).total_seconds() < SETTLE_SECONDS:
            return
        for page in self.pages:
            if (
                isinstance(page, V1Page)
                and page.line is not None
                and self.loop.time() - page.greeted_at > SETTLE_SECONDS
            ):
                told = [feed.state for feed in page.status.feeds] if page.status is not None else None
                if told != [report.state.value]:
                    self.complain(f"{page.name} says that the feed is {told}, and it is {report.state.value}")

    # ---------- Ordinary life ----------

    def _trade(self) -> None:
        """Prices come. Once the faults have stopped one symbol at most goes on: what was missed is not made good by chance."""
        if self.is_faulty:
            self.vendor.trade(self.draw.choice(SYMBOLS))
        elif self._trades_on and self.loop.time() < FAULTY_SECONDS + CONVERGE_SECONDS - SETTLE_SECONDS:
            self.vendor.trade(RARE)
        self.loop.call_later(self.draw.uniform(0.05, 0.7), self._trade)

    def _live(self) -> None:
        """People book, share, hide their tabs and leave."""
        if not self.is_faulty:
            return
        what = self.draw.random()
        if what < 0.45:
            self.book(self.draw.choice((MINE, OTHER)), self.draw.choice((1, 1, 1, 2, 5)))
        elif what < 0.52:
            self.book(self.draw.choice((MINE, OTHER)), self.draw.choice((35, 60, 70)))
        elif what < 0.62:
            self.note("Bob shares his portfolio" if not self.database.shares_other else "Bob shares it no longer")
            self.database.share_other(shares=not self.database.shares_other)
            self._tell(AccessChanged(ALICE))
        elif what < 0.65:
            page = self.draw.choice([page for page in self.pages if page.session is not None])
            self._sign_out(page)
        else:
            self._act(self.draw.choice([page for page in self.pages if isinstance(page, V1Page)]))
        self.loop.call_later(self.draw.uniform(0.2, 1.5), self._live)

    def _act(self, page: V1Page) -> None:
        what = self.draw.random()
        if what < 0.1:
            self.note(f"{page.name} asks for what there is not")
            page.say([Subscribe(id=1_000_000, quotes=["NONE"])])
        elif what < 0.5:
            self.note(f"{page.name} is {'shown' if page.is_hidden else 'hidden'}")
            page.hide(is_hidden=not page.is_hidden)
        elif RARE in page.quotes:
            self.note(f"{page.name} watches {RARE} no longer")
            page.watch_less(RARE)
        else:
            self.note(f"{page.name} watches {RARE} again")
            page.watch_more(RARE)

    def book(self, portfolio: str, times: int) -> None:
        """So many transactions are booked at once."""
        for _ in range(times):
            self.database.book(portfolio, self.draw)
        head = self.database.library.heads[portfolio]
        self.note(f"{times} booked in {portfolio[:4]}, which is at {head}")
        if self.is_faulty and self.draw.random() < 0.3:
            # While the news of it is on its way.
            self.loop.call_later(self.draw.uniform(0.3, 1.6), self.draw.choice(self.pages).cut)
        # A wake-up may get lost.
        if self.draw.random() < 0.8:
            self._tell(PortfolioChanged(portfolio, head))

    def _sign_out(self, page: Page) -> None:
        assert page.user is not None
        assert page.session is not None
        if len(self.database.sessions[page.user]) > 1:
            self.note(f"{page.name} signs out")
            self.database.sign_out(page.user, page.session)
            self._tell(AccessChanged(page.user))

    def _tell(self, message: PortfolioChanged | AccessChanged) -> None:
        if self.process is not None:
            self.process.bus.publish(message)

    # ---------- The server ----------

    def kill(self) -> None:
        """The server process is gone, at times with a word, and its supervisor starts it again."""
        if self.process is not None:
            process, self.process = self.process, None
            if self.draw.random() < 0.3:
                process.does(process.hub.say_goodbye)
            process.kill()
            self.loop.call_later(self.draw.uniform(0.2, 3.0), self.start)

    def start(self) -> None:
        """A server process begins, where none runs."""
        if self.process is None:
            around = Surroundings(
                self.loop,
                self.clock,
                self.draw,
                self.vendor,
                self.valkey,
                self.database,
                self.kept,
                self.see,
                self.complain,
            )
            self.process = process = Process(around, number=len(self._processes) + 1)
            self._processes.append(process)
            self.note(f"server {len(self._processes)} starts")
            process.start()

    def _stop_faults(self) -> None:
        self.note("the faults stop")
        self.is_faulty = False
        self._trades_on = self.draw.random() < 0.5
        self.faults.stop()
        self.start()


def _fault(context: dict[str, Any]) -> str:
    error = context.get("exception")
    return f"{context.get('message')} {type(error).__name__}: {error}"


def simulated(seed: int) -> Findings:
    """What the world of that seed came to."""
    return World(seed).run()
