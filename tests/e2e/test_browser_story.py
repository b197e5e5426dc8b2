"""One person's story with their portfolio, in one test, from an empty instance to a restart of the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.e2e.ledger_pages import make_portfolio, type_in
from tests.e2e.portfolio_pages import AT_ONCE, expect_moving, open_live, pill, row, value
from tests.e2e.test_portfolio_page import WATCH_SUMS
from tests.faults.instances import Instance
from tests.servers.product import Product

FILE = """\
type,at,account,symbol,quantity,price,fees,amount,currency,note
deposit,2012-04-02,Harbor,,,,,20000.00,USD,Savings
buy,2012-04-10,Harbor,AAPL,10,628.44,9.95,,USD,
buy,2012-04-11,Harbor,IBM,20,202.46,9.95,,USD,Typed wrongly: it was 25
buy,2012-05-18,Harbor,FB,40,38.2318,9.95,,USD,First day
"""
NOTE_QUANTITY = """
() => {
  const cell = [...document.querySelectorAll('#holdings [data-row]')]
    .find((row) => row.querySelector('[data-figure="symbol"]').textContent === 'IBM').querySelector('[data-figure="quantity"]');
  window.quantitySeenAt = undefined;
  new MutationObserver(() => { window.quantitySeenAt ??= Date.now(); })
    .observe(cell, { characterData: true, childList: true, subtree: true });
}
"""
WITHIN_S = 1.0


def test_from_signing_up_to_a_restart_of_the_server(
    start_product: Callable[..., Product], page: Page, complaints: Complaints, tmp_path: Path, is_long_run: bool
) -> None:
    complaints.expect("WebSocket connection|Failed to load resource")  # while the server is away
    product = start_product("--speed", "60", is_first_start=True)

    # Sign up, make a portfolio, and import a file into it.
    ledger = make_portfolio(page, product, name="Long term", currency="USD")
    import_file(page, product.origin + ledger.path, tmp_path)

    # It lives, and its head is the sum of its rows, at every moment from here to the end.
    open_live(page, ledger.address(""))
    page.evaluate("window.notReloaded = true")
    page.evaluate(WATCH_SUMS)
    for _ in range(3):
        expect_moving(page, value(page))
    expect(row(page, "IBM").locator('[data-figure="quantity"]')).to_have_text("20")

    # An edit in a second tab shows in the first within a second. A busy machine may be late now and then: the best counts.
    second = page.context.new_page()
    took_s = []
    for version, quantity in enumerate(("23", "24", "25"), start=2):
        page.evaluate(NOTE_QUANTITY)
        edit_quantity(second, ledger.address(), symbol="IBM", quantity=quantity)
        expect(row(page, "IBM").locator('[data-figure="quantity"]')).to_have_text(quantity, timeout=AT_ONCE)
        took_s.append(seconds_until_seen(page, Instance(product.data), version=version))
    assert not is_long_run or min(took_s) <= WITHIN_S, took_s

    # The server restarts; both tabs are right again without a reload.
    product.kill()
    expect(pill(page)).to_have_attribute("data-state", "offline", timeout=AT_ONCE)
    product.start()
    expect(pill(page)).to_have_attribute("data-state", "replay", timeout=30_000)
    for _ in range(3):
        expect_moving(page, value(page))
    expect(row(page, "IBM").locator('[data-figure="quantity"]')).to_have_text("25")
    assert page.evaluate("window.notReloaded")
    assert page.evaluate("window.mismatches") == []
    assert page.evaluate("window.seen.size") >= 6
    second.goto(ledger.address())
    expect(second.locator("#ledger [data-id]")).to_have_count(4)


def import_file(page: Page, portfolio: str, folder: Path) -> None:
    """Hands a file in, sees that all of it is new, and books it."""
    file = folder / "broker.csv"
    file.write_text(FILE, encoding="utf-8")
    page.goto(f"{portfolio}import/")
    page.get_by_label("Drop it here, or choose it").set_input_files(file)
    page.get_by_role("button", name="Show what it holds").click()
    expect(page.get_by_role("heading", name="Import broker.csv")).to_be_visible()
    page.get_by_role("button", name="Book 4 rows").click()
    expect(page.get_by_role("heading", name="Imported broker.csv")).to_be_visible()


def edit_quantity(page: Page, transactions: str, *, symbol: str, quantity: str) -> None:
    """Opens the one transaction of an instrument and saves another quantity."""
    page.goto(f"{transactions}?symbol={symbol}")
    page.locator("#ledger [data-id] a").first.click()
    page.wait_for_url(re.compile(r"/transactions/[0-9a-f-]{36}/$"))
    type_in(page, "quantity", quantity)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Saved:")).to_be_visible()


def seconds_until_seen(page: Page, instance: Instance, *, version: int) -> float:
    """From the moment that an edit is recorded with to the moment at which the first tab showed it; one machine, one clock."""
    query = "SELECT (julianday(recorded_at) - 2440587.5) * 86400.0 FROM transaction_version WHERE symbol = 'IBM' AND version = "
    newest = instance.rows(f"{query}{version} ORDER BY recorded_at DESC LIMIT 1")
    seen_at: float = page.evaluate("window.quantitySeenAt") / 1000
    return seen_at - float(newest[0][0])
