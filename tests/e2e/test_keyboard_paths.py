"""Every story by the keyboard alone, in a real browser: nobody here has a mouse, and each stop of the focus is seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.e2e.keyboard import Keys
from tests.e2e.ledger_pages import PASSWORD, given_portfolio, given_transaction, rows
from tests.e2e.portfolio_pages import AT_ONCE, WIDE, expect_moving, pill, row, value
from tests.servers.product import Product, running_product

PORTFOLIO = re.compile(r"/portfolios/[0-9a-f-]{36}/$")

CASH = b"tickfolio,type,at,amount,currency\n1,deposit,2012-05-02,25,USD\n"


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has somebody of its own. Its market stands in May 2012."""
    with running_product("--speed", "60") as product:
        yield product


def live(page: Page) -> None:
    """Waits until the page's scripts hear keys and the market."""
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=AT_ONCE)


def on_a_phone(page: Page) -> None:
    """The rest of a story at the width of a phone, as with a keyboard that is joined to one."""
    page.set_viewport_size({"width": 390, "height": 844})


def arrange_holdings(page: Page, keys: Keys, *, has_heads: bool = True) -> None:
    """Columns are chosen and put in order, one stays in sight; rows are grouped, sorted and filtered.

    A phone has cards, and no heads to sort them by: the menu of the columns does.
    """
    keys.use(page.get_by_role("button", name="Columns"))
    expect(page.locator("#columns-list")).to_be_visible()
    price = page.locator("#columns-list li").filter(has=page.get_by_role("checkbox", name="Value", exact=True))
    keys.to(price.get_by_role("checkbox"))
    keys.press("Alt+ArrowUp")
    expect(page.locator("#columns-said")).to_contain_text("Value: place")
    keys.use(page.get_by_label("Kept in sight while the table scrolls"), "ArrowDown")
    expect(page.locator(".holdings-box")).to_have_attribute("data-pinned", "1")
    if not has_heads:
        keys.choose(page.get_by_label("Sorted by"), "Day P")
        expect(page.locator("#holdings")).to_have_attribute("data-sorted", "day")
    keys.press("Escape")
    expect(page.locator("#columns-list")).to_be_hidden()
    keys.to(page.get_by_label("Group by"), backwards=True)
    page.keyboard.type("Class")
    expect(page.locator("#holdings [data-group='equity']")).to_be_visible(timeout=AT_ONCE)
    if has_heads:
        keys.use(page.locator("#holdings [data-sort='day']"))
        expect(page.locator("#holdings th[aria-sort]")).to_have_text("Day P&L")
    else:
        keys.to(page.locator("#holdings .group-toggle").first)  # a list of choices takes letters for itself
    keys.press("f")
    page.keyboard.type("ibm")
    expect(row(page, "AAPL")).to_have_count(0)
    keys.press("Escape")
    expect(row(page, "AAPL")).to_be_visible()


