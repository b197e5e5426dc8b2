"""A page is of one moment of the market: its side bar, its figures and its notes read what was recorded once, together.

Only answers to GET and HEAD: a form can make an instrument known, or a price, that the page after it has to show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware

from tickfolio.services.one_reading import one_reading

SAFE = ("GET", "HEAD")


@sync_and_async_middleware
def read_once_for_each(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware that has the recorded market read once for a page. `Any`: an answer, or what one is awaited of."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> Any:
            if request.method not in SAFE:
                return await get_response(request)
            with one_reading():
                return await get_response(request)

        return answer_later

    def answer(request: HttpRequest) -> Any:
        if request.method not in SAFE:
            return get_response(request)
        with one_reading():
            return get_response(request)

    return answer
