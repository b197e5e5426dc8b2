"""The long lists of the performance page: its rows of what made the return, and the parts and benchmarks to choose from.

A portfolio has hundreds of each, and a template looks up every variable and condition of each anew: that took a third of the
page's time. All text is escaped as there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tickfolio.web.holding_texts import Figure
from tickfolio.web.performance_texts import PartText

register = template.Library()
NOTHING = SafeString("")
SELECTED = SafeString(" selected")
MIDDLE = SafeString('<path class="bar-middle" d="M0 0V8"/>')


@register.simple_tag
def part_rows(parts: Iterable[tuple[PartText, str, str]], others: PartText | None) -> SafeString:
    """The rows, each with the addresses that explain its points and its gain, and the sum of those that are not shown."""
    return SafeString("".join((*(_row(*each) for each in parts), NOTHING if others is None else _others(others))))


@register.simple_tag
def scope_options(parts: Iterable[tuple[str, str, bool]]) -> SafeString:
    """The options of a choice: value, name, whether it is the one that is shown."""
    rows = ((value, SELECTED if is_current else NOTHING, label) for value, label, is_current in parts)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@register.simple_tag
def benchmark_options(benchmarks: Mapping[str, str], current: str) -> SafeString:
    """The benchmarks to choose from, by symbol."""
    rows = ((symbol, SELECTED if symbol == current else NOTHING, symbol, name) for symbol, name in benchmarks.items())
    return format_html_join("", '<option value="{}"{}>{}, {}</option>', rows)


def _row(part: PartText, points: str, gain: str) -> SafeString:
    name = '<a class="strong" href="{}">{}</a>' if part.address else '{}<span class="strong">{}</span>'
    return format_html(
        '<tr data-part="{}"{}><th scope="row" class="m">{}{}</th>'
        '<td class="c-bar" aria-hidden="true"><svg class="part-bar" viewBox="-100 0 200 8" preserveAspectRatio="none">'
        '<rect class="{}-bar" height="8" x="{}" width="{}"/>{}</svg></td>'
        '<td class="r">{}</td><td class="r">{}</td></tr>\n',
        *(part.key, SafeString(' class="minor"') if part.is_minor else NOTHING),
        format_html(name, part.address, part.name),
        format_html(' <span class="part-detail only-wide">{}</span>', part.detail) if part.detail else NOTHING,
        part.points.direction,
        f"-{part.width}" if part.points.direction == "down" else "0",
        *(part.width, MIDDLE),
        _explained(_points(part.points), points),
        _explained(_gain(part.gain), gain),
    )


def _others(others: PartText) -> SafeString:
    return format_html(
        '<tr data-part="others" class="others"><th scope="row" class="m"><span class="strong">{}</span></th>'
        '<td class="c-bar" aria-hidden="true"></td><td class="r">{}</td><td class="r">{}</td></tr>\n',
        *(others.name, _points(others.points), _gain(others.gain)),
    )


def _points(figure: Figure) -> SafeString:
    return format_html('<span class="{} num" data-figure="points">{}</span>', figure.direction, figure.text)


def _gain(figure: Figure) -> SafeString:
    return format_html('<span class="{} amount num" data-figure="gain">{}</span>', figure.direction, figure.text)


def _explained(content: SafeString, address: str) -> SafeString:
    where = format_html(' href="{}"', address) if address else NOTHING
    return format_html('<a class="explain"{}>{}</a>', where, content)
