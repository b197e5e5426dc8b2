"""A page for who opens an address that only takes what a form sends, as after signing in again or from an old tab."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware

from tickfolio.web.access import is_data
from tickfolio.web.bare_pages import bare_page


@sync_and_async_middleware
def refused_method_told(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: a 405 without a word gets a page, where a person may read it. `Any`: an answer, or what one is awaited of."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> Any:
            return _told(request, await get_response(request))

        return answer_later

    def answer(request: HttpRequest) -> Any:
        return _told(request, get_response(request))

    return answer


def _told(request: HttpRequest, response: Any) -> Any:
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content and not is_data(request):
        response.content = bare_page("405.html", request)
    return response
