"""A real browser on the running product. Whatever a page complains about fails the test that opened it.

All browser tests of a worker share one Chromium, since starting one takes longer than many of them; each has contexts of
its own, which share nothing. Playwright's synchronous interface runs an event loop of its own and forbids another in the
same thread, so that loop is put aside after each test; tests in here are plain functions, never `async`.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.servers.chromium import ARGUMENTS
from tests.servers.product import Product

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "test-output" / "screenshots"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A colour on its way to another has poor contrast with either.
END_TRANSITIONS = """() => {
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
}"""
FIND_VIOLATIONS = """
async ([within, runOnly]) => {
  const { violations } = await axe.run(within, { runOnly, resultTypes: ['violations'] });
  return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
}
"""
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`securitypolicyviolation: ${event.violatedDirective} blocked ${event.blockedURI || 'inline'}`);
});
"""

# What a page has to show is waited for longer than Playwright's five seconds, which a busy machine needs for a page at times.
expect.set_options(timeout=20_000)


LONGEST_FIRST = (
    "test_typed_texts.py",
    "test_every_page.py",
    "test_performance_page.py",
    "test_transactions_pages.py",
    "test_actions_inbox.py",
    "test_gains_page.py",
    "test_operator_page.py",
    "test_stocks_page.py",
    "test_portfolio_page_quality.py",
    "test_home_page.py",
    "test_instrument_page.py",
    "test_long_holdings.py",
)
"""The files that take longest: whoever begins them last waits for them alone in the end. Few tests can be long ones."""


@pytest.hookimpl(trylast=True)  # after the tests were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts them before the others, each file's tests together, for workers that take a file each."""
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))


class NewContext(Protocol):
    """Opens the browser of one more person."""

    def __call__(self, **options: Any) -> BrowserContext:
        """A context with Playwright's options for one."""


@dataclass  # without slots: Playwright notes on a listener's object that it listens
class Complaints:
    """What pages complained about."""

    heard: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Takes complaints that match the regular expression as part of the test."""
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        """The complaints that fail the test."""
        return [text for text in self.heard if not any(re.search(pattern, text) for pattern in self.expected)]

    def hear_console(self, message: ConsoleMessage) -> None:
        """Notes a console error."""
        if message.type == "error":
            self.heard.append(f"console: {message.text} ({message.location.get('url', '')})")


@pytest.fixture
def product(start_product: Callable[..., Product]) -> Product:
    """The product, started as a person starts it, on the replay at sixty times the real pace."""
    return start_product("--speed", "60")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Console errors, page errors and policy violations of every page; an unexpected one fails the test."""
    complaints = Complaints()
    yield complaints
    assert complaints.unexpected() == []


class Chromium:
    """The browser that the tests of a worker share, and the loop of the Playwright that drives it."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._playwright = sync_playwright().start()
        self._loop = asyncio.get_running_loop()
        self._browser: Browser | None = None

    @contextlib.contextmanager
    def in_hand(self) -> Iterator[Browser]:
        """The browser, started where it is not there or broke down. Outside of this the thread has no running loop."""
        asyncio._set_running_loop(self._loop)
        try:
            if self._browser is None or not self._browser.is_connected():
                self._browser = self._playwright.chromium.launch(executable_path=self._program, args=ARGUMENTS)
            yield self._browser
        finally:
            asyncio._set_running_loop(None)

    def stop(self) -> None:
        """Ends it."""
        asyncio._set_running_loop(self._loop)
        if self._browser is not None:
            self._browser.close()
        self._playwright.stop()


@pytest.fixture(scope="session")
def chromium(chromium_path: Path) -> Iterator[Chromium]:
    """The worker's Chromium. A test asks for `browser`."""
    chromium = Chromium(chromium_path)
    asyncio._set_running_loop(None)
    yield chromium
    chromium.stop()


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """The shared Chromium. Whatever a context was told is gone with the context; a test opens no page without one."""
    with chromium.in_hand() as browser:
        yield browser


@pytest.fixture
def new_context(browser: Browser, complaints: Complaints) -> Iterator[NewContext]:
    """Opens further browser contexts, for tests with several people."""
    contexts = []

    def open_context(**options: Any) -> BrowserContext:
        # A worker would answer in the place of what a test puts before the server; the test of the worker allows it.
        usual = {"viewport": {"width": 1440, "height": 900}, "service_workers": "block"}
        context = browser.new_context(**{**usual, **options})
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", complaints.hear_console)
        context.on("weberror", lambda error: complaints.heard.append(f"page error: {error.error}"))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    """One person's browser."""
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One open tab."""
    return context.new_page()


@pytest.fixture
def take_screenshot(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Keeps pictures of pages in test-output/screenshots, under the name given."""

    def take(page: Page, name: str, *, full_page: bool = True) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=full_page, animations="disabled")
        return path

    return take


def in_both_themes(page: Page) -> Iterator[str]:
    """Puts the page into one theme after the other. Its context reduces motion: colours on their way have poor contrast."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        yield theme


@pytest.fixture
def find_accessibility_problems() -> Callable[..., list[str]]:
    """Lists what axe finds wrong on a page by WCAG 2.2 AA.

    The script is evaluated through the browser's debugging protocol, which the page's own policy does not govern. Only
    what is wrong comes back: what axe says of a page that is in order is many times larger, and takes longer than axe.
    """
    script = AXE.read_text(encoding="utf-8")

    def find(page: Page, *, within: str = "html") -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        page.evaluate(END_TRANSITIONS)
        violations = page.evaluate(FIND_VIOLATIONS, [within, WCAG_2_2_AA])
        return [
            f"{violation['id']}: {violation['help']}: {html}" for violation in violations for html in violation["nodes"]
        ]

    return find
