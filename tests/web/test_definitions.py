"""The definitions as pages show them."""

from __future__ import annotations

import re

from django.utils import translation

from tests.docs.pages import ROOT, anchors
from tickfolio.domain.explain import definitions as named
from tickfolio.domain.explain.nodes import Definition
from tickfolio.web.definitions import SOURCE, section, sections, sections_of

PAGE = ROOT / "docs/reference/definitions.md"


def test_the_product_carries_the_page_of_the_reference() -> None:
    assert SOURCE.read_bytes() == PAGE.read_bytes()
    assert {each.anchor for each in sections()} <= anchors(PAGE)


def test_every_definition_that_an_explanation_names_is_there_by_its_title() -> None:
    for definition in vars(named).values():
        if isinstance(definition, Definition):
            found = section(definition.anchor)
            assert found is not None, definition.anchor
            assert (found.title, bool(found.html)) == (definition.title, True)
    assert section("nothing") is None


def test_links_lead_within_the_page_or_nowhere() -> None:
    text = "# All\n\nBefore.\n\n## First part\n\nSee [below](#second), [a file](other.md#x) and **this**.\n\n"
    first, second = sections_of(f"{text}## Second\n\n| a | b |\n| --- | --- |\n| 1 | `2` |\n")
    assert (first.anchor, first.title) == ("first-part", "First part")
    assert first.html == '<p>See <a href="/definitions/#second">below</a>, a file and <strong>this</strong>.</p>\n'
    assert '<table class="table definition-table">' in second.html
    assert "<code>2</code>" in second.html


def test_markup_in_the_text_is_text() -> None:
    (only,) = sections_of("## A\n\n<script>alert(1)</script> & <b>bold</b>\n")
    assert "<script>" not in only.html
    assert "&lt;b&gt;" in only.html


def test_a_translation_has_the_same_sections_at_the_same_addresses() -> None:
    english = sections()
    with translation.override("de"):
        german = sections()
    assert [each.anchor for each in german] == [each.anchor for each in english]
    assert german[0].title != english[0].title
    codes, links = re.compile(r"<code>(.*?)</code>"), re.compile(r'href="(.*?)"')
    for told, known in zip(german, english, strict=True):
        assert sorted(codes.findall(told.html)) == sorted(codes.findall(known.html)), known.anchor
        assert sorted(links.findall(told.html)) == sorted(links.findall(known.html)), known.anchor
    with translation.override("fr"):
        assert sections() == english
