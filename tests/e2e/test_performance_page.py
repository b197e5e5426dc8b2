"""What a portfolio earned, in a real browser: it moves and adds up in every frame, and finished days stand still."""

from __future__ import annotations

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
    NARROW,
    WIDE,
    Seeded,
    buy,
    deposit,
    expect_moving,
    long_term,
    nothing_yet,
    open_live,
    outside,
    pill,
    seeded,
    sign_in,
    two_frames,
)
from tests.servers.product import Product, running_product

REFRESHED_MS = 25_000
"""All that does not move by itself is asked for again every quarter of a minute."""
SMALLEST: dict[str, Any] = {"viewport": {"width": 320, "height": 700}, "has_touch": True, "is_mobile": True}
WATCH_SUMS = """
() => {
  window.mismatches = [];
  window.seen = new Set();
  const cents = (told) => BigInt(told.replaceAll(',', '').replace('−', '-').replace('+', '').replace('.', ''));
  const told = (element) => element.textContent.trim();
  const stat = (place) => cents(told(document.querySelectorAll('.stats .amount')[place]));
  const look = () => {
    // Of many rows the least are put together: what is seen adds up, folded or not.
    const rows = [...document.querySelectorAll('.parts tbody tr')].filter((row) => row.checkVisibility());
    const whole = document.querySelector('tr[data-part="total"]');
    const twr = told(document.getElementById('twr'));
    const points = told(whole.querySelector('[data-figure="points"]'));
    if (twr !== `${points} %`) window.mismatches.push(`return ${twr}, total ${points}`);
    const gain = cents(told(document.getElementById('gain')));
    const gains = rows.map((row) => cents(told(row.querySelector('[data-figure="gain"]'))));
    const sum = gains.reduce((total, each) => total + each, 0n);
    if (gain !== sum) window.mismatches.push(`gain ${gain}, parts ${sum}`);
    if (gain !== cents(told(whole.querySelector('[data-figure="gain"]')))) window.mismatches.push('total');
    // Opening, flows, gain, closing; what was uncovered stands after the flows where there is any.
    const [opening, flows, earned, closing] = [0, 1, 2, 3].map(stat);
    if (opening + flows + earned !== closing) window.mismatches.push(`${opening} + ${flows} + ${earned} ≠ ${closing}`);
    window.seen.add(twr + gain);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for the tests that only look."""
    with running_product("--speed", "60") as product:
        yield product


@pytest.fixture(scope="module")
def data(product: Product) -> Seeded:
    """Alice's portfolios."""
    return seeded(product, long_term(), nothing_yet(), viewer=True)


def open_page(new_context: NewContext, data: Seeded, query: str = "", *, number: int = 0, **options: Any) -> Page:
    page = sign_in(new_context(**options), data)
    open_live(page, f"{data.address(number)}performance/{query}")
    return page


