"""What was known of a day then, beside what is known now, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import NARROW, WIDE, Seeded, long_term, open_live, outside, overprinting, seeded, sign_in
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for the tests that only look."""
    with running_product("--speed", "60") as product:
        yield product


@pytest.fixture(scope="module")
def data(product: Product) -> Seeded:
    """Alice's portfolio, of which nothing was known an hour ago."""
    return seeded(product, long_term())


def then(new_context: NewContext, data: Seeded, query: str = "", **options: object) -> Page:
    page = sign_in(new_context(**options), data)
    open_live(page, f"{data.address()}then/{query}")
    return page


def figure(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def test_it_is_found_from_the_transactions_and_tells_what_was_recorded_since(
    data: Seeded, new_context: NewContext
) -> None:
    page = sign_in(new_context(), data)
    open_live(page, f"{data.address()}transactions/")
    page.get_by_role("link", name="Then and now").click()
    expect(page.get_by_role("heading", name="Then and now")).to_be_visible()
    # A day ago nothing was known.
    expect(figure(page, "Value").get_by_role("cell").nth(0)).to_have_text("—")
    expect(figure(page, "Value").get_by_role("cell").nth(1)).not_to_have_text("—")
    page.locator(".history a").first.click()
    expect(page).to_have_url(re.compile(r"/transactions/[0-9a-f-]{36}/$"))


def test_another_moment_and_another_day_are_asked_for_by_the_form(data: Seeded, new_context: NewContext) -> None:
    page = then(new_context, data)
    page.get_by_label("Known by").fill("2001-01-01T00:00")
    page.get_by_label("Day of the market").fill("2012-05-18")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing had been recorded by then.")).to_be_visible()
    expect(page.get_by_label("Day of the market")).to_have_value("2012-05-18")


def test_a_moment_to_come_is_refused(data: Seeded, new_context: NewContext) -> None:
    page = then(new_context, data)
    to_come = datetime.now(UTC) + timedelta(days=2)
    page.get_by_label("Known by").fill(to_come.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("Expected a moment up to now")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_reaches_over_the_edge(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: str,
) -> None:
    for name, size in (("wide", WIDE), ("narrow", NARROW)):
        page = then(new_context, data, "?as_of=2012-05-18", **size, color_scheme=scheme)
        assert find_accessibility_problems(page) == []
        assert outside(page) == []
        assert overprinting(page) == []
        take_screenshot(page, f"then-{name}-{scheme}")
