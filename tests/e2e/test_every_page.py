"""What holds of every page that a person reaches: no typed text runs, axe finds nothing, nothing stands out at the side."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.every_page import HOSTILE, TELL_OF_RUNS, crawl, forms_with_text, name_of, outstanding, send_hostile
from tests.e2e.forms import send_form
from tests.e2e.portfolio_pages import Seeded, deposit, long_term, nothing_yet, seeded, sign_in
from tests.security.least import MACHINE
from tests.security.routes import routes
from tests.security.rules import ADDRESSES
from tests.servers.product import Product, running_product

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDE, NARROW = 1440, (390, 320)
NOT_BY_LINKS = {
    "account_inactive": "only who was shut out is led there",
    "account_confirm_email": "only with a mail server",
    "account_email_verification_sent": "only with a mail server",
    "account_reset_password_done": "only with a mail server",
    "account_reset_password_from_key": "only by a link that was mailed or printed",
    "account_reset_password_from_key_done": "only after that",
    "account_logout": "a form of the menu leads there; it would end the visit",
    "web:operator_instruments": "of live feeds",
    "web:allocation_proposal": "a part of the allocation page, which fetches it",
    "web:explanation_kept": "only once one was kept",
    "web:attachment": "a download, where a file was attached",
    "web:offline": "what the service worker keeps, and tests/e2e/test_offline_page.py looks at",
    "web:watch_button": "a part of other pages, which scripts ask for",
}
"""Pages that no link leads to here, with why."""


@pytest.fixture
def product() -> Iterator[Product]:
    """A product of its own: whoever comes first is its operator, so the operator's pages are among those of Alice."""
    with running_product("--speed", "1") as product:
        yield product


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


@pytest.fixture
def data(product: Product) -> Seeded:
    """Somebody with both portfolios."""
    return seeded(product, hostile(), nothing_yet())


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


def test_no_page_runs_what_was_typed(
    data: Seeded, new_context: NewContext, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.expect("the server responded with a status of 40")  # a form that refuses what was typed
    context = new_context()
    context.add_init_script(TELL_OF_RUNS)
    page = sign_in(context, data)
    page.on("dialog", lambda dialog: complaints.heard.append(f"a dialog opened: {dialog.message}"))
    origin, sent = data.product.origin, 0
    batch = handed_in(page, data, tmp_path)
    watch(page, data)
    for address in list(crawl(page, origin, batch)):
        page.goto(origin + address)
        for number in range(forms_with_text(page)):
            sent += send_hostile(page, number)
            assert complaints.unexpected() == [], (address, number)
            page.goto(origin + address)
    assert sent > 20
    for address in crawl(page, origin, batch):
        assert complaints.unexpected() == [], address


def test_every_page_is_reached_fits_and_is_accessible(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    # Colours that are still on their way from one theme to the other would be taken for poor contrast.
    visitor, page = new_context(reduced_motion="reduce").new_page(), sign_in(new_context(reduced_motion="reduce"), data)
    batch = handed_in(page, data, tmp_path)
    watch(page, data)
    reached, problems = set(), []
    for who, starts in ((visitor, ()), (page, (batch,))):
        for address in crawl(who, data.product.origin, *starts):
            reached.add(name_of(address))
            for theme in THEMES:
                who.emulate_media(color_scheme=theme)
                problems += [f"{address}, {theme}: {found}" for found in find_accessibility_problems(who)]
            for width in (*NARROW, WIDE):
                who.set_viewport_size({"width": width, "height": 900})
                problems += [f"{address}, {width} px: {found} stands out" for found in outstanding(who)]
    assert problems == [], "\n".join(problems)
    assert pages() - reached == set(NOT_BY_LINKS)


def pages() -> set[str]:
    """The names of all pages that a member, an operator or a visitor may look at."""
    readable = {name for name, rule in ADDRESSES.items() if rule.get not in (None, MACHINE)}
    found = [route for route in routes() if route.pattern in readable and route.name.startswith(("web:", "account_"))]
    return {route.name for route in found if "." not in route.pattern.rsplit("/", 1)[-1]}