def try_a_sale(page: Page, keys: Keys) -> None:
    """A quantity, then lots of one's own, taken over by the form."""
    keys.fill(page.locator("#what-if-quantity"), "24")
    expect(page.locator("#what-if tbody tr").first).to_contain_text("FIFO")
    chips = page.locator("#what-if-lots .chip")
    expect(chips.nth(1)).to_have_attribute("aria-pressed", "false")  # of all that is held it was taken, too
    keys.use(chips.nth(1), "Space")
    expect(chips.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#what-if tbody tr").filter(has_text="Picked lots")).to_be_visible()
    keys.use(page.get_by_role("link", name="Book this sale"))
    expect(page.locator("[name=lots]")).not_to_have_value("")


def keep_a_watchlist(page: Page, keys: Keys) -> None:
    """Filled, put in order in the row itself, a row taken off and brought back."""
    keys.press("g", "w")
    page.wait_for_url(re.compile("/watchlists/$"))
    live(page)
    for symbol in ("AAPL", "MSFT"):
        keys.fill(page.locator("#watch-symbol"), symbol)
        expect(page.locator("#watch-suggestions [role=option]").first).to_contain_text(symbol, timeout=AT_ONCE)
        keys.press("Enter")
        expect(page.locator(f'#watched-rows tr[data-key="{symbol}"]')).to_be_visible(timeout=AT_ONCE)
        live(page)
    keys.to(page.locator('#watched-rows tr[data-key="AAPL"] a.symbol'))
    keys.press("Alt+ArrowDown")
    expect(page.locator("#moved")).to_have_text("AAPL, position 2 of 2.")
    keys.use(page.get_by_role("button", name="Take AAPL off the list"))
    # Until the answer is there, the message about what was added last stands with an Undo of its own.
    expect(page.locator(".toast")).to_contain_text("Took AAPL off")
    expect(page.locator("#watched-rows tr")).to_have_count(1)
    keys.use(page.locator("#toasts").get_by_role("button", name="Undo"))
    expect(page.locator("#watched-rows tr")).to_have_count(2)
    expect(page.locator("#watched-rows tr").last).to_have_attribute("data-key", "AAPL")


def import_a_file(page: Page, keys: Keys) -> None:
    """Found by the palette, shown, booked and taken back; the window that a file is chosen in is the system's."""
    live(page)
    keys.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("import")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_contain_text("Import")
    keys.press("Enter")
    page.wait_for_url(re.compile("/import/$"))
    live(page)
    field = page.get_by_label(re.compile("choose it", re.IGNORECASE))
    keys.to(field)
    field.set_input_files({"name": "cash.csv", "mimeType": "text/csv", "buffer": CASH})
    keys.use(page.get_by_role("button", name="Show what it holds"))
    keys.use(page.get_by_role("button", name="Book 1 row"))
    expect(page.locator(".toast")).to_contain_text("Booked 1 row of cash.csv.")
    keys.use(page.locator("main").get_by_role("button", name=re.compile("^Undo")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Undone: cash.csv")


def switch_keys(page: Page, keys: Keys, product: Product) -> None:
    """One key hides amounts; single keys are switched off among the preferences, and on again there."""
    keys.press("Shift+P")
    expect(page.locator("html")).to_have_attribute("data-privacy", "on")
    page.goto(product.origin + "/preferences/")
    live(page)
    switch = page.get_by_label("Listen to single keys on this device")
    keys.use(switch, "Space")
    keys.press("Shift+P")
    expect(page.locator("html")).to_have_attribute("data-privacy", "on")
    page.reload()
    live(page)
    expect(switch).not_to_be_checked()
    keys.use(switch, "Space")
    keys.press("Shift+P")
    expect(page.locator("html")).not_to_have_attribute("data-privacy", "on")


def test_from_signing_up_to_a_ledger_put_in_order(product: Product, new_context: NewContext) -> None:
    page = new_context(**WIDE).new_page()
    keys = Keys(page)
    # First run: an account, a portfolio in a currency of one's own, a first trade, a value that moves.
    page.goto(product.origin + "/")
    keys.use(page.get_by_role("link", name=re.compile("^Sign up")))
    keys.fill(page.get_by_label("E-mail"), "keys@example.org")
    keys.fill(page.get_by_label("Password"), PASSWORD)
    keys.press("Enter")
    expect(page.get_by_text("Welcome", exact=True)).to_be_visible()
    keys.use(page.get_by_role("link", name=re.compile("^Create a portfolio")))
    keys.choose(page.get_by_label("Base currency"), "USD")
    keys.use(page.get_by_role("button", name="Make the portfolio"))
    keys.fill(page.get_by_label("Instrument", exact=True), "aapl")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("Apple")
    keys.press("Enter")
    expect(page.get_by_label("Instrument", exact=True)).to_have_value("AAPL")
    keys.fill(page.get_by_label("Quantity", exact=True), "10")
    # Before the focus is there: nothing is put under the keys of who is about to type.
    expect(page.locator("[name=price]")).not_to_have_value("")
    keys.press("Tab", "Enter")
    page.wait_for_url(PORTFOLIO)
    live(page)
    expect_moving(page, value(page).first)
    # A line books, and a form duplicates: then many are changed at once, and that is taken back.
    keys.press("n")
    expect(page.locator("#line-text")).to_be_focused()
    page.keyboard.type("buy 2 MSFT note from the line")
    expect(page.locator("#line-total")).to_have_text(re.compile(r"^−[\d,.]+ USD$"))
    keys.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Booked: Buy 2 MSFT")
    on_a_phone(page)
    keys.press("g", "t")
    page.wait_for_url(re.compile("/transactions/$"))
    live(page)
    expect(rows(page)).to_have_count(3)
    keys.use(rows(page).get_by_role("checkbox").first, "Space")
    expect(page.locator("#bulk-count")).to_contain_text("1")
    keys.choose(page.get_by_label("Do with them"), "Dup")
    keys.use(page.get_by_role("button", name="Show what changes"))
    keys.use(page.locator("[name=confirm]"))
    expect(rows(page)).to_have_count(4)
    keys.use(page.locator(".toast").get_by_role("button", name="Undo"))
    expect(rows(page)).to_have_count(3)
    # An edit is a version, and the one before is restored.
    keys.use(rows(page).first.get_by_role("link"))
    keys.fill(page.get_by_label("Note", exact=True), "another note")
    keys.press("Enter")
    expect(page.locator(".history > li")).to_have_count(2)
    keys.use(page.get_by_role("button", name="Restore this version"))
    expect(page.locator(".history > li")).to_have_count(3)
    expect(page.get_by_label("Note", exact=True)).to_have_value("from the line")
    import_a_file(page, keys)


def test_from_home_over_holdings_and_charts_to_a_sale_tried_out(product: Product, new_context: NewContext) -> None:
    page = new_context(**WIDE).new_page()
    keys = Keys(page)
    ledger = given_portfolio(page, product)
    given_transaction(page, ledger, "deposit", amount="100000", day="2010-01-04")
    given_transaction(page, ledger, "buy", symbol="AAPL", day="2010-03-15", quantity="30", price="223.84")
    given_transaction(page, ledger, "buy", symbol="AAPL", day="2012-04-20", quantity="12", price="572.98")
    given_transaction(page, ledger, "buy", symbol="IBM", day="2011-08-08", quantity="18", price="166.22")
    page.goto(product.origin + "/")
    live(page)
    keys.use(page.locator("main").get_by_role("link", name="Long term").first)
    page.wait_for_url(PORTFOLIO)
    live(page)
    # The chart is walked along, and is a table by one key.
    drawn = page.locator("#chart [role=img]")
    keys.to(drawn)
    keys.press("End", "Shift+ArrowLeft", "ArrowRight")
    expect(page.locator("#chart .chart-tip")).to_be_visible()
    keys.press("t")
    expect(page.locator("#chart-table, .minutes").first).to_be_visible()
    keys.press("t", "5")
    expect(page.locator("#value-spans [aria-pressed=true]")).to_have_text("1Y")
    keys.press("1")
    arrange_holdings(page, keys)
    # Down the rows to an instrument: its chart, the watchlist, a sale, its note.
    on_a_phone(page)
    keys.to(page.locator("#holdings .group-toggle, #holdings a.symbol"))
    for _ in range(6):
        if "AAPL" in page.evaluate("document.activeElement.textContent"):
            break
        keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url(re.compile("/instruments/AAPL/$"))
    live(page)
    keys.press("7")
    expect(page.locator("#chart [role=img]")).to_have_attribute("aria-label", re.compile("^Monthly candles of AAPL"))
    keys.use(page.locator("#watch button").first)
    expect(page.locator("#watch button").first).to_have_attribute("data-watched", "")
    keys.to(page.locator("#chart [role=img]"))
    keys.press("End", "ArrowLeft")
    expect(page.locator("#chart .chart-tip")).to_be_visible()
    try_a_sale(page, keys)
    page.go_back()
    live(page)
    keys.fill(page.get_by_role("textbox", name="Note"), "Bought for good.")
    keys.use(page.get_by_role("button", name="Save the note"))
    expect(page.locator(".toast")).to_contain_text("Saved the note.")


def test_a_visitor_opens_the_demo_and_arranges_its_holdings_on_a_phone(
    product: Product, new_context: NewContext
) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    keys = Keys(page)
    page.goto(product.origin + "/")
    keys.use(page.get_by_role("button", name=re.compile("^Open the demo portfolio")))
    expect(page.get_by_role("rowheader", name="Long term")).to_be_visible()
    live(page)
    expect_moving(page, value(page).first)
    keys.use(page.locator("main").get_by_role("link", name="Long term").first)
    page.wait_for_url(PORTFOLIO)
    live(page)
    arrange_holdings(page, keys, has_heads=False)


def test_from_a_watchlist_over_targets_and_income_to_hidden_amounts(
    product: Product, new_context: NewContext, take_screenshot: Callable[..., Path]
) -> None:
    page = new_context(**WIDE, color_scheme="dark").new_page()
    keys = Keys(page)
    ledger = given_portfolio(page, product)
    given_transaction(page, ledger, "deposit", amount="100000", day="2010-01-04")
    given_transaction(page, ledger, "buy", symbol="IBM", day="2011-08-08", quantity="100", price="166.22")
    given_transaction(page, ledger, "dividend", symbol="IBM", day="2011-09-10", gross="75")
    page.goto(product.origin + "/")
    live(page)
    keep_a_watchlist(page, keys)
    # By the palette to the portfolio; targets, and what is missing to them.
    on_a_phone(page)
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or run a command")).to_be_focused()
    page.keyboard.type("allocation")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_contain_text("Allocation")
    keys.press("Enter")
    page.wait_for_url(re.compile("/allocation/"))
    live(page)
    keys.to(page.locator(".tile[tabindex='0']"))
    keys.press("ArrowRight", "t")
    expect(page.locator("#parts")).to_be_focused()
    keys.use(page.get_by_role("link", name="Set targets"))
    keys.fill(page.locator("main form input[inputmode=decimal]").first, "60")
    keys.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Saved the targets")
    keys.use(page.get_by_role("button", name="Work out"))
    expect(page.locator("#proposal")).to_be_visible()
    # Income: its bars, and the same as a table.
    keys.use(page.get_by_role("link", name="Income", exact=True))
    page.wait_for_url(re.compile("/income/$"))
    live(page)
    keys.to(page.locator("#months [role=img]"))
    keys.press("ArrowLeft")
    expect(page.locator("#months .chart-tip")).to_be_visible()
    keys.press("t")
    expect(page.locator("#months thead")).to_be_visible()
    take_screenshot(page, "keyboard-income")
    switch_keys(page, keys, product)
    # Another language is spoken as soon as it is saved.
    keys.choose(page.get_by_label("Language"), "Deu")
    keys.use(page.get_by_role("button", name="Save"))
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#theme-button")).to_have_attribute("aria-label", "Farbschema: wie das System")
