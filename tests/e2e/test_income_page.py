"""The income page as a person reads it, in a real browser on the running product."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.ledger_pages import Ledger, given_portfolio, given_transaction, overflows
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all. Its market stands in May 2012."""
    with running_product("--speed", "60") as product:
        yield product


def pay(page: Page, ledger: Ledger) -> Ledger:
    """Books IBM bought in 2010, and of its dividends one of a year ago, one of this spring and one that is due.

    Of the others the replay tells, and the account takes them.
    """
    given_transaction(page, ledger, "deposit", amount="100000", day="2010-01-04")
    given_transaction(page, ledger, "buy", symbol="IBM", day="2010-02-01", quantity="100", price="124.67")
    given_transaction(page, ledger, "dividend", symbol="IBM", day="2011-09-12", gross="75", taxes="11.25")
    given_transaction(page, ledger, "dividend", symbol="IBM", day="2012-03-10", gross="80", taxes="12")
    given_transaction(page, ledger, "dividend", symbol="IBM", day="2012-06-09", ex_date="2012-05-08", gross="85")
    return ledger


def test_what_was_paid_is_drawn_listed_and_live_and_what_would_be_repeated_is_apart(
    product: Product,
    page: Page,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    ledger = given_portfolio(page, product)
    page.goto(ledger.address("income/"))
    expect(page.get_by_role("heading", name="Nothing was paid yet")).to_be_visible()
    assert find_accessibility_problems(page) == []
    pay(page, ledger)
    page.goto(ledger.address(""))
    page.get_by_role("link", name="Income", exact=True).click()
    chart = page.get_by_role("img", name="Gross income of the last 24 months")
    expect(chart).to_be_visible()
    chart.focus()
    chart.press("ArrowLeft")
    expect(page.locator("#months .chart-tip")).to_contain_text("May 2012")
    page.get_by_role("button", name="Year", exact=True).click()
    expect(page.get_by_role("img", name="Gross income by month, the years stacked")).to_be_visible()
    page.locator("main").press("t")
    expect(page.locator("#months thead")).to_contain_text("Month20122011")
    page.get_by_role("button", name="Table").click()
    # Of the known one 100 × 0.85 USD; of the others, per unit, what is held now.
    expect(page.locator("#coming li").first).to_contain_text("100 × 0.85 USD")
    page.get_by_text("What would be repeated, payment by payment").click()
    expect(page.locator("#repeated li").last).to_contain_text("about 10 Mar 2013, 100 × 0.80 USD")
    expect(page.locator('tr[data-forecast="2013-03"] [data-figure="repeated"]')).not_to_have_text("—")
    known = page.locator('tr[data-forecast="2012-06"] [data-figure="known"]')
    expect(known).not_to_have_text("—")
    expect(page.locator('tr[data-forecast="2012-06"] [data-figure="repeated"]')).to_have_text("—")
    # The value moves with the market, and the yield with it.
    value = page.locator('tr[data-yield="IBM"] [data-figure="value"]')
    before = value.text_content() or ""
    expect(value).not_to_have_text(before, timeout=30_000)
    assert not overflows(page)
    assert find_accessibility_problems(page) == []
    take_screenshot(page, "income-1440-light")
    # What is booked elsewhere stands here without a reload, on a phone too.
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("window.isSame = true")
    given_transaction(page, ledger, "dividend", symbol="IBM", day="2012-05-10", gross="1000")
    expect(page.locator("main")).to_contain_text("paid 10 May 2012")
    assert page.evaluate("window.isSame")


def test_it_fits_a_phone_in_the_dark(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    context = new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True, is_mobile=True)
    page = context.new_page()
    ledger = pay(page, given_portfolio(page, product))
    page.goto(ledger.address("income/"))
    expect(page.get_by_role("img", name="Gross income of the last 12 months")).to_be_visible()
    assert not overflows(page)
    assert find_accessibility_problems(page) == []
    take_screenshot(page, "income-390-dark")
    page.set_viewport_size({"width": 320, "height": 700})
    assert not overflows(page)
