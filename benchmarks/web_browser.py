"""The browser of `./dev bench web`: the installed Chromium, what is watched in its pages, and a page that is live."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.bench_portfolio import Place

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell")
IS_LIVE = "() => performance.getEntriesByName('bench-live').length > 0"
WATCH = """
(() => {
  const shifts = (window.benchShifts = []);
  let cells = 0;
  window.benchCells = () => cells;
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


def chromium() -> str:
    """The Chromium of the machine, which `./dev test` installs.

    Raises:
        RuntimeError: there is none.
    """
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError(f"Expected one of {', '.join(CHROMIUM)}, found none: `./dev test tests/e2e` installs it.")
    return found


@contextmanager
def browser_here() -> Iterator[Browser]:
    """The browser without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def signed_in(browser: Browser, place: Place) -> BrowserContext:
    """A browser of the owner."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    sign_in(context, place)
    context.add_init_script(WATCH)
    return context


def sign_in(context: BrowserContext, place: Place) -> None:
    """Gives a browser the cookie of the owner's session."""
    name, _, value = place.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://{place.address}"}])


def live_page(context: BrowserContext, address: str, *, before: Callable[[Page], None] = lambda _: None) -> Page:
    """The page, live; `before` has the tab while it is still empty."""
    page = context.new_page()
    before(page)
    page.goto(address)
    page.wait_for_function(IS_LIVE)
    return page
