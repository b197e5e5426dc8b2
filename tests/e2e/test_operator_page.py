"""The operator's page of the feeds, in a real browser: of live feeds, of none, and of every state at once."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    COUNT_SHIFTS,
    NARROW,
    WIDE,
    Seeded,
    nothing_yet,
    outside,
    seeded,
    sign_in,
    two_frames,
)
from tests.servers.product import Product, running_product

SIZES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("wide", WIDE),
    ("narrow", NARROW),
    ("smallest", {**NARROW, "viewport": {"width": 360, "height": 740}}),
)
TELL = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
import django
django.setup()
from tests.services import feeds_told
from tickfolio.persistence.models import InstanceFacts
InstanceFacts.objects.update(is_replay=False)
feeds_told.tell_of_much()
"""


@pytest.fixture(scope="module")
def live() -> Iterator[Seeded]:
    """A product whose feeds are the simulated market and two that say nothing; Alice came first and is its operator."""
    with running_product("--feed", "simulated,manual") as product:
        yield seeded(product, nothing_yet())


@pytest.fixture
def told() -> Iterator[Seeded]:
    """A replay, which `tell_of_much` lets pass for a live instance."""
    with running_product("--speed", "60") as product:
        yield seeded(product, nothing_yet())


def tell_of_much(product: Product) -> None:
    """Lets a replay pass for a live instance with feeds in every state: its engine reports nothing, and so nothing else."""
    environment = {**product.environment, "TICKFOLIO_DATA": str(product.data)}
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def feeds(page: Page, data: Seeded) -> Page:
    page.goto(f"{data.product.origin}/operator/feeds/")
    return page


