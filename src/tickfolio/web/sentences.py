"""What programs say, as sentences."""

from __future__ import annotations

from django.utils.text import capfirst


def begun(text: str) -> str:
    """The text with a capital at its beginning; a name that is written small there, such as a host's, stays so."""
    first = text.split(" ", 1)[0]
    return text if "." in first.rstrip(".") else capfirst(text)
