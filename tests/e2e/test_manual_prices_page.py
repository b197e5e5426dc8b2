"""Prices that a person types of what no feed offers, in a real browser on the running product."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.ledger_pages import Ledger, make_portfolio, open_form, overflows, type_in
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own. Its market stands in May 2012."""
    with running_product("--speed", "1") as product:
        yield product


def own_a_house(page: Page, product: Product) -> Ledger:
    """A portfolio with two parts of a house."""
    ledger = make_portfolio(page, product)
    open_form(page, ledger)
    for name, value in {"symbol": "HOUSE", "day": "2012-03-01", "quantity": "2", "price": "100"}.items():
        type_in(page, name, value)
    create = page.get_by_label("Record it as an instrument of this portfolio")
    expect(create).to_be_visible()
    create.check()
    type_in(page, "instrument_name", "House by the sea")
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(ledger.address())
    return ledger


def set_price(page: Page, price: str, *, day: str = "2012-05-18") -> None:
    """Types a price and sends it."""
    page.get_by_label("Day").fill(day)
    page.get_by_label("Price of one unit").fill(price)
    page.get_by_role("button", name="Set the price").click()


def row(page: Page) -> Locator:
    """The house among the holdings."""
    return page.locator("#holdings tr[data-row]").filter(has_text="HOUSE")


def test_an_open_page_of_the_portfolio_has_the_price_at_once(product: Product, page: Page) -> None:
    ledger = own_a_house(page, product)
    page.goto(ledger.address(""))
    expect(row(page)).to_contain_text("no price")
    other = page.context.new_page()
    other.goto(ledger.address(""))
    other.get_by_role("link", name="Set a price by hand").click()
    set_price(other, "120.50")
    expect(other.get_by_text("Set the price of HOUSE on 18 May 2012: 120.50.")).to_be_visible()
    expect(row(page).locator("[data-figure=price]")).to_have_text("120.50")
    expect(row(page)).to_contain_text("18 May")
    other.get_by_role("link", name=re.compile("^Correct.*HOUSE, 18 May 2012")).click()
    other.get_by_label("Price of one unit").fill("130")
    other.get_by_role("button", name="Save").click()
    expect(row(page).locator("[data-figure=price]")).to_have_text("130.00")
    other.get_by_role("link", name=re.compile("^Correct.*HOUSE, 18 May 2012")).click()
    other.get_by_role("button", name="Withdraw").click()
    expect(row(page)).to_contain_text("no price")


def test_it_needs_no_script(product: Product, page: Page, new_context: NewContext) -> None:
    ledger = own_a_house(page, product)
    plain = new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    plain.goto(ledger.address("prices/"))
    set_price(plain, "120.50")
    expect(plain.get_by_role("cell", name="120.5 USD")).to_be_visible()
    plain.goto(ledger.address(""))
    expect(row(plain)).to_contain_text("entered by hand")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_reaches_over_the_edge(
    product: Product,
    page: Page,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    ledger = own_a_house(page, product)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(ledger.address("prices/"))
    set_price(page, "1234567.123456789012")
    expect(page.get_by_text("Set the price of HOUSE")).to_be_visible()
    set_price(page, "0", day="2012-05-17")
    expect(page.get_by_text("Expected a number above 0, was 0.").first).to_be_visible()
    for name, address in (("new", ""), ("correction", "prices/?symbol=HOUSE&day=2012-05-18")):
        if address:
            page.goto(ledger.address(address))
        assert not overflows(page)
        assert find_accessibility_problems(page) == []
        take_screenshot(page, f"prices-{name}-{width}-{scheme}")
