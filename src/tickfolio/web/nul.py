"""No NUL reaches the database: PostgreSQL keeps none in its text and fails where SQLite would go on.

Nobody types one, so nothing is lost by refusing it before any view, whichever field or part of an address it stands in.
Files are not looked at: each format says itself what it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation

from tickfolio.web.access import is_data
from tickfolio.web.bare_pages import bare_page
from tickfolio.web.middlewares import refuses
from tickfolio.web.problems import problem
from tickfolio.words import phrase

NUL = "\0"


@refuses
def address_without_nul(request: HttpRequest) -> HttpResponse | None:
    """Stands before the session, whose key is a cookie."""
    return _refusal(request) if _is_in_address(request) else None


class FormWithoutNul:
    """Middleware, after that of forgery: a form from elsewhere is refused without being read."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self.process_view: Any = self._refused
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)
            self.process_view = self._refused_later

    def __call__(self, request: HttpRequest) -> Any:
        """Nothing: a view must be known before the token is compared. `Any`: an answer, or what one is awaited of."""
        return self._get_response(request)

    def _refused(self, request: HttpRequest, *_of_the_view: Any) -> HttpResponse | None:
        if request.method == "POST" and _is_in(request.POST.lists()):
            return _refusal(request)
        return None

    async def _refused_later(self, request: HttpRequest, *of_the_view: Any) -> HttpResponse | None:
        return self._refused(request, *of_the_view)


def _is_in_address(request: HttpRequest) -> bool:
    return NUL in request.path or _is_in(request.GET.lists()) or _is_in((k, [v]) for k, v in request.COOKIES.items())


def _is_in(fields: Iterable[tuple[str, list[Any]]]) -> bool:
    """Whether a name or a value holds one. `Any`: Django's type says that a value may be a list; none of a form is."""
    return any(NUL in name or any(NUL in value for value in values) for name, values in fields)


def _refusal(request: HttpRequest) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        if not is_data(request):
            return HttpResponseBadRequest(bare_page("400.html", request))
        detail = phrase("Expected text, was text with a NUL character. Send it without.")
        return problem(status=HTTPStatus.BAD_REQUEST, code="invalid_text", detail=detail)
