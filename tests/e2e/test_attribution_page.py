"""Where the day's gain comes from, in a real browser: it moves today, and a finished day adds up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import (
    COUNT_SHIFTS,
    NARROW,
    WIDE,
    Seeded,
    expect_moving,
    long_term,
    nothing_yet,
    open_live,
    outside,
    seeded,
    sign_in,
)
from tests.servers.product import Product, running_product

WATCH_SUMS = """
() => {
  window.mismatches = [];
  const cents = (told) => BigInt(told.replaceAll(',', '').replace('−', '-').replace('+', '').replace('.', ''));
  const told = (row, figure) => cents(row.querySelector(`[data-figure="${figure}"]`).textContent.trim());
  const PARTS = ['price', 'trading', 'currency', 'income', 'fees', 'taxes'];
  const look = () => {
    const rows = [...document.querySelectorAll('#gains tbody tr')];
    const whole = document.querySelector('#gains tfoot tr');
    for (const row of [...rows, whole]) {
      const sum = PARTS.reduce((total, part) => total + told(row, part), 0n);
      if (sum !== told(row, 'total')) window.mismatches.push(row.innerText);
    }
    for (const figure of [...PARTS, 'total']) {
      const sum = rows.reduce((total, row) => total + told(row, figure), 0n);
      if (sum !== told(whole, figure)) window.mismatches.push(figure);
    }
    if (cents(document.getElementById('gain-total').textContent) !== told(whole, 'total')) window.mismatches.push('head');
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
    return seeded(product, long_term(), nothing_yet())


def open_page(new_context: NewContext, data: Seeded, query: str = "", *, number: int = 0, **options: object) -> Page:
    page = sign_in(new_context(**options), data)
    open_live(page, f"{data.address(number)}attribution/{query}")
    return page


@pytest.mark.parametrize("by", ["holding", "account", "class", "currency"])
def test_today_moves_and_adds_up_in_every_frame(data: Seeded, new_context: NewContext, by: str) -> None:
    page = open_page(new_context, data, f"?by={by}")
    page.evaluate("window.notReloaded = true")
    page.evaluate(WATCH_SUMS)
    for _ in range(5):
        expect_moving(page, page.locator("#gain-total"))
    assert page.evaluate("window.mismatches") == []
    assert page.evaluate("window.notReloaded")


def test_a_finished_day_adds_up_from_its_start_to_its_end(data: Seeded, new_context: NewContext) -> None:
    page = open_page(new_context, data)
    page.get_by_role("link", name="The day before").click()
    page.get_by_role("link", name="The day before").click()
    expect(page.locator(".gain-notes")).to_have_text("HLX.R in Harbor is left out: no price of HLX.R is known.")
    rows = page.locator("#gains tr").filter(has=page.locator("td")).all()
    assert rows
    for row in rows:
        cells = [
            Decimal(re.sub("[^0-9.-]", "", text.replace("−", "-"))) for text in row.locator("td").all_inner_texts()
        ]
        start, moved, *parts, gain, end = cells
        assert sum(parts) == gain
        assert start + moved + gain == end
    page.get_by_role("link", name="The day after").click()
    page.get_by_role("link", name="Currency").click()
    expect(page.locator("#gains tbody th")).to_contain_text(["EUR", "USD"])


def test_a_day_by_its_date_and_one_that_there_is_not(data: Seeded, new_context: NewContext) -> None:
    page = open_page(new_context, data)
    page.get_by_role("textbox", name="Day").fill("2012-05-18")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".stat-label")).to_have_text("Friday, 18 May 2012")
    page.goto(f"{data.address()}attribution/?day=2031-01-01")
    expect(page.get_by_role("alert")).to_contain_text("Expected a day up to")


def test_an_empty_portfolio_has_no_table(data: Seeded, new_context: NewContext) -> None:
    page = open_page(new_context, data, number=1)
    expect(page.locator("#gain-nothing")).to_be_visible()
    expect(page.locator("#gains")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_nothing_shifts_and_nothing_reaches_over_the_edge(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    scheme: str,
) -> None:
    for name, size in (("wide", WIDE), ("narrow", NARROW)):
        page = sign_in(new_context(**size, color_scheme=scheme), data)
        page.add_init_script(COUNT_SHIFTS)
        for what, there in (
            ("today", "attribution/"),
            ("friday", "attribution/?day=2012-05-18&by=currency"),
            ("actions", "actions/"),
        ):
            open_live(page, f"{data.address()}{there}")
            if what == "today":
                expect_moving(page, page.locator("#gain-total"))
            assert find_accessibility_problems(page) == []
            assert outside(page) == []
            assert [shift for shift in page.evaluate("window.layoutShifts") if "connection" not in shift] == []
            take_screenshot(page, f"attribution-{what}-{name}-{scheme}")
