"""The forms of all types on a phone and on a desk: nothing is cut, and open lots are chosen from a list."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.ledger_pages import book, given_portfolio, open_form, overflows, rows, type_in
from tests.servers.product import Product, running_product
from tickfolio.domain.ledger.transactions import TransactionType

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LEAST = 128  # px: a date, or a dozen digits
CUT = """() => [...document.querySelectorAll("#fields select")].filter((field) => {
    if (field.offsetParent === null) return false
    const text = document.createElement("span"), style = getComputedStyle(field)
    text.style.cssText = `position:absolute;white-space:nowrap;font:${style.font};letter-spacing:${style.letterSpacing}`
    text.textContent = field.selectedOptions[0]?.textContent ?? ""
    document.body.append(text)
    const needed = text.getBoundingClientRect().width
    text.remove()
    return needed > field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
}).map((field) => field.name)"""


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product("--speed", "1") as product:
        yield product


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_field_of_any_type_is_cut(product: Product, page: Page, size: dict[str, int]) -> None:
    ledger = given_portfolio(page, product)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    for kind in TransactionType:
        open_form(page, ledger, kind.value)
        page.evaluate("for (const each of document.querySelectorAll('#fields details')) each.open = true")
        assert not overflows(page), kind
        fields = page.locator("#fields .field :is(input, select):visible").all()
        narrow = [box["width"] for field in fields if (box := field.bounding_box()) and box["width"] < LEAST]
        assert narrow == [], kind
        assert page.evaluate(CUT) == [], kind
        if (lots := page.locator("[name=lots]")).count():
            assert (lots.bounding_box() or {"width": 0})["width"] > size["width"] / 2, kind


def test_on_a_phone_the_chosen_type_is_seen_and_the_first_field_is_near(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    page.set_viewport_size({"width": 390, "height": 844})
    open_form(page, ledger, "symbol_change")
    expect(page.locator("#kind-name")).to_have_text("Symbol change")
    assert (page.locator("[name=symbol]").bounding_box() or {"y": 999})["y"] < 360
    page.locator("#kinds > summary").click()
    page.get_by_role("link", name="Deposit", exact=True).click()
    expect(page.locator("#kind-name")).to_have_text("Deposit")
    expect(page.get_by_role("link", name="Deposit", exact=True)).to_be_hidden()
    expect(page.locator("[name=amount]")).to_be_visible()


def test_a_lot_of_two_bought_at_one_moment_is_chosen_from_the_list(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    for quantity in ("10", "7"):
        book(page, ledger, "buy", day="2012-02-02", symbol="MSFT", quantity=quantity, price="29")
    open_form(page, ledger, "sell")
    page.locator("#lots > summary").click()
    type_in(page, "symbol", "msft")
    second = page.get_by_label("Units of the lot 2012-02-02 #2")
    second.fill("5")
    expect(page.locator("[name=lots]")).to_have_value("2012-02-02 #2 5")
    type_in(page, "quantity", "5")
    type_in(page, "price", "30")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not overflows(page)
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(ledger.address())
    rows(page).first.get_by_role("link").click()
    expect(page.locator("[name=lots]")).to_have_value("2012-02-02 #2 5")
    expect(page.get_by_label("Units of the lot 2012-02-02 #2")).to_have_value("5")
