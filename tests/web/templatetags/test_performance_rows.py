"""The long lists of the performance page: each text escaped, each figure led to where it is explained."""

from __future__ import annotations

import re
from dataclasses import replace

from django.template import Context, Template

from tickfolio.web.holding_texts import Figure
from tickfolio.web.performance_texts import PartText

PART = PartText(
    key='A"B',
    name="A & <B>",
    detail="it's <held>",
    gain=Figure("+10.00 <EUR>", "up"),
    points=Figure("+1.00", "up"),
    width="12.5",
    address="/portfolios/1/instruments/A/?x=1&y=2",
)
OTHERS = replace(PART, key="others", name="5 <others>", detail="", address="", points=Figure("−0.50", "down"))


def written(markup: str, **values: object) -> str:
    return Template("{% load performance_rows %}" + markup).render(Context(values))


def rows(*parts: tuple[PartText, str, str], others: PartText | None = None) -> str:
    return written("{% part_rows parts others %}", parts=parts, others=others)


def test_every_text_is_escaped() -> None:
    page = rows((PART, "/points/?a=1&b=2", "/gain/"), others=OTHERS)
    for text in ('data-part="A&quot;B"', "A &amp; &lt;B&gt;", "it&#x27;s &lt;held&gt;", "+10.00 &lt;EUR&gt;"):
        assert text in page
    assert 'href="/portfolios/1/instruments/A/?x=1&amp;y=2"' in page
    assert 'href="/points/?a=1&amp;b=2"' in page
    assert "5 &lt;others&gt;" in page


def test_points_and_gain_lead_to_where_they_are_explained_if_they_are() -> None:
    first, second = rows((PART, "/points/", "/gain/"), (PART, "", "/gain/")).splitlines()
    assert re.findall(r'<a class="explain"(?: href="([^"]*)")?>', first) == ["/points/", "/gain/"]
    assert re.findall(r'<a class="explain"(?: href="([^"]*)")?>', second) == ["", "/gain/"]


def test_a_bar_goes_from_the_middle_to_where_its_points_are() -> None:
    up, down = rows((PART, "", ""), (replace(PART, points=Figure("−1.00", "down")), "", "")).splitlines()
    assert '<rect class="up-bar" height="8" x="0" width="12.5"/>' in up
    assert '<rect class="down-bar" height="8" x="-12.5" width="12.5"/>' in down


def test_a_row_without_a_page_has_no_link_and_a_small_one_is_marked() -> None:
    plain = rows((replace(PART, address="", is_minor=True), "", ""))
    assert '<span class="strong">A &amp; &lt;B&gt;</span>' in plain
    assert ' class="minor"' in plain
    assert ' class="minor"' not in rows((PART, "", ""))


def test_what_is_shown_is_selected_among_what_can_be_chosen() -> None:
    parts = [("holding:A", "A & B", False), ("holding:C", "C", True)]
    assert written("{% scope_options parts %}", parts=parts) == (
        '<option value="holding:A">A &amp; B</option><option value="holding:C" selected>C</option>'
    )
    named = {"A": "One & all", "B": "Two"}
    assert written("{% benchmark_options named 'B' %}", named=named) == (
        '<option value="A">A, One &amp; all</option><option value="B" selected>B, Two</option>'
    )
