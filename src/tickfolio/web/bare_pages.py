"""Pages for when nothing may be asked of the database: who asks is not known to them, so they lead home."""

from __future__ import annotations

from django.http import HttpRequest
from django.template import loader

from tickfolio.web.context import THEME_CIRCLE, THEME_COOKIE


def bare_page(template: str, request: HttpRequest, **values: object) -> str:
    """The page in the language in force, and in the theme that the browser remembers.

    It gets no request, whose context would ask the database; `values` are its own.
    """
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return loader.get_template(template).render({**values, "theme": theme if theme in THEME_CIRCLE else ""})
