"""Every page in a language that marks what it says: what a person reads without the marks was never translated."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from tests.security.probes import ids_of
from tests.security.routes import Route
from tests.security.rules import ADDRESSES
from tests.security.test_address_matrix import TRIED
from tests.security.world import Who, World, undone
from tickfolio.identity.models import User
from tickfolio.web.definitions import sections
from tickfolio.words import speak_by

UNREAD = re.compile(r"<(script|style|svg|code|kbd|pre)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
READ_ATTRIBUTES = re.compile(r'\b(?:title|aria-label|placeholder|data-label|alt)="([^"]*)"')
SAID = re.compile(r"⟦[^⟦⟧]*⟧")
DEFINITIONS = "definitions/"
"""It has a file for each language, and no sentences in the catalogue."""
WORDS = re.compile(r"[A-Za-z’]{3,}(?: [A-Za-z’]{2,})+")
"""Two words and more: a single one may be a symbol, a code or a name."""
DATA = {"AAPL Inc", "IBM Inc", "GONE Inc", "HOUSE Inc", "New York", "Paid USD"}
"""What is called so in every language."""


@contextmanager
def marking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """German as a language in which every sentence is itself, in brackets."""

    def said(sentence: str) -> str:
        return f"⟦{str.__str__(sentence)}⟧" if sentence.strip() else sentence

    def counted(one: str, many: str, count: int) -> str:
        return said(one if count == 1 else many)

    with monkeypatch.context() as patch:
        # Django takes its functions from there once, and calls them on the object that it took them into: that object first,
        # or it would take the marking ones, and have them put back in the end.
        for module in (vars(translation)["_trans"], trans_real):
            patch.setattr(module, "gettext", said)
            patch.setattr(module, "ngettext", counted)
            patch.setattr(module, "pgettext", lambda _context, sentence: said(sentence))
        speak_by(said, counted)
        try:
            yield
        finally:
            speak_by(translation.gettext, translation.ngettext)


def unsaid(page: str) -> set[str]:
    """The texts of a page that are in no brackets."""
    body = UNREAD.sub(" ", page)
    with translation.override("de"):
        defined = sections()
    for section in defined:
        body = body.replace(section.html, " ").replace(f">{html.escape(section.title)}<", "><")
    attributes = " ".join(f"<> {text} <>" for text in READ_ATTRIBUTES.findall(body))
    left, before = f"{body} {attributes}", ""
    while left != before:
        before, left = left, SAID.sub(" | ", left)
    found = {html.unescape(text) for text in TAG.split(left)}
    return {words[0] for text in found if (words := WORDS.search(text))} - DATA


def pages(world: World) -> Iterator[tuple[Route, str]]:
    """Every address that answers the owner or the operator with a page."""
    for route in TRIED:
        rule = ADDRESSES[route.pattern]
        if rule.get is None or route.pattern == DEFINITIONS:
            continue
        for who in (Who.OWNER, Who.OPERATOR):
            with undone():
                answer = world.client(who).get(route.address(ids_of(world, rule, world.alices, who)))
            if answer.status_code == 200 and "text/html" in answer.get("Content-Type", ""):
                yield route, answer.content.decode()
                break


@pytest.mark.django_db
def test_everything_that_a_page_says_is_in_the_readers_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.update(language="de")
    left: dict[str, str] = {}
    count = 0
    with marking(monkeypatch):
        for route, page in pages(world):
            count += 1
            left |= dict.fromkeys(unsaid(page), route.pattern)
    assert count > 40
    assert left == {}
