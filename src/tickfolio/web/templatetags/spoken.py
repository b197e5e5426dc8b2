"""The name of a value that code knows by a word of its own, in the reader's language."""

from __future__ import annotations

from django import template

from tickfolio.web.named_values import named

register = template.Library()


@register.filter
def spoken(value: object) -> str:
    """The name of `value`, such as `trading` of a day."""
    return named(str(value))
