"""Sentences that hold amounts, marked so that privacy mode hides them; and how many of something, as the person writes numbers."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tickfolio.web import figures, privacy

register = template.Library()


@register.filter
def amount(text: object) -> str:
    """The text of a cell, hidden as a whole where it tells an amount."""
    tells = any(is_amount for _, is_amount in privacy.pieces(str(text)))
    return format_html('<span class="amount">{}</span>', text) if tells else str(text)


@register.filter
def amounts(text: object) -> SafeString:
    """The sentence with each amount in an element of class `amount`."""
    parts = (
        (format_html('<span class="amount">{}</span>', piece) if is_amount else format_html("{}", piece),)
        for piece, is_amount in privacy.pieces(str(text))
    )
    return format_html_join("", "{}", parts)


@register.filter
def masked_where(text: object, is_private: bool) -> str:  # a filter has one argument
    """The sentence, without its amounts where they are hidden: for titles and names, which hold no markup."""
    return privacy.masked(str(text)) if is_private else str(text)


@register.filter
def counted(number: int) -> str:
    """How many, grouped."""
    return figures.count_text(number)
