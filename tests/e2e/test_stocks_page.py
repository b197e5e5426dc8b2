"""The stocks page as a person has it: a real browser on the running product, its prices a replay of real days."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.portfolio_pages import COUNT_SHIFTS
from tests.servers.product import Product, running_product

PRICE = re.compile(r"^\d[\d,]*\.\d{2}$")
CHANGE = re.compile(r"^([+−]\d+\.\d{2}|0\.00) %$")
AT_ONCE = 20_000
NOTE_MIXED_DAYS = """
() => {
  window.mixed = [];
  const read = (id) => document.getElementById(id).textContent.replaceAll(',', '');
  const look = () => {
    const day = read('chart-day');
    const price = Number(read('stock-price'));
    if (price < Number(read('day-low')) || price > Number(read('day-high')))
      window.mixed.push(`${day}: ${price} is not within ${read('day-low')} to ${read('day-high')}`);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""
NARROW = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for the tests that only look; a test that ends it starts one of its own."""
    with running_product("--speed", "60") as product:
        yield product


def open_stocks(page: Page, product: Product, query: str = "") -> None:
    """Opens the page and waits until its prices come over the socket."""
    page.goto(f"{product.origin}/stocks/{query}")
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=AT_ONCE)
    expect(price(page)).to_have_text(PRICE, timeout=AT_ONCE)


def price(page: Page) -> Locator:
    """The large price."""
    return page.locator("#stock-price")


def pill(page: Page) -> Locator:
    """The connection pill."""
    return page.locator("#connection")


def ticker(page: Page, symbol: str) -> Locator:
    """A symbol's row in the list."""
    return page.locator(f'#tickers [data-symbol="{symbol}"]')


def expect_moving(page: Page) -> None:
    """Waits until the large price is another one."""
    expect(price(page)).not_to_have_text(price(page).inner_text(), timeout=AT_ONCE)


def test_the_page_moves_without_a_reload(product: Product, page: Page) -> None:
    open_stocks(page, product)
    page.evaluate("window.notReloaded = true")
    expect(page.locator("#stock-symbol")).to_have_text("AAPL")
    expect(page.locator("#stock-change")).to_have_text(CHANGE)
    for _ in range(3):
        expect_moving(page)
    expect(page).to_have_title(re.compile(r"^AAPL \d+\.\d{2} · Tickfolio$"))
    expect(page.locator("#latency")).to_have_text(re.compile(r"^tick to pixel: p50\s+\d+ ms, p95\s+\d+ ms$"))
    assert page.evaluate("window.notReloaded")


def test_a_replay_cannot_be_taken_for_todays_market(product: Product, page: Page) -> None:
    open_stocks(page, product)
    expect(page.locator("#replay-banner")).to_contain_text(re.compile(r"Prices are a replay of \d+ \w+ \d{4}"))
    expect(page.locator("#stock-quality")).to_have_attribute("data-quality", "replay")
    expect(page.locator(".shape-live")).to_have_count(0)
    before = page.locator("#replay-time").inner_text()
    expect(page.locator("#replay-time")).not_to_have_text(before, timeout=AT_ONCE)
    pill(page).click()
    expect(page.locator("#feeds")).to_be_visible()
    expect(page.locator("#feed-list li")).not_to_have_count(0)
    expect(page.locator("#feeds-sentence")).to_have_text("Prices are a replay of the past, not today’s market.")


def test_another_symbol_is_shown_without_a_reload_and_back_goes_back(product: Product, page: Page) -> None:
    open_stocks(page, product)
    page.evaluate("window.notReloaded = true")
    ticker(page, "IBM").click()
    expect(page.locator("#stock-symbol")).to_have_text("IBM")
    expect(page).to_have_title(re.compile(r"^IBM "))
    expect(page).to_have_url(re.compile(r"\?symbol=IBM$"))
    expect(ticker(page, "IBM")).to_have_attribute("aria-current", "true")
    expect(page.locator("#chart [role=img]")).to_have_attribute("aria-label", re.compile(r"^IBM on "), timeout=AT_ONCE)
    expect_moving(page)
    page.go_back()
    expect(page.locator("#stock-symbol")).to_have_text("AAPL")
    assert page.evaluate("window.notReloaded")


def test_the_keyboard_finds_a_symbol(product: Product, page: Page) -> None:
    open_stocks(page, product)
    page.keyboard.press("/")
    page.keyboard.type("micro")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#stock-symbol")).to_have_text("MSFT")
    expect(page.locator("#symbol-input")).to_have_value("MSFT")


def test_an_unknown_symbol_is_answered_in_the_page_and_the_input_is_kept(product: Product, page: Page) -> None:
    open_stocks(page, product)
    page.locator("#symbol-input").fill("XXXX")
    page.keyboard.press("Enter")
    error = "No instrument has the symbol XXXX. Check the spelling, or pick one of the list."
    expect(page.get_by_role("alert")).to_have_text(error)
    expect(page.locator("#symbol-input")).to_have_value("XXXX")
    expect(page.locator("#stock-symbol")).to_have_text("AAPL")
    expect_moving(page)


def test_an_unknown_symbol_in_the_address_is_a_page_to_go_on_from(
    product: Product, page: Page, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    page.goto(f"{product.origin}/stocks/?symbol=XXXX")
    expect(page.get_by_role("alert")).to_contain_text("No instrument here has the symbol XXXX.")
    expect(page.locator("#symbol-input")).to_have_value("XXXX")
    ticker(page, "GOOG").click()
    expect(page.locator("#stock-symbol")).to_have_text("GOOG")
    expect(price(page)).to_have_text(PRICE)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_two_tabs_show_the_same_market(product: Product, new_context: NewContext) -> None:
    first, second = new_context().new_page(), new_context().new_page()
    open_stocks(first, product)
    open_stocks(second, product, "?symbol=MSFT")
    expect_moving(first)
    expect_moving(second)
    expect(second.locator("#stock-symbol")).to_have_text("MSFT")
    deadline = time.monotonic() + 15
    while True:
        shown = [ticker(page, "IBM").locator(".ticker-price").inner_text() for page in (first, second)]
        if shown[0] == shown[1]:
            return
        assert time.monotonic() < deadline, shown


def test_without_scripts_the_page_is_a_plain_one(product: Product, new_context: NewContext, page: Page) -> None:
    open_stocks(page, product)
    expect_moving(page)
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(f"{product.origin}/stocks/")
    expect(plain.locator("#stock-price")).to_have_text(PRICE)
    plain.locator('#tickers [data-symbol="IBM"]').click()
    expect(plain.locator("#stock-symbol")).to_have_text("IBM")
    plain.locator("#symbol-input").fill("msft")
    plain.locator("#search button").click()
    expect(plain.locator("#stock-symbol")).to_have_text("MSFT")


def test_a_killed_server_that_comes_back_is_recovered_from_without_a_reload(
    start_product: Callable[..., Product], page: Page, complaints: Complaints
) -> None:
    product = start_product("--speed", "60")
    complaints.expect("ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource")
    open_stocks(page, product)
    expect_moving(page)
    page.evaluate("window.notReloaded = true")
    product.kill()
    expect(pill(page)).to_have_attribute("data-state", "offline", timeout=AT_ONCE)
    expect(page.locator("#notice")).to_contain_text("Offline.")
    expect(page.locator("#stock-quality")).to_have_attribute("data-quality", "stale")
    expect(price(page)).to_have_text(PRICE)
    product.start()
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=30_000)
    expect(page.locator("#notice")).to_be_hidden()
    expect_moving(page)
    expect(page.locator("#stock-quality")).to_have_attribute("data-quality", "replay")
    assert page.evaluate("window.notReloaded")


def test_a_server_that_falls_silent_is_called_stale_then_dropped_and_found_again(
    start_product: Callable[..., Product], page: Page, complaints: Complaints
) -> None:
    complaints.expect("WebSocket connection|Failed to load resource")
    product = start_product("--speed", "60")
    open_stocks(page, product)
    product.pause()
    expect(pill(page)).to_have_attribute("data-state", "stale")
    expect(page.locator("#notice")).to_contain_text("Stale.")
    expect(page.locator("#stock-quality")).to_have_attribute("data-quality", "stale")
    expect(pill(page)).to_have_attribute("data-state", "offline")
    product.resume()
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=30_000)
    expect_moving(page)


def test_the_chart_is_read_by_pointer_by_keys_and_as_a_table(product: Product, page: Page) -> None:
    open_stocks(page, product)
    chart = page.locator("#chart [role=img]")
    expect(chart).to_have_attribute("aria-label", re.compile(r"^AAPL on .* previous close \d"), timeout=AT_ONCE)
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + 60)
    expect(page.locator(".chart-tip")).to_contain_text(re.compile(r"\d\d:\d\d.*Price.*USD.*Change"))
    page.mouse.move(5, 5)
    expect(page.locator(".chart-tip")).to_be_hidden()
    chart.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".chart-tip")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator(".chart-tip .when")).to_have_text("09:30")
    page.keyboard.press("t")
    expect(page.get_by_role("table", name="AAPL minute by minute")).to_be_visible()
    expect(page.locator("#chart tbody tr").last.locator("th")).to_have_text("09:30")
    expect(page.locator("#chart-table-button")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("t")
    expect(chart).to_be_focused()


def test_the_chart_grows_with_the_market(product: Product, page: Page) -> None:
    open_stocks(page, product)
    chart = page.locator("#chart [role=img]")
    expect(chart).to_have_attribute("aria-label", re.compile("AAPL on"), timeout=AT_ONCE)
    minute = re.search(r"at (\d\d:\d\d), low", chart.get_attribute("aria-label") or "")
    assert minute is not None
    expect(chart).not_to_have_attribute("aria-label", re.compile(f"at {minute.group(1)}, low"), timeout=AT_ONCE)


def test_nothing_shifts_when_prices_move(product: Product, new_context: NewContext) -> None:
    for options in (WIDE, NARROW):
        page = new_context(**options).new_page()
        page.add_init_script(COUNT_SHIFTS)
        open_stocks(page, product)
        expect(page.locator("#chart [role=img]")).to_have_attribute(
            "aria-label", re.compile("AAPL on"), timeout=AT_ONCE
        )
        page.evaluate("window.layoutShifts.length = 0")
        for _ in range(8):
            expect_moving(page)
        assert page.evaluate("window.layoutShifts") == []


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1024, 1152, 1440])
def test_the_page_never_scrolls_sideways(product: Product, new_context: NewContext, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    open_stocks(page, product)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('body *')].every((element) => !element.checkVisibility()"
        " || element.closest('.visually-hidden, .skip-link, svg')"
        " || element.getBoundingClientRect().right <= window.innerWidth + 0.5)"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_axe_finds_nothing_and_the_page_is_pictured(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: Any,
    size: str,
) -> None:
    page = new_context(color_scheme=scheme, **(WIDE if size == "wide" else NARROW)).new_page()
    open_stocks(page, product)
    expect(page.locator("#chart [role=img]")).to_have_attribute("aria-label", re.compile("AAPL on"), timeout=AT_ONCE)
    expect(page.locator("#latency")).not_to_be_empty()
    take_screenshot(page, f"stocks-{1440 if size == 'wide' else 390}-{scheme}")
    assert find_accessibility_problems(page) == []
    page.locator("#symbol-input").fill("a")
    expect(page.get_by_role("option")).not_to_have_count(0)
    assert find_accessibility_problems(page) == []
    page.keyboard.press("Escape")
    page.locator("#chart-table-button").click()
    pill(page).click()
    assert find_accessibility_problems(page) == []


def test_the_chosen_theme_is_kept_and_there_at_the_first_paint(product: Product, page: Page) -> None:
    open_stocks(page, product)
    button = page.locator("#theme-button")
    button.click()
    button.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload(wait_until="commit")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(pill(page)).to_have_attribute("data-state", "replay")
    button.click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))


