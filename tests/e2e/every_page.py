"""Every page that a person reaches by links, found by following them from home."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

LINKS = "(links) => links.filter((link) => !link.hasAttribute('download')).map((link) => link.href)"
OF_A_KIND = 1
"""How many pages of one address pattern are opened: each is drawn and looked at in two themes and three widths."""
HOSTILE = (
    "<script>window.executed=1</script>",
    '"><img src=x onerror=window.executed=1>',
    "'><svg onload=window.executed=1>",
    "</title></textarea><script>window.executed=1</script>",
    '" autofocus onfocus=window.executed=1 x="',
    "<iframe srcdoc='<script>parent.executed=1</script>'>",
    "<template shadowrootmode=open><img src=x onerror=window.executed=1>",
    "javascript:window.executed=1//%0a&lt;b&gt;",
    "<a href=javascript:window.executed=1>x</a>{{7*7}}${window.executed=1}",
)
"""What would run if a page took a text for markup, an attribute, an address or a template. Each fits a name of 80."""
TELL_OF_RUNS = """
Object.defineProperty(window, 'executed', { set() { console.error('a typed text ran'); } });
"""
"""Told to the browser before any page: what runs becomes a complaint, which fails the test."""
TEXT_FORMS = "form:has(input[type=text], input[type=search], input[type=email], input:not([type]), textarea)"
OUTSTANDING = """
() => {
  const choices = [...document.querySelectorAll('.segmented > *')];
  const crowded = choices.filter((each) => each.scrollWidth > each.clientWidth).map((each) =>
    `the choice ${each.textContent.trim()}`);
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return crowded;
  const all = [...document.body.querySelectorAll('*')];
  return crowded.concat(all.filter((each) => each.getBoundingClientRect().right > room + 1).slice(0, 5).map((each) =>
    `${each.localName}.${each.className}`));
}
"""
ANSWERED_MS = 30_000
OF_THE_FRAME = """
(form) => form.closest('main') ? '' : `frame ${form.id} ${form.getAttribute('action')}`
"""
TYPE_IN = """
(form, texts) => {
  let number = 0;
  for (const field of form.querySelectorAll('input, textarea')) {
    const isText = field.localName === 'textarea' || ['text', 'search', 'email', 'url', 'tel'].includes(field.type);
    if (isText && !field.readOnly && !field.disabled) {
      field.value = texts[number++ % texts.length];
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  form.noValidate = true;
  return number;
}
"""


def crawl(page: Page, origin: str, *starts: str) -> Iterator[str]:
    """Opens one page after the other in `page`, from home and `starts` on, and yields its address while it is open.

    Of `starts` all are opened, whatever else is of their kind: an instrument that only a portfolio knows has the address of one.
    """
    waiting = ["/", *starts]
    seen, opened = set(waiting), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        name = _name(address)
        if name is None or (address not in starts and opened[name] == OF_A_KIND):
            continue
        opened[name] += address not in starts
        page.goto(origin + address)
        found = page.locator("a[href]").evaluate_all(LINKS)
        yield address
        for link in found:
            parts = urlsplit(link)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if f"{parts.scheme}://{parts.netloc}" == origin and path not in seen:
                seen.add(path)
                waiting.append(path)


def name_of(address: str) -> str:
    """The name of an address's pattern."""
    return resolve(urlsplit(address).path).view_name


def _name(address: str) -> str | None:
    """The name of an address's pattern, or None of one that is no page: files, exports, what programs read."""
    path = urlsplit(address).path
    if "." in path.rsplit("/", 1)[-1]:
        return None
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def forms_with_text(page: Page) -> int:
    """How many forms of the open page take a text and send it."""
    return page.locator(TEXT_FORMS).count()


def form_of_the_frame(page: Page, number: int) -> str:
    """What that form is called where it is none of the page's own, but one of the frame around every page; else empty."""
    form = page.locator(TEXT_FORMS).nth(number)
    called: str = form.evaluate(OF_THE_FRAME) if form.count() else ""
    return called


SEND = """(form) => new Promise((tell) => {
    addEventListener("submit", (event) => setTimeout(() => tell(event.defaultPrevented)), { once: true });
    form.requestSubmit();
})"""
"""Sends a form; whether a script of the page took that over."""


def send_hostile(page: Page, number: int) -> bool:
    """Fills every text field of that form with hostile text and sends it, whatever the page thinks of it."""
    form = page.locator(TEXT_FORMS).nth(number)
    if not form.count() or not form.evaluate(TYPE_IN, list(HOSTILE)):
        return False  # a script has put it away since the page was opened
    with (
        contextlib.suppress(PlaywrightTimeout, _SentByScript),
        page.expect_navigation(wait_until="load", timeout=ANSWERED_MS),
    ):
        if form.evaluate(SEND):
            raise _SentByScript
    # What a script sends leads nowhere: it has answered when the page is quiet.
    page.wait_for_load_state("networkidle")
    return True


class _SentByScript(Exception):
    """The page stays where it is."""


def outstanding(page: Page) -> list[str]:
    """What stands out of the page at its right side, and the choices of one row that have no room for their words."""
    found: list[str] = page.evaluate(OUTSTANDING)
    return found
