"""The demo as a visitor finds it: made at the first start, once, also where an earlier version had left its data."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.caller import Caller
from tests.faults.instances import Instance
from tests.servers.product import Product

BOOKED = "SELECT count(*) FROM ledger_transaction"
LONGEST_SEEDING_S = 2.0
OWNERS = "SELECT count(*) FROM identity_user WHERE is_demo_owner"


def test_first_start_makes_the_demo_and_names_the_page_that_offers_it(start_product: Callable[..., Product]) -> None:
    product = start_product(is_first_start=True)
    assert product.url == product.origin + "/"
    instance = Instance(product.data)
    assert instance.rows(OWNERS) == [(1,)]
    [(booked,)] = instance.rows(BOOKED)
    assert 45 <= booked <= 60
    assert "Traceback" not in product.logs
    product.restart()
    assert instance.rows(BOOKED) == [(booked,)]
    assert instance.rows(OWNERS) == [(1,)]


def test_later_transactions_are_reached_as_the_replay_runs(start_product: Callable[..., Product]) -> None:
    product = start_product("--speed", "200")
    visitor = Caller(product.origin)
    visitor.open_demo()
    [address] = set(re.findall(r'href="(/portfolios/[0-9a-f-]+/)"[^>]*>[^/]*Long term', visitor.get("/").text))
    first = later_rows(visitor, address)
    assert first >= 6
    until = time.monotonic() + 120
    while later_rows(visitor, address) == first:  # 75 minutes of the market are 22.5 seconds here
        assert time.monotonic() < until
        time.sleep(0.2)
    assert later_rows(visitor, address) < first


def later_rows(visitor: Caller, portfolio: str) -> int:
    """How many transactions the list shows as not yet reached."""
    page = visitor.get(f"{portfolio}transactions/")
    assert page.status == 200
    return page.text.count('class="row-later"')


def test_data_of_an_earlier_version_get_the_demo_at_their_next_start(
    start_product: Callable[..., Product], tmp_path: Path
) -> None:
    instance = Instance(tmp_path)
    instance.done("migrate", "persistence", "0001")
    start_product("--data", str(tmp_path))
    assert instance.rows(OWNERS) == [(1,)]
    assert instance.rows("SELECT name FROM portfolio ORDER BY name") == [("Long term",), ("Trading",)]


def test_start_that_is_killed_leaves_the_whole_demo_or_none_of_it(
    start_product: Callable[..., Product], is_long_run: bool
) -> None:
    product = start_product()
    instance = Instance(product.data)
    [(whole,)] = instance.rows(BOOKED)
    rounds = 20 if is_long_run else 5
    found = set()
    for turn in range(rounds):
        product.kill()
        for file in (*product.data.glob("tickfolio.sqlite3*"), product.data / "initialised"):
            file.unlink()
        begin_and_kill(product, after_s=LONGEST_SEEDING_S * turn / rounds)
        [(booked,)] = instance.rows(BOOKED)
        assert booked in (0, whole)
        assert instance.rows("SELECT count(*) FROM portfolio") == [(2 if booked else 0,)]
        assert instance.rows(OWNERS) == [(1 if booked else 0,)]
        found.add(booked)
    assert 0 in found
    product.start()
    assert instance.rows(BOOKED) == [(whole,)]
    assert instance.rows(OWNERS) == [(1,)]


def begin_and_kill(product: Product, *, after_s: float) -> None:
    """Starts it, and kills it so long after the tables of the demo were there."""
    product.launch()
    until = time.monotonic() + 60
    while not (product.data / "initialised").exists():
        assert time.monotonic() < until
        time.sleep(0.002)
    time.sleep(after_s)
    product.kill()


def test_demo_that_was_changed_can_be_made_anew(start_product: Callable[..., Product]) -> None:
    product = start_product()
    instance = Instance(product.data)
    product.stop()
    instance.change("UPDATE portfolio SET name = 'Mine'")
    assert "--again" in instance.done("demo")
    assert "in two portfolios" in instance.done("demo", "--again")
    living = "SELECT name FROM portfolio WHERE deleted_at IS NULL ORDER BY name"
    assert instance.rows(living) == [("Long term",), ("Trading",)]


def test_production_has_no_demo(tmp_path: Path) -> None:
    production = {
        "TICKFOLIO_MODE": "production",
        "TICKFOLIO_ALLOWED_HOSTS": "folio.example.org",
        "TICKFOLIO_REPLAY": "on",
    }
    instance = Instance(tmp_path)
    instance.done("migrate", **production)
    assert "Expected a demo" in instance.refusal("demo", **production)
    assert instance.rows(OWNERS) == [(0,)]
