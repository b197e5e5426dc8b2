"""A sale tried out on the gains page and booked from there, in a real browser on the running product."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.ledger_pages import Ledger, given_portfolio, given_transaction, overflows
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own. Its market stands in May 2012."""
    with running_product("--speed", "60") as product:
        yield product


def bought(page: Page, product: Product) -> Ledger:
    """Three lots of AAPL, of which some was sold."""
    ledger = given_portfolio(page, product)
    given_transaction(page, ledger, "deposit", amount="100000", day="2010-01-04")
    given_transaction(page, ledger, "buy", symbol="AAPL", day="2010-03-15", quantity="30", price="223.84", fees="9.95")
    given_transaction(page, ledger, "buy", symbol="AAPL", day="2011-08-08", quantity="18", price="353.21", fees="9.95")
    given_transaction(page, ledger, "buy", symbol="AAPL", day="2012-04-20", quantity="12", price="572.98", fees="9.95")
    return ledger


def method(page: Page, name: str) -> Locator:
    """The row of a method."""
    return page.locator("#what-if tbody tr").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{name}")))


def gain(page: Page, name: str) -> str:
    """What a method would realize."""
    return method(page, name).locator(".gain-total").inner_text().strip()


def test_a_sale_is_tried_out_and_booked_to_the_cent(product: Product, page: Page) -> None:
    ledger = bought(page, product)
    page.goto(ledger.address("gains/"))
    # All that is held, at the price of now, which moves.
    expect(method(page, "FIFO")).to_contain_text("account method")
    expect(page.locator("#what-if-price-hint")).to_have_text("USD, the replayed price")
    net = page.locator("#what-if-net")
    expect(net).not_to_have_text("—")
    first = net.inner_text()
    expect(net).not_to_have_text(first, timeout=30_000)
    # A quantity, a price and a fee of one's own.
    page.get_by_label("Quantity").fill("24")
    page.locator("#what-if-price").fill("557.43")
    page.get_by_label("Fee").fill("1")
    expect(page.locator("#what-if-net-hint")).to_have_text("13,377.32 USD, after 1.00 USD fee")
    expect(method(page, "FIFO").locator(".lots-used")).to_have_text("24 of 15 Mar 2010")
    expect(method(page, "LIFO").locator(".lots-used")).to_have_text("12 of 20 Apr 2012, 12 of 8 Aug 2011")
    expect(method(page, "Average").locator(".lots-used")).to_contain_text("all lots, ")
    by_method = {name: gain(page, name) for name in ("FIFO", "LIFO", "Average")}
    assert len(set(by_method.values())) == 3
    # More than is held is refused by how much.
    page.get_by_label("Quantity").fill("61.5")
    expect(page.locator("#what-if-error")).to_have_text(
        "Expected at most 60, what Harbor holds, was 61.5: 1.5 more.", use_inner_text=True
    )
    expect(net).to_have_text("—")
    page.get_by_label("Quantity").fill("24")
    expect(page.locator("#what-if-error")).to_be_hidden()
    # Lots are picked by keys, and on a phone: the one that the method takes is left out, the two others are taken whole.
    page.set_viewport_size({"width": 390, "height": 844})
    chips = page.locator("#what-if-lots .chip")
    expect(chips.first).to_have_attribute("aria-pressed", "true")
    chips.first.press("Enter")
    expect(page.locator("#what-if-error")).to_have_text("Pick a lot, or type a quantity.", use_inner_text=True)
    chips.nth(1).press("Enter")
    chips.nth(2).press("Enter")
    expect(page.get_by_label("Quantity")).to_have_value("30")
    expect(method(page, "Picked lots")).to_contain_text("18 of 8 Aug 2011, 12 of 20 Apr 2012")
    page.get_by_label("Quantity").fill("24.5")
    expect(method(page, "Picked lots")).to_contain_text("18 of 8 Aug 2011, 6.5 of 20 Apr 2012")
    page.wait_for_function("document.querySelector('#what-if-book').href.includes('24.5')")
    expect(method(page, "Picked lots").locator(".gain-total")).to_have_text(re.compile(r"\d"))
    expected = gain(page, "Picked lots")
    # The form has all of it; what is booked is what was shown, but for the rate of the moment, which is the same day's.
    page.get_by_role("link", name="Book this sale").click()
    expect(page.locator("[name=quantity]")).to_have_value("24.5")
    expect(page.locator("[name=price]")).to_have_value("557.43")
    expect(page.locator("[name=lots]")).to_have_value("2011-08-08 18; 2012-04-20 6.5")
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(ledger.address())
    page.goto(ledger.address("gains/"))
    expect(page.locator("#gain-sums .total-row .e")).to_have_text(expected)


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_the_panel_fits_and_is_accessible(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., object],
    width: int,
    theme: str,
) -> None:
    narrow = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    page = new_context(viewport={"width": width, "height": 844}, color_scheme=theme, **narrow).new_page()
    page.goto(f"{product.origin}/sign-up/")
    ledger = bought(page, product)
    page.goto(ledger.address("gains/"))
    expect(method(page, "FIFO")).to_be_visible()
    page.get_by_label("Quantity").fill("x")
    expect(page.locator("#what-if-error")).to_contain_text("Expected a number above zero such as 24.5, was x.")
    assert find_accessibility_problems(page, within="#what-if") == []
    page.get_by_label("Quantity").fill("24")
    expect(method(page, "FIFO").locator(".gain-total")).not_to_have_text("—")
    assert find_accessibility_problems(page, within="#what-if") == []
    assert not overflows(page)
    assert page.locator("#what-if").evaluate("(panel) => panel.scrollWidth <= panel.clientWidth + 1")
    take_screenshot(page, f"what-if-{width}-{theme}")
