"""Several processes are one instance: over real PostgreSQL and Valkey, with pages that are clients of the live protocol.

The oracle is Valkey's own record of the newest prices, and the lease in the database.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.replay_pages import LEADS, SYMBOLS, Page, all_move, opened, probed, wait_until_ready
from tests.servers.postgres import new_database
from tests.servers.roles import HANG_SECONDS, Roles, children_of, roles_of, seconds_until
from tests.servers.valkey import valkey_server
from tests.servers.visitor import Visitor

pytestmark = pytest.mark.valkey

GOAL_SECONDS = 15.0
"""Of a run at length: from the death of whoever leads until every page has a newer price."""


@pytest.fixture(scope="module")
def servers(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """A data folder, a database and a bus that these tests share, so that tables and demo are made once."""
    with new_database(postgres_url) as database, valkey_server() as bus:
        yield tmp_path_factory.mktemp("roles"), database, bus.url


@pytest.fixture
def roles(servers: tuple[Path, str, str]) -> Iterator[Roles]:
    folder, database, bus = servers
    with roles_of(folder, database=database, bus=bus) as found:
        yield found


def are_equal(pages: list[Page]) -> bool:
    shown = [[page.price(symbol) for symbol in SYMBOLS] for page in pages]
    return None not in shown[0] and all(each == shown[0] for each in shown)


def lease(roles: Roles) -> tuple[int, str]:
    with psycopg.connect(roles.environment["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT token, holder FROM lease WHERE name = 'feeds'").fetchone()
        assert row is not None
        return int(row[0]), str(row[1])


def test_two_web_processes_and_one_that_reads_the_feeds_are_one_instance(roles: Roles) -> None:
    feeds = roles.start("feeds", "--probes", "127.0.0.1:0", waits_for=LEADS)
    first = roles.start("web", "--workers", "2")
    second = roles.start("web", "--workers", "1")
    worker = roles.start("worker", "--probes", "127.0.0.1:0", waits_for=LEADS)
    with opened(first, second, second) as pages:
        all_move(pages, most=HANG_SECONDS)
        seconds_until(lambda: are_equal(pages), most=HANG_SECONDS)

        # Booked at the first, seen at the second.
        here, there = Visitor(first).open_demo(), Visitor(second).open_demo()
        reader = Page(second, there)
        try:
            path = re.findall(r"/portfolios/[0-9a-f-]{36}/", here.read("/"))[0]
            portfolio = path.split("/")[2]
            reader.watch(portfolio)
            seconds_until(lambda: "PortfolioSnapshot" in reader.texts, most=HANG_SECONDS)
            deposit = f"{path}transactions/new/?type=deposit"
            form = here.form(deposit, action=f"{path}transactions/new/")
            events, booked_at = reader.texts.count("Event"), time.monotonic()
            here.send(f"{path}transactions/new/", form | {"amount": "1234"})
            seconds_until(lambda: reader.texts.count("Event") > events, most=HANG_SECONDS)
            shown = time.monotonic() - booked_at
            print(f"booked at one, shown on the other after {shown:.2f} s")  # noqa: T201  # a measured figure
        finally:
            reader.close()

        for role in (feeds, worker):
            assert probed(role, "/livez") == '{"status": "ok"}'
            wait_until_ready(role, most=HANG_SECONDS)
            assert f'tickfolio_role_works{{role="{role.role}"}} 1.0' in probed(role, "/metrics")
        # Ticks and beats have come over the bus, within one machine in next to no time.
        assert "tickfolio_bus_lag_seconds_count 0.0" not in (lag := there.read("/metrics"))
        assert 'tickfolio_bus_lag_seconds_bucket{le="10.0"}' in lag

        # Whichever child answers tells of both.
        for _ in range(6):
            figures = here.read("/metrics")
            assert all(f'tickfolio_frames_total{{process="{number}"}}' in figures for number in (1, 2))
            assert 'tickfolio_feed_last_price_age_seconds{feed="replay"}' in figures

        # A child that is killed comes back, and the pages with it.
        children = children_of(first)
        assert len(children) == 2
        for child in children:
            os.kill(child, signal.SIGKILL)
        seconds_until(lambda: len(set(children_of(first)) - set(children)) == 2, most=HANG_SECONDS)
        all_move(pages, most=HANG_SECONDS)
    assert first.terminate() == 0
    assert children_of(first) == []


def test_who_waits_takes_over_from_one_that_was_killed(roles: Roles, is_long_run: bool) -> None:
    leader = roles.start("feeds", waits_for=LEADS)
    standby = roles.start("feeds", waits_for="waits")
    web = roles.start("web", "--workers", "1")
    with opened(web, web) as pages:
        all_move(pages, most=HANG_SECONDS)
        token, _holder = lease(roles)
        told = [len(page.told) for page in pages]
        leader.kill()
        killed_at = time.monotonic()
        # Each in its own time: the other one may lead before the second page is told.
        stale = seconds_until(
            lambda: all(page.is_called_stale_since(before) for page, before in zip(pages, told, strict=True)),
            most=HANG_SECONDS,
        )
        served = standby.wait_for_line(LEADS, seconds=HANG_SECONDS)
        all_move(pages, most=HANG_SECONDS)
        recovered = time.monotonic() - killed_at
        seconds_until(lambda: are_equal(pages) and not any(page.is_told_stale for page in pages), most=HANG_SECONDS)
        print(f"stale after {stale:.1f} s, lease after {stale + served:.1f} s, prices after {recovered:.1f} s")  # noqa: T201  # a measured figure
        assert not is_long_run or recovered < GOAL_SECONDS
        assert lease(roles)[0] > token
        assert not any("Disconnected" in page.texts for page in pages)


def test_nothing_is_taken_of_a_leader_that_was_frozen_and_wakes_up(roles: Roles, is_long_run: bool) -> None:
    frozen = roles.start("feeds", waits_for=LEADS)
    standby = roles.start("feeds", waits_for="waits")
    web = roles.start("web", "--workers", "1")
    with opened(web) as pages:
        all_move(pages, most=HANG_SECONDS)
        frozen.pause()
        frozen_at = time.monotonic()
        standby.wait_for_line(LEADS, seconds=HANG_SECONDS)
        all_move(pages, most=HANG_SECONDS)
        time.sleep(max(0.0, (20 if is_long_run else 12) - (time.monotonic() - frozen_at)))
        [page] = pages
        heard = len(page.priced_at)
        token, holder = lease(roles)
        before = recorded(roles)
        frozen.resume()
        frozen.wait_for_line("has lost the lease", seconds=HANG_SECONDS)
        seconds_until(lambda: frozen.printed.count("waits") >= 1, most=HANG_SECONDS)
        all_move(pages, most=HANG_SECONDS)
        assert lease(roles) == (token, holder)
        # Its clock stood for all that time: had anything of it been taken, the market's would have gone back.
        seconds_until(lambda: len(page.priced_at) > heard + 9, most=HANG_SECONDS)
        assert page.priced_at[heard:] == sorted(page.priced_at[heard:])
        assert recorded(roles) >= before
        assert str(standby.pid) in holder
        assert LEADS not in frozen.printed.split("has lost the lease")[1]


def recorded(roles: Roles) -> tuple[int, object]:
    with psycopg.connect(roles.environment["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT run, at FROM market_clock").fetchone()
        assert row is not None
        return int(row[0]), row[1]