def test_a_screen_reader_is_told_at_most_one_sentence_in_fifteen_seconds(product: Product, page: Page) -> None:
    open_stocks(page, product)
    spoken = page.locator("#spoken")
    expect(spoken).to_have_text(re.compile(r"^AAPL [\d.,]+ USD, ((up|down) )?\d+\.\d+ %$"), timeout=AT_ONCE)
    page.evaluate(
        "window.told = 0; window.began = performance.now(); new MutationObserver(() => { window.told += 1; })"
        ".observe(document.getElementById('spoken'), { childList: true, characterData: true, subtree: true })"
    )
    for _ in range(6):
        expect_moving(page)
    assert page.evaluate("window.told <= 1 + (performance.now() - window.began) / 15_000")


def test_the_error_pages_have_the_same_look(
    product: Product,
    page: Page,
    complaints: Complaints,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    complaints.expect("status of 404")
    page.goto(f"{product.origin}/nothing/here/")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    assert find_accessibility_problems(page) == []
    take_screenshot(page, "not-found-1440-light")
    page.get_by_role("link", name="Go to the stocks").click()
    expect(price(page)).to_have_text(PRICE, timeout=AT_ONCE)


@pytest.mark.parametrize("speed", ["20", "600"])
def test_at_an_opening_price_and_range_and_chart_are_of_one_day(
    start_product: Callable[..., Product], page: Page, speed: str
) -> None:
    # Half a minute before the close, in which the page is opened.
    start = {"20": "2012-05-18T15:50:00", "600": "2012-05-18T11:00:00"}[speed]
    product = start_product("--speed", speed, "--start", start)
    open_stocks(page, product)
    chart = page.locator("#chart [role=img]")
    expect(chart).to_have_attribute("aria-label", re.compile("AAPL on"), timeout=AT_ONCE)
    page.evaluate(NOTE_MIXED_DAYS)
    expect(page.locator("#chart-day")).to_have_text("21 May 2012", timeout=60_000)
    expect(chart).to_have_attribute("aria-label", re.compile("AAPL on 21 May 2012"))
    for _ in range(3):
        expect_moving(page)
    expect(page.locator("#session-sentence")).to_contain_text("closes 16:00", timeout=AT_ONCE)
    assert page.evaluate("window.mixed") == []
