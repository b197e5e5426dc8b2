"""The value of a portfolio over its spans, in a real browser on the running product."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.forms import send_form
from tests.e2e.ledger_pages import overflows
from tests.e2e.portfolio_pages import AT_ONCE, chart, long_term, open_portfolio, seeded
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; its market stands in May 2012 and moves sixty times as fast as a real one."""
    with running_product("--speed", "60") as product:
        yield product


def pressed(page: Page) -> str:
    """The span that is shown."""
    return page.locator("#value-spans [aria-pressed=true]").inner_text()


def test_spans_marks_benchmark_tooltip_and_table_follow_the_keys(product: Product, new_context: NewContext) -> None:
    data = seeded(product, long_term())
    page = open_portfolio(new_context, data)
    choice = page.get_by_role("link", name="Choose a benchmark")
    expect(choice).to_be_hidden()
    page.keyboard.press("7")
    expect(choice).to_be_visible()
    page.keyboard.press("1")
    send_form(page.context, product, f"{data.path()}performance/benchmark/", benchmark="IBM")
    page.reload()
    expect(choice).to_have_count(0)
    expect(chart(page)).to_have_attribute("aria-label", re.compile("EUR"), timeout=AT_ONCE)
    assert pressed(page) == "1D"
    days = page.locator("#chart-days [role=img]")
    page.keyboard.press("7")
    told = re.compile(
        r"^Value of Long term from 4 January 2009 to \d+ May 2012: 0\.00 EUR to [\d,.]+ EUR, .*low .*high "
    )
    expect(days).to_have_attribute("aria-label", told, timeout=AT_ONCE)
    expect(page.locator("#chart")).to_be_hidden()
    assert page.locator("#chart-days .mark").count() > 0
    # The last point is the value in the header, at every moment.
    together = (
        "() => document.querySelector('#chart-days [role=img]').getAttribute('aria-label')"
        ".includes(` to ${document.querySelector('.stat-value .amount').textContent.trim()} EUR`)"
    )
    for _ in range(3):
        page.wait_for_function(together)
        page.wait_for_timeout(400)
    # The same flows in the benchmark are a line and a column of their own.
    page.get_by_role("button", name="beside IBM").click()
    expect(days).to_have_attribute("aria-label", re.compile("the same flows in IBM [\\d,.]+ EUR"))
    expect(page.locator("#chart-days path.series-bench")).to_be_visible()
    days.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#chart-days .chart-tip")).to_contain_text(re.compile(r"2009.*Value.*EUR.*IBM.*EUR"))
    page.keyboard.press("t")
    expect(page.locator("#chart-days thead th")).to_have_text(["Day", "Value", "IBM"])
    page.keyboard.press("t")
    # What was chosen is kept for the next page, and on a phone.
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("3")
    expect(page.get_by_role("button", name="MTD")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("button", name="MTD")).to_have_attribute("aria-pressed", "true")
    expect(days).to_have_attribute("aria-label", re.compile("from 30 April 2012"), timeout=AT_ONCE)
    page.keyboard.press("1")
    expect(chart(page)).to_be_visible()
    expect(page.locator("#chart-days")).to_be_hidden()


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1440, "dark")])
def test_the_spans_fit_and_are_accessible(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., object],
    width: int,
    theme: str,
) -> None:
    narrow = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    options: dict[str, Any] = {"viewport": {"width": width, "height": 844}, "color_scheme": theme, **narrow}
    page = open_portfolio(new_context, seeded(product, long_term()), **options)
    page.get_by_role("button", name="5Y").click()
    expect(page.locator("#chart-days path.series")).to_have_attribute("d", re.compile("^M"), timeout=AT_ONCE)
    assert not overflows(page)
    assert find_accessibility_problems(page, within=".value-panel") == []
    take_screenshot(page, f"portfolio-value-5y-{width}-{theme}")
