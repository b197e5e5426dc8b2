"""The address `/` in a real browser: all portfolios live for who is signed in, the ways in for who is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    COUNT_SHIFTS,
    HEALED_MS,
    NARROW,
    WIDE,
    Seeded,
    dollars,
    expect_moving,
    long_term,
    nothing_yet,
    open_live,
    outside,
    pill,
    seeded,
    sign_in,
)
from tests.servers.product import Product, running_product
from tests.servers.seed import seed

AMOUNT = re.compile(r"^[+−]?\d[\d,]*\.\d{2}$")
WATCH_SUMS = """
() => {
  window.mismatches = [];
  window.seen = new Set();
  const text = (element) => element.textContent.trim();
  const cents = (told) => BigInt(told.replaceAll(',', '').replace('−', '-').replace('+', '').replace('.', ''));
  const look = () => {
    for (const head of document.querySelectorAll('[data-worth]')) {
      // What is added up of a portfolio of another base currency stands beside its own figures.
      const shown = (row, figure) => {
        const isOwn = text(row.querySelector('[data-figure="currency"]')) === head.dataset.worth;
        return text(row.querySelector(`[data-figure="${isOwn ? '' : 'home-'}${figure}"]`));
      };
      const rows = [...document.querySelectorAll('#portfolio-table tbody tr')];
      for (const [figure, told] of [['value', text(head.querySelector('.stat-value .amount'))],
                                    ['day', text(head.querySelector('[data-figure="day"]'))]]) {
        const sum = rows.map((row) => cents(shown(row, figure))).reduce((a, b) => a + b, 0n);
        if (cents(told) !== sum) window.mismatches.push(`${head.dataset.worth} ${figure}: ${told} is not ${sum}`);
        window.seen.add(told);
      }
    }
    for (const row of document.querySelectorAll('#portfolio-table tbody tr')) {
      const [day, ...parts] = ['day', 'price', 'rates', 'other']
        .map((figure) => cents(text(row.querySelector(`[data-figure="${figure}"]`))));
      const sum = parts.reduce((a, b) => a + b, 0n);
      if (day !== sum) window.mismatches.push(`${row.dataset.portfolio}: the day ${day} is not ${sum}`);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for the tests that only look; a test that ends it starts one of its own."""
    with running_product("--speed", "60") as product:
        yield product


@pytest.fixture(scope="module")
def data(product: Product) -> Seeded:
    """Alice's portfolios, which nobody changes: two in euros, one in dollars."""
    return seeded(product, long_term(), dollars(), nothing_yet())


def open_home(new_context: NewContext, data: Seeded, **options: Any) -> Page:
    """Signs Alice in and opens home, live."""
    page = sign_in(new_context(**options), data)
    open_live(page, data.product.origin + "/")
    return page


def worth(page: Page, currency: str) -> Locator:
    """The head, which is in the currency that is chosen."""
    return page.locator(f'[data-worth="{currency}"]')


def figure(parent: Locator, name: str) -> Locator:
    """A figure of a head or a row."""
    return parent.locator(f'[data-figure="{name}"]')


def net_worth(page: Page, currency: str) -> Locator:
    """The large value."""
    return worth(page, currency).locator(".stat-value .amount")


# ---------- Signed in ----------


def test_all_portfolios_move_and_are_one_figure_whatever_their_currency(data: Seeded, new_context: NewContext) -> None:
    page = open_home(new_context, data)
    page.evaluate("window.notReloaded = true")
    expect(figure(worth(page, "EUR"), "count")).to_have_text("3 portfolios")
    expect(page.locator("#worths [data-worth]")).to_have_count(1)
    page.evaluate(WATCH_SUMS)
    for _ in range(12):
        expect_moving(page, net_worth(page, "EUR"))
    foreign = page.get_by_role("row", name="In dollars")
    expect(figure(foreign, "currency")).to_have_text("USD")
    expect_moving(page, figure(foreign, "home-value"))
    assert page.evaluate("window.mismatches") == []
    assert page.evaluate("window.seen.size") >= 12
    expect(figure(worth(page, "EUR"), "day-percent")).to_have_text(re.compile(r"^[+−]?\d+\.\d\d %$"))
    expect(page).to_have_title(re.compile(r"^[\d,]+\.\d\d EUR · Home · Tickfolio$"))
    assert page.evaluate("window.notReloaded")


def test_the_cards_are_of_all_portfolios_in_the_currency_that_is_chosen(data: Seeded, new_context: NewContext) -> None:
    page = open_home(new_context, data)
    expect(page.locator("#chart .session-figure")).to_be_visible(timeout=AT_ONCE)
    total = page.locator('#attribution [data-part="total"]')
    choice = page.get_by_label("Added up in")
    for currency in ("EUR", "USD"):
        if choice.input_value() != currency:
            choice.select_option(currency)
            expect(choice).to_have_value(currency)
        expect(total.locator(".part")).to_have_text(f"Day, {currency}")
        expect(page.locator("#allocation li").first).to_contain_text("Shares")
        # The parts and the day of the head are of one frame.
        page.wait_for_function(
            """(currency) => document.querySelector('#attribution [data-part="total"] [data-figure]').textContent ===
               document.querySelector(`[data-worth="${currency}"] [data-figure="day"]`).textContent""",
            arg=currency,
        )
        expect_moving(page, total.locator("[data-figure]"))
    # Longer spans: by a key, of the currency that is chosen, and the last point is the head's.
    page.keyboard.press("7")
    figure_of = page.locator("#chart-days .session-figure")
    expect(figure_of).to_have_attribute("aria-label", re.compile(r"^Net worth from .* USD"), timeout=AT_ONCE)
    choice.select_option("EUR")
    expect(figure_of).to_have_attribute("aria-label", re.compile(r"^Net worth from .* EUR"), timeout=AT_ONCE)
    page.keyboard.press("t")
    page.wait_for_function(
        """() => {
          const head = document.querySelector('[data-worth="EUR"] .stat-value .amount').textContent;
          return document.querySelector("#chart-days tbody td").textContent === `${head} EUR`;
        }"""
    )


def test_a_portfolio_is_a_link_to_its_page(data: Seeded, new_context: NewContext) -> None:
    page = open_home(new_context, data)
    page.get_by_role("rowheader", name="In dollars").get_by_role("link").click()
    expect(page).to_have_url(data.address(1))


def test_what_moved_and_what_needs_attention_are_told(data: Seeded, new_context: NewContext) -> None:
    page = open_home(new_context, data)
    apple = page.locator("#movers li", has_text="AAPL")
    expect(figure(apple, "change")).to_have_text(re.compile(r"^[+−]\d+\.\d\d %$"), timeout=AT_ONCE)
    expect(apple.locator(".effect")).to_have_text([re.compile("EUR$")])
    expect_moving(page, figure(apple, "change"))
    expect(page.locator("#concerns li")).to_have_text(re.compile("HLX.R has no value.*no price of HLX.R is known"))
    expect(page.locator("#concerns-count")).to_have_text("1")


def test_a_portfolio_made_elsewhere_comes_and_a_deleted_one_goes(product: Product, new_context: NewContext) -> None:
    data = seeded(product, long_term(), nothing_yet())
    context = new_context()
    page = sign_in(context, data)
    open_live(page, product.origin + "/")
    page.evaluate("window.notReloaded = true")
    seed(product, {"people": [{**data.people[0], "portfolios": [dollars()]}]})
    expect(page.get_by_role("rowheader", name="In dollars")).to_be_visible(timeout=HEALED_MS)
    expect(figure(page.get_by_role("row", name="In dollars"), "home-value")).to_have_text(AMOUNT)
    other = context.new_page()
    other.goto(f"{data.address(1)}delete/")
    other.locator("[name=name]").fill("Nothing yet")
    other.get_by_role("button", name="Delete for everybody").click()
    expect(page.get_by_role("rowheader", name="Nothing yet")).to_have_count(0)
    expect(figure(worth(page, "EUR"), "count")).to_have_text("2 portfolios")
    assert page.evaluate("window.notReloaded")


def test_who_has_no_portfolio_is_shown_two_ways_to_the_first_one(
    product: Product, new_context: NewContext, find_accessibility_problems: Callable[..., list[str]]
) -> None:
    data = seeded(product)
    context = new_context()
    page = sign_in(context, data)
    open_live(page, product.origin + "/")
    expect(page.get_by_role("link", name="Create a portfolio")).to_be_visible()
    expect(page.get_by_role("link", name="Import a file")).to_be_visible()
    assert find_accessibility_problems(page) == []
    seed(product, {"people": [{**data.people[0], "portfolios": [nothing_yet()]}]})
    expect(page.get_by_role("rowheader", name="Nothing yet")).to_be_visible(timeout=HEALED_MS)


def test_while_the_server_is_away_all_values_stay_and_are_called_stale(
    start_product: Callable[..., Product], new_context: NewContext, complaints: Complaints
) -> None:
    product = start_product("--speed", "60")
    complaints.expect("ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource")
    page = open_home(new_context, seeded(product, long_term(), dollars()))
    expect_moving(page, net_worth(page, "EUR"))
    product.kill()
    expect(pill(page)).to_have_attribute("data-state", "offline", timeout=AT_ONCE)
    expect(figure(worth(page, "EUR"), "coverage")).to_have_text(re.compile(r"^(\d+) of \d+ priced, \1 stale$"))
    expect(net_worth(page, "EUR")).to_have_text(AMOUNT)
    product.start()
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=30_000)
    expect(figure(worth(page, "EUR"), "coverage")).to_have_text(re.compile(r"^\d+ of \d+ priced$"))
    expect_moving(page, net_worth(page, "EUR"))


# ---------- Not signed in ----------


def test_a_visitor_of_the_demo_is_in_it_with_one_click(product: Product, page: Page) -> None:
    page.goto(product.origin + "/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Open the demo portfolio").click()
    expect(page.get_by_role("rowheader", name="Long term")).to_be_visible()
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=AT_ONCE)
    expect_moving(page, net_worth(page, "EUR"))


def test_a_visitor_finds_the_stocks_and_the_ways_in(product: Product, page: Page) -> None:
    page.goto(product.origin + "/")
    expect(page.get_by_role("link", name="Sign up")).to_have_attribute("href", "/sign-up/")
    page.get_by_role("link", name="Look at the stocks").click()
    expect(page.locator("#stock-symbol")).to_have_text("AAPL")
    page.get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(re.compile("/sign-in/"))


# ---------- Quality ----------


def test_nothing_shifts_when_prices_move(data: Seeded, new_context: NewContext) -> None:
    for options in (WIDE, NARROW):
        context = new_context(**options)
        sign_in(context, data)
        page = context.new_page()
        page.add_init_script(COUNT_SHIFTS)
        open_live(page, data.product.origin + "/")
        expect_moving(page, net_worth(page, "EUR"))
        page.evaluate("window.layoutShifts.length = 0")
        for _ in range(8):
            expect_moving(page, net_worth(page, "EUR"))
        assert page.evaluate("window.layoutShifts") == []


def test_a_phone_has_room_for_what_moved(data: Seeded, new_context: NewContext) -> None:
    page = open_home(new_context, data, viewport={"width": 390, "height": 800})
    expect(page.locator("#movers").get_by_text("Apple Inc.")).to_be_visible()
    name = page.locator("#movers .mover-name").filter(has=page.get_by_text("Apple Inc."))
    for part in (name.locator("a"), name.locator(".label")):
        assert part.evaluate("(each) => each.scrollWidth <= each.parentElement.clientWidth")
    assert name.evaluate("(name) => name.scrollWidth <= name.clientWidth")


@pytest.mark.parametrize("width", [320, 390, 768, 1152, 1440])
def test_the_page_never_scrolls_sideways(data: Seeded, new_context: NewContext, width: int) -> None:
    page = open_home(new_context, data, viewport={"width": width, "height": 800})
    expect_moving(page, net_worth(page, "EUR"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert outside(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_axe_finds_nothing_and_the_pages_are_pictured(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: Any,
    size: str,
) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, **(WIDE if size == "wide" else NARROW)}
    page = open_home(new_context, data, **options)
    expect_moving(page, net_worth(page, "EUR"))
    width = 1440 if size == "wide" else 390
    take_screenshot(page, f"home-{width}-{scheme}")
    assert find_accessibility_problems(page) == []
    visitor = new_context(**options).new_page()
    visitor.goto(data.product.origin + "/")
    take_screenshot(visitor, f"welcome-{width}-{scheme}")
    assert find_accessibility_problems(visitor) == []
