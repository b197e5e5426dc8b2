"""How an account counts its costs, changed by a person in a real browser on the running product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.ledger_pages import Ledger, book, given_portfolio, overflows
from tests.servers.product import Product, running_product

NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own. Its market stands in May 2012."""
    with running_product("--speed", "1") as product:
        yield product


def open_options(page: Page, product: Product) -> Ledger:
    """A portfolio that bought twice and sold once, at the form of its account."""
    ledger = given_portfolio(page, product)
    book(page, ledger, "deposit", amount="100000", day="2010-01-04")
    book(page, ledger, "buy", symbol="AAPL", day="2010-03-01", quantity="10", price="209.12", fees="9.95")
    book(page, ledger, "buy", symbol="AAPL", day="2011-03-01", quantity="10", price="349.31", fees="9.95")
    book(page, ledger, "sell", symbol="AAPL", day="2011-09-01", quantity="10", price="381.03", fees="9.95")
    page.goto(ledger.address("settings/"))
    page.get_by_role("link", name="Harbor").click()
    page.get_by_role("link", name="How its lots are matched and its costs counted").click()
    return ledger


def choose_last_in(page: Page) -> None:
    page.get_by_label("Lots of instruments").select_option("lifo")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text("What would change. Nothing is saved yet.")).to_be_visible()


def test_what_would_change_is_seen_left_and_saved(product: Product, page: Page) -> None:
    open_options(page, product)
    choose_last_in(page)
    expect(page.get_by_role("row", name="AAPL in Harbor")).to_be_visible()
    expect(page.get_by_role("row", name="The whole portfolio")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Lots of instruments")).to_have_value("lifo")
    page.reload()
    choose_last_in(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Lots of instruments")).to_have_value("lifo")


def test_it_needs_no_script_and_fits_a_phone(product: Product, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False, viewport=NARROW).new_page()
    open_options(page, product)
    choose_last_in(page)
    assert not overflows(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Lots of instruments")).to_have_value("lifo")
