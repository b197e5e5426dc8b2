"""The page of a portfolio as its owner has it: a real browser on the running product, its prices a replay of real days."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    Seeded,
    chart,
    expect_moving,
    figure,
    long_term,
    nothing_yet,
    open_live,
    open_portfolio,
    outside,
    row,
    seeded,
    sign_in,
    value,
)
from tests.servers.product import Product, running_product

AMOUNT = re.compile(r"^[+−]?\d[\d,]*\.\d{2}$")
GERMAN_AMOUNT = re.compile(r"^[+−]?\d[\d.]*,\d{2}$")
WATCH_SUMS = """
() => {
  window.mismatches = [];
  window.seen = new Set();
  const text = (element) => element.textContent.trim();
  const cents = (told) => BigInt(told.replaceAll(',', '').replace('−', '-').replace('+', '').replace('.', ''));
  const all = (selector) => [...document.querySelectorAll(selector)].map(text).filter((told) => told !== '—' && told !== '');
  const sum = (selector) => all(selector).reduce((total, told) => total + cents(told), 0n);
  const value = document.querySelector('.stat-value .amount');
  const check = (what, whole, parts) => {
    if (cents(whole) !== parts) window.mismatches.push(`${what}: ${whole} is not the sum of its parts, ${parts}`);
  };
  const look = () => {
    window.seen.add(text(value));
    check('value', text(value), sum('#holdings [data-row] [data-figure="value"]'));
    check('day', text(document.getElementById('total-day')), sum('#holdings [data-row] [data-figure="day"]'));
    check('groups', text(value), sum('#holdings .group [data-figure="value"]'));
    check('parts', text(document.getElementById('total-day')), sum('#attribution li:not(.total) [data-figure]'));
    check('allocation', text(value), sum('#allocation [data-figure="value"]'));
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
    """Alice's portfolios, which nobody changes."""
    return seeded(product, long_term(), nothing_yet())


# ---------- Live ----------


def test_the_portfolio_moves_without_a_reload(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    page.evaluate("window.notReloaded = true")
    expect(value(page)).to_have_text(AMOUNT)
    for _ in range(3):
        expect_moving(page, value(page))
    expect_moving(page, figure(row(page, "AAPL"), "price"))
    expect_moving(page, page.locator("#total-day"))
    expect(page.locator("#total-day-percent")).to_have_text(re.compile(r"^[+−]?\d+\.\d\d %$"))
    expect(page.locator("#coverage-priced")).to_have_text("4 of 5 priced")
    expect(page.locator("#coverage-oldest")).to_have_text(re.compile(r"^oldest price \d\d:\d\d:\d\d, [A-Z]+"))
    expect(page).to_have_title(re.compile(r"^Long term [\d,]+\.\d\d EUR · Tickfolio$"))
    assert page.evaluate("window.notReloaded")


def test_the_moving_figures_are_written_as_the_person_prefers(product: Product, new_context: NewContext) -> None:
    german = seeded(product, long_term())
    page = sign_in(new_context(), german)
    page.goto(f"{product.origin}/preferences/")
    page.get_by_label("Numbers and dates").select_option("de")
    page.get_by_role("button", name="Save").click()
    open_live(page, german.address())
    expect_moving(page, value(page))
    expect_moving(page, figure(row(page, "AAPL"), "price"))
    for each in (value(page), page.locator("#total-day")):
        expect(each).to_have_text(GERMAN_AMOUNT)
    expect(page.locator("#total-day-percent")).to_have_text(re.compile(r"^[+−]?\d+,\d\d %$"))
    expect(page).to_have_title(re.compile(r"^Long term [\d.]+,\d\d EUR · Tickfolio$"))


def test_the_head_is_the_sum_of_what_stands_below_it_at_every_moment(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    page.evaluate(WATCH_SUMS)
    for _ in range(25):
        expect_moving(page, value(page))
    assert page.evaluate("window.mismatches") == []
    assert page.evaluate("window.seen.size") >= 25


def test_the_side_bar_has_the_day_of_each_portfolio(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    entry = page.locator("#rail-portfolios [aria-current]")
    expect(entry.locator(".rail-name")).to_have_text("Long term")
    percent = entry.locator('[data-figure="day-percent"]')
    # Both move: they are compared in one moment.
    page.wait_for_function(
        """() => document.querySelector('#rail-portfolios [aria-current] [data-figure="day-percent"]').textContent ===
        document.getElementById('total-day-percent').textContent"""
    )
    expect_moving(page, percent)


def test_what_has_no_price_has_a_dash_and_a_reason(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    rights = row(page, "HLX.R")
    for name in ("price", "value", "day", "unrealized", "weight"):
        expect(figure(rights, name)).to_have_text("—")
    expect(figure(rights, "mark")).to_have_text("no price")
    expect(page.locator("#holdings-note")).to_have_text("HLX.R: no price of HLX.R is known. Left out of every total.")


@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_names_have_room_at_a_desk_and_nothing_reaches_out_anywhere(
    data: Seeded, new_context: NewContext, width: int
) -> None:
    page = open_portfolio(new_context, data, viewport={"width": width, "height": 900})
    expect(page.get_by_role("heading", name="Long term", level=1)).to_be_visible()
    name = figure(row(page, "HLX.R"), "name")
    expect(name).to_have_text("Helix Bio rights")
    if width == 1440:
        assert name.evaluate("(name) => name.scrollWidth <= name.clientWidth")
    assert outside(page) == []
    assert page.locator(".holdings-box").evaluate("(box) => box.scrollWidth <= box.clientWidth + 1")


def test_in_a_currency_without_a_rate_nothing_looks_like_zero(product: Product, new_context: NewContext) -> None:
    kroons = seeded(product, {**long_term(), "currency": "EEK"})
    page = open_portfolio(new_context, kroons)
    expect(page.locator("#chart")).to_contain_text("Nothing has a value now", timeout=AT_ONCE)
    expect(page.locator("#chart svg")).to_have_count(0)
    expect(value(page)).to_have_text("—")
    expect(page).to_have_title("Long term — EEK · Tickfolio")
    expect(page.locator("#spoken")).to_contain_text("Long term has no value now", timeout=AT_ONCE)
    expect(page.locator("#holdings-note")).to_contain_text("no exchange rate of EEK")


def test_a_replay_cannot_be_taken_for_todays_market(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    expect(page.locator("#replay-banner")).to_contain_text("Prices are a replay")
    expect(row(page, "AAPL").locator(".quality")).to_have_attribute("data-quality", "replay")
    expect(page.locator(".shape-live")).to_have_count(0)
    expect(page.locator("#market-state")).to_have_text(re.compile("^New York (open|closed)$"))


# ---------- The chart ----------


def test_the_values_of_the_day_are_a_chart_that_grows_and_a_table(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    told = re.compile(r"^Long term on \d+ \w+ \d{4} in EUR: [\d,.]+ at 15:30, .* previous close [\d,]+\.\d\d\.$")
    expect(chart(page)).to_have_attribute("aria-label", told, timeout=AT_ONCE)
    minute = re.search(r"at (\d\d:\d\d), low", chart(page).get_attribute("aria-label") or "")
    assert minute is not None
    expect(chart(page)).not_to_have_attribute("aria-label", re.compile(f"at {minute.group(1)}, low"), timeout=AT_ONCE)
    page.keyboard.press("t")
    expect(page.get_by_role("table", name="Long term minute by minute")).to_be_visible()
    expect(page.locator("#chart tbody tr").last.locator("th")).to_have_text("15:30")
    expect(page.locator("#chart thead th")).to_have_text(["Time", "Value", "Change"])
    seen = (
        "[...document.querySelectorAll('#chart svg *')].some((each) => getComputedStyle(each).visibility === 'visible')"
    )
    assert page.evaluate(seen) is False
    page.keyboard.press("t")
    expect(chart(page)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".chart-tip")).to_contain_text(re.compile(r"\d\d:\d\d.*Value.*EUR.*Change"))


def test_the_last_point_of_the_chart_is_the_value_of_the_head(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    expect(chart(page)).to_have_attribute("aria-label", re.compile("EUR"), timeout=AT_ONCE)
    expect_moving(page, value(page))
    page.evaluate(
        "() => { window.apart = []; let was = ''; const look = () => {"
        " const told = document.querySelector('.stat-value .amount').textContent;"
        " const name = document.querySelector('#chart [role=img]').getAttribute('aria-label');"
        " if (was && ![told, was].some((each) => name.includes(`${each} at `))) window.apart.push(`${told} / ${name}`);"
        " was = told; requestAnimationFrame(look); }; requestAnimationFrame(look); }"
    )
    for _ in range(6):
        expect_moving(page, value(page))
    # The chart is drawn in the frame after the one that writes the figures, and no later.
    assert page.evaluate("window.apart") == []


# ---------- Order and keyboard ----------


def symbols(page: Page) -> list[str]:
    """The symbols of the rows in sight, from above."""
    return page.locator("#holdings tbody tr:not([hidden]) .symbol").all_inner_texts()


def test_headers_sort_and_say_so(product: Product, new_context: NewContext) -> None:
    page = open_portfolio(new_context, seeded(product, long_term()))
    expect(page.get_by_role("columnheader", name="Value")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Name", exact=True).click()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("columnheader", name="Value")).not_to_have_attribute("aria-sort", re.compile("."))
    expect(page.locator("#holdings tbody").first.locator(".symbol")).to_have_text(["AAPL", "IBM", "MSFT", "EUR", "USD"])
    page.get_by_role("button", name="Name", exact=True).click()
    expect(page.locator("#holdings tbody").first.locator(".symbol")).to_have_text(["MSFT", "IBM", "AAPL", "USD", "EUR"])


def test_the_order_stays_while_prices_move(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    page.get_by_role("button", name="Day P&L").click()
    expect_moving(page, value(page))  # the rows are put in order in the frame that writes the figures
    before = symbols(page)
    for _ in range(8):
        expect_moving(page, value(page))
    assert symbols(page) == before


def test_the_keyboard_walks_folds_and_opens(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    groups = page.locator(".group-toggle")
    groups.first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#holdings tbody").first.locator(".symbol").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(groups.first).to_be_focused()
    expect(groups.first).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(groups.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(groups.first).to_have_attribute("aria-expanded", "true")
    row(page, "AAPL").locator(".symbol").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{data.address()}instruments/AAPL/")


def test_the_keys_of_the_table_are_named_while_it_has_the_focus(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    expect(page.locator(".table-keys")).to_be_hidden()
    row(page, "AAPL").locator(".symbol").focus()
    expect(page.locator(".table-keys")).to_be_visible()
    page.locator("#switcher").focus()
    expect(page.locator(".table-keys")).to_be_hidden()


def test_the_switcher_leads_to_another_portfolio(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    page.locator("#switcher").click()
    page.get_by_role("navigation", name="Switch portfolio").get_by_role("link", name="Nothing yet").click()
    expect(page.get_by_role("heading", name="Nothing held yet")).to_be_visible()


# ---------- Edits from elsewhere ----------


def test_what_is_booked_in_another_tab_comes_and_goes_without_a_reload(
    product: Product, new_context: NewContext
) -> None:
    data = seeded(product, long_term())
    context = new_context()
    page = sign_in(context, data)
    open_live(page, data.address())
    page.evaluate(WATCH_SUMS)
    page.evaluate("window.kept = document.querySelector('#holdings [data-row$=\":AAPL\"]'); window.kept.mark = 'mine'")
    other = context.new_page()
    other.goto(f"{data.address()}transactions/new/?type=buy")
    for name, typed in {"symbol": "GOOG", "quantity": "3", "price": "600.00"}.items():
        other.locator(f"[name={name}]").fill(typed)
        other.keyboard.press("Escape")
    other.get_by_role("button", name="Book", exact=True).click()
    other.wait_for_url(f"{data.address()}transactions/")
    expect(row(page, "GOOG")).to_have_count(1)
    expect(figure(row(page, "GOOG"), "quantity")).to_have_text("3")
    assert page.evaluate("document.querySelector('#holdings [data-row$=\":AAPL\"]').mark") == "mine"
    other.locator("#ledger [data-id]").first.get_by_role("link").first.click()
    other.get_by_role("link", name="Delete").click()
    other.get_by_role("button", name=re.compile("Delete")).click()
    expect(row(page, "GOOG")).to_have_count(0)
    for _ in range(3):
        expect_moving(page, value(page))
    assert page.evaluate("window.mismatches") == []


def test_the_first_transaction_takes_the_place_of_the_empty_state(product: Product, new_context: NewContext) -> None:
    data = seeded(product, nothing_yet())
    context = new_context()
    page = sign_in(context, data)
    open_live(page, data.address())
    expect(page.get_by_role("heading", name="Nothing held yet")).to_be_visible()
    expect(page.locator("#holdings-panel")).to_be_hidden()
    other = context.new_page()
    other.goto(f"{data.address()}transactions/new/?type=deposit")
    other.locator("[name=amount]").fill("250.00")
    other.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("#holdings-panel")).to_be_visible()
    expect(value(page)).to_have_text("250.00")
    expect(page.get_by_role("heading", name="Nothing held yet")).to_be_hidden()
