"""The definitions of the figures, as pages show them: the product carries its own reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

SOURCE = Path(__file__).with_name("definitions.md")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the definitions, its text as HTML."""

    anchor: str
    title: str
    html: SafeString


def sections() -> tuple[Section, ...]:
    """All of them, in their order, in the reader's language where there is a translation."""
    return _sections(translation.get_language() or "")


@cache
def _sections(language: str) -> tuple[Section, ...]:
    """A translation has the same sections in the same order; their addresses are the English ones, whatever the language."""
    english = tuple(sections_of(SOURCE.read_text(encoding="utf-8")))
    translated = SOURCE.with_suffix(f".{language}.md")
    if not language.isalpha() or not translated.is_file():
        return english
    told = tuple(sections_of(translated.read_text(encoding="utf-8")))
    addresses = {each.anchor: known.anchor for each, known in zip(told, english, strict=True)}
    return tuple(
        replace(each, anchor=addresses[each.anchor], html=_with_addresses(each.html, addresses)) for each in told
    )


def _with_addresses(html: SafeString, addresses: Mapping[str, str]) -> SafeString:
    """A link names a heading as its page writes it, percent signs for its umlauts."""

    def english(link: re.Match[str]) -> str:
        return f'href="/definitions/#{addresses[unquote(link[1])]}"'

    return mark_safe(re.sub(r'href="/definitions/#([^"]*)"', english, html))  # noqa: S308  # a text of the product's own


def section(anchor: str) -> Section | None:
    """The one of that anchor; None where there is none."""
    return next((each for each in sections() if each.anchor == anchor), None)


def sections_of(text: str) -> Iterator[Section]:
    """The sections of a page in Markdown; what stands before the first is none.

    Links within the page lead to the page of the definitions, and others are plain words: what they lead to is not served.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        title = tokens[start + 1].content
        body = [_kept(token) for token in tokens[start + 3 : end]]
        # It is a text of the product's own, and the reader makes no HTML of HTML.
        html = mark_safe(reader.renderer.render(body, reader.options, {}))  # noqa: S308
        yield Section(anchor_of(title), title, html)


def anchor_of(title: str) -> str:
    """The name of a heading in addresses.

    >>> anchor_of("Cost basis and lots")
    'cost-basis-and-lots'
    """
    return _NOT_IN_ANCHORS.sub("", title.lower()).replace(" ", "-")


def _kept(token: Token) -> Token:
    if token.type == "table_open":
        token.attrSet("class", "table definition-table")
    if token.children is not None:
        token.children = _with_own_links(token.children)
    return token


def _with_own_links(tokens: Sequence[Token]) -> list[Token]:
    found, is_own = list[Token](), False
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href"))
            is_own = address.startswith("#")
            token.attrSet("href", f"/definitions/{address}")
        if is_own or token.type not in ("link_open", "link_close"):
            found.append(token)
    return found
