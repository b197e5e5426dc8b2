"""A page written as the tutorials write it: a WebSocket, an onmessage, three elements. It knows nothing of ours."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.servers.product import Product


class Site:
    """One page on a port of its own."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.page = ""


@contextlib.contextmanager
def running_site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(served.page.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


TUTORIAL = """
<!doctype html>
<html lang="en">
<head><title>Stock tracker</title><link rel="icon" href="data:,"></head>
<body>
<h1 id="stock-symbol"></h1>
<p>Price: <span id="stock-price"></span></p>
<p>Change: <span id="stock-change"></span></p>
<script>
const socket = new WebSocket("ws://localhost:8000/ws/stocks/");
socket.onopen = function () {
  socket.send(JSON.stringify({symbol: "AAPL"}));
};
socket.onmessage = function (event) {
  const data = JSON.parse(event.data);
  document.getElementById("stock-symbol").textContent = data.symbol;
  document.getElementById("stock-price").textContent = data.price;
  document.getElementById("stock-change").textContent = data.change;
};
</script>
</body>
</html>
"""


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server of the page's own, as a developer has it on another port."""
    with running_site() as site:
        yield site


def test_page_in_the_tutorials_manner_works_unchanged(
    page: Page, site: Site, start_product: Callable[..., Product]
) -> None:
    product = start_product(environment={"TICKFOLIO_ALLOWED_ORIGINS": site.origin})
    site.page = TUTORIAL.replace("localhost:8000", f"127.0.0.1:{product.port}")
    page.goto(site.origin)
    price = page.locator("#stock-price")
    expect(page.locator("#stock-symbol")).to_have_text("AAPL")
    first = price.inner_text()
    assert float(first) > 0
    assert float(page.locator("#stock-change").inner_text()) != 0
    expect(price).not_to_have_text(first)
