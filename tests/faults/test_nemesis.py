"""Whatever happens to an instance, every open page is right again, and none shows as live what is not.

Real processes: one over SQLite, and several over a real PostgreSQL and a real Valkey; a network that becomes half-open; pages
are clients of the live protocol. The oracle (market.py) knows prices from the vendor and the ledger from what was acknowledged.
Each fault is printed with the time that it took (`-rP`); `./dev test --long` makes the outages as long as they are in life, more
rounds of them (FAULT_ROUNDS), and holds the times to their goals. The short form catches what hangs, on whatever machine it
runs. What is shown as live is judged in both, less what the machine itself is late (`Market.excuse`).

What it does not try: browsers, whose part of the protocol tests/e2e and the vitest tests have; several machines with clocks
that differ; networks that lose or delay a part; a network of `feeds`, or of every `web`, that is cut; a PostgreSQL or a Valkey
that takes over from another one, or has lost what it said it had kept; full disks; several faults at once, but for two pairs.
While PostgreSQL is away it judges prices alone, and not how old the ledger on a page is (test_cut_off_from_database.py has what
people are told then).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.deployment import OneProcess, Processes, one_process, processes
from tests.faults.nemesis import Case, Run, try_all, watched

REVOKED_SECONDS, REVOKED_SECONDS_WITHOUT_BUS = 2.0, 10.0
"""The goals of a run at length."""

# ---------- What happens to one process ----------


def all_is_killed(there: OneProcess, seconds: float) -> None:
    there.process.kill()
    time.sleep(seconds)
    there.process.start()


def all_is_killed_while_pages_hang(there: OneProcess, seconds: float) -> None:
    there.to_pages.swallow()
    all_is_killed(there, seconds)
    there.to_pages.heal()


def all_is_frozen(there: OneProcess, seconds: float) -> None:
    there.process.pause()
    time.sleep(seconds)
    there.process.resume()


def pages_hang(there: OneProcess | Processes, seconds: float) -> None:
    there.to_pages.swallow()
    time.sleep(seconds)
    there.to_pages.heal()


def vendor_is_silent(there: OneProcess | Processes, seconds: float) -> None:
    there.market.fall_silent()
    time.sleep(seconds)
    there.market.speak()


IN_ONE_PROCESS = (
    Case(all_is_killed, None, 0),
    Case(all_is_killed_while_pages_hang, 0, None),  # each takes its ten seconds, and neither the other's
    Case(all_is_frozen, 2, 20),
    Case(pages_hang, None, 20),
    Case(vendor_is_silent, None, 30),
)


# ---------- What happens to several ----------


def web_is_killed(there: Processes, _seconds: float) -> None:
    os.kill(there.serving(), signal.SIGKILL)


def web_is_frozen(there: Processes, seconds: float) -> None:
    child = there.serving()
    os.kill(child, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(child, signal.SIGCONT)


def feeds_are_killed(there: Processes, seconds: float) -> None:
    leader = there.leader
    leader.kill()
    time.sleep(seconds)
    leader.launch()


def feeds_are_frozen(there: Processes, seconds: float) -> None:
    leader = there.leader
    leader.pause()
    time.sleep(seconds)
    leader.resume()


def valkey_is_gone(there: Processes, seconds: float) -> None:
    there.valkey.kill()
    time.sleep(seconds)
    there.valkey.start()


def postgresql_is_gone(there: Processes, seconds: float) -> None:
    there.postgres.kill()
    time.sleep(seconds)
    there.postgres.start()


def feeds_are_killed_while_pages_hang(there: Processes, seconds: float) -> None:
    there.to_pages.swallow()
    feeds_are_killed(there, seconds)
    there.to_pages.heal()


def bus_hangs(there: Processes, seconds: float) -> None:
    there.to_bus.swallow()
    time.sleep(seconds)
    there.to_bus.heal()


def database_hangs(there: Processes, seconds: float) -> None:
    there.to_database.swallow()
    time.sleep(seconds)
    there.to_database.heal()


IN_SEVERAL = (
    Case(web_is_killed, 0, 0),
    Case(web_is_frozen, 2, 20),
    Case(feeds_are_killed, None, 0),
    Case(feeds_are_killed_while_pages_hang, 0, None),  # each takes its ten seconds, and neither the other's
    Case(feeds_are_frozen, 2, 20),
    Case(valkey_is_gone, 0.5, 0.5),
    Case(valkey_is_gone, None, 30),
    Case(postgresql_is_gone, 1, 30),
    Case(pages_hang, None, 20),
    Case(vendor_is_silent, None, 30),
    Case(bus_hangs, 1, 20),
    Case(database_hangs, 1, 20),
)


@contextlib.contextmanager
def bus_hanging(there: Processes) -> Iterator[None]:
    there.to_bus.swallow()
    try:
        yield
    finally:
        there.to_bus.heal()


def rights_end_while_the_bus_hangs(run: Run[Processes]) -> str:
    return run.rights_end(REVOKED_SECONDS_WITHOUT_BUS, during=bus_hanging(run.there))


@contextlib.contextmanager
def valkey_away(there: Processes) -> Iterator[None]:
    there.valkey.kill()
    try:
        yield
    finally:
        there.valkey.start()


def rights_end_while_valkey_is_gone(run: Run[Processes]) -> str:
    return run.rights_end(REVOKED_SECONDS_WITHOUT_BUS, during=valkey_away(run.there))


def let_go(run: Run[OneProcess]) -> str:
    with run.stuck_clients() as stuck:
        return f"gone after {stuck.gone_after():.1f} s"


# ---------- The tests ----------


@pytest.fixture
def in_one_process(seed: int, is_long_run: bool) -> Iterator[Run[OneProcess]]:
    with one_process(random.Random(seed)) as there, watched(there, is_long=is_long_run) as run:
        yield run


@pytest.fixture
def in_several(tmp_path: Path, seed: int, is_long_run: bool) -> Iterator[Run[Processes]]:
    with (
        processes(tmp_path, random.Random(seed), with_standby=is_long_run) as there,
        watched(there, is_long=is_long_run) as run,
    ):
        yield run


def test_whatever_happens_to_one_process_every_page_is_right_again_and_none_shows_as_live_what_is_not(
    in_one_process: Run[OneProcess], seed: int, is_long_run: bool
) -> None:
    run = in_one_process
    besides = [("rights end", lambda: run.rights_end(REVOKED_SECONDS))]
    if is_long_run:  # each fault that kills the process would end them, too
        besides += [("clients that never read", lambda: let_go(run))]
    try_all(run, IN_ONE_PROCESS, besides=besides, chance=random.Random(seed))


@pytest.mark.valkey
@pytest.mark.postgresql
def test_whatever_happens_to_several_processes_every_page_is_right_again_and_none_shows_as_live_what_is_not(
    in_several: Run[Processes], seed: int, is_long_run: bool
) -> None:
    run = in_several
    with run.stuck_clients() as stuck:
        besides = [
            ("rights end while the bus hangs", lambda: rights_end_while_the_bus_hangs(run)),
            ("rights end while Valkey is gone", lambda: rights_end_while_valkey_is_gone(run)),
        ]
        if is_long_run:
            besides += [("rights end", lambda: run.rights_end(REVOKED_SECONDS))]
        besides += [("clients that never read", lambda: f"gone after {stuck.gone_after():.1f} s")]
        try_all(run, IN_SEVERAL, besides=besides, chance=random.Random(seed))
