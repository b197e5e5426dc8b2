"""Transactions as a person enters, edits and deletes them, in a real browser on the running product."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, NewContext, in_both_themes
from tests.e2e.ledger_pages import (
    book,
    expect_errors,
    given_portfolio,
    make_portfolio,
    open_form,
    overflows,
    rows,
    sign_up,
    total,
    type_in,
)
from tests.servers.product import Product, running_product

AT_ONCE = 20_000
WITHIN_A_SECOND = 1_000
SHARE = {"quantity": "10", "price": "350"}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people and portfolios of its own."""
    with running_product("--speed", "1") as product:
        yield product


# ---------- Entering ----------


def test_a_trade_is_entered_with_the_keyboard_alone(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    page.goto(ledger.address())
    page.keyboard.press("n")
    expect(page.locator("#line-text")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=symbol]")).to_be_focused()
    page.keyboard.type("appl")
    page.keyboard.press("Backspace")
    suggested = page.get_by_role("listbox").get_by_role("option")
    expect(suggested).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_contain_text("Apple Inc.")
    page.keyboard.press("Enter")
    expect(page.locator("[name=symbol]")).not_to_be_focused()
    expect(page.locator("[name=symbol]")).to_have_value("AAPL")
    expect(page.locator("#symbol-note")).to_have_text("Apple Inc., Nasdaq, USD")
    while page.evaluate("document.activeElement.name") != "quantity":
        page.keyboard.press("Tab")
    page.keyboard.type("2")
    expect(total(page)).to_have_text(re.compile(r"^−[\d,]+\.\d{2} USD$"))
    page.keyboard.press("Enter")
    page.wait_for_url(ledger.address())
    expect(rows(page)).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("Booked: Buy 2 AAPL")


def test_the_close_of_the_day_is_filled_in_and_what_is_typed_stays(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    open_form(page, ledger)
    type_in(page, "day", "2012-05-18")
    type_in(page, "symbol", "aapl")
    expect(page.locator("#price-advice")).to_have_text(
        "AAPL closed at 530.38 USD on 18 May 2012 (replay history); filled in."
    )
    expect(page.locator("[name=price]")).to_have_value("530.38")
    type_in(page, "price", "531")
    type_in(page, "day", "2012-05-17")
    page.locator("[name=day]").blur()
    expect(page.get_by_role("button", name="Use 530.12")).to_be_visible()
    expect(page.locator("[name=price]")).to_have_value("531")


def test_the_total_follows_each_key_and_is_what_is_booked(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    open_form(page, ledger)
    for name, value in {"day": "2012-05-18", "symbol": "aapl", "quantity": "0.333", "price": "530,38"}.items():
        type_in(page, name, value)
    expect(total(page)).to_have_text("−176.61654 USD")
    type_in(page, "fees", "1.005")
    expect(total(page)).to_have_text("−177.62154 USD")
    type_in(page, "settlement_currency", "EUR")
    expect(page.locator("#rate-advice")).to_have_text("ECB rate of 18 May 2012: 0.786102 EUR for 1 USD; filled in.")
    expect(page.locator("#total-settled")).to_have_text("settled as −139.63 EUR")
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(ledger.address())
    expect(rows(page).locator(".e .amount")).to_have_text("−139.63")


def test_fields_follow_the_type_in_place_and_what_was_typed_goes_along(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    open_form(page, ledger)
    page.evaluate("window.notReloaded = true")
    type_in(page, "day", "2012-05-18")
    type_in(page, "symbol", "aapl")
    type_in(page, "note", "kept")
    page.get_by_role("link", name="Dividend", exact=True).click()
    expect(page.get_by_label("Withholding tax")).to_be_visible()
    expect(page.locator("[name=symbol]")).to_have_value("aapl")
    expect(page.locator("[name=day]")).to_have_value("2012-05-18")
    expect(page.locator("[name=note]")).to_have_value("kept")
    page.get_by_role("link", name="Currency exchange").click()
    expect(page.get_by_label("Amount sold")).to_be_visible()
    expect(page.get_by_role("link", name="Currency exchange")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(r"\?type=currency_exchange$"))
    type_in(page, "amount", "1000")
    type_in(page, "counter_currency", "EUR")
    expect(page.locator("[name=counter_amount]")).to_have_value("786.10")
    expect(total(page)).to_have_text("0.7861 EUR for 1 USD")
    assert page.evaluate("window.notReloaded")


def test_a_symbol_that_no_feed_knows_becomes_an_instrument_of_the_portfolio(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    open_form(page, ledger)
    type_in(page, "symbol", "wine")
    expect(page.locator("#symbol-note")).to_have_text("WINE was not found.")
    page.get_by_label("Record it as an instrument of this portfolio").check()
    page.get_by_label("Its name").fill("A cask of wine")
    for name, value in {"quantity": "3", "price": "80", "day": "2012-05-18"}.items():
        type_in(page, name, value)
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(ledger.address())
    expect(rows(page)).to_contain_text("WINE")


# ---------- When something is wrong ----------


def test_the_summary_of_errors_leads_to_each_field_and_nothing_typed_is_lost(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    open_form(page, ledger, "sell")
    for name, value in {"symbol": "aapl", "quantity": "1,23,4", "price": "many", "note": "mine"}.items():
        type_in(page, name, value)
    page.get_by_role("button", name="Book", exact=True).click()
    ambiguous = "Quantity: Expected a number such as 1234.56, was 1,23,4."
    expect_errors(page, ambiguous, "Price: Expected a number such as 1234.56, was many.")
    page.get_by_role("link", name=re.compile("^Price")).click()
    expect(page.locator("[name=price]")).to_be_focused()
    expect(page.locator("[name=quantity]")).to_have_value("1,23,4")
    expect(page.locator("[name=note]")).to_have_value("mine")
    for name, value in {"quantity": "3", "price": "500"}.items():
        type_in(page, name, value)
    page.get_by_role("button", name="Book", exact=True).click()
    hint = "To sell short, tick “More may be sold than is held” in the settings of the account first."
    expect_errors(page, f"Quantity: Expected at most 0, the AAPL that Harbor holds then, was 3. {hint}")


def test_a_double_click_and_a_form_sent_again_book_once(product: Product, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    ledger = given_portfolio(page, product)
    open_form(page, ledger, "deposit")
    type_in(page, "amount", "5000")
    page.get_by_role("button", name="Book", exact=True).dblclick()
    page.wait_for_url(ledger.address())
    page.go_back()
    expect(page.get_by_role("heading", name="New transaction")).to_be_visible()
    page.get_by_role("button", name="Book", exact=True).click()
    page.goto(ledger.address())
    expect(rows(page)).to_have_count(1)


# ---------- Two at once ----------


def test_an_edit_in_one_tab_shows_in_the_list_of_another_within_a_second(
    product: Product, page: Page, is_long_run: bool
) -> None:
    soon = WITHIN_A_SECOND if is_long_run else AT_ONCE
    ledger = given_portfolio(page, product)
    book(page, ledger, "deposit", amount="5000", day="2012-05-18")
    expect(page.locator("#connection")).to_have_attribute("data-state", "replay", timeout=AT_ONCE)
    page.evaluate("window.notReloaded = true")
    rows(page).get_by_role("link").focus()
    other = page.context.new_page()
    book(other, ledger, "buy", symbol="AAPL", day="2012-05-18", **SHARE)
    expect(rows(page)).to_have_count(2, timeout=soon)
    expect(page.locator("#ledger [data-news]")).to_have_count(1)
    expect(page.locator("#ledger-count")).to_contain_text("2 transactions")
    expect(rows(page).nth(1).get_by_role("link")).to_be_focused()
    rows(other).first.get_by_role("link").click()
    type_in(other, "quantity", "12")
    other.get_by_role("button", name="Save").click()
    expect(rows(page).first).to_contain_text("−4,200.00", timeout=soon + 1_000)
    assert page.evaluate("window.notReloaded")


def test_who_is_slower_sees_both_versions_and_goes_on(
    product: Product,
    page: Page,
    complaints: Complaints,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
) -> None:
    complaints.expect("status of 409")
    ledger = given_portfolio(page, product)
    book(page, ledger, "buy", symbol="AAPL", day="2012-05-18", **SHARE)
    rows(page).get_by_role("link").click()
    other = page.context.new_page()
    other.goto(page.url)
    for tab, quantity in ((other, "12"), (page, "15")):
        type_in(tab, "quantity", quantity)
        tab.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="This was changed meanwhile")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Quantity"))).to_have_text(re.compile(r"Quantity\s*12\s*15"))
    expect(page.get_by_role("row")).to_have_count(2)
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert not overflows(page)
        assert find_accessibility_problems(page) == []
        take_screenshot(page, f"ledger-conflict-{width}")
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_role("heading", name="Buy 15 AAPL")).to_be_visible()
    expect(page.locator(".history > li")).to_have_count(3)


def test_what_was_booked_can_be_undone_and_stays_in_the_history(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    book(page, ledger, "deposit", amount="5000", day="2012-05-18")
    address = rows(page).get_by_role("link").get_attribute("href") or ""
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Deleted: Deposit, +5,000.00 USD.")
    expect(page.get_by_role("heading", name="No transactions yet")).to_be_visible()
    page.goto(product.origin + address)
    expect(page.locator(".history > li").first).to_contain_text("Deleted by alice")


# ---------- Without scripts ----------


def test_everything_works_without_scripts(product: Product, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    ledger = given_portfolio(page, product)
    open_form(page, ledger)
    page.get_by_role("link", name="Deposit", exact=True).click()
    type_in(page, "amount", "5.000,50")
    page.get_by_role("button", name="Book", exact=True).click()
    expect(rows(page).locator(".amount")).to_have_text("+5,000.50")
    rows(page).get_by_role("link").click()
    page.get_by_label("Note", exact=True).fill("Savings")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".changes")).to_contain_text("Savings")
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete version 2").click()
    expect(page.get_by_role("heading", name="No transactions yet")).to_be_visible()


# ---------- Who may ----------


def test_a_viewer_sees_and_an_ex_member_is_shown_nothing_at_once(
    product: Product, page: Page, new_context: NewContext, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    ledger = given_portfolio(page, product)
    book(page, ledger, "deposit", amount="5000", day="2012-05-18")
    bobs = new_context().new_page()
    bob = sign_up(bobs, product, "bob")
    page.goto(ledger.address("members/"))
    page.get_by_label("E-mail address").fill(bob)
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".toast")).to_have_text(f"{bob} may now see Long term as a viewer.")
    bobs.goto(ledger.address())
    expect(rows(bobs)).to_have_count(1)
    expect(bobs.get_by_role("link", name="Add transaction")).to_have_count(0)
    expect(bobs.locator("#connection")).to_have_attribute("data-state", "replay", timeout=AT_ONCE)
    page.get_by_role("link", name=f"Remove… {bob}").click()
    page.get_by_role("button", name="Remove").click()
    expect(bobs.get_by_role("heading", name="There is nothing at this address")).to_be_visible(timeout=AT_ONCE)


# ---------- What people type is text ----------

CORPUS = [
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "</title></textarea><svg onload=window.ran=1>",
    "javascript:window.ran=1",
    "${window.ran=1}{{window.ran=1}}",
]


def test_markup_in_names_and_notes_is_shown_as_text(product: Product, page: Page, complaints: Complaints) -> None:
    complaints.expect("status of 409")
    ledger = make_portfolio(page, product, name=CORPUS[0])
    for text in CORPUS:
        book(page, ledger, "deposit", amount="1", day="2012-05-18", note=text)
    page.goto(ledger.address("accounts/new/"))
    page.get_by_label("Name").fill(CORPUS[1])
    page.get_by_role("button", name="Add the account").click()
    page.goto(ledger.address())
    for text in CORPUS:
        expect(rows(page).filter(has_text=text).first).to_be_visible()
    details = [link.get_attribute("href") or "" for link in rows(page).get_by_role("link").all()]
    for address in [*details, *(f"{each}delete/" for each in details)]:
        page.goto(product.origin + address)
        assert page.evaluate("window.ran") is None
    for rest in ("settings/", "members/", "delete/", "transactions/new/", "transactions/?text=<script>"):
        page.goto(ledger.address(rest))
        assert page.evaluate("window.ran") is None


# ---------- Every width, both themes ----------

PAGES = [
    "transactions/", "transactions/?type=split", "transactions/new/", "transactions/new/?type=dividend",
    "transactions/new/?type=currency_exchange", "settings/", "members/", "delete/", "accounts/new/",
]  # fmt: skip


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_every_page_fits_and_is_accessible(
    product: Product,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    width: int,
) -> None:
    narrow = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    context = new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce", **narrow)
    page = context.new_page()
    ledger = given_portfolio(page, product)
    book(
        page,
        ledger,
        "deposit",
        amount="20000",
        day="2012-01-03",
        note="Savings of a whole year, put aside month by month",
    )
    book(page, ledger, "buy", symbol="AAPL", day="2012-02-01", fees="9.95", taxes="1.50", **SHARE)
    book(page, ledger, "sell", symbol="AAPL", day="2012-11-20", quantity="2", price="600")
    detail = rows(page).first.get_by_role("link").get_attribute("href") or ""
    inside = [detail.removeprefix(ledger.path), f"{detail.removeprefix(ledger.path)}delete/"]
    for rest in ["/portfolios/new/", *PAGES, *inside]:
        page.goto(product.origin + rest if rest.startswith("/") else ledger.address(rest))
        assert not overflows(page), rest
        name = re.sub(r"\W+", "-", re.sub(r"[0-9a-f-]{36}", "one", rest)).strip("-")
        for theme in in_both_themes(page):
            assert find_accessibility_problems(page) == [], (rest, theme)
            take_screenshot(page, f"ledger-{name}-{width}-{theme}")
    page.goto(ledger.address("transactions/new/?type=sell"))
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("#error-summary")).to_be_visible()
    assert not overflows(page)
    for theme in in_both_themes(page):
        assert find_accessibility_problems(page) == [], theme
        take_screenshot(page, f"ledger-errors-{width}-{theme}")


def test_a_filter_is_an_address_that_can_be_kept(product: Product, page: Page) -> None:
    ledger = given_portfolio(page, product)
    for day in range(1, 4):
        book(page, ledger, "deposit", amount=str(day), day=f"2012-05-0{day}")
    page.get_by_label("Type").select_option("deposit")
    page.get_by_label("From", exact=True).fill("2012-05-02")
    page.get_by_role("button", name="Show").click()
    expect(rows(page)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?type=deposit&.*since=2012-05-02"))
    page.reload()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("link", name="Clear").click()
    expect(rows(page)).to_have_count(3)
