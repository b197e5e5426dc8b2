"""Somebody who wrote a hostile text wherever one can be written, for the tests of every page."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.e2e.every_page import HOSTILE
from tests.e2e.forms import send_form
from tests.e2e.portfolio_pages import Seeded, deposit, long_term, nothing_yet, seeded
from tests.servers.product import running_product


@contextlib.contextmanager
def hostile_product() -> Iterator[Seeded]:
    """Somebody with both portfolios; whoever comes first is the operator, whose pages are among those of Alice."""
    with running_product("--speed", "1") as product:
        yield seeded(product, hostile(), nothing_yet())


def hostile() -> dict[str, Any]:
    """The portfolio of all tests here with a hostile text wherever one can be written."""
    plain = long_term()
    accounts = [{"name": text, "currency": "EUR"} for text in HOSTILE]
    notes = [{**deposit(text, "1.00", "EUR"), "note": text * 3} for text in HOSTILE]
    for transaction, text in zip(plain["transactions"], HOSTILE, strict=False):
        transaction["note"] = text
    plain["transactions"][-1]["instrument_name"] = HOSTILE[1]
    return {
        **plain,
        "name": HOSTILE[0],
        "accounts": [*plain["accounts"], *accounts],
        "transactions": [*plain["transactions"], *notes],
    }


def own_instrument(data: Seeded) -> str:
    """The address of the instrument that only this portfolio knows."""
    return data.path() + "instruments/HLX.R/"


def handed_in(page: Page, data: Seeded, folder: Path) -> str:
    """Hands in a file with hostile texts. Returns the address of its preview."""
    path = folder / f"{HOSTILE[0].replace('/', '')}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["tickfolio", "type", "at", "account", "symbol", "name", "quantity", "price", "currency", "note"])
        for text in HOSTILE:
            rows.writerow([1, "buy", "2010-01-05", text, "HLX.R", text, "1", "1", "EUR", text])
            rows.writerow([1, text, text, text, text, text, text, text, text, text])
    page.goto(data.address() + "import/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Show what it holds").click()
    page.wait_for_url("**/import/*-*/")
    return page.url.removeprefix(data.product.origin)


def watch(page: Page, data: Seeded) -> None:
    """Two watchlists, the second one with a hostile name."""
    page.goto(data.product.origin + "/watchlists/")
    page.locator("#watch-symbol").fill("AAPL")
    page.locator("#watch-add").get_by_role("button", name="Add").click()
    page.wait_for_url("**/watchlists/*-*/")
    send_form(page.context, data.product, "/watchlists/", name=HOSTILE[0])
