"""What the page of a portfolio promises beside its figures: still, accessible, light, and honest when something ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    COUNT_SHIFTS,
    HEALED_MS,
    NARROW,
    WIDE,
    Seeded,
    chart,
    expect_moving,
    figure,
    halves_and_thirds,
    long_term,
    nothing_yet,
    open_live,
    open_portfolio,
    outside,
    overprinting,
    pill,
    row,
    seeded,
    sign_in,
    value,
)
from tests.servers.product import Product, running_product
from tests.servers.seed import seed

STATIC = Path(__file__).parents[2] / "src" / "tickfolio" / "web"
AMOUNT = re.compile(r"^[+−]?\d[\d,]*\.\d{2}$")


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for the tests that only look; a test that ends it starts one of its own."""
    with running_product("--speed", "60") as product:
        yield product


@pytest.fixture(scope="module")
def data(product: Product) -> Seeded:
    """Alice's portfolios, which nobody changes."""
    return seeded(product, long_term(), nothing_yet())


@pytest.fixture(scope="module")
def columns(product: Product) -> Seeded:
    """Portfolios whose figures are of many lengths."""
    return seeded(product, long_term(), halves_and_thirds())


# ---------- When something ends ----------


def test_a_killed_server_that_comes_back_is_recovered_from_with_the_whole_day(
    start_product: Callable[..., Product], new_context: NewContext, complaints: Complaints
) -> None:
    product = start_product("--speed", "60")
    complaints.expect("ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource")
    data = seeded(product, long_term())
    page = sign_in(new_context(), data)
    open_live(page, data.address())
    expect(chart(page)).to_have_attribute("aria-label", re.compile("EUR"), timeout=AT_ONCE)
    expect_moving(page, value(page))
    page.evaluate("window.notReloaded = true")
    product.kill()
    expect(pill(page)).to_have_attribute("data-state", "offline", timeout=AT_ONCE)
    expect(page.locator("#notice")).to_contain_text("Offline.")
    expect(row(page, "AAPL").locator(".quality")).to_have_attribute("data-quality", "stale")
    expect(page.locator("#coverage-stale")).to_have_text("4 stale")
    expect(value(page)).to_have_text(AMOUNT)
    product.start()
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=30_000)
    expect_moving(page, value(page))
    expect(row(page, "AAPL").locator(".quality")).to_have_attribute("data-quality", "replay")
    expect(page.locator("#coverage-stale-mark")).to_be_hidden()
    assert page.evaluate("window.notReloaded")
    page.reload()
    expect(chart(page)).to_have_attribute("aria-label", re.compile(r"at 15:30, [\d,.]+ at \d\d:\d\d"), timeout=AT_ONCE)


def test_who_loses_access_sees_no_figure_any_more(
    product: Product, new_context: NewContext, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    data = seeded(product, long_term(), viewer=True)
    page = sign_in(new_context(), data, who=1)
    open_live(page, data.address())
    expect(value(page)).to_have_text(AMOUNT)
    expect(page.locator("#spoken")).to_contain_text("Long term", timeout=AT_ONCE)
    expect(page.get_by_role("link", name="Add transaction")).to_have_count(0)
    alice = sign_in(new_context(), data)
    alice.goto(f"{data.address()}members/")
    alice.get_by_role("link", name=re.compile("^Remove")).click()
    alice.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="This portfolio is no longer shared with you")).to_be_visible()
    expect(page.locator("#portfolio")).to_have_count(0)
    expect(page.locator("#rail-portfolios a")).to_have_count(0)
    expect(page).to_have_title("No longer shared · Tickfolio")
    expect(page.locator("#spoken")).to_be_empty()
    expect(page.locator("#switcher")).to_have_text("Portfolio: All portfolios")
    assert "Long term" not in page.evaluate("document.documentElement.outerHTML")


def test_who_signs_out_in_another_tab_leaves_no_figure_in_sight(data: Seeded, new_context: NewContext) -> None:
    context = new_context()
    page = sign_in(context, data)
    open_live(page, data.address())
    expect(value(page)).to_have_text(AMOUNT)
    other = context.new_page()
    other.goto(f"{data.product.origin}/preferences/")
    other.locator("#person-button").click()
    other.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(pill(page)).to_be_hidden()
    expect(page.locator("#portfolio")).to_have_count(0)
    expect(page.locator("#spoken")).to_be_empty()
    expect(page.get_by_role("link", name="Sign in again")).to_have_attribute("href", f"/sign-in/?next={data.path()}")


