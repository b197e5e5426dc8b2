"""Holdings as somebody wants to see them: columns, groups, a filter, closed positions; kept, and there at first paint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import (
    AT_ONCE,
    COUNT_SHIFTS,
    NARROW,
    buy,
    deposit,
    expect_moving,
    figure,
    long_term,
    open_live,
    outside,
    row,
    seeded,
    sign_in,
)
from tests.servers.product import Product, running_product

ADDS_UP = """() => {
  const cents = (element) => element.textContent.trim() === '—' ? 0n
    : BigInt(element.textContent.trim().replaceAll(',', '').replace('−', '-').replace('+', '').replace('.', ''));
  const sum = (selector) => [...document.querySelectorAll(selector)].map(cents).reduce((all, each) => all + each, 0n);
  return ['value', 'day', 'day-price'].every((figure) => {
    const total = sum(`#holdings-foot [data-figure="${figure}"]`);
    return total === sum(`#holdings [data-row] [data-figure="${figure}"]`)
      && total === sum(`#holdings .group [data-figure="${figure}"]`);
  });
}"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product("--speed", "60") as product:
        yield product


def with_a_closed_one() -> dict[str, object]:
    """Two accounts, and a position that was sold."""
    portfolio = long_term()
    sold = {**buy("Harbor", "GOOG", "10", "350.00"), "type": "sell", "at": "2010-03-10T15:00:00+00:00"}
    more = [
        deposit("Harbor", "9000.00", "USD"),
        buy("Harbor", "GOOG", "10", "310.00"),
        {**sold, "price": "560.00"},
    ]
    return {**portfolio, "transactions": [*portfolio["transactions"], *more]}


def heads(page: Page) -> list[str]:
    return [text for text in page.locator("#holdings thead th").all_inner_texts() if text]


def choice(page: Page, name: str) -> Locator:
    return page.locator("#columns-list li").filter(has=page.get_by_role("checkbox", name=name, exact=True))


def expect_arranged(page: Page, *columns: str) -> None:
    """Waits until the table has these columns at its beginning."""
    expected = page.locator("#holdings colgroup col").nth(len(columns))
    expect(expected).to_have_class(f"w-{columns[-1]}", timeout=AT_ONCE)


def choose_columns(page: Page) -> None:
    """Ticks one, moves one to the front by the keyboard, unticks one, pins the first."""
    page.get_by_role("button", name="Columns").click()
    choice(page, "Day P&L by prices").get_by_role("checkbox").check()
    expect(page.locator("#holdings col.w-day-price")).to_have_count(1)
    box = choice(page, "Value").get_by_role("checkbox")
    box.focus()
    for place in range(6):
        page.keyboard.press("Alt+ArrowUp")
        expect(page.locator("#columns-said")).to_have_text(f"Value: place {6 - place} of 20.")
    expect(box).to_be_focused()
    expect_arranged(page, "value")
    choice(page, "Line of the day").get_by_role("checkbox").uncheck()
    expect(page.locator("#holdings col.w-spark")).to_have_count(0)
    page.get_by_label("Kept in sight while the table scrolls").select_option("1")
    expect(page.locator(".holdings-box")).to_have_attribute("data-pinned", "1")


def group_by_class(page: Page) -> None:
    """Sums add up whenever they are looked at while the figures go on moving; groups fold by the keyboard."""
    page.get_by_label("Group by").select_option("class")
    expect(page.locator("#holdings [data-group='equity']")).to_have_count(1)
    expect(page.locator("#holdings [data-group]")).to_have_count(2)
    for _ in range(5):
        expect_moving(page, figure(row(page, "AAPL"), "value"))
        assert page.evaluate(ADDS_UP)
    page.locator("[data-group='equity'] .group-toggle").focus()
    page.keyboard.press("ArrowLeft")
    expect(row(page, "AAPL")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(row(page, "AAPL")).to_be_visible()


def expect_pinned(page: Page) -> None:
    """The pinned column stays beside the name while the others scroll below it."""
    page.set_viewport_size({"width": 1160, "height": 900})
    page.locator(".holdings-box").evaluate("(box) => { box.scrollLeft = 10_000; }")
    name, value = (row(page, "AAPL").locator(each).bounding_box() for each in (".c-name", ".c-value"))
    assert name is not None
    assert value is not None
    assert abs(value["x"] - (name["x"] + name["width"])) <= 1
    page.set_viewport_size({"width": 1440, "height": 900})


def filter_rows(page: Page) -> None:
    """F filters, the total is of what is found, Escape shows all."""
    page.keyboard.press("f")
    page.keyboard.type("harbor share")
    expect(row(page, "AAPL")).to_have_count(0)
    expect(page.locator("#holdings-foot")).to_contain_text(" of ")
    page.keyboard.press("Escape")
    expect(row(page, "AAPL")).to_be_visible()


def test_columns_groups_and_filters_are_as_one_left_them(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    data = seeded(product, with_a_closed_one())
    page = sign_in(new_context(viewport={"width": 1440, "height": 900}), data)
    page.add_init_script(COUNT_SHIFTS)
    open_live(page, data.address())
    page.evaluate("window.notReloaded = true")
    choose_columns(page)
    assert find_accessibility_problems(page) == []
    page.keyboard.press("Escape")
    group_by_class(page)
    expect_pinned(page)
    filter_rows(page)
    assert page.evaluate("window.notReloaded")

    # All of it is there again, in the page itself, and nothing shifts when the socket takes over.
    with page.expect_response("**/preferences/holdings/"):
        page.locator("#holdings [data-sort='day']").click()
    open_live(page, data.address())
    assert heads(page)[:3] == ["Name", "Value", "Price"]
    expect(page.locator("#holdings th[aria-sort]")).to_have_text("Day P&L")
    expect(page.get_by_label("Group by")).to_have_value("class")
    expect_moving(page, figure(row(page, "AAPL"), "value"))
    assert page.evaluate("window.layoutShifts") == []
    take_screenshot(page, "holdings-own-1440")

    page.get_by_role("link", name="Closed", exact=True).click()
    closed = page.get_by_role("table", name="Closed positions")
    expect(closed).to_contain_text("GOOG")
    expect(closed).to_contain_text("10 Mar 2010")
    expect(page.locator("#holdings")).to_be_hidden()
    assert find_accessibility_problems(page) == []
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator("#holdings")).to_be_visible()

    # On a phone everything chosen stands in the cards.
    page.set_viewport_size({"width": 390, "height": 844})
    assert outside(page) == []
    expect(figure(row(page, "AAPL"), "day-price")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(figure(row(page, "AAPL"), "day-price")).to_be_visible()
    assert find_accessibility_problems(page) == []
    take_screenshot(page, "holdings-own-390-dark")


def test_columns_are_chosen_without_scripts(product: Product, new_context: NewContext) -> None:
    data = seeded(product, long_term())
    page = sign_in(new_context(java_script_enabled=False, **NARROW), data)
    page.goto(data.address())
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Sector").check()
    page.get_by_role("checkbox", name="Price", exact=True).uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#holdings col.w-sector")).to_have_count(1)
    expect(page.locator("#holdings col.w-price")).to_have_count(0)
    page.get_by_label("Group by").select_option("none")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#holdings tbody")).to_have_count(1)
