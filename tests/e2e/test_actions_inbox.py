"""Corporate actions that wait to be accepted, as a person meets them in a real browser on the running product."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewContext, in_both_themes
from tests.e2e.ledger_pages import Ledger, book, make_portfolio, overflows
from tests.servers.product import Product, running_product

RECORDED: list[dict[str, Any]] = [
    {"symbol": "AAPL", "type": "cash_dividend", "ex_date": "2011-08-08", "amount": "0.60"},
    {"symbol": "GOOG", "type": "cash_dividend", "ex_date": "2011-11-08", "pay_date": "2011-12-10", "amount": "0.75"},
    {"symbol": "GOOG", "type": "return_of_capital", "ex_date": "2011-05-06", "amount": "0.25", "currency": "EUR"},
    {"symbol": "GOOG", "type": "cash_dividend", "ex_date": "2012-02-14", "pay_date": "2012-03-08", "amount": "0.20"},
]
"""Of shares that paid nothing then, so that the replay itself tells of none."""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all, where four actions are known. Its market stands in May 2012."""
    with running_product("--speed", "1") as product:
        file = product.folder / "actions.json"
        file.write_text(json.dumps(RECORDED), encoding="utf-8")
        command = [sys.executable, "-m", "tickfolio", "actions", str(file), "--data", str(product.data)]
        subprocess.run(command, env=product.environment, check=True, capture_output=True)
        yield product


def waiting(page: Page, product: Product) -> Ledger:
    """Shares in an account that takes by itself only what changes units, at the page of the actions."""
    ledger = make_portfolio(page, product)
    page.goto(ledger.address("settings/"))
    page.get_by_role("link", name="Harbor").click()
    page.get_by_role("link", name="How its lots are matched and its costs counted").click()
    page.get_by_label("Corporate actions from market data").select_option("units")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator(".toast")).to_contain_text("Saved.")
    book(page, ledger, "deposit", amount="1000000", day="2010-01-04")
    for symbol, quantity, price in (("AAPL", "100", "349.31"), ("GOOG", "1234.5", "600.76")):
        book(page, ledger, "buy", symbol=symbol, day="2011-03-01", quantity=quantity, price=price)
    page.goto(ledger.address("actions/"))
    return ledger


def proposals(page: Page) -> Locator:
    return page.locator("section:has(#inbox-title) .inbox > li")


def test_actions_are_accepted_dismissed_and_taken_back(product: Product, page: Page) -> None:
    ledger = waiting(page, product)
    expect(proposals(page)).to_have_count(4)
    first = proposals(page).first
    expect(first).to_contain_text("GOOG Dividend, 0.20 USD a unit, paid 8 March 2012")
    expect(first).to_contain_text("+246.90 USD")
    first.get_by_role("button", name="Accept").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Booked: Dividend")
    expect(proposals(page)).to_have_count(3)
    toast.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(ledger.address())
    there = page.locator(".page-head").get_by_role("link", name="Corporate actions")
    expect(there).to_contain_text("4")
    there.click()
    expect(proposals(page)).to_have_count(4)
    proposals(page).first.get_by_role("button", name="Dismiss").click()
    expect(proposals(page)).to_have_count(3)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(proposals(page)).to_have_count(4)
    proposals(page).first.get_by_role("button", name="Dismiss").click()
    page.locator("summary", has_text="Dismissed").click()
    page.get_by_role("button", name="Bring back").click()
    expect(proposals(page)).to_have_count(4)
    proposals(page).first.get_by_role("link", name="Edit first").click()
    expect(page.get_by_label("Dividend before tax")).to_have_value("246.90")
    page.go_back()
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("alert")).to_contain_text("Booked 3 corporate actions. 1 could not be booked")
    expect(proposals(page)).to_have_count(1)
    expect(page.locator(".inbox-why")).to_be_visible()


def test_an_account_is_told_to_take_dividends_by_itself_without_scripts(
    product: Product, new_context: NewContext
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    waiting(page, product)
    proposals(page).first.get_by_role("button", name="Accept").click()
    expect(proposals(page)).to_have_count(3)
    page.get_by_role("button", name="Always take dividends by themselves in Harbor").click()
    expect(page.locator(".toast")).to_contain_text("Harbor takes all corporate actions by itself.")
    expect(proposals(page)).to_have_count(1)
    expect(page.get_by_role("table").get_by_text("Applied")).to_have_count(2)


@pytest.mark.parametrize("width", [320, 390, 1200, 1440])
def test_the_inbox_fits_and_is_accessible(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    width: int,
) -> None:
    narrow = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    page = new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce", **narrow).new_page()

    def look(name: str) -> None:
        assert not overflows(page), name
        if narrow:
            # As high as the page: elsewhere a bar at an edge cuts some button in two, which then counts as a small one.
            page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
        for theme in in_both_themes(page):
            assert find_accessibility_problems(page) == [], (name, theme)
            take_screenshot(page, f"actions-{name}-{width}-{theme}")

    waiting(page, product)
    look("inbox")
    proposals(page).first.get_by_role("button", name="Dismiss").click()
    expect(proposals(page)).to_have_count(3)
    page.get_by_role("button", name="Accept all").click()
    expect(proposals(page)).to_have_count(1)
    page.locator("summary", has_text="Dismissed").click()
    look("refused")
    proposals(page).first.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("heading", name="Nothing to accept")).to_be_visible()
    page.locator("summary", has_text="Dismissed").click()
    look("empty")