# ---------- Quality ----------


def test_nothing_shifts_when_prices_move(data: Seeded, new_context: NewContext) -> None:
    for options in (WIDE, NARROW):
        context = new_context(**options)
        sign_in(context, data)
        page = context.new_page()
        page.add_init_script(COUNT_SHIFTS)
        open_live(page, data.address())
        expect(chart(page)).to_have_attribute("aria-label", re.compile("EUR"), timeout=AT_ONCE)
        assert [shift for shift in page.evaluate("window.layoutShifts") if "connection" not in shift] == []
        page.evaluate("window.layoutShifts.length = 0")
        for _ in range(10):
            expect_moving(page, value(page))
        assert page.evaluate("window.layoutShifts") == []


@pytest.mark.parametrize("width", [1152, 1280, 1440])
def test_every_column_is_there_and_no_figure_overprints_another(
    columns: Seeded, new_context: NewContext, width: int
) -> None:
    page = sign_in(new_context(viewport={"width": width, "height": 800}), columns)
    for number in (0, 1):
        open_live(page, columns.address(number))
        assert overprinting(page) == []
        box = page.locator(".holdings-box")
        assert box.evaluate("(box) => box.scrollWidth > box.clientWidth") is (width < 1280)
    quantity = figure(row(page, "AAPL"), "quantity")
    expect(quantity).to_have_text("3.333333")
    expect(quantity).to_have_attribute("title", re.compile(r"^3\.3{12,}$"))


def test_where_the_table_scrolls_the_names_stay_in_sight(columns: Seeded, new_context: NewContext) -> None:
    page = sign_in(new_context(viewport={"width": 1152, "height": 800}), columns)
    open_live(page, columns.address())
    box = page.locator(".holdings-box")
    box.evaluate("(box) => { box.scrollLeft = box.scrollWidth }")
    left = box.evaluate("(box) => box.getBoundingClientRect().left")
    assert box.evaluate("(box) => box.scrollLeft") > 0
    for name in (row(page, "IBM").locator(".c-name"), page.locator("#holdings .group-toggle").first):
        assert 0 <= name.evaluate("(name) => name.getBoundingClientRect().left") - left < 20
    percent = figure(row(page, "IBM"), "percent").evaluate("(figure) => figure.getBoundingClientRect().right")
    assert percent < box.evaluate("(box) => box.getBoundingClientRect().right")


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_card_has_every_figure_of_the_row_and_they_move(columns: Seeded, new_context: NewContext, width: int) -> None:
    page = sign_in(new_context(viewport={"width": width, "height": 800}), columns)
    open_live(page, columns.address())
    holding = row(page, "AAPL")
    for name in ("price", "quantity", "cost", "value", "weight", "day", "unrealized", "percent"):
        expect(figure(holding, name)).to_be_visible()
        expect(figure(holding, name)).not_to_have_text("")
    for name in ("cost", "unrealized"):
        expect(figure(page.locator("#holdings-foot"), name)).to_be_visible()
    expect_moving(page, figure(holding, "unrealized"))
    assert outside(page) == []


@pytest.mark.parametrize("width", [280, 320, 390])
def test_the_tab_in_hand_is_in_sight_on_a_phone(data: Seeded, new_context: NewContext, width: int) -> None:
    page = sign_in(new_context(viewport={"width": width, "height": 800}), data)
    open_live(page, f"{data.address()}settings/")
    expect(page.locator(".tabs [aria-current]")).to_have_text("Settings")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1152, 1280, 1440])
