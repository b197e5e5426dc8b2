"""What is said in a page in the reader's language though the template does not say it itself."""

from __future__ import annotations

from django import template
from django.utils import html
from django.utils.safestring import SafeString

from tickfolio.web.named_values import named
from tickfolio.words import said

register = template.Library()


@register.filter
def spoken(value: object) -> str:
    """The name of `value`, such as `trading` of a day."""
    return named(str(value))


@register.filter
def json_script(value: object, element_id: str) -> SafeString:
    """Django's, but for marked sentences, which it would write in English."""
    return html.json_script(said(value), element_id)
