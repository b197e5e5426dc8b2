"""The pages of one person with 10,000 transactions and 300 holdings: on the server, on the wire and in a browser.

The product runs as a process of its own with its own market. `server` is the slowest of all pages from request to last
byte, warm. `js` is the JavaScript of a page with charts and of one without, compressed as it is sent. `first` is the time from
the navigation to the first price that the socket brought, on loopback, in the installed Chromium without a screen.
`lighthouse` is that program on two pages (web_lighthouse.py). The scenes `frame`, `memory` and `pixel` have a portfolio of their
own, of 500 holdings (web_frames.py). `TICKFOLIO_WEB_SCENES` asks for some alone: `server`, `first`, `js`, `lighthouse`, `frame`,
separated by commas; `memory` and `pixel` belong to `frame`.
"""

from __future__ import annotations

import json
import os
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
from benchmarks.web_lighthouse import lighthouse_figures
from benchmarks.web_pages import server_figures

INSTRUMENTS, TRANSACTIONS = 300, 10_000
START_SECONDS = 240.0
FIRSTS = 5
SCENES = "server,first,js,lighthouse,frame"
BUILD = Path(__file__).parents[1] / "src" / "tickfolio" / "web" / "static" / "build"


def run() -> list[Figure]:
    """The figures."""
    asked, figures = scenes(), list[Figure]()
    with holdings(INSTRUMENTS, TRANSACTIONS) as place:
        if "server" in asked:
            figures += server_figures(place)
        if "first" in asked:
            with browser_here() as browser:
                figures.append(first_figure(signed_in(browser, place), place))
        if "js" in asked:
            figures += script_figures(place)
        if "lighthouse" in asked:
            figures += lighthouse_figures(place)
    if "frame" in asked:
        size = (web_frames.INSTRUMENTS, web_frames.TRANSACTIONS, web_frames.TICKS_A_SECOND)
        with holdings(*size) as place, browser_here() as browser:
            trace = browser.new_browser_cdp_session()
            figures += web_frames.watched(trace, signed_in(browser, place), address_of(place))
    return figures


def scenes() -> frozenset[str]:
    """What is asked for; all where nothing is said."""
    return frozenset(os.environ.get("TICKFOLIO_WEB_SCENES", SCENES).split(","))


@contextmanager
def holdings(*size: float) -> Iterator[Place]:
    """The product with a portfolio of so many instruments and transactions, and so many ticks a second."""
    server = Child(["-m", "benchmarks.portfolio_server", *map(str, size)])
    try:
        yield Place(**json.loads(server.line(seconds=START_SECONDS)))
    finally:
        server.stop()


def address_of(place: Place) -> str:
    """The portfolio's page."""
    return f"http://{place.address}/portfolios/{place.portfolio}/"


def first_figure(context: BrowserContext, place: Place) -> Figure:
    """The median of some navigations."""
    return Figure("web.first", statistics.median(first_live(context, address_of(place)) for _ in range(FIRSTS)), "ms")


def first_live(context: BrowserContext, address: str) -> float:
    """From the beginning of the navigation to the first figure of the holdings that the socket changed, in ms."""
    page = live_page(context, address)
    at: float = page.evaluate("performance.getEntriesByName('bench-live')[0].startTime")
    page.close()
    return at


# ---------- What is sent ----------


def script_figures(place: Place) -> list[Figure]:
    """The JavaScript of the portfolio's page with its charts, and of a page without."""
    charted = scripts_of(Visitor(place).get("/portfolios/{id}/"))
    quiet = scripts_of(Visitor(place).get("/portfolios/{id}/settings/"))
    return [Figure("web.js.charts", kib(charted | charts()), "KiB"), Figure("web.js.plain", kib(quiet), "KiB")]


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
