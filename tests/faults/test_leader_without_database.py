"""PostgreSQL is killed while `feeds` reads the market, and another `feeds` takes over once it is back: pages must not notice.

Real processes over a real PostgreSQL and a real Valkey; the market is the replay, whose time tells which price is the newer one.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.deployment import through
from tests.faults.replay_pages import LEADS, all_move, opened, wait_until_ready
from tests.servers.postgres import PostgresServer
from tests.servers.product import START_SECONDS
from tests.servers.roles import HANG_SECONDS, roles_of, seconds_until
from tests.servers.swallowing import swallowing_proxy
from tests.servers.valkey import ValkeyServer
from tickfolio.runtime.campaign import LEASE_SECONDS

pytestmark = [pytest.mark.valkey, pytest.mark.postgresql]


def test_whoever_leads_when_the_database_is_back_goes_on_where_the_market_was(
    tmp_path: Path, own_postgres: PostgresServer, own_valkey: ValkeyServer
) -> None:
    with (
        swallowing_proxy(own_postgres.port) as between,
        roles_of(tmp_path, database=own_postgres.url, bus=own_valkey.url) as roles,
    ):
        first = roles.start("feeds", waits_for=LEADS, DATABASE_URL=through(between, own_postgres.url))
        second = roles.start("feeds", waits_for="waits")
        worker = roles.start("worker", "--probes", "127.0.0.1:0", waits_for=LEADS)
        web = roles.start("web", "--workers", "1")
        with opened(web, web) as pages:
            all_move(pages, most=START_SECONDS)

            # The one that leads does not hear of it that the database is back, and goes on until the bus refuses it.
            between.swallow()
            own_postgres.kill()
            time.sleep(1.5 * LEASE_SECONDS)  # for how long nobody can take the lease, or renew it
            all_move(pages, most=HANG_SECONDS)
            # A process that rests for some seconds, on a busy machine, is called stale until its next word.
            seconds_until(lambda: not any(page.is_told_stale for page in pages), most=HANG_SECONDS)
            own_postgres.start()
            second.wait_for_line(LEADS, seconds=HANG_SECONDS)
            first.wait_for_line("has lost the lease", seconds=HANG_SECONDS)
            all_move(pages, most=HANG_SECONDS)
            between.heal()
            seconds_until(lambda: "waits" in first.said_last, most=HANG_SECONDS)

            # The one that leads goes with the database: prices stand still, and are called stale as long as they do.
            known = [len(page.told) for page in pages]
            own_postgres.kill()
            second.kill()
            seconds_until(
                lambda: all(
                    page.is_called_stale_since(before) and page.is_told_stale
                    for page, before in zip(pages, known, strict=True)
                ),
                most=HANG_SECONDS,
            )
            stood, told = [page.priced_at[-1] for page in pages], [len(page.told) for page in pages]
            seconds_until(
                lambda: all(len(page.told) > before + 1 for page, before in zip(pages, told, strict=True)),
                most=HANG_SECONDS,
            )
            assert [page.priced_at[-1] for page in pages] == stood
            assert all(page.is_told_stale for page in pages)
            own_postgres.start()
            seconds_until(lambda: LEADS in first.said_last, most=HANG_SECONDS)
            all_move(pages, most=HANG_SECONDS)
            seconds_until(lambda: not any(page.is_told_stale for page in pages), most=HANG_SECONDS)
            wait_until_ready(worker, most=HANG_SECONDS)

            assert not any("Disconnected" in page.texts for page in pages)
            assert all(page.priced_at == sorted(page.priced_at) for page in pages), "the time of the market went back"