def come_back(page: Page) -> None:
    """Looks at the page again, after which it asks for its figures as it does every quarter of a minute."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def sentence(page: Page) -> str:
    """What the main chart says of itself; it has the last point of the line."""
    return page.locator("#chart [role=img]").get_attribute("aria-label") or ""


def line(page: Page) -> str:
    """The path of the main chart."""
    return page.locator("#chart path.series").get_attribute("d") or ""


@pytest.mark.parametrize(
    "query", ["?span=all", "?span=1d&by=account", "?span=1y&by=class&against=IBM", "?span=1y&of=holding:AAPL"]
)
def test_it_moves_and_adds_up_in_every_frame_also_when_it_is_asked_for_again(
    data: Seeded, new_context: NewContext, query: str
) -> None:
    page = open_page(new_context, data, query)
    page.evaluate("window.notReloaded = true")
    page.evaluate(WATCH_SUMS)
    before = sentence(page)
    for _ in range(2):
        expect_moving(page, page.locator("#gain"))
    with page.expect_response(re.compile("/performance/"), timeout=AT_ONCE):
        come_back(page)
        expect_moving(page, page.locator("#gain"))
    # A percent of 0.01 can take a while to move.
    page.wait_for_function("before => document.querySelector('#chart [role=img]').ariaLabel !== before", arg=before)
    for _ in range(3):
        expect_moving(page, page.locator("#gain"))
        expect_moving(page, page.locator("#twr"))
    assert page.evaluate("window.mismatches") == []
    assert page.evaluate("window.seen.size") >= 6
    assert page.evaluate("window.notReloaded")


def test_a_finished_span_stands_still(data: Seeded, new_context: NewContext) -> None:
    page = open_page(new_context, data, "?from=2010-01-04&to=2010-06-30")
    figures = ["#twr", "#gain", "#closing"]
    before = [page.locator(each).inner_text() for each in figures]
    path = line(page)
    with page.expect_response(re.compile("/performance/"), timeout=REFRESHED_MS) as answer:
        expect_moving(page, page.locator(".rail-link[aria-current] .num, .rail [data-figure]").first)
    answer.value.finished()
    two_frames(page)
    assert [page.locator(each).inner_text() for each in figures] == before
    assert line(page) == path
    expect(page.locator("#chart .edge-beat")).to_be_hidden()


def test_what_is_asked_for_again_keeps_focus_and_what_is_open(data: Seeded, new_context: NewContext) -> None:
    page = open_page(new_context, data, "?span=all")
    page.locator(".parts").get_by_role("link", name="AAPL").focus()
    page.evaluate(
        "document.querySelector('.chosen-days').open = true; document.querySelector('#of').value = 'class:cash'"
    )
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#h-months'))")
    page.evaluate("document.querySelector('.parts a').kept = true")
    with page.expect_response(re.compile("/performance/"), timeout=AT_ONCE) as answer:
        come_back(page)
    answer.value.finished()
    two_frames(page)
    expect_moving(page, page.locator("#gain"))
    assert page.evaluate("document.activeElement.textContent") == "AAPL"
    assert page.evaluate("document.querySelector('.chosen-days').open")
    assert page.evaluate("document.querySelector('#of').value") == "class:cash"
    assert page.evaluate("getSelection().toString()") == "Monthly returns"
    assert page.evaluate("document.querySelector('.parts a').kept")


def test_what_is_booked_in_another_tab_shows_in_both_without_a_reload(
    start_product: Callable[..., Product], new_context: NewContext
) -> None:
    product = start_product("--speed", "60")
    data = seeded(product, long_term())
    page = open_page(new_context, data, "?span=all")
    other = page.context.new_page()
    open_live(other, f"{data.address()}performance/?span=all&by=account")
    for each in (page, other):
        each.evaluate("window.notReloaded = true")
        each.evaluate(WATCH_SUMS)
    flows = page.locator(".stats dd").nth(1)
    before = flows.inner_text()
    third = page.context.new_page()
    third.goto(f"{data.address()}transactions/new/?type=deposit")
    third.locator("[name=day]").fill("2012-05-18")
    third.locator("[name=amount]").fill("1000")
    third.get_by_role("button", name="Book", exact=True).click()
    expect(third.locator(".toast")).to_contain_text("Booked")
    for each in (page, other):
        expect(each.locator(".stats dd").nth(1)).not_to_have_text(before, timeout=AT_ONCE)
        expect_moving(each, each.locator("#gain"))
        assert each.evaluate("window.mismatches") == []
        assert each.evaluate("window.notReloaded")


def test_a_server_that_was_killed_and_comes_back_is_taken_up_again(
    start_product: Callable[..., Product], new_context: NewContext, complaints: Complaints
) -> None:
    complaints.expect("WebSocket connection|Failed to load resource")  # while the server is away
    product = start_product("--speed", "60")
    data = seeded(product, long_term())
    page = open_page(new_context, data, "?span=1y")
    page.evaluate("window.notReloaded = true")
    page.evaluate(WATCH_SUMS)
    expect_moving(page, page.locator("#gain"))
    product.kill()
    expect(pill(page)).to_have_attribute("data-state", "offline", timeout=AT_ONCE)
    product.start()
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=30_000)
    for _ in range(2):
        expect_moving(page, page.locator("#gain"))
    assert page.evaluate("window.mismatches") == []
    assert page.evaluate("window.notReloaded")


def test_keys_choose_spans_show_the_table_and_go_along_the_line(data: Seeded, new_context: NewContext) -> None:
    page = open_page(new_context, data, "?span=1y&against=IBM&of=holding:AAPL")
    for key, span in enumerate(["1d", "1w", "mtd", "ytd", "1y", "3y", "5y", "all"], start=1):
        page.locator("h1").click()
        page.keyboard.press(str(key))
        page.wait_for_url(re.compile(rf"span={span}\b.*of=holding%3AAAPL&against=IBM$"))
    expect(page.locator("#spans [aria-current]")).to_have_text("All")
    page.keyboard.press("t")
    expect(page.locator("#chart table")).to_be_visible()
    expect(page.get_by_role("button", name="Table")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("t")
    expect(page.locator("#chart [role=img]")).to_be_focused()
    said = page.locator("#chart [aria-live]")
    page.keyboard.press("Home")
    expect(said).to_contain_text("Return 0.00 %, IBM 0.00 %")
    page.keyboard.press("End")
    expect(said).to_contain_text(re.compile(r"2\d May 2012"))
    [last] = re.findall(r"2\d(?= May 2012)", said.inner_text())  # the 21st, for the first minutes of the product
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text(f"{int(last) - 1} May 2012")
    expect(page.locator("#chart .chart-tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#chart .chart-tip")).to_be_hidden()
    page.get_by_role("button", name="Value", exact=True).click()
    expect(page.locator("#chart [role=img]")).to_have_attribute("aria-label", re.compile("^Value of Long term"))


def test_days_part_and_benchmark_are_chosen_and_a_wrong_one_is_named(data: Seeded, new_context: NewContext) -> None:
    page = open_page(new_context, data)
    page.locator(".chosen-days summary").click()
    page.get_by_role("textbox", name="From").fill("2010-01-04")
    page.get_by_role("textbox", name="To").fill("2010-03-31")
    page.get_by_role("combobox", name="Of").select_option(label="MSFT")
    page.get_by_role("combobox", name="Benchmark").select_option("IBM")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Long term · MSFT")
    expect(page.locator("#words")).to_have_text("Time-weighted return, 4 Jan 2010 to 31 Mar 2010")
    expect(page.locator(".stats")).to_contain_text("The same flows in IBM")
    page.get_by_role("link", name="The whole portfolio").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Long term")
    expect(pill(page)).to_have_attribute("data-state", "replay")
    page.locator(".chosen-days summary").click()
    page.keyboard.press("Escape")
    expect(page.locator(".performance-form")).to_be_hidden()
    page.goto(f"{data.address()}performance/?span=7y")
    expect(page.get_by_role("alert")).to_contain_text("Expected a span such as 1d")


def test_a_benchmark_chosen_for_everybody_is_there_for_a_viewer(
    start_product: Callable[..., Product], new_context: NewContext
) -> None:
    data = seeded(start_product("--speed", "60"), long_term(), viewer=True)
    viewer = sign_in(new_context(), data, who=1)
    open_live(viewer, f"{data.address()}performance/?span=1y")
    expect(viewer.locator(".stats")).not_to_contain_text("The same flows")
    viewer.locator(".chosen-days summary").click()
    expect(viewer.get_by_role("link", name="Choose the benchmark for everybody")).to_have_count(0)
    page = open_page(new_context, data)
    page.locator(".chosen-days summary").click()
    page.get_by_role("link", name="Choose the benchmark for everybody").click()
    page.get_by_role("combobox", name="Benchmark").select_option("IBM")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".stats")).to_contain_text("The same flows in IBM")
    # The viewer's page is asked for again by itself.
    expect(viewer.locator(".stats")).to_contain_text("The same flows in IBM", timeout=AT_ONCE)


def test_an_empty_portfolio_says_so_and_shows_the_first_booking_by_itself(
    start_product: Callable[..., Product], new_context: NewContext
) -> None:
    data = seeded(start_product("--speed", "60"), nothing_yet())
    page = open_page(new_context, data)
    expect(page.get_by_role("heading", name="Nothing was booked yet")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{data.address()}transactions/new/?type=deposit")
    other.locator("[name=day]").fill("2012-05-18")
    other.locator("[name=amount]").fill("1000")
    other.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("#closing")).to_have_text("1,000.00", timeout=AT_ONCE)


def test_without_scripts_figures_and_tables_are_there(data: Seeded, new_context: NewContext) -> None:
    page = sign_in(new_context(java_script_enabled=False), data)
    page.goto(f"{data.address()}performance/?span=1y&against=IBM")
    expect(page.locator("#twr")).to_have_text(re.compile(r"^[+−][\d,]+\.\d\d %$"))
    expect(page.locator(".heatmap tbody tr")).not_to_have_count(0)
    expect(page.locator(".parts tbody tr").filter(has_text="AAPL")).to_be_visible()
    expect(page.locator(".facts-2")).to_contain_text("Volatility")
    expect(page.locator("#drawdown")).to_be_hidden()
    expect(page.get_by_text(re.compile("^Worst .*peak"))).to_be_visible()
    page.locator(".chosen-days summary").click()
    page.get_by_role("combobox", name="Benchmark").select_option("")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".stats")).not_to_contain_text("The same flows")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("narrow", NARROW), ("smallest", SMALLEST)])
def test_axe_finds_nothing_nothing_shifts_and_nothing_reaches_over_the_edge(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: str,
    name: str,
    size: dict[str, Any],
) -> None:
    page = sign_in(new_context(**size, color_scheme=scheme), data)
    page.add_init_script(COUNT_SHIFTS)
    for what, query in (("year", "?span=1y&against=IBM"), ("day", "?span=1d&by=account"), ("wrong", "?span=nope")):
        open_live(page, f"{data.address()}performance/{query}")
        expect_moving(page, page.locator("#gain"))
        assert find_accessibility_problems(page) == []
        assert [shift for shift in page.evaluate("window.layoutShifts") if "connection" not in shift] == []
        page.evaluate("document.querySelector('.chosen-days').open = true")
        assert outside_of(page) == []
        assert find_accessibility_problems(page, within=".page-head") == []
        take_screenshot(page, f"performance-{what}-{name}-{scheme}")


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALLEST])
def test_long_names_and_large_values_reach_over_no_edge(
    product: Product, new_context: NewContext, size: dict[str, Any]
) -> None:
    data = seeded(product, long_names())
    page = open_page(new_context, data, "?span=all&by=account", **size)
    page.get_by_role("button", name="Value", exact=True).click()
    expect(page.locator("#chart .axis-now")).to_have_text(re.compile(r"^[\d,]+\.\d\d M$"))
    assert outside_of(page) == []


def test_of_many_parts_the_least_are_put_together_and_can_be_unfolded(
    product: Product, new_context: NewContext
) -> None:
    names = [f"Account {number}" for number in range(20)]
    bought = [each for name in names for each in (deposit(name, "900.00", "USD"), buy(name, "IBM", "9", "87.00"))]
    many = {"name": "Many", "currency": "EUR", "accounts": [{"name": each, "currency": "USD"} for each in names]}
    data = seeded(product, {**many, "transactions": bought})
    page = open_page(new_context, data, "?span=all&by=account")
    page.evaluate(WATCH_SUMS)
    rows = page.locator(".parts tbody tr:visible")
    expect(rows).to_have_count(13)
    expect_moving(page, page.locator('[data-part="others"] [data-figure="gain"]'))
    page.get_by_label("Show the 8 others one by one").check()
    expect(rows).to_have_count(20)
    expect_moving(page, page.locator("#gain"))
    assert page.evaluate("window.mismatches") == []


def long_names() -> dict[str, Any]:
    """A name without a space, another with many, and hundreds of millions."""
    bank = "An account with a long name at a bank with a long name in a town with a long name"[:80]
    return {
        "name": "Pneumonoultramicroscopicsilicovolcanoconiosis-and-supercalifragilistic",
        "currency": "EUR",
        "accounts": [{"name": bank, "currency": "USD"}],
        "transactions": [deposit(bank, "900000000.00", "USD"), buy(bank, "IBM", "4400000", "87.00")],
    }


def outside_of(page: Page) -> list[str]:
    """What reaches over the right edge, besides the heat map, which scrolls in a box of its own; or over the left one."""
    left: list[str] = page.evaluate(
        "[...document.querySelectorAll('.page *, main *')].filter((element) => element.checkVisibility()"
        " && !element.closest('.visually-hidden, .skip-link, svg, .tabs, .scroll-x')"
        " && element.getBoundingClientRect().left < -0.5).map((element) => element.outerHTML.slice(0, 120))"
    )
    in_its_box = re.compile(
        r"<(table class=\"heatmap|thead|tbody|tr|t[dh]|a class=\"explain\" href=\"[^\"]*/twr/|span( id=\"(month|year)-now\")?>)"
    )
    return left + [each for each in outside(page) if not in_its_box.match(each)]
