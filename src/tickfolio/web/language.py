"""Which language a request is answered in: the person's choice, else what the browser prefers of those there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware


def language_of(request: HttpRequest, user: Any) -> str:
    """The code of the language, such as `de`. `Any`: Django's own type of whoever asks."""
    chosen = user.language if user is not None and user.is_authenticated else ""
    return chosen or translation.get_language_from_request(request)


@sync_and_async_middleware
def person_language(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware that answers in the language of who asks. `Any`: an answer, or what one is awaited of."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> Any:
            with translation.override(language_of(request, await request.auser())):
                return _told(await get_response(request))

        return answer_later

    def answer(request: HttpRequest) -> Any:
        with translation.override(language_of(request, getattr(request, "user", None))):
            return _told(get_response(request))

    return answer


def _told(response: Any) -> Any:
    """What a cache between must know: the answer hangs on the browser's languages too."""
    response.headers.setdefault("Content-Language", translation.get_language() or "en")
    patch_vary_headers(response, ("Accept-Language",))
    return response
