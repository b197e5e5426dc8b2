"""The page of an instrument as its owner has it: a real browser on the running product, its prices a replay of real days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.forms import send_form
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    COUNT_SHIFTS,
    NARROW,
    WIDE,
    Seeded,
    chart,
    expect_moving,
    figure,
    long_term,
    open_live,
    open_portfolio,
    outside,
    row,
    seeded,
    sign_in,
)
from tests.servers.product import Product, running_product

WATCH_SUMS = """
() => {
  window.mismatches = [];
  window.seen = new Set();
  const cents = (element) => BigInt(element.textContent.trim().replace(/[,.+]/g, '').replace('−', '-'));
  const of = (selector) => document.querySelector(selector);
  const look = () => {
    for (const name of ['value', 'unrealized']) {
      const lots = [...document.querySelectorAll(`#lots [data-lot] [data-figure="${name}"]`)];
      const sum = lots.reduce((total, lot) => total + cents(lot), 0n);
      const [total, position] = [`#lots-total [data-figure="${name}"]`, `#position [data-figure="${name}"]`].map(of);
      window.seen.add(position.textContent);
      if (sum !== cents(total) || sum !== cents(position)) window.mismatches.push(`${name}: ${sum}, ${total.textContent}`);
    }
    const parts = ['price', 'currency'].map((part) => cents(of(`#position [data-figure="unrealized-${part}"]`)));
    if (parts[0] + parts[1] !== cents(of('#position [data-figure="unrealized"]'))) window.mismatches.push('parts');
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has a person of its own."""
    with running_product("--speed", "60") as product:
        yield product


@pytest.fixture
def data(product: Product) -> Seeded:
    """Alice's portfolio, in two accounts of which hold MSFT."""
    return seeded(product, long_term(), viewer=True)


def at(data: Seeded, symbol: str) -> str:
    """The address of an instrument in Alice's portfolio."""
    return f"{data.address()}instruments/{symbol}/"


def test_price_candles_position_and_lots_move_together_and_a_booking_comes_by_itself(
    data: Seeded, new_context: NewContext
) -> None:
    page = open_portfolio(new_context, data)
    row(page, "AAPL").locator("a.symbol").click()
    expect(page).to_have_url(at(data, "AAPL"))
    expect(page.locator("#latency")).to_have_text(re.compile(r"^on screen \d+ ms later$"), timeout=AT_ONCE)
    page.evaluate("window.notReloaded = true")
    page.evaluate(WATCH_SUMS)
    expect_moving(page, page.locator("#price"))
    expect_moving(page, figure(page.locator("#position"), "value"))
    expect(chart(page)).to_have_attribute("aria-label", re.compile(r"^Daily candles of AAPL in USD, .* last [\d.]+\.$"))
    named = chart(page).get_attribute("aria-label")
    expect(chart(page)).not_to_have_attribute("aria-label", named or "", timeout=AT_ONCE)
    send_form(
        page.context,
        data.product,
        f"{data.path()}transactions/new/",
        "?type=buy",
        symbol="AAPL",
        day="2010-03-01",
        quantity="7",
        price="209.12",
    )
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#lots [data-lot]")).to_have_count(2, timeout=AT_ONCE)
    expect(figure(page.locator("#position"), "quantity")).to_have_text("67")
    expect(page.locator("#instrument-transactions .row-link")).to_have_count(2)
    expect_moving(page, figure(page.locator("#lots-total"), "value"))
    page.get_by_label("Quantity", exact=True).fill("10")
    expect(page.locator("#what-if tbody tr").first).to_contain_text("FIFO")
    expect_moving(page, page.locator("#what-if-net"))
    assert page.evaluate("window.seen.size") > 2
    assert page.evaluate("window.mismatches") == []
    assert page.evaluate("window.notReloaded")


def test_keys_choose_the_span_point_at_candles_and_show_them_as_a_table(
    data: Seeded, new_context: NewContext, take_screenshot: Callable[..., Path]
) -> None:
    context = new_context(**WIDE)
    context.add_init_script(COUNT_SHIFTS)
    page = sign_in(context, data)
    open_live(page, at(data, "IBM"))
    for key, name in (("1", "Five-minute"), ("2", "Daily"), ("5", "Daily"), ("6", "Weekly"), ("7", "Monthly")):
        page.keyboard.press(key)
        expect(chart(page)).to_have_attribute("aria-label", re.compile(f"^{name} candles of IBM in USD"))
    expect(page.get_by_role("button", name="All")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#volume-legend")).to_have_text(re.compile(r"^volume, most [\d.]+ M$"))
    chart(page).focus()
    page.keyboard.press("End")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".chart-tip")).to_be_visible()
    expect(page.locator(".chart-tip")).to_contain_text(re.compile(r"Open.*High.*Low.*Close.*Change.*Volume"))
    # IBM pays four times a year, and this portfolio bought it in 2009: a month of 2009 has its letter or its count.
    expect(page.locator("#chart .mark")).not_to_have_count(0)
    take_screenshot(page, "instrument-all", full_page=False)
    page.keyboard.press("t")
    table = page.get_by_role("region", name=re.compile("^Monthly candles"))
    expect(table).to_be_focused()
    expect(table.get_by_role("row").nth(1)).to_contain_text("May 2012")
    expect(table).to_contain_text("1 purchase")
    page.keyboard.press("t")
    expect(table).to_be_hidden()
    assert page.evaluate("window.layoutShifts") == []


def test_a_note_is_one_for_all_members_and_nobody_writes_over_what_they_have_not_seen(
    data: Seeded, new_context: NewContext, complaints: Complaints
) -> None:
    complaints.expect("status of 409")
    page = sign_in(new_context(**WIDE), data)
    open_live(page, at(data, "AAPL"))
    bob = sign_in(new_context(**WIDE), data, who=1)
    bob.goto(at(data, "AAPL"))
    expect(bob.locator("#note")).to_contain_text("Nobody has written a note")
    expect(bob.get_by_role("link", name="Buy or sell")).to_have_count(0)
    page.get_by_role("textbox", name="Note").fill("Bought for good.\nSee the report.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".toast")).to_contain_text("Saved the note.")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Bought for good.\nSee the report.")
    other = page.context.new_page()
    other.goto(at(data, "AAPL"))
    other.get_by_role("textbox", name="Note").fill("Sold half.")
    other.get_by_role("button", name="Save the note").click()
    expect(other.locator(".toast")).to_contain_text("Saved the note.")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("textbox", name="Note").fill("Keep all of it.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("#note blockquote")).to_have_text("Sold half.")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Keep all of it.")
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.locator(".toast")).to_contain_text("Saved the note.")
    bob.reload()
    expect(bob.locator("#note")).to_contain_text("Keep all of it.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_width_fits_and_is_accessible_held_or_not(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    theme: str,
) -> None:
    for options in (NARROW, WIDE):
        page = sign_in(new_context(color_scheme=theme, **options), data)
        for place in (at(data, "MSFT"), at(data, "GOOG"), f"{data.product.origin}/instruments/GOOG/"):
            fits(page, place)
            assert find_accessibility_problems(page) == []
            width = page.viewport_size["width"] if page.viewport_size else 0
            name = re.sub(r"\W+", "-", place.partition("/instruments/")[2]).strip("-")
            take_screenshot(page, f"instrument-{name}-{'alone-' if 'portfolios' not in place else ''}{width}-{theme}")
        page.goto(at(data, "GOOG"))
        expect(page.locator("#position")).to_contain_text("You hold none")
        page.goto(at(data, "MSFT"))
        expect(page.locator("#position")).to_contain_text("in Harbor")
        page.set_viewport_size({"width": 320, "height": 700})
        fits(page, at(data, "MSFT"))


def fits(page: Page, place: str) -> None:
    """Opens a page and expects that nothing reaches over its edge."""
    open_live(page, place)
    expect(chart(page)).to_be_visible()
    assert outside(page) == []
