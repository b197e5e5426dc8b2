"""Three hundred holdings: what is in sight lives, what is not costs nothing, and all of it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    COUNT_SHIFTS,
    buy,
    deposit,
    expect_moving,
    figure,
    open_live,
    outside,
    seeded,
    sign_in,
)
from tests.e2e.test_holdings_view import ADDS_UP
from tests.servers.product import Product, running_product

ACCOUNTS, SYMBOLS = 60, ("AAPL", "GOOG", "IBM", "MSFT", "FB")
ROWS = ACCOUNTS * len(SYMBOLS)
FIRST_ROWS = "#holdings thead, #holdings tbody:nth-of-type(-n+6)"
"""All the others are made as these are, and axe takes a minute for all."""
BROKEN_BLOCKS = """(bodies) => bodies.slice(1).flatMap((body) => {
  const rows = body.querySelectorAll(':scope > [data-row]');
  const isWhole = body.offsetHeight === [...rows].reduce((sum, row) => sum + row.offsetHeight, 0);
  return rows.length > 0 && isWhole ? [] : [`${body.offsetHeight} for ${rows.length}`];
})"""
"""Blocks that are not as high as their rows: of one group the first body has its head, and the others have the rows."""
IS_IN_WINDOW = """(row) => {
  const { top, bottom } = row.getBoundingClientRect();
  return row.contains(document.activeElement) && top >= 0 && bottom <= innerHeight;
}"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product("--speed", "60") as product:
        yield product


def large() -> dict[str, Any]:
    """Few shares in many accounts."""
    names = [f"Account {number:03d}" for number in range(ACCOUNTS)]
    bought = [buy(name, symbol, f"{number + 1}", "100.00") for number, name in enumerate(names) for symbol in SYMBOLS]
    return {
        "name": "Large",
        "currency": "EUR",
        "accounts": [{"name": name, "currency": "USD"} for name in names],
        "transactions": [*(deposit(name, "100000.00", "USD") for name in names), *bought],
    }


def expect_all_written(page: Page) -> None:
    """What is copied has every row as it is now: all of them add up to the total, of the same moment."""
    assert page.evaluate(f"() => {{ window.dispatchEvent(new Event('copy')); return ({ADDS_UP})(); }}")


def walk(page: Page) -> None:
    """The keyboard reaches both ends, and a window further."""
    rows = page.locator("#holdings [data-row]")
    rows.first.locator(".symbol").focus()
    page.keyboard.press("End")
    assert rows.last.evaluate(IS_IN_WINDOW)
    page.keyboard.press("PageUp")
    assert not rows.last.evaluate(IS_IN_WINDOW)
    page.keyboard.press("Home")
    assert rows.first.evaluate(IS_IN_WINDOW)
    page.keyboard.press("PageDown")
    assert not rows.first.evaluate("(row) => row.contains(document.activeElement)")


def test_hundreds_of_holdings_live_in_sight(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    data = seeded(product, large())
    page = sign_in(new_context(viewport={"width": 1440, "height": 900}), data)
    page.add_init_script(COUNT_SHIFTS)
    open_live(page, data.address())
    page.get_by_label("Group by").select_option("none")
    expect(page.locator("#holdings [data-group]")).to_have_count(1, timeout=AT_ONCE)
    open_live(page, data.address())
    table = page.locator("#holdings")
    expect(table).to_have_attribute("data-long", "", timeout=AT_ONCE)
    assert page.locator("#holdings tbody").evaluate_all(BROKEN_BLOCKS) == []
    rows = page.locator("#holdings [data-row]")
    expect(rows).to_have_count(ROWS + ACCOUNTS)
    assert outside(page) == []

    # In sight it moves, wherever that is; out of sight it is as it was, until it is wanted.
    place = rows.nth(ROWS // 2)
    place.scroll_into_view_if_needed()
    expect_moving(page, figure(place, "value"))
    expect_all_written(page)
    assert page.evaluate("window.layoutShifts") == []
    walk(page)
    assert find_accessibility_problems(page, within=FIRST_ROWS) == []
    take_screenshot(page, "holdings-long-1440", full_page=False)

    page.locator("#holdings [data-sort='name']").click()
    expect(rows.first.locator(".symbol")).to_have_text("AAPL")
    expect(page.locator("#holdings th[aria-sort]")).to_have_attribute("aria-sort", "ascending")

    # So few of them are a table again.
    page.keyboard.press("f")
    page.keyboard.type("goog")
    expect(rows).to_have_count(ACCOUNTS)
    assert table.get_attribute("data-long") is None
    expect(page.locator("#holdings-foot")).to_contain_text(f"{ACCOUNTS} of {ROWS + ACCOUNTS} rows")
    page.keyboard.press("Escape")
    expect(table).to_have_attribute("data-long", "")

    page.emulate_media(media="print")
    assert rows.last.evaluate("(row) => getComputedStyle(row.parentElement).contentVisibility") == "visible"
    page.emulate_media(media="screen", color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    rows.nth(ROWS - 1).scroll_into_view_if_needed()
    expect_moving(page, figure(rows.nth(ROWS - 1), "value"))
    assert outside(page) == []
    assert find_accessibility_problems(page, within=FIRST_ROWS) == []
    take_screenshot(page, "holdings-long-390-dark", full_page=False)
