"""A split that comes while a page is open: units and price change together, and the value does not jump."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import NewContext
from tests.e2e.portfolio_pages import buy, deposit, figure, open_portfolio, row, seeded
from tests.servers.product import Product

NIGHTS_MS = 120_000
WATCH_VALUES = """
() => {
  window.seen = [];
  const look = () => {
    const told = document.querySelector('.stat-value .amount').textContent.replaceAll(',', '');
    window.seen.push(Number(told));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


def with_shares() -> dict[str, Any]:
    """100 AAPL before the split of 28 February 2005, which nobody has booked."""
    return {
        "name": "Before the split",
        "currency": "USD",
        "accounts": [{"name": "Savings", "currency": "USD"}],
        "transactions": [
            deposit("Savings", "20000.00", "USD", at="2005-02-01T15:00:00+00:00"),
            buy("Savings", "AAPL", "100", "88.00", at="2005-02-24T15:00:00+00:00"),
        ],
    }


def test_a_split_that_nobody_booked_changes_units_and_price_at_once(
    start_product: Callable[..., Product], new_context: NewContext
) -> None:
    product = start_product("--speed", "60", "--start", "2005-02-25T15:20:00")
    data = seeded(product, with_shares())
    page = open_portfolio(new_context, data)
    shares = row(page, "AAPL")
    expect(figure(shares, "quantity")).to_have_text("100")
    page.evaluate(WATCH_VALUES)
    expect(figure(shares, "quantity")).to_have_text("200", timeout=NIGHTS_MS)
    page.wait_for_timeout(3_000)
    seen = page.evaluate("window.seen")
    assert len(seen) > 100
    assert max(seen) < 1.1 * min(seen)
    page.goto(f"{data.address()}actions/")
    expect(page.locator(".actions tbody tr")).to_contain_text("Split, 2 for 1")
    expect(page.locator(".actions .badge")).to_have_text("Applied")
