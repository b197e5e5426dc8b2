"""One person with 14,400 transactions and 300 holdings: how long each page takes on the server, and when an edit shows live.

The product runs as a process of its own with its own market. Pages are asked for one after the other over one connection, as
a browser asks; the figure is the median from request to last byte, after one round to warm up. An edit is sent as the page's
own form sends it, while a socket watches the portfolio: the figure is the time from sending it to the frame that shows it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.processes import Child
from benchmarks.report import Figure

INSTRUMENTS, TRANSACTIONS = 300, 14_400
ROUNDS = 9
EDITS = 9
START_SECONDS = 240.0
FRAME_SECONDS = 10.0
PAGES = {
    "home": "/",
    "portfolio": "/portfolios/{id}/",
    "day": "/portfolios/{id}/today.json",
    "transactions": "/portfolios/{id}/transactions/",
    "last_page": "/portfolios/{id}/transactions/?page=288",
    "filtered": "/portfolios/{id}/transactions/?symbol=S007&type=sell",
    "new": "/portfolios/{id}/transactions/new/?type=buy",
    "settings": "/portfolios/{id}/settings/",
    "import": "/portfolios/{id}/import/",
}
SUBPROTOCOL = "tickfolio.v1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the product is, who asks, and which portfolio."""

    address: str
    cookie: str
    portfolio: str


class Visitor:
    """One browser's connection, with its cookies."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._cookies = place.cookie
        self._connection = http.client.HTTPConnection(place.address, timeout=60)

    def get(self, path: str) -> str:
        """The body of a page.

        Raises:
            RuntimeError: it is not answered with 200.
        """
        self._connection.request("GET", path.format(id=self._place.portfolio), headers={"Cookie": self._cookies})
        answer = self._connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"Expected 200 for {path}, was {answer.status}.")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self._cookies += "; " + cookie.partition(";")[0]
        return body

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Sends a form.

        Raises:
            RuntimeError: it is not answered with a redirect, as every form is that was taken.
        """
        headers = {
            "Cookie": self._cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{self._place.address}",
        }
        self._connection.request("POST", path.format(id=self._place.portfolio), urlencode(fields), headers)
        answer = self._connection.getresponse()
        body = answer.read().decode()
        if answer.status not in (302, 303):
            raise RuntimeError(f"Expected a redirect after {path}, was {answer.status}:\n{body[:2000]}")


def run() -> list[Figure]:
    """The figures, in milliseconds."""
    with large_portfolio() as place:
        pages = page_times(place)
        edits = edit_times(place)
    slowest = max(pages, key=lambda name: pages[name])
    return [
        *(Figure(f"portfolio.{name}", pages[name], "ms") for name in PAGES),
        Figure("portfolio.slowest_page", pages[slowest], "ms"),
        Figure("portfolio.edit_live", statistics.median(edits), "ms"),
        Figure("portfolio.edit_live_worst", max(edits), "ms"),
    ]


@contextmanager
def large_portfolio() -> Iterator[Place]:
    """The product with its large portfolio."""
    server = Child(["-m", "benchmarks.portfolio_server", str(INSTRUMENTS), str(TRANSACTIONS)])
    try:
        yield Place(**json.loads(server.line(seconds=START_SECONDS)))
    finally:
        server.stop()


def page_times(place: Place, pages: Mapping[str, str] = PAGES) -> dict[str, float]:
    """Of each page, the median from request to last byte in ms."""
    visitor = Visitor(place)
    times: dict[str, list[float]] = {name: [] for name in pages}
    for round_ in range(ROUNDS + 1):
        for name, path in pages.items():
            began = time.perf_counter()
            visitor.get(path)
            if round_:
                times[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(each) for name, each in times.items()}


def edit_times(place: Place) -> list[float]:
    """Of each edit, the time from sending it to the frame that shows it, in ms."""
    visitor = Visitor(place)
    path = "/portfolios/{id}/transactions/"
    transaction = re.search(rf"/portfolios/{place.portfolio}/transactions/([0-9a-f-]{{36}})/", visitor.get(path))
    if transaction is None:
        raise RuntimeError("Expected a link to a transaction in the list, found none.")
    address = f"{path}{transaction[1]}/"
    times = []
    with watching(place) as shown:
        for number in range(EDITS):
            fields = form_fields(visitor.get(address)) | {"note": f"edit {number}"}
            head = shown.head
            began = time.perf_counter()
            visitor.post(address, fields)
            times.append((shown.wait_beyond(head) - began) * 1000)
    return times


class ShownHead:
    """The newest state of the ledger that a socket's frames have shown, and when it came."""

    def __init__(self) -> None:
        self.head = -1
        self._at = 0.0
        self._moved = threading.Condition()

    def follow(self, socket: ClientConnection) -> None:
        """Reads frames until the socket is closed."""
        with contextlib.suppress(ConnectionClosed):
            for text in socket:
                at = time.perf_counter()
                head = json.loads(text).get("ledger", -1)
                with self._moved:
                    if head > self.head:
                        self.head, self._at = head, at
                        self._moved.notify_all()

    def wait_beyond(self, head: int) -> float:
        """When a later state than `head` was shown.

        Raises:
            RuntimeError: none was within `FRAME_SECONDS`.
        """
        with self._moved:
            if not self._moved.wait_for(lambda: self.head > head, FRAME_SECONDS):
                raise RuntimeError(f"Expected a frame that shows the ledger beyond {head}, found none.")
            return self._at


@contextmanager
def watching(place: Place) -> Iterator[ShownHead]:
    """A socket that watches the portfolio, read by a thread of its own; it has shown the portfolio once."""
    with connect(
        f"ws://{place.address}/ws/stocks/",
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        additional_headers={"Cookie": place.cookie},
        origin=Origin(f"http://{place.address}"),
        max_size=2**22,
    ) as socket:
        socket.send(json.dumps({"type": "hello"}))
        socket.send(json.dumps({"type": "subscribe", "id": 1, "portfolios": [place.portfolio]}))
        shown = ShownHead()
        reader = threading.Thread(target=shown.follow, args=(socket,), daemon=True)
        reader.start()
        shown.wait_beyond(-1)
        yield shown
    reader.join()


def form_fields(page: str) -> dict[str, str]:
    """The fields of the page's transaction form as they are filled in.

    Raises:
        RuntimeError: the page has no such form.
    """
    reader = FormReader("transaction-form")
    reader.feed(page)
    if not reader.values:
        raise RuntimeError("Expected a form with the id transaction-form, found none.")
    return reader.values


class FormReader(HTMLParser):
    """Collects what a browser would send of one form."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._form = form
        self._select = ""
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = given.get("id") == self._form
        elif self._is_inside:
            self._collect(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False

    def _collect(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given.get("value", "")
        elif tag == "input" and name and given.get("type") not in ("submit", "checkbox", "radio"):
            self.values[name] = given.get("value", "")
