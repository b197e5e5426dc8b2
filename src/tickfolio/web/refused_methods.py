"""A page for who opens an address that only takes what a form sends, as after signing in again or from an old tab."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest

from tickfolio.web.access import is_data
from tickfolio.web.bare_pages import bare_page
from tickfolio.web.middlewares import changes_answers


@changes_answers
def refused_method_told(request: HttpRequest, response: Any) -> Any:
    """A 405 without a word gets a page, where a person may read it. `Any`: whatever kind of answer it is."""
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content and not is_data(request):
        response.content = bare_page("405.html", request)
    return response
