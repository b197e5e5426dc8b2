"""Without a server: what was known last and how old it is, for whom it belongs to and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.forms import send_form
from tests.e2e.portfolio_pages import AT_ONCE, PASSWORD, dollars, long_term, open_live, outside, seeded, sign_in
from tests.servers.product import Product

KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('last-values'))"
STORES = "caches.keys()"
IN_STORES = """
async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found;
}
"""
READY = "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


def open_and_keep(page: Page, address: str) -> None:
    """Opens a page live and waits until the worker serves it and its values are kept."""
    open_live(page, address)
    page.wait_for_function(READY, timeout=AT_ONCE)
    page.wait_for_function(f"() => ({KEPT}).length > 1", timeout=AT_ONCE)


def expect_nothing_kept(page: Page) -> None:
    """No value is left in the browser, and none is shown."""
    page.wait_for_function(f"() => ({KEPT}).length === 0", timeout=AT_ONCE)


def test_last_values_stand_in_for_a_server_that_is_gone_until_it_is_back(
    start_product: Callable[..., Product],
    new_context: NewContext,
    complaints: Complaints,
    take_screenshot: Callable[..., Path],
    find_accessibility_problems: Callable[..., list[str]],
) -> None:
    complaints.expect("ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource")
    product = start_product("--speed", "60")
    data = seeded(product, long_term(), dollars())
    context = new_context(service_workers="allow")
    page = sign_in(context, data)
    open_and_keep(page, product.origin + "/")
    first_store = page.evaluate(STORES)
    assert len(first_store) == 1
    # Nothing with anybody's data is in the browser's stores: built files and the page without a server.
    assert all(re.match(r"/static/build/assets/|/offline/en/$", path) for path in page.evaluate(IN_STORES))
    product.kill()
    page.reload()
    heading = page.get_by_role("heading", name="The server cannot be reached")
    expect(heading).to_be_visible()
    expect(page.locator("#offline-lead")).to_contain_text(
        re.compile(r"as of \d\d:\d\d, \d+ \w+ \d{4} – \d+\s(s|min)\sago\. Nothing here is live")
    )
    expect(page.locator("#offline-market")).to_contain_text("the replay was at")
    # One net worth, as on Home.
    expect(page.locator(".worth .stat-label")).to_have_text("Last known net worth · 2 portfolios")
    expect(page.locator(".worth .stat-value")).to_have_text(re.compile(r"\d+\.\d\d\s+EUR"))
    look_everywhere(page, take_screenshot, find_accessibility_problems)
    page.goto(data.address(1))
    opened = page.locator("details[open]")
    expect(opened).to_have_count(1)
    expect(opened.get_by_role("row", name=re.compile("AAPL"))).to_contain_text("20")
    hides_amounts(page, context, product)
    # What is sent goes to the server or nowhere: the worker answers no form, and the page has none.
    assert page.locator("form").count() == 0
    # Back, with another build: the page by itself, and the old worker's store gone.
    product.change(TICKFOLIO_BUILD="another")
    product.start()
    expect(page.locator("#portfolio-header, .stat-head").first).to_be_visible(timeout=60_000)
    expect(heading).to_have_count(0, timeout=60_000)
    expect(page.locator("html")).to_have_attribute("data-build", "another")
    page.wait_for_function(f"() => {STORES}.then((names) => names.join() === 'tickfolio-another-en')", timeout=AT_ONCE)


def look_everywhere(
    page: Page, take_screenshot: Callable[..., Path], find_accessibility_problems: Callable[..., list[str]]
) -> None:
    """In both themes and at every width: nothing sticks out, and axe finds nothing."""
    for details in page.locator("details").all():
        details.locator("summary").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1440, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert outside(page) == []
            if width in (1440, 390):
                take_screenshot(page, f"offline-{scheme}-{width}")
                assert find_accessibility_problems(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def hides_amounts(page: Page, context: BrowserContext, product: Product) -> None:
    """Privacy mode holds here too."""
    cookie: Any = {"name": "privacy", "value": "on", "url": product.origin}
    context.add_cookies([cookie])
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-privacy", "on")
    context.clear_cookies(name="privacy")


def test_nothing_is_left_for_another_person_or_after_signing_out(
    product: Product, new_context: NewContext, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED|WebSocket connection|Failed to load resource")
    data = seeded(product, long_term(), viewer=True)
    context = new_context(service_workers="allow")
    page = sign_in(context, data)
    open_and_keep(page, data.address())
    # Another person signs in, in the same browser, and the line is gone before any page of theirs was open.
    send_form(context, product, "/sign-out/")
    send_form(context, product, "/sign-in/", login=data.people[1]["email"], password=PASSWORD)
    context.set_offline(True)
    other = context.new_page()
    other.goto(product.origin + "/")
    expect(other.locator("#nothing-kept")).to_be_visible()
    expect(other.locator("details, .worth")).to_have_count(0)
    expect_nothing_kept(other)
    other.close()
    context.set_offline(False)
    # Bob's own, and then he signs out on the page.
    open_and_keep(page, data.address())
    page.goto(product.origin + "/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(product.origin + "/")
    expect_nothing_kept(page)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#nothing-kept")).to_be_visible()
