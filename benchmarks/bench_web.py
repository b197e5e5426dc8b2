"""The pages of one person with 10,000 transactions and 300 holdings: on the server, on the wire and in a browser.

The product runs as a process of its own with its own market. `server` is the slowest of the main pages from request to last
byte, warm. `js` is the JavaScript of a page with charts and of one without, compressed as it is sent. `first` is the time from
the navigation to the first price that the socket brought, and `frame` how long the browser is busy with what a beat brings, on
loopback, in the installed Chromium without a screen.
"""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.bench_portfolio import Place, Visitor, page_times
from benchmarks.processes import Child
from benchmarks.report import Figure

INSTRUMENTS, TRANSACTIONS = 300, 10_000
START_SECONDS = 240.0
FIRSTS = 5
WATCH_MS = 20_000
BUILD = Path(__file__).parents[1] / "src" / "tickfolio" / "web" / "static" / "build"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
IS_LIVE = "() => performance.getEntriesByName('bench-live').length > 0"
WATCH = """
(() => {
  const busy = (window.benchBusy = []);
  const shifts = (window.benchShifts = []);
  let cells = 0;
  window.benchCells = () => cells;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (work) => ask((at) => {
    const began = performance.now();
    work(at);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { channel.port1.close(); busy.push(performance.now() - began); };
    channel.port2.postMessage(null);
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts.push(entry.value);
  }).observe({ type: 'layout-shift', buffered: true });
  addEventListener('DOMContentLoaded', () => {
    const table = document.getElementById('holdings');
    if (table === null) return;
    new MutationObserver((changes) => {
      const texts = changes.filter(({ type }) => type === 'characterData').length;
      cells += texts;
      if (texts > 0 && performance.getEntriesByName('bench-live').length === 0) performance.mark('bench-live');
    }).observe(table, { characterData: true, subtree: true });
  });
})();
"""


def run() -> list[Figure]:
    """The figures."""
    with holdings() as place, browser_here() as browser:
        pages = page_times(place)
        context = signed_in(browser, place)
        address = f"http://{place.address}/portfolios/{place.portfolio}/"
        firsts = [first_live(context, address) for _ in range(FIRSTS)]
        frames = watched(context, address)
        quiet = scripts_of(Visitor(place).get("/portfolios/{id}/settings/"))
        charted = scripts_of(Visitor(place).get("/portfolios/{id}/"))
    return [
        Figure("web.server", max(pages.values()), "ms"),
        Figure("web.first", statistics.median(firsts), "ms"),
        Figure("web.js.charts", kib(charted | charts()), "KiB"),
        Figure("web.js.plain", kib(quiet), "KiB"),
        *frames,
    ]


@contextmanager
def holdings() -> Iterator[Place]:
    """The product with the portfolio."""
    server = Child(["-m", "benchmarks.portfolio_server", str(INSTRUMENTS), str(TRANSACTIONS)])
    try:
        yield Place(**json.loads(server.line(seconds=START_SECONDS)))
    finally:
        server.stop()


@contextmanager
def browser_here() -> Iterator[Browser]:
    """The Chromium of the machine, which `./dev test` installs.

    Raises:
        RuntimeError: there is none.
    """
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError(f"Expected one of {', '.join(CHROMIUM)}, found none: `./dev test tests/e2e` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def signed_in(browser: Browser, place: Place) -> BrowserContext:
    """A browser of the owner."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    name, _, value = place.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://{place.address}"}])
    context.add_init_script(WATCH)
    return context


def live_page(context: BrowserContext, address: str) -> Page:
    """The page, live."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(IS_LIVE)
    return page


def first_live(context: BrowserContext, address: str) -> float:
    """From the beginning of the navigation to the first figure of the holdings that the socket changed, in ms."""
    page = live_page(context, address)
    at: float = page.evaluate("performance.getEntriesByName('bench-live')[0].startTime")
    page.close()
    return at


def watched(context: BrowserContext, address: str) -> list[Figure]:
    """How long a frame keeps the browser busy, from its first work to the end of its paint, while the market moves."""
    page = live_page(context, address)
    page.wait_for_timeout(2_000)
    page.evaluate("window.benchBusy.length = 0")
    before: int = page.evaluate("window.benchCells()")
    page.wait_for_timeout(WATCH_MS)
    busy: list[float] = page.evaluate("window.benchBusy")
    cells: int = page.evaluate("window.benchCells()") - before
    shifts: list[float] = page.evaluate("window.benchShifts")
    return [
        Figure("web.frame.median", statistics.median(busy), "ms"),
        Figure("web.frame.worst", max(busy), "ms"),
        Figure("web.frame.cells", cells * 1000 / WATCH_MS, "cells/s"),
        Figure("web.frame.shift", sum(shifts), "shift"),
    ]


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
