"""Each request has an id: in every line of the log that it leads to, and in the answer, so that one can be found by the other."""

from __future__ import annotations

import re
import secrets
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware
from structlog.contextvars import bind_contextvars

from tickfolio.web.middlewares import View

HEADER = "X-Request-ID"
_GOOD = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


@sync_and_async_middleware
def told_apart(view: View) -> View:
    """The id that a proxy in front has given, or a new one.

    It is bound and not taken back: Django logs what went wrong after all middleware, and the next request has another one.
    """

    async def answer_later(request: HttpRequest) -> Any:
        request_id = _bound(request)
        answer = await view(request)
        answer[HEADER] = request_id
        return answer

    def answer(request: HttpRequest) -> Any:
        request_id = _bound(request)
        found = view(request)
        found[HEADER] = request_id
        return found

    return answer_later if iscoroutinefunction(view) else answer


def _bound(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    request_id = given if _GOOD.match(given) else secrets.token_hex(8)
    bind_contextvars(request_id=request_id)
    return request_id
