"""The gains report as a person reads it, in a real browser on the running product."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewContext, in_both_themes
from tests.e2e.ledger_pages import Ledger, given_portfolio, given_transaction, overflows, sign_up
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own. Its market stands in May 2012."""
    with running_product("--speed", "1") as product:
        yield product


def traded(page: Page, product: Product) -> Ledger:
    """Shares bought in 2010 and 2011, sold in 2011 and 2012; some were transferred in without their cost."""
    return trade(page, given_portfolio(page, product))


def trade(page: Page, ledger: Ledger) -> Ledger:
    """Books them in a portfolio."""
    given_transaction(page, ledger, "deposit", amount="100000", day="2010-01-04")
    given_transaction(
        page, ledger, "buy", symbol="AAPL", day="2010-03-01", quantity="100.123456789", price="209.12", fees="9.95"
    )
    given_transaction(page, ledger, "buy", symbol="IBM", day="2011-02-01", quantity="1000", price="163.4")
    given_transaction(
        page, ledger, "sell", symbol="AAPL", day="2011-09-01", quantity="50.000000001", price="381.03", fees="9.95"
    )
    given_transaction(page, ledger, "sell", symbol="IBM", day="2011-09-01", quantity="900", price="160.1")
    given_transaction(page, ledger, "sell", symbol="AAPL", day="2012-04-02", quantity="10", price="618.63")
    given_transaction(page, ledger, "transfer_in", symbol="MSFT", day="2011-01-03", quantity="5")
    given_transaction(page, ledger, "sell", symbol="MSFT", day="2011-06-01", quantity="5", price="24.43")
    return ledger


def lots(page: Page) -> Locator:
    """The rows of the closed lots."""
    return page.locator("[data-lot]")


def test_years_and_filters_lead_to_their_lots_and_the_file_has_them(product: Product, page: Page) -> None:
    ledger = traded(page, product)
    page.goto(ledger.address(""))
    page.get_by_role("link", name="Gains", exact=True).click()
    expect(lots(page)).to_have_count(1)
    expect(page.get_by_role("navigation", name="Years").get_by_role("link")).to_have_text(
        ["2012", "2011", "2010", "All years"]
    )
    page.get_by_role("link", name="2011", exact=True).click()
    expect(lots(page)).to_have_count(3)
    expect(lots(page).first).to_contain_text("not available")
    expect(page.locator("#gain-sums")).to_contain_text("One lot is left out of the sums")
    page.get_by_label("Symbol").select_option("AAPL")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"\?year=2011&account=&symbol=AAPL$"))
    expect(lots(page)).to_have_count(1)
    page.get_by_role("link", name="All years").click()
    expect(lots(page)).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    path = download.value.path()
    assert download.value.suggested_filename == "long-term-gains.csv"
    with path.open(newline="", encoding="utf-8") as file:
        assert [(line["symbol"], line["closed"]) for line in csv.DictReader(file)] == [
            ("AAPL", "2011-09-01"),
            ("AAPL", "2012-04-02"),
        ]
    lots(page).first.get_by_role("link", name="AAPL").click()
    expect(page.get_by_role("heading", name=re.compile("^Sell 50"))).to_be_visible()


def test_the_holding_period_is_counted_as_the_portfolio_says(product: Product, page: Page) -> None:
    ledger = traded(page, product)
    page.goto(ledger.address("gains/?year=2011&symbol=IBM"))
    expect(lots(page)).to_contain_text("212")
    expect(page.locator("#gain-sums")).to_contain_text("held for more than 12 months")
    page.get_by_role("link", name="Change how holding periods are counted").click()
    page.get_by_label("Long term after, in months").fill("a year")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_contain_text("Expected 0 to 1200 months, was a year.")
    page.get_by_label("Days", exact=True).select_option("thirty_360")
    page.get_by_label("Long term after, in months").fill("6")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved how holding periods are counted.")
    page.goto(ledger.address("gains/?year=2011&symbol=IBM"))
    expect(lots(page)).to_contain_text("210")
    expect(lots(page)).to_contain_text("long")


def test_a_viewer_sees_the_gains_and_cannot_change_how_they_are_counted(
    product: Product, page: Page, new_context: NewContext
) -> None:
    ledger = traded(page, product)
    veras = new_context().new_page()
    vera = sign_up(veras, product, "vera")
    veras.goto("about:blank")  # her home page would load itself again as soon as something is shared with her
    page.goto(ledger.address("members/"))
    page.get_by_label("E-mail address").fill(vera)
    page.get_by_role("button", name="Share").click()
    veras.goto(ledger.address("gains/?year=2011"))
    expect(lots(veras)).to_have_count(3)
    expect(veras.get_by_role("link", name=re.compile("^Change"))).to_have_count(0)
    veras.goto(ledger.address("settings/"))
    expect(veras.locator("main")).to_contain_text("what was held for more than 12 months is long term.")


def test_it_works_without_scripts(product: Product, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    ledger = traded(page, product)
    page.goto(ledger.address("gains/?year=all"))
    expect(lots(page)).to_have_count(4)
    page.get_by_label("Symbol").select_option("IBM")
    page.get_by_role("button", name="Show").click()
    expect(lots(page)).to_have_count(1)


PLACES = ["gains/", "gains/?year=2011", "gains/?year=all&symbol=AAPL", "gains/?year=1999&symbol=X", "gains/periods/"]


@pytest.mark.parametrize("width", [320, 390, 1200, 1440])
def test_every_page_fits_and_is_accessible(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    width: int,
) -> None:
    narrow = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    context = new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce", **narrow)
    page = context.new_page()
    ledger = given_portfolio(page, product)
    page.goto(ledger.address("gains/"))
    expect(page.get_by_role("heading", name="Nothing was closed yet")).to_be_visible()
    assert not overflows(page)
    for theme in in_both_themes(page):
        assert find_accessibility_problems(page) == [], theme
        take_screenshot(page, f"gains-empty-{width}-{theme}")
    trade(page, ledger)
    for place in PLACES:
        page.goto(ledger.address(place))
        assert not overflows(page), place
        assert boxes_that_scroll(page) == [], place
        assert names_below_figures(page) == [], place
        for theme in in_both_themes(page):
            assert find_accessibility_problems(page) == [], (place, theme)
            take_screenshot(page, f"{re.sub(r'\W+', '-', place).strip('-')}-{width}-{theme}")


def names_below_figures(page: Page) -> list[str]:
    """The rows whose name runs into the gain beside it."""
    found: list[str] = page.locator(".closed-lots tbody tr").evaluate_all(
        """(rows) => rows.filter((row) => {
          const name = document.createRange();
          name.selectNodeContents(row.querySelector('.m'));
          return name.getBoundingClientRect().right > row.querySelector('.e').getBoundingClientRect().left;
        }).map((row) => row.textContent)"""
    )
    return found


def boxes_that_scroll(page: Page) -> list[str]:
    """The panels that are wider inside than outside."""
    found: list[str] = page.locator(".panel").evaluate_all(
        "(panels) => panels.filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.id)"
    )
    return found
