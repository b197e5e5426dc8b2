"""500 holdings while 2,000 cells a second change: the scenes `frame`, `memory` and `pixel` of `./dev bench web`.

A frame is one in which the page's own thread painted, from its first callback to its commit, by Chromium's trace (web_trace.py):
script, style, layout, paint and what it hands to the compositor. Beside what passed stands what the thread was at work, and both
for the frames in which figures were written. The table fills the window. The cells are counted as they come over the socket, those
of shown columns alone; how many of them were in sight, and so written, is told beside it.

The memory is JavaScript's heap after a forced collection, after a tenth of the time against after all of it:
`TICKFOLIO_WEB_MINUTES` says how long, ten minutes where it is not set. From a tick to its pixel is what the page measures of
itself, by the server's clock, and says in its list of feeds.
"""

from __future__ import annotations

import json
import os
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, WebSocket

from benchmarks.report import Figure
from benchmarks.web_browser import live_page
from benchmarks.web_trace import Frame, traced

INSTRUMENTS, TRANSACTIONS = 500, 2_000
CELLS_A_SECOND = 2_000
CELLS_OF = ("price", "change_percent", "value", "day", "unrealized", "unrealized_percent")
"""What a tick changes of a row, of the columns that are shown."""
TICKS_A_SECOND = CELLS_A_SECOND / len(CELLS_OF)
WATCH_MS = 20_000
LIST_MS = 2_000
"""The list of feeds is written anew once a second while it is open."""
MINUTES = 10.0
TIMES = re.compile(r"95 of 100 within (\d+) ms")


@dataclass
class Arrivals:
    """The cells that came over a page's socket."""

    cells: int = 0

    def follow(self, page: Page) -> None:
        """Counts from now on."""
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)

    def _received(self, text: str | bytes) -> None:
        self.cells += cells_in(json.loads(text))


def cells_in(message: Mapping[str, Any]) -> int:
    """How many cells of the holdings a message changes."""
    if message.get("type") != "portfolio_delta":
        return 0
    return sum(name in row for row in message["rows"].values() for name in CELLS_OF)


def minutes() -> float:
    """How long the memory is watched."""
    return float(os.environ.get("TICKFOLIO_WEB_MINUTES", MINUTES))


def watched(browser: CDPSession, context: BrowserContext, address: str) -> list[Figure]:
    """The three scenes, one after the other on one page."""
    arrivals = Arrivals()
    page = live_page(context, address, before=arrivals.follow)
    page.evaluate("document.getElementById('holdings').scrollIntoView()")
    page.wait_for_timeout(2_000)
    page.evaluate("window.benchShifts.length = 0")
    arrived, written = arrivals.cells, page.evaluate("window.benchCells()")
    frames = traced(browser, page, WATCH_MS)
    arrived, written = arrivals.cells - arrived, page.evaluate("window.benchCells()") - written
    shifts: list[float] = page.evaluate("window.benchShifts")
    return [
        *frame_figures(frames),
        Figure("web.frame.cells", arrived * 1000 / WATCH_MS, "cells/s"),
        Figure("web.frame.in_sight", written * 1000 / WATCH_MS, "cells/s"),
        Figure("web.frame.shift", sum(shifts), "shift"),
        Figure("web.pixel", tick_to_pixel(page), "ms"),
        Figure("web.memory", grown(context.new_cdp_session(page), page, minutes()), "times"),
    ]


def frame_figures(frames: Sequence[Frame]) -> list[Figure]:
    """The frames, by what passed and by what the thread was at work; those in which figures were written once more alone."""
    written = [frame for frame in frames if frame.is_written]
    return [
        Figure("web.frame.median", statistics.median(frame.passed for frame in frames), "ms"),
        Figure("web.frame.worst", max(frame.passed for frame in frames), "ms"),
        Figure("web.frame.work", statistics.median(frame.at_work for frame in frames), "ms CPU"),
        Figure("web.frame.work_worst", max(frame.at_work for frame in frames), "ms CPU"),
        Figure("web.frame.written", statistics.median(frame.passed for frame in written), "ms"),
        Figure("web.frame.written_work", statistics.median(frame.at_work for frame in written), "ms CPU"),
        Figure("web.frame.count", len(frames) * 1000 / WATCH_MS, "frames/s"),
    ]


def tick_to_pixel(page: Page) -> float:
    """The 95th percentile that the page says of its last ticks.

    Raises:
        RuntimeError: it says none.
    """
    page.locator("#connection").click()
    page.wait_for_timeout(LIST_MS)
    told = page.locator("#feeds-speed").text_content() or ""
    page.locator("#connection").click()
    found = TIMES.search(told)
    if found is None:
        raise RuntimeError(f"Expected the times from tick to pixel in the list of feeds, found {told!r}.")
    return float(found[1])


def grown(session: CDPSession, page: Page, length: float) -> float:
    """The heap after `length` minutes against after a tenth of them."""
    page.wait_for_timeout(length * 6_000)
    first = heap(session)
    page.wait_for_timeout(length * 54_000)
    return heap(session) / first


def heap(session: CDPSession) -> int:
    """Bytes of JavaScript's heap that are in use once what is not needed has been collected."""
    session.send("HeapProfiler.collectGarbage")
    used: int = session.send("Runtime.getHeapUsage")["usedSize"]
    return used
