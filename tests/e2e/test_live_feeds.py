"""A live instance on a vendor of its own choice: any symbol of that vendor, on sockets and pages, without further set-up.

The vendor is an emulator on loopback; the product is pointed to it by the environment, as anybody would point it elsewhere.
Coins are used where a test needs an open market whatever the time is.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import ClientConnection, connect

from tests.e2e.conftest import Complaints
from tests.e2e.ledger_pages import given_portfolio
from tests.e2e.portfolio_pages import two_frames
from tests.feeds.emulators.emulator import Listed, in_a_thread
from tests.feeds.emulators.yahoo import YahooEmulator
from tests.servers.product import Product

NOBODY = "http://127.0.0.1:9"
AT_ONCE = 20_000
SHORT = 60.0


def listed() -> tuple[Listed, ...]:
    now = datetime.now(UTC)
    return (
        Listed("BTC-USD", "Bitcoin USD", "USD", Decimal("94745.08"), Decimal("94000.00"), now, "CCC", "CRYPTOCURRENCY"),
        Listed("NVDA", "NVIDIA Corporation", "USD", Decimal("181.20"), Decimal("180.00"), now, "NMS"),
        Listed("VOD.L", "Vodafone Group plc", "GBp", Decimal("75.12"), Decimal("74.00"), now, "LSE"),
    )


class Vendor:
    """The emulator on a thread of its own, whose coin moves by itself."""

    def __init__(self) -> None:
        self.emulator = YahooEmulator(*listed())
        self.do: Callable[[Callable[[], object]], None] = lambda _action: None
        self._stops = threading.Event()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TICKFOLIO_YAHOO_WS_URL": self.emulator.ws_url,
            "TICKFOLIO_YAHOO_HTTP_URL": self.emulator.http_url,
            "TICKFOLIO_ECB_HTTP_URL": NOBODY,
            "TICKFOLIO_FRANKFURTER_HTTP_URL": NOBODY,
        }

    @contextmanager
    def running(self) -> Iterator[Vendor]:
        with in_a_thread(self.emulator) as do:
            self.do = do
            mover = threading.Thread(target=self._move, daemon=True)
            mover.start()
            try:
                yield self
            finally:
                self._stops.set()
                mover.join(10)

    def _move(self) -> None:
        coin = self.emulator.listed["BTC-USD"]
        while not self._stops.wait(0.3):
            price = coin.price + Decimal("0.50")
            self.do(partial(self.emulator.tick, "BTC-USD", price))


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with Vendor().running() as vendor:
        yield vendor


@pytest.fixture
def product(vendor: Vendor, start_product: Callable[..., Product]) -> Product:
    return start_product("--feed", "yahoo", environment=vendor.environment)


def ask(socket: ClientConnection, symbol: str) -> dict[str, Any]:
    socket.send(json.dumps({"symbol": symbol}))
    while True:  # what was asked for before may be told of again in between
        answer: dict[str, Any] = json.loads(socket.recv(timeout=SHORT))
        if "error" in answer or answer["symbol"] == symbol.upper():
            return answer


def socket_of(product: Product) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{product.port}/ws/stocks/")


def test_any_symbol_of_the_vendor_is_answered_with_its_price_and_moves(product: Product) -> None:
    with socket_of(product) as socket:
        first = ask(socket, "btc-usd")
        assert (first["symbol"], first["source"]) == ("BTC-USD", "yahoo")
        assert first["price"] > 94_000
        assert first["change"] > 0
        later = [json.loads(socket.recv(timeout=SHORT)) for _ in range(3)]
        assert later[-1]["price"] > first["price"]
        assert later[-1]["quality"] == "live"
    with socket_of(product) as socket:
        share = ask(socket, "NVDA")
        assert (share["price"], share["currency"]) == (181.2, "USD")
        pence = ask(socket, "VOD.L")
        assert (pence["price"], pence["currency"]) == (75.12, "GBp")
        unknown = ask(socket, "NOSUCH")
        assert unknown["error"]["code"] == "unknown_symbol"


def test_the_page_shows_any_symbol_live_without_a_reload(
    product: Product, page: Page, take_screenshot: Callable[..., Path]
) -> None:
    page.goto(f"{product.origin}/stocks/?symbol=BTC-USD")
    page.evaluate("window.notReloaded = true")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=AT_ONCE)
    expect(page.locator("#stock-symbol")).to_have_text("BTC-USD")
    price = page.locator("#stock-price")
    for _ in range(2):
        expect(price).not_to_have_text(price.inner_text(), timeout=AT_ONCE)
    expect(page.locator("#replay-banner")).to_be_hidden()
    page.locator("#symbol-input").fill("VOD.L")
    page.locator("#symbol-input").press("Enter")
    expect(page.locator("#stock-symbol")).to_have_text("VOD.L")
    expect(page.locator("#stock-currency")).to_have_text("GBp")
    expect(price).to_have_text("75.12")
    page.locator("#symbol-input").fill("NOSUCH")
    page.locator("#symbol-input").press("Enter")
    expect(page.get_by_text("No instrument has the symbol NOSUCH.")).to_be_visible(timeout=AT_ONCE)
    assert page.evaluate("window.notReloaded")
    take_screenshot(page, "stocks-live")


def test_a_file_of_symbols_that_nobody_knew_is_a_live_portfolio(product: Product, page: Page, tmp_path: Path) -> None:
    ledger = given_portfolio(page, product)
    trades = tmp_path / "trades.csv"
    trades.write_text(
        "date,type,symbol,quantity,price,amount,currency,account\n"
        "2026-01-05,deposit,,,,50000,USD,Harbor\n2026-01-06,buy,BTC-USD,0.5,90000,,USD,Harbor\n",
        encoding="utf-8",
    )
    page.goto(ledger.address("import/"))
    page.get_by_label(re.compile("choose it", re.IGNORECASE)).set_input_files(trades)
    page.get_by_role("button", name="Show what it holds").click()
    expect(
        page.get_by_text("BTC-USD is taken for Bitcoin USD (crypto, 24/7, in USD), which a feed prices.")
    ).to_be_visible()
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_role("heading", name="Imported trades.csv")).to_be_visible()
    page.goto(ledger.address(""))
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=AT_ONCE)
    value = page.locator("#total-value")
    expect(value).to_have_text(re.compile(r"\d\d,\d{3}"), timeout=AT_ONCE)
    expect(value).not_to_have_text(value.inner_text(), timeout=AT_ONCE)


def test_with_the_vendor_gone_the_last_good_price_stays_with_its_age(
    vendor: Vendor, product: Product, page: Page, complaints: Complaints
) -> None:
    complaints.expect("ERR_CONNECTION_REFUSED")  # while the product is started again
    page.goto(f"{product.origin}/stocks/?symbol=BTC-USD")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=AT_ONCE)
    vendor.emulator.faults.handshake_status = 503
    vendor.do(vendor.emulator.drop)
    expect(page.locator("#connection")).to_have_attribute("data-state", "stale", timeout=AT_ONCE)
    two_frames(page)
    last = page.locator("#stock-price").inner_text()
    product.restart()
    with socket_of(product) as socket:
        kept = ask(socket, "BTC-USD")
        assert f"{kept['price']:,.2f}" == last
        assert kept["quality"] == "stale"
        assert datetime.fromisoformat(kept["time"]) < datetime.now(UTC)
        unknown = ask(socket, "NEVER-SEEN")
        assert unknown["error"]["code"] in ("unknown_symbol", "feed_unavailable")
    page.goto(f"{product.origin}/stocks/?symbol=BTC-USD")
    expect(page.locator("#connection")).to_have_attribute("data-state", "stale", timeout=AT_ONCE)
    expect(page.locator("#stock-price")).to_have_text(last)
    vendor.emulator.faults.handshake_status = None
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=60_000)
    expect(page.locator("#stock-price")).not_to_have_text(last, timeout=AT_ONCE)


def test_a_replays_data_are_not_mixed_with_a_live_markets(
    vendor: Vendor, start_product: Callable[..., Product]
) -> None:
    product = start_product()
    product.stop()
    product.options = ["--feed", "yahoo"]
    product.launch()
    deadline = time.monotonic() + 150
    while "Expected this instance to be a replay" not in product.logs and time.monotonic() < deadline:
        time.sleep(0.1)
    assert re.search(r"Use another data directory \(--data\)", product.logs)
