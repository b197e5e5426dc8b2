"""A `web` process that PostgreSQL is out of reach for says so, and sends nothing on rights that it can no longer confirm.

The network between is half-open, the worst case: nobody closes a connection. `--long` holds the times to their goals.
"""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest

from tests.faults.deployment import Deployment, processes, seconds_until_right
from tests.faults.market import COINS
from tests.faults.open_pages import OpenPage
from tests.servers.product import START_SECONDS
from tests.servers.roles import HANG_SECONDS, seconds_until

pytestmark = [pytest.mark.valkey, pytest.mark.postgresql]

SAID_SECONDS = 5.0
WITHHELD_SECONDS = 10.0
BACK_SECONDS = 25.0
"""The goals of a run at length."""
LATE = 1.5
"""What a machine that is busy with the product may take, between what happens and who looks at it."""
FRAMES = 20
EMAIL = "cut-off@example.org"


def frames_until_more_prices(page: OpenPage, *, most: float) -> int:
    """How many frames told of portfolios while so many frames came at all."""
    before, told = page.frames, page.told_of_portfolios
    seconds_until(lambda: page.frames >= before + FRAMES, most=most)
    return page.told_of_portfolios - told


def is_settled(there: Deployment, pages: list[OpenPage], most: float) -> None:
    seconds_until_right(there.market, pages, most=most)
    seconds_until(lambda: all(page.portfolios == "current" for page in pages if page.ledger), most=most)


def test_who_is_cut_off_from_the_database_says_so_and_sends_nothing_on_old_rights(
    tmp_path: Path, seed: int, is_long_run: bool
) -> None:
    def most(goal: float) -> float:
        return goal + LATE if is_long_run else HANG_SECONDS

    with contextlib.ExitStack() as stack:
        there = stack.enter_context(processes(tmp_path, random.Random(seed), with_standby=False))
        with there.page("scout", there.whole) as scout:
            seconds_until(lambda: set(scout.client.quotes) == set(COINS), most=START_SECONDS)
        there.seed(EMAIL)
        staying, leaving = there.visitor(EMAIL), there.visitor(EMAIL)
        stays = stack.enter_context(there.page("of a session that stands", there.cut, visitor=staying))
        leaves = stack.enter_context(there.page("of a session that ends", there.cut, visitor=leaving))
        elsewhere = stack.enter_context(there.page("at the whole", there.whole, visitor=staying))
        stranger = stack.enter_context(there.page("a stranger", there.cut))
        is_settled(there, [stays, leaves, elsewhere, stranger], START_SECONDS)

        # A database that is started anew costs nobody a socket.
        there.postgres.kill()
        there.postgres.start()
        is_settled(there, [stays, leaves, elsewhere, stranger], HANG_SECONDS)

        there.to_database.swallow()
        cut_at = time.monotonic()
        leaving.send("/sign-out/", leaving.form("/", action="/sign-out/"))
        said = seconds_until(
            lambda: all(page.told_while["behind"] for page in (stays, leaves)), most=most(SAID_SECONDS)
        )
        seconds_until(
            lambda: {stays.portfolios, leaves.portfolios} == {"withheld"},
            most=most(WITHHELD_SECONDS) - (time.monotonic() - cut_at),
        )
        withheld = time.monotonic() - cut_at
        # Prices go on, and are all that does.
        assert [frames_until_more_prices(page, most=HANG_SECONDS) for page in (stays, leaves)] == [0, 0]
        assert frames_until_more_prices(elsewhere, most=HANG_SECONDS) > 0
        seconds_until(lambda: (elsewhere.portfolios, stranger.portfolios) == ("current", ""), most=HANG_SECONDS)

        told = leaves.told_of_portfolios
        there.to_database.heal()
        healed_at = time.monotonic()
        seconds_until(lambda: leaves.ended, most=most(BACK_SECONDS))
        is_settled(there, [stays, elsewhere, stranger], most(BACK_SECONDS))
        back = time.monotonic() - healed_at
        assert "signed_out" in leaves.ended
        assert leaves.told_of_portfolios == told
        assert [page.disconnections for page in (stays, elsewhere, stranger)] == [[], [], []]
        print(f"said after {said:.1f} s, withheld after {withheld:.1f} s, right {back:.1f} s after its end")  # noqa: T201  # a measured figure