def test_it_is_found_in_the_menu_and_goes_on_by_itself(live: Seeded, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(COUNT_SHIFTS)
    page = sign_in(context, live)
    page.goto(f"{live.product.origin}/")
    # Somebody watches what is traded around the clock.
    context.new_page().goto(f"{live.product.origin}/stocks/?symbol=SIMCOIN-USD")
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("link", name="Feeds").click()
    # What is told anew may be more than before; from here on it is as much. What is missing is looked for every 20 s.
    expect(page.locator("#histories")).to_contain_text("1 of 1 instruments", timeout=3 * AT_ONCE)
    page.reload()
    card = page.locator("#feed-simulated")
    expect(card).to_contain_text("Simulated market")
    expect(card.locator("[data-part='Prices received'] dd")).not_to_have_text("0", timeout=AT_ONCE)
    expect(card.locator(".feed-state")).to_have_text("Live")
    expect(page.locator("#refreshed-text")).to_have_text(re.compile(r"Refreshed \d s ago"), timeout=AT_ONCE)
    # What is open and what has the focus stay so while the page is told anew.
    assert page.evaluate("window.layoutShifts") == []
    summary = card.get_by_text("What it offers, and its terms")
    summary.click()
    expect(card.get_by_text("All of it is invented")).to_be_visible()
    # What is below moves with what is opened, which a late frame would count as a shift of its own.
    two_frames(page)
    page.evaluate("window.layoutShifts.length = 0")
    received = card.locator("[data-part='Prices received'] dd")
    before = received.inner_text()
    expect(received).not_to_have_text(before, timeout=AT_ONCE)
    expect(card.get_by_text("All of it is invented")).to_be_visible()
    expect(card.locator("details[open] summary")).to_be_focused()
    assert page.evaluate("window.layoutShifts") == []


def test_without_a_script_it_says_of_when_it_is(live: Seeded, new_context: NewContext) -> None:
    context = new_context(java_script_enabled=False)
    page = feeds(sign_in(context, live), live)
    expect(page.locator("#refreshed-text")).to_have_text(re.compile(r"As of \d\d:\d\d:\d\d"))
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    expect(page.locator("#feed-simulated")).to_contain_text("Prices received")


def test_a_server_that_is_gone_is_said_and_what_stands_there_stays(
    new_context: NewContext, complaints: Complaints
) -> None:
    complaints.expect("Failed to load resource|WebSocket connection")
    with running_product("--feed", "manual") as product:
        data = seeded(product, nothing_yet())
        page = feeds(sign_in(new_context(), data), data)
        expect(page.locator("#feed-manual")).to_contain_text("Quiet")
        product.stop()
        expect(page.locator("#refreshed")).to_have_attribute("data-late", "", timeout=30_000)
        expect(page.locator("#refreshed-text")).to_have_text(
            re.compile("Not refreshed for .* s: the server does not answer")
        )
        expect(page.locator("#feed-manual")).to_contain_text("Quiet")


def test_who_is_no_operator_finds_nothing(live: Seeded, new_context: NewContext, complaints: Complaints) -> None:
    complaints.expect("404")
    bob = seeded(live.product, nothing_yet())
    page = sign_in(new_context(), bob)
    page.goto(f"{live.product.origin}/")
    page.get_by_role("button", name="Account menu").click()
    expect(page.get_by_role("link", name="Preferences").first).to_be_visible()
    expect(page.get_by_role("link", name="Feeds")).to_have_count(0)
    answer = page.goto(f"{live.product.origin}/operator/feeds/")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_reaches_over_the_edge(
    live: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: str,
) -> None:
    for name, size in SIZES:
        page = feeds(sign_in(new_context(**size, color_scheme=scheme), live), live)
        expect(page.locator("#feed-simulated")).to_contain_text("Simulated market")
        assert find_accessibility_problems(page) == []
        assert outside(page) == []
        take_screenshot(page, f"operator-live-{name}-{scheme}")


def test_feeds_in_every_state_and_doubted_prices_have_room_in_every_width(
    told: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    for name, size in SIZES[:2]:
        page = feeds(sign_in(new_context(**size), told), told)
        expect(page.get_by_text("this instance is a replay")).to_be_visible()
        assert find_accessibility_problems(page) == []
        assert outside(page) == []
        take_screenshot(page, f"operator-replay-{name}")
    for scheme, (name, size) in itertools.product(("light", "dark"), SIZES):
        tell_of_much(told.product)
        page = feeds(sign_in(new_context(**size, color_scheme=scheme), told), told)
        take_screenshot(page, f"operator-{name}-{scheme}")
        for disclosure in page.locator("#feeds-now details").all():
            disclosure.evaluate("(element) => { element.open = true; }")
        assert find_accessibility_problems(page) == []
        assert outside(page) == []
        take_screenshot(page, f"operator-{name}-{scheme}-open")


def test_a_price_is_believed_and_taken_back(told: Seeded, new_context: NewContext) -> None:
    tell_of_much(told.product)
    page = feeds(sign_in(new_context(), told), told)
    doubted = page.locator("#quarantine li").filter(has_text="AAPL")
    doubted.get_by_role("button", name="Believe it").click()
    expect(doubted).to_contain_text("Believed by")
    expect(page.get_by_text("The engine takes it within seconds")).to_be_visible()
    doubted.get_by_role("button", name="Take it back").click()
    expect(doubted.get_by_role("button", name="Believe it")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_single_instruments_get_feeds_of_their_own_and_are_delisted(
    live: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: str,
) -> None:
    for name, size in SIZES[::2]:
        page = sign_in(new_context(**size, color_scheme=scheme), live)
        # What somebody looks at is known from then on.
        page.goto(f"{live.product.origin}/stocks/?symbol=SIMCOIN-USD")
        expect(page.get_by_text("SIMCOIN-USD").first).to_be_visible()
        feeds(page, live)
        page.get_by_role("link", name="Single instruments").click()
        orders, delisted = page.locator("#orders"), page.locator("#delisted")
        orders.get_by_label("Instrument").fill("sim")
        orders.get_by_label("Its feeds").fill("nobody")
        orders.get_by_role("button", name="Set its feeds").click()
        expect(page.get_by_text("One thing to put right first")).to_be_visible()
        assert find_accessibility_problems(page) == []
        orders.get_by_label("Instrument").fill("SIMCOIN-USD")
        orders.get_by_label("Its feeds").fill("simulated")
        orders.get_by_role("button", name="Set its feeds").click()
        expect(orders.locator("li")).to_contain_text("SIMCOIN-USD")
        delisted.get_by_label("Instrument").fill("SIMCOIN-USD")
        delisted.get_by_label("Since").fill("2190-01-02")
        delisted.get_by_role("button", name="Mark it").click()
        expect(delisted.locator("li")).to_contain_text("SIMCOIN-USD")
        assert find_accessibility_problems(page) == []
        assert outside(page) == []
        take_screenshot(page, f"operator-instruments-{name}-{scheme}")
        orders.get_by_role("button", name="As the instance again").click()
        expect(orders.locator("li")).to_have_count(0)
        delisted.get_by_role("button", name="It is traded after all").click()
        expect(delisted.locator("li")).to_have_count(0)
