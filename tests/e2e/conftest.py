"""A real browser on the running product. Whatever a page complains about fails the test that opened it.

Playwright's synchronous interface runs an event loop of its own and forbids another in the same thread, so each test
gets its own Playwright and leaves no loop behind; tests in here are plain functions, never `async`.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.servers.chromium import ARGUMENTS
from tests.servers.product import Product

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "test-output" / "screenshots"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`securitypolicyviolation: ${event.violatedDirective} blocked ${event.blockedURI || 'inline'}`);
});
"""


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


@pytest.fixture
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A freshly started Chromium."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)


@pytest.fixture
def new_context(browser: Browser, complaints: Complaints) -> Iterator[NewContext]:
    """Opens further browser contexts, for tests with several people."""
    contexts = []

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
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


@pytest.fixture
def find_accessibility_problems() -> Callable[..., list[str]]:
    """Lists what axe finds wrong on a page by WCAG 2.2 AA.

    The script is evaluated through the browser's debugging protocol, which the page's own policy does not govern.
    """

    def find(page: Page, *, within: str = "html") -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        options = json.dumps({"runOnly": WCAG_2_2_AA})
        result = page.evaluate(f"(within) => axe.run(within, {options})", within)
        return [
            f"{violation['id']}: {violation['help']}: {node['html']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return find
