"""Forms that a test needs sent and does not look at: with the browser's cookies, without a page to draw and to start."""

import html
import re
import time
from http import HTTPStatus

from playwright.sync_api import BrowserContext

from tests.servers.product import Product
from tests.servers.visitor import form_values

CONFIRMATION = re.compile(r'name="anyway" value="([^"]+)"')


def send_form(context: BrowserContext, product: Product, path: str, query: str = "", **fields: str) -> str:
    """Fills in the page's form and sends it. Returns the path that it leads to, which nobody has opened."""
    address = product.origin + path
    asked = context.request.get(address + query)
    values = {**form_values(asked.text(), path, action=path), **fields}
    asked.dispose()
    headers = {"Origin": product.origin, "Referer": address}
    form: dict[str, str | float | bool] = {**values}
    answer = context.request.post(address, form=form, headers=headers, max_redirects=0)
    ends_at = time.monotonic() + 90
    while answer.status == HTTPStatus.TOO_MANY_REQUESTS and time.monotonic() < ends_at:
        # On a quick machine more people of one address sign in within a minute than may.
        answer.dispose()
        time.sleep(2)
        answer = context.request.post(address, form=form, headers=headers, max_redirects=0)
    if answer.status == 200 and (asked_about := CONFIRMATION.search(answer.text())):
        # A made-up price is far from the market's, and a made-up account has no cash: that is meant.
        form["anyway"] = html.unescape(asked_about[1])
        answer.dispose()
        answer = context.request.post(address, form=form, headers=headers, max_redirects=0)
    assert answer.status == 302, answer.text()
    leads_to = answer.headers["location"].removeprefix(product.origin)
    answer.dispose()
    return leads_to
