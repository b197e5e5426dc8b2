"""A transaction in one line, as a person with a keyboard types it, in a real browser on the running product."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.ledger_pages import given_portfolio, overflows, rows
from tests.e2e.portfolio_pages import AT_ONCE
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own. Its market stands in May 2012."""
    with running_product("--speed", "1") as product:
        yield product


def badges(page: Page) -> list[str]:
    """What the line is read as."""
    return page.locator("#line-badges > *").all_inner_texts()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_line_is_understood_booked_taken_back_and_taken_over_to_the_form_with_the_keyboard_alone(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    width: int,
    theme: str,
) -> None:
    page = new_context(viewport={"width": width, "height": 844}, color_scheme=theme).new_page()
    ledger = given_portfolio(page, product)
    page.goto(ledger.address("performance/"))
    keys = page.keyboard
    keys.press("n")
    expect(page.locator("#line-text")).to_be_focused()
    # What is wrong is said, and Enter books nothing.
    keys.type("sell 3 aapl at ten")
    expect(page.locator("#line-faults > li")).to_have_count(2)
    keys.press("Enter")
    expect(page.get_by_role("button", name="Book", exact=False)).to_have_attribute("aria-disabled", "true")
    assert not overflows(page)
    assert find_accessibility_problems(page, within="#line") == []
    take_screenshot(page, f"line-wrong-{width}-{theme}", full_page=False)
    # In the place of words that may mean several instruments goes the one that is chosen.
    keys.press("ControlOrMeta+a")
    keys.insert_text("buy 2 oo")
    expect(page.locator("#line-choices").get_by_role("option").nth(1)).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#line-text")).to_have_value(re.compile(r"^buy 2 [A-Z.]+$"))
    keys.press("ControlOrMeta+a")
    keys.type("buy 2 AAPL fee 1 note from the line")
    expect(page.locator("#line-badges")).to_contain_text("Apple Inc., Nasdaq")
    expect(page.locator(".badge-suggested")).to_have_count(1)
    expect(page.locator("#line-total")).to_have_text(re.compile(r"^−[\d,]+\.\d{2} USD$"))
    assert find_accessibility_problems(page, within="#line") == []
    take_screenshot(page, f"line-ready-{width}-{theme}", full_page=False)
    keys.press("Shift+Enter")
    expect(page.locator(".toast")).to_contain_text("Booked: Buy 2 AAPL")
    expect(page.locator("#line-text")).to_be_focused()
    keys.type("einzahlung 500 USD gestern")
    expect(page.locator("#line-total")).to_have_text("+500.00 USD")
    page.evaluate("window.notReloaded = true")
    keys.press("Enter")
    expect(page.locator("#line")).to_be_hidden()
    # With the first figures of all the page is made anew, and says once more what was booked.
    page.wait_for_function("() => window.notReloaded === undefined")
    expect(page.locator(".toast")).to_contain_text("Booked: Deposit, +500.00 USD")
    expect(page.locator("#connection")).to_have_attribute("data-state", "replay", timeout=AT_ONCE)
    # The form takes over what the line says, which a page that is loaded again keeps.
    keys.press("n")
    keys.type("sell 1 AAPL at 560.25 on 2012-05-21")
    page.reload()
    expect(page.locator("#line-badges")).to_contain_text("560.25 USD", timeout=AT_ONCE)
    expect(page.locator("#line-text")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[name=price]")).to_have_value("560.25")
    expect(page.locator("#type")).to_have_value("sell")
    page.goto(ledger.address())
    expect(rows(page)).to_have_count(2)
