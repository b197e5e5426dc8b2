"""Watchlists in a real browser: filled, live, put in order by mouse, finger and keyboard, from two tabs at once."""

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
    NARROW,
    WIDE,
    Seeded,
    dollars,
    expect_moving,
    open_live,
    outside,
    seeded,
    sign_in,
)
from tests.servers.product import Product, running_product

ORDER = "(rows) => rows.map((row) => row.dataset.key)"


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has somebody of its own."""
    with running_product("--speed", "60") as product:
        yield product


def order(page: Page) -> list[str]:
    """The symbols as they stand."""
    found: list[str] = page.locator("#watched-rows tr").evaluate_all(ORDER)
    return found


def expect_order(page: Page, *symbols: str) -> None:
    """Waits for an order."""
    rows = page.locator("#watched-rows tr")
    expect(rows).to_have_count(len(symbols), timeout=AT_ONCE)
    for place, symbol in enumerate(symbols):
        expect(rows.nth(place)).to_have_attribute("data-key", symbol)


def expect_stored(page: Page) -> None:
    """Waits until the server has all that was done: a page that is asked for meanwhile may be made before."""
    expect(page.locator("#watched-rows [data-moving]")).to_have_count(0)
    expect(page.locator("#watch-page")).not_to_have_attribute("data-sending", "", timeout=AT_ONCE)


def row(page: Page, symbol: str) -> Locator:
    """The row of an instrument."""
    return page.locator(f'#watched-rows tr[data-key="{symbol}"]')


def figure(page: Page, symbol: str, name: str) -> Locator:
    """A figure of a row."""
    return row(page, symbol).locator(f'[data-figure="{name}"]')


def add(page: Page, text: str, *, symbol: str) -> None:
    """Types into the field, takes what is suggested and waits for the row."""
    page.locator("#watch-symbol").fill(text)
    expect(page.locator("#watch-suggestions [role=option]").first).to_contain_text(symbol, timeout=AT_ONCE)
    page.keyboard.press("Enter")
    expect(row(page, symbol)).to_be_visible(timeout=AT_ONCE)


def said(page: Page) -> Locator:
    """What is told to somebody who does not see a move."""
    return page.locator("#moved")


def middle(locator: Locator) -> tuple[float, float]:
    """The middle of an element on the screen."""
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, symbol: str, *, below: str) -> None:
    """Drags a row by its grip with the mouse."""
    x, y = middle(row(page, symbol).locator(".grip"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, middle(row(page, below))[1] + 12, steps=6)
    page.mouse.up()


def filled(new_context: NewContext, product: Product, **options: Any) -> tuple[Page, Seeded]:
    """Somebody who holds Apple, with a list of three."""
    data = seeded(product, dollars())
    page = sign_in(new_context(**options), data)
    open_live(page, product.origin + "/watchlists/")
    expect(page.get_by_role("heading", name="Watch something")).to_be_visible()
    add(page, "apple", symbol="AAPL")
    expect(page).to_have_url(re.compile(r"/watchlists/[0-9a-f-]{36}/$"))
    for symbol in ("IBM", "MSFT"):
        add(page, symbol.lower(), symbol=symbol)
    expect_order(page, "AAPL", "IBM", "MSFT")
    return page, data


def test_a_list_is_filled_lives_and_is_put_in_order_from_two_tabs(
    product: Product, new_context: NewContext, complaints: Complaints
) -> None:
    complaints.expect("the server responded with a status of 409")  # of two tabs the slower one is told what is there
    page, data = filled(new_context, product, **WIDE)
    page.evaluate("window.notReloaded = true")
    # Live: the price, its range, and the line of the day.
    expect_moving(page, figure(page, "AAPL", "price"))
    expect(figure(page, "AAPL", "low")).to_have_text(re.compile(r"^\d+\.\d\d$"), timeout=AT_ONCE)
    expect(row(page, "AAPL").locator(".range-bar")).to_have_attribute("data-known", "", timeout=AT_ONCE)
    expect(row(page, "AAPL").locator(".spark path").nth(1)).to_have_attribute("d", re.compile("^M"), timeout=AT_ONCE)
    expect(figure(page, "AAPL", "held").get_by_role("link", name="In dollars")).to_have_attribute("href", data.path())
    expect(figure(page, "IBM", "held")).to_be_empty()
    # By the mouse.
    drag(page, "AAPL", below="MSFT")
    expect(said(page)).to_have_text("AAPL dropped, position 3 of 3.")
    expect_order(page, "IBM", "MSFT", "AAPL")
    # By the keyboard, the focus staying in the row.
    row(page, "AAPL").locator("a.symbol").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect_order(page, "AAPL", "IBM", "MSFT")
    row(page, "IBM").locator(".grip").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(said(page)).to_have_text("IBM dropped, position 3 of 3.")
    # What the first tab has stored, the second one finds; what that takes off, the first one is told.
    expect_stored(page)
    other = page.context.new_page()
    open_live(other, page.url)
    expect_order(other, "AAPL", "MSFT", "IBM")
    row(other, "MSFT").get_by_role("button", name="Take MSFT off the list").click()
    expect_order(other, "AAPL", "IBM")
    other.locator("#toasts").get_by_role("button", name="Undo").focus()  # so it stays until it is pressed
    page.bring_to_front()
    row(page, "AAPL").locator("a.symbol").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#watch-problem")).to_contain_text("This list was changed meanwhile", timeout=AT_ONCE)
    expect_order(page, "AAPL", "IBM")
    other.bring_to_front()
    other.locator("#toasts").get_by_role("button", name="Undo").click()
    expect_order(other, "AAPL", "MSFT", "IBM")
    # A view by a column leaves the own order as it is, and rows are not moved in it.
    page.bring_to_front()
    page.get_by_role("button", name="Name", exact=True).click()
    page.get_by_role("button", name="Name", exact=True).click()
    assert order(page) == ["IBM", "AAPL"]
    row(page, "IBM").locator(".grip").focus()
    page.keyboard.press("Space")
    expect(said(page)).to_contain_text("The rows are sorted for a look.")
    page.get_by_role("button", name="Own order").click()
    assert order(page) == ["AAPL", "IBM"]
    # A symbol that nobody knows stays in the field with its reason.
    page.locator("#watch-symbol").fill("NOPE")
    page.keyboard.press("Enter")
    expect(page.locator("#watch-problem")).to_contain_text("No instrument here has the symbol NOPE.", timeout=AT_ONCE)
    expect(page.locator("#watch-symbol")).to_have_value("NOPE")
    assert page.evaluate("window.notReloaded")


def test_several_lists_and_the_button_beside_a_quote(product: Product, new_context: NewContext) -> None:
    page, _data = filled(new_context, product, **WIDE)
    page.goto(product.origin + "/stocks/?symbol=GOOG")
    button = page.locator("#watch")
    button.get_by_role("button", name="Watch", exact=True).click()
    expect(button.get_by_role("button", name="Watched: take GOOG off Watchlist")).to_be_visible(timeout=AT_ONCE)
    page.locator('#tickers a[data-symbol="FB"]').click()
    expect(button.get_by_role("button", name="Watch", exact=True)).to_be_visible(timeout=AT_ONCE)
    page.goto(product.origin + "/watchlists/")
    expect_order(page, "AAPL", "IBM", "MSFT", "GOOG")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="New list").click()
    page.get_by_label("Name of the new list").fill("Chips <b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Chips <b>")).to_be_visible(timeout=AT_ONCE)
    tabs = page.get_by_role("navigation", name="Watchlists").get_by_role("link")
    expect(tabs).to_have_text(["Watchlist", "Chips <b>"])
    expect(page.locator("#connection")).to_have_attribute("data-state", "replay")
    page.get_by_text("Arrange the lists").click()
    page.locator("#list-order").get_by_role("button", name="Move Chips <b>").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(tabs).to_have_text(["Chips <b>", "Watchlist"])
    page.goto(product.origin + "/stocks/?symbol=FB")
    button.get_by_role("button", name="Watch", exact=True).click()
    button.get_by_role("button", name="Chips <b>").click()
    expect(button.get_by_role("button", name="Chips <b>")).to_have_attribute("aria-pressed", "true", timeout=AT_ONCE)
    page.goto(product.origin + "/watchlists/")
    expect_order(page, "FB")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#toasts")).to_contain_text("Deleted Chips <b>.", timeout=AT_ONCE)
    page.get_by_role("button", name="Undo").click()
    expect_order(page, "FB")


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_nothing_shifts_axe_finds_nothing_and_a_finger_drags(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    size: str,
) -> None:
    page, _data = filled(new_context, product, reduced_motion="reduce", **(WIDE if size == "wide" else NARROW))
    page.reload()
    page.evaluate(COUNT_SHIFTS)
    expect_moving(page, figure(page, "AAPL", "price"))
    expect_moving(page, figure(page, "IBM", "price"))
    assert page.evaluate("window.layoutShifts") == []
    assert outside(page) == []
    if size == "narrow":
        # However many lists are above it: a finger only drags what is in sight, and not behind the bar at the bottom.
        row(page, "MSFT").evaluate("row => row.scrollIntoView({ block: 'center' })")
        x, y = middle(row(page, "MSFT").locator(".grip"))
        end = middle(row(page, "AAPL"))[1] - 10
        finger = page.context.new_cdp_session(page)
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 9):
            point = {"x": x, "y": y + (end - y) * step / 8}
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect_order(page, "MSFT", "AAPL", "IBM")
        expect_stored(page)
        page.reload()
        expect_order(page, "MSFT", "AAPL", "IBM")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        take_screenshot(page, f"watchlist-{1440 if size == 'wide' else 390}-{scheme}")
        assert find_accessibility_problems(page) == []
