"""The pages of one person with 10,000 transactions and 300 holdings: on the server, on the wire and in a browser.

The product runs as a process of its own with its own market. `server` is the slowest of all pages from request to last
byte, warm. `js` is the JavaScript of a page with charts and of one without, compressed as it is sent. `first` is the time from
the navigation to the first price that the socket brought, on loopback, in the installed Chromium without a screen. The scenes
`frame`, `memory` and `pixel` have a portfolio of their own, of 500 holdings (web_frames.py).
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext

from benchmarks import web_frames
from benchmarks.bench_portfolio import Place, Visitor
from benchmarks.processes import Child
from benchmarks.report import Figure
from benchmarks.web_browser import browser_here, live_page, signed_in
from benchmarks.web_pages import server_figures

INSTRUMENTS, TRANSACTIONS = 300, 10_000
START_SECONDS = 240.0
FIRSTS = 5
BUILD = Path(__file__).parents[1] / "src" / "tickfolio" / "web" / "static" / "build"


def run() -> list[Figure]:
    """The figures."""
    with holdings(INSTRUMENTS, TRANSACTIONS) as place, browser_here() as browser:
        pages = server_figures(place)
        context = signed_in(browser, place)
        address = f"http://{place.address}/portfolios/{place.portfolio}/"
        firsts = [first_live(context, address) for _ in range(FIRSTS)]
        quiet = scripts_of(Visitor(place).get("/portfolios/{id}/settings/"))
        charted = scripts_of(Visitor(place).get("/portfolios/{id}/"))
    with (
        holdings(web_frames.INSTRUMENTS, web_frames.TRANSACTIONS, web_frames.TICKS_A_SECOND) as place,
        browser_here() as browser,
    ):
        frames = web_frames.watched(signed_in(browser, place), f"http://{place.address}/portfolios/{place.portfolio}/")
    return [
        *pages,
        Figure("web.first", statistics.median(firsts), "ms"),
        Figure("web.js.charts", kib(charted | charts()), "KiB"),
        Figure("web.js.plain", kib(quiet), "KiB"),
        *frames,
    ]


@contextmanager
def holdings(*size: float) -> Iterator[Place]:
    """The product with a portfolio of so many instruments and transactions, and so many ticks a second."""
    server = Child(["-m", "benchmarks.portfolio_server", *map(str, size)])
    try:
        yield Place(**json.loads(server.line(seconds=START_SECONDS)))
    finally:
        server.stop()


def first_live(context: BrowserContext, address: str) -> float:
    """From the beginning of the navigation to the first figure of the holdings that the socket changed, in ms."""
    page = live_page(context, address)
    at: float = page.evaluate("performance.getEntriesByName('bench-live')[0].startTime")
    page.close()
    return at


# ---------- What is sent ----------


def scripts_of(page: str) -> set[str]:
    """The files of JavaScript that a page loads, those that its modules import among them."""
    return {
        file
        for key, chunk in manifest().items()
        if f"/static/build/{chunk['file']}" in page
        for file in closure(key)
        if file.endswith(".js")
    }


def charts() -> set[str]:
    """What the portfolio's page loads for its charts once it is there."""
    dynamic = [key for key, chunk in manifest().items() if chunk.get("isDynamicEntry") and "session_chart" in key]
    return {file for key in dynamic for file in closure(key) if file.endswith(".js")}


def closure(key: str) -> set[str]:
    """A chunk's file and those of all that it imports."""
    chunks, found, waiting = manifest(), set[str](), [key]
    seen = set[str]()
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        found.add(chunks[each]["file"])
        waiting += chunks[each].get("imports", [])
    return found


def manifest() -> dict[str, dict[str, Any]]:
    """What Vite built."""
    told: dict[str, dict[str, Any]] = json.loads((BUILD / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    return told


def kib(files: set[str]) -> float:
    """How much those files are as they are sent, by gzip."""
    return sum((BUILD / f"{file}.gz").stat().st_size for file in files) / 1024
