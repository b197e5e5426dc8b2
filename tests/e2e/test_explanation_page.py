"""A figure explained, from the click to the last fact, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import (
    NARROW,
    WIDE,
    Seeded,
    expect_moving,
    long_term,
    open_live,
    open_portfolio,
    outside,
    row,
    seeded,
    sign_in,
    value,
)
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for the tests that only look."""
    with running_product("--speed", "60") as product:
        yield product


@pytest.fixture(scope="module")
def data(product: Product) -> Seeded:
    """Alice's portfolio."""
    return seeded(product, long_term())


def explained(new_context: NewContext, data: Seeded, figure: str, **options: object) -> Page:
    page = sign_in(new_context(**options), data)
    open_live(page, f"{data.address()}explain/{figure}")
    return page


def test_a_click_on_a_moving_figure_leads_to_how_it_came_about(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    expect_moving(page, value(page))
    link = row(page, "AAPL").locator("a.explain[data-explain='value']").first
    expect(link).to_have_attribute("href", re.compile(r"explain/value/\?row=h%3A.*%3AAAPL$"))
    row(page, "AAPL").locator("a.symbol").focus()
    page.keyboard.press("e")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Value of AAPL")
    page.go_back()
    page.locator("#total-day").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Day P&L of the portfolio")
    expect(page.locator("#tree > li > details > summary .tree-name").first).to_contain_text("Price part of the day")


SIGNS_BEHIND = """
[...document.querySelectorAll('a.explain')].flatMap((link) => {
  const walker = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
  const text = walker.nextNode();
  if (text === null || !/^[+−]/.test(text.data) || !link.checkVisibility()) return [];
  const left = (place) => {
    const range = document.createRange();
    range.setStart(text, place);
    range.setEnd(text, place + 1);
    return range.getBoundingClientRect().left;
  };
  return left(0) < left(1) ? [] : [text.data];
})
"""
"""The figures that are links and whose sign stands behind them."""


@pytest.mark.parametrize("rest", ["", "performance/?span=1y&by=account", "gains/"])
def test_a_sign_stands_before_its_figure(data: Seeded, new_context: NewContext, rest: str) -> None:
    page = sign_in(new_context(), data)
    open_live(page, f"{data.address()}{rest}")
    assert page.locator("a.explain").count() > 3
    assert page.evaluate(SIGNS_BEHIND) == []


def test_a_month_that_is_not_over_goes_on_inside_of_its_link(data: Seeded, new_context: NewContext) -> None:
    page = sign_in(new_context(), data)
    open_live(page, f"{data.address()}performance/?span=1y")
    expect_moving(page, page.locator("#gain"))
    expect(page.locator("td:has(#month-now)")).to_have_class(re.compile(r"^h-[np]?\d num$"))
    expect(page.locator("a.explain > #month-now")).to_have_text(re.compile(r"^[+−]?[\d.]+$"))
    page.locator("#month-now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^Time-weighted return of the portfolio, 1 May 2012 to 2\d May 2012$")
    )


def test_the_keyboard_walks_through_the_tree(data: Seeded, new_context: NewContext) -> None:
    page = explained(new_context, data, "value/")
    tree = page.get_by_role("tree")
    expect(tree).to_be_visible()
    first = tree.locator("> li").first.locator(".tree-row").first
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(first).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-path='0.0'] .tree-row").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-path='0.1'] .tree-row").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("End")
    expect(tree.locator("> li").last.locator(".tree-row").first).to_be_focused()
    page.keyboard.press("Home")
    expect(first).to_be_focused()


def test_without_scripts_the_tree_opens_and_the_link_lasts(data: Seeded, new_context: NewContext) -> None:
    page = sign_in(new_context(), data)
    cookies = page.context.cookies()
    context = new_context(java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{data.address()}explain/value/")
    plain.locator("#tree summary").first.click()
    expect(plain.locator("[data-path='0.0']")).to_be_visible()
    shown = plain.locator(".explained-figure").inner_text()
    plain.get_by_role("button", name="Lasting link").click()
    expect(plain.locator(".explained-figure")).to_have_text(shown)
    assert "/explain/kept/" in plain.url


def test_what_is_copied_is_a_lasting_link_and_the_tree_as_text(data: Seeded, new_context: NewContext) -> None:
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = sign_in(context, data)
    open_live(page, f"{data.address()}explain/value/")
    shown = page.locator(".explained-figure").inner_text()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#spoken")).to_have_text("The lasting link is copied.")
    address = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="Copy as text").click()
    expect(page.locator("#spoken")).to_have_text("The explanation is copied as text.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Value of the portfolio = ")
    page.goto(address)
    expect(page.locator(".explained-figure")).to_have_text(shown)
    page.get_by_role("link", name="Newer values").click()
    expect(page).to_have_url(f"{data.address()}explain/value/")


def test_what_is_deeper_is_a_page_further(data: Seeded, new_context: NewContext) -> None:
    page = explained(new_context, data, "twr/?span=1y")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Time-weighted return")
    period = page.locator("#tree > li").first
    period.locator("summary").first.click()
    period.get_by_role("button", name="What is below").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Value at the end of")
    page.get_by_role("link", name="The whole figure").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Time-weighted return")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_reaches_over_the_edge(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: str,
) -> None:
    for name, size in (("wide", WIDE), ("narrow", NARROW)):
        page = sign_in(new_context(**size, color_scheme=scheme), data)
        for figure in ("value/", "day/", "twr/?span=1y", "mwr/?span=1y"):
            open_live(page, f"{data.address()}explain/{figure}")
            assert find_accessibility_problems(page) == []
            page.evaluate("document.querySelectorAll('#tree details').forEach((each) => { each.open = true; })")
            assert find_accessibility_problems(page) == []
            assert outside(page) == [], figure
            take_screenshot(page, f"explain-{figure.split('/')[0]}-{name}-{scheme}")
