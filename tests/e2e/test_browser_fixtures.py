"""The browser fixtures keep their word, shown on pages of a plain server with a strict policy."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints

POLICY = "default-src 'none'; script-src 'nonce-good'; style-src 'self'; img-src 'self'"
PAGES = {
    "/quiet": "<title>Quiet</title><h1>All is well</h1><script nonce=good>document.body.dataset.ran = 'yes'</script>",
    "/inline": "<title>Inline</title><h1>Inline</h1><script>document.body.dataset.ran = 'yes'</script>",
    "/throws": "<title>Throws</title><h1>Throws</h1><script nonce=good>throw new Error('a broken page')</script>",
    "/picture": "<title>Picture</title><h1>Picture</h1><img src=/quiet>",
}


class StrictPages(BaseHTTPRequestHandler):
    """Serves the pages above under a policy without unsafe-inline and unsafe-eval."""

    pages: ClassVar[dict[str, str]] = PAGES

    def do_GET(self) -> None:
        """Answers with a page, or 204 for whatever else a browser asks."""
        body = self.pages.get(self.path)
        self.send_response(204 if body is None else 200)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><html lang=en><body><main>{body}</main>".encode() if body else b"")

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """The address of the strict pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), StrictPages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_page_without_faults_is_not_complained_about(site: str, page: Page) -> None:
    page.goto(f"{site}/quiet")
    expect(page.locator("body")).to_have_attribute("data-ran", "yes")


def test_a_blocked_inline_script_is_a_complaint(site: str, page: Page, complaints: Complaints) -> None:
    page.goto(f"{site}/inline")
    expect(page.get_by_role("heading")).to_have_text("Inline")
    assert any("securitypolicyviolation: script-src-elem" in text for text in complaints.unexpected())
    complaints.expect("script")


def test_an_uncaught_error_is_a_complaint(site: str, page: Page, complaints: Complaints) -> None:
    page.goto(f"{site}/throws")
    expect(page.get_by_role("heading")).to_have_text("Throws")
    assert any("a broken page" in text for text in complaints.unexpected())
    complaints.expect("a broken page")


def test_axe_runs_under_a_strict_policy(
    site: str, page: Page, find_accessibility_problems: Callable[..., list[str]]
) -> None:
    page.goto(f"{site}/quiet")
    assert find_accessibility_problems(page) == []


def test_axe_finds_a_picture_without_words(
    site: str, page: Page, find_accessibility_problems: Callable[..., list[str]]
) -> None:
    page.goto(f"{site}/picture")
    assert [problem.split(":")[0] for problem in find_accessibility_problems(page)] == ["image-alt"]


async def test_no_loop_is_left_behind_for_the_tests_that_bring_their_own() -> None:
    """Random order puts this between the tests above; a loop that Playwright left would refuse it."""