def test_the_page_never_scrolls_sideways(data: Seeded, new_context: NewContext, width: int) -> None:
    page = open_portfolio(new_context, data, viewport={"width": width, "height": 800})
    expect(chart(page)).to_have_attribute("aria-label", re.compile("EUR"), timeout=AT_ONCE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert outside(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_axe_finds_nothing_and_the_page_is_pictured(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: Any,
    size: str,
) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, **(WIDE if size == "wide" else NARROW)}
    page = open_portfolio(new_context, data, **options)
    expect(chart(page)).to_have_attribute("aria-label", re.compile("EUR"), timeout=AT_ONCE)
    take_screenshot(page, f"portfolio-{1440 if size == 'wide' else 390}-{scheme}")
    if size == "narrow":
        # As high as the page: elsewhere the bar at the bottom cuts some link in two, which then counts as a small one.
        page.set_viewport_size({"width": 390, "height": page.evaluate("document.documentElement.scrollHeight")})
    assert find_accessibility_problems(page) == []
    page.locator("#switcher").click()
    assert find_accessibility_problems(page) == []
    page.keyboard.press("Escape")
    page.locator("#person-button").click()
    assert find_accessibility_problems(page) == []
    page.keyboard.press("Escape")
    page.locator("#chart-table-button").click()
    assert find_accessibility_problems(page) == []
    open_live(page, data.address(1))
    assert find_accessibility_problems(page) == []


def test_with_reduced_motion_nothing_beats(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data, reduced_motion="reduce")
    expect_moving(page, value(page))
    moving = page.evaluate(
        "document.getAnimations().filter((one) => one.effect.getTiming().duration > 0"
        " && !/^tick-/.test(one.animationName)).map((one) => one.animationName)"
    )
    assert moving == []


def test_without_scripts_the_page_has_the_last_recorded_figures(data: Seeded, new_context: NewContext) -> None:
    page = sign_in(new_context(java_script_enabled=False), data)
    page.goto(data.address())
    expect(value(page)).to_have_text(AMOUNT)
    expect(figure(row(page, "AAPL"), "value")).to_have_text(AMOUNT)
    page.get_by_role("navigation", name="Long term").get_by_role("link", name="Transactions").click()
    expect(page).to_have_url(f"{data.address()}transactions/")


def test_a_screen_reader_is_told_at_most_one_sentence_in_fifteen_seconds(data: Seeded, new_context: NewContext) -> None:
    page = open_portfolio(new_context, data)
    spoken = page.locator("#spoken")
    told = r"^Long term (up |down )?\d+\.\d\d %, [\d,]+\.\d\d EUR, 4 of 5 priced\.$"
    expect(spoken).to_have_text(re.compile(told), timeout=AT_ONCE)
    page.evaluate(
        "window.told = 0; window.began = performance.now(); new MutationObserver(() => { window.told += 1; })"
        ".observe(document.getElementById('spoken'), { childList: true, characterData: true, subtree: true })"
    )
    for _ in range(6):
        expect_moving(page, value(page))
    assert page.evaluate("window.told <= 1 + (performance.now() - window.began) / 15_000")


def weight_kib(page: Page, address: str) -> float:
    """How much JavaScript a page loads, compressed by gzip."""
    loaded: set[str] = set()
    page.on("response", lambda answer: loaded.add(answer.url))
    open_live(page, address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_000)
    scripts = {url.split("/static/", 1)[1] for url in loaded if url.endswith(".js")}
    return sum((STATIC / "static" / f"{name}.gz").stat().st_size for name in scripts) / 1024


def test_the_pages_load_little_javascript(data: Seeded, new_context: NewContext) -> None:
    page = sign_in(new_context(), data)
    assert weight_kib(page, data.address()) <= 110
    other = sign_in(new_context(), data)
    assert weight_kib(other, data.product.origin + "/preferences/") <= 25


def test_rights_that_another_process_gives_reach_the_open_page(product: Product, new_context: NewContext) -> None:
    data = seeded(product, nothing_yet())
    page = sign_in(new_context(), data)
    open_live(page, data.address())
    seed(product, {"people": [{**data.people[0], "portfolios": [{"name": "Another", "currency": "USD"}]}]})
    entry = page.locator("#rail-portfolios a", has_text="Another")
    expect(entry).to_be_visible(timeout=HEALED_MS)
    entry.click()
    expect(page.get_by_role("heading", name="No account yet")).to_be_visible()


def test_what_the_page_says_is_what_its_data_say(data: Seeded, new_context: NewContext) -> None:
    page = sign_in(new_context(), data)
    answer = page.request.get(f"{data.address()}today.json")
    day = json.loads(answer.text())
    assert answer.headers["cache-control"] == "private, no-store"
    assert (day["currency"], day["zone"]) == ("EUR", "Europe/Berlin")
    assert all(re.fullmatch(r"\d+\.\d\d", point["value"]) for point in day["points"])
