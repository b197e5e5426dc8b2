"""How a portfolio is divided, as a person looks at it, in a real browser on the running product."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.ledger_pages import overflows
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    NARROW,
    WIDE,
    Seeded,
    deposit,
    expect_moving,
    long_term,
    nothing_yet,
    open_live,
    seeded,
    sign_in,
)
from tests.servers.product import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own."""
    with running_product("--speed", "60") as product:
        yield product


def overdrawn() -> dict[str, object]:
    """Much is owed, so that what is held is worth more than a thousand percent of the whole."""
    made = long_term()
    withdrawal = {**deposit("Northbank", "80000.00", "EUR", at="2009-04-10T15:00:00+00:00"), "type": "withdrawal"}
    return {**made, "name": "Overdrawn", "transactions": [*made["transactions"], withdrawal]}


def amounts(page: Page, *figures: str) -> list[list[Decimal]]:
    """Columns of the table of parts, all read in one go, each with its total last."""
    columns: list[list[str]] = page.locator("#parts").evaluate(
        """(parts, figures) => figures.map((figure) =>
            [...parts.querySelectorAll(`[data-figure="${figure}"]`)].map((cell) => cell.textContent))""",
        figures,
    )
    return [
        [Decimal(re.sub(r"[^\d.-]", "", text.replace("−", "-"))) for text in texts if re.search(r"\d", text)]
        for texts in columns
    ]


def test_the_map_and_the_table_move_and_add_up_and_can_be_walked_through(
    product: Product, new_context: NewContext
) -> None:
    data = seeded(product, long_term())
    page = sign_in(new_context(**WIDE), data)
    page.goto(data.address())
    page.get_by_role("link", name=re.compile("^All of it")).click()
    page.wait_for_url(re.compile(r"/allocation/$"))
    open_live(page, f"{data.address()}allocation/?by=holding")
    expect(page.locator(".tile")).to_have_count(5)  # three instruments, cash in euros and in dollars
    expect_moving(page, page.locator("#total-value"))
    values, weights = amounts(page, "value", "weight")
    assert values[-1] == sum(values[:-1])
    assert weights[-1] == 100
    assert weights[:-1] == [round(100 * value / values[-1], 1) for value in values[:-1]]
    expect(page.locator("#parts-note")).to_contain_text("HLX.R: ")
    # Along the map by the keyboard, with what each tile says, and to the table by one key.
    first = page.locator(".tile[tabindex='0']")
    first.focus()
    tip = page.locator(".map-tip")
    expect(tip).to_contain_text("Profit and loss of the day")
    before = page.locator(".tile:focus").get_attribute("data-key")
    page.keyboard.press("ArrowRight")
    assert page.locator(".tile:focus").get_attribute("data-key") != before
    page.keyboard.press("t")
    expect(page.locator("#parts")).to_be_focused()
    expect(tip).to_be_hidden()
    # What belongs to what can be said, and the page that stands open follows.
    open_live(page, f"{data.address()}allocation/?by=tag")
    page.evaluate("window.notReloaded = true")
    other = page.context.new_page()
    other.goto(f"{data.address()}allocation/instruments/?symbol=MSFT")
    other.get_by_label("Tag", exact=True).fill("Windows")
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".toast")).to_contain_text("Saved what MSFT is.")
    expect(page.locator("#parts tbody")).to_contain_text("Windows", timeout=AT_ONCE)
    assert page.evaluate("window.notReloaded")
    page.locator(".tile", has_text="MSFT").first.click()
    page.wait_for_url(re.compile(r"/instruments/MSFT/$"))


def test_targets_lead_to_trades_that_lead_to_the_form(product: Product, new_context: NewContext) -> None:
    data = seeded(product, long_term(), viewer=True)
    page = sign_in(new_context(**WIDE), data)
    page.goto(f"{data.address()}allocation/?by=holding")
    page.get_by_role("link", name="Set targets").first.click()
    page.get_by_label("AAPL", exact=True).fill("80")
    page.get_by_label("IBM", exact=True).fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_contain_text("Expected at most 100 percent together, was 110.")
    page.get_by_label("AAPL", exact=True).fill("20")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved the targets by holding.")
    apple = page.locator('#parts [data-key="AAPL"]')
    expect(apple.locator('[data-figure="target"]')).to_have_text("20.0 %")
    expect_moving(page, apple.locator('[data-figure="money"]'))
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("[name=how]").select_option("both")
    page.get_by_role("button", name="Work out").click()
    trade = page.locator('#proposal tr[data-key="AAPL"]').first
    expect(trade).to_contain_text(re.compile("Sell|Buy"))
    moment = page.locator("#proposal > .panel-foot").last
    expect_moving(page, moment)
    trade.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/transactions/new/\?type=(buy|sell)&symbol=AAPL"))
    expect(page.locator("[name=symbol]")).to_have_value("AAPL")
    assert int(page.locator("[name=quantity]").input_value()) > 0
    # Who may only look sees what is off, and no way to change it.
    bobs = sign_in(new_context(**WIDE), data, who=1)
    bobs.goto(f"{data.address()}allocation/?by=holding")
    expect(bobs.locator('#parts [data-key="AAPL"] [data-figure="target"]')).to_have_text("20.0 %")
    expect(bobs.get_by_role("link", name=re.compile("targets"))).to_have_count(0)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark"), (320, "light")])
def test_it_fits_is_accessible_and_an_overdraft_leaves_no_panel(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    width: int,
    theme: str,
) -> None:
    data = seeded(product, overdrawn(), nothing_yet())
    options = {**(NARROW if width < 1000 else {}), "viewport": {"width": width, "height": 844}}
    page = sign_in(new_context(**options, color_scheme=theme), data)
    page.goto(f"{data.address(1)}allocation/")
    expect(page.locator("main")).to_contain_text("Nothing held yet")
    assert find_accessibility_problems(page) == []
    _aim(page, data)
    for place in (
        "allocation/?by=class&how=both",
        "allocation/targets/?by=class",
        "allocation/instruments/?symbol=IBM",
        "",
    ):
        page.goto(f"{data.address()}{place}")
        if "how=both" in place:
            expect(page.locator(".tile").first).to_be_visible(timeout=AT_ONCE)
            expect(page.locator("#minus-note")).to_contain_text("Below zero, so in the table alone: Cash")
            [weights] = amounts(page, "weight")
            assert weights[-1] == 100
            assert max(weights) > 150
        assert not overflows(page), place
        assert cut_off(page) == [], place
        assert find_accessibility_problems(page) == [], place
        name = re.sub(r"\W+", "-", place).strip("-") or "portfolio-overdrawn"
        take_screenshot(page, f"{name}-{width}-{theme}")


def _aim(page: Page, data: Seeded) -> None:
    page.goto(f"{data.address()}allocation/targets/?by=class")
    page.get_by_label("Shares", exact=True).fill("70")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/allocation/\?by=class$"))


def cut_off(page: Page) -> list[str]:
    """Figures of the small panel that stand outside of it."""
    found: list[str] = page.locator("#allocation > li > *").evaluate_all(
        """(cells) => cells.filter((cell) => {
          const [inner, outer] = [cell.getBoundingClientRect(), cell.closest('.panel').getBoundingClientRect()];
          return inner.right > outer.right || inner.left < outer.left;
        }).map((cell) => cell.textContent)"""
    )
    return found
