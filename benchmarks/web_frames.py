"""How long a beat keeps the browser busy: the scene `frame` of `./dev bench web`."""

from __future__ import annotations

import statistics

from playwright.sync_api import BrowserContext

from benchmarks.report import Figure
from benchmarks.web_browser import live_page

WATCH_MS = 20_000


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
