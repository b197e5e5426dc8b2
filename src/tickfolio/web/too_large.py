"""What is told of a body that was over the limit of its address: a page to a person, problem details to a program."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from tickfolio.runtime.body_limit import REFUSED_OVER
from tickfolio.web.access import is_data
from tickfolio.web.bare_pages import bare_page
from tickfolio.web.middlewares import refuses
from tickfolio.web.problems import problem
from tickfolio.words import phrase

BYTES_IN_A_MEBIBYTE = 1024 * 1024


@refuses
def too_large_told(request: HttpRequest) -> HttpResponse | None:
    """The answer where the body was not read to its end; stands after those that know who asks in which language."""
    limit: int | None = getattr(request, "scope", {}).get(REFUSED_OVER)
    if limit is None:
        return None
    if is_data(request):
        detail = phrase("Expected a body of at most {limit} bytes. Send less at once.", limit=str(limit))
        refusal: HttpResponse = problem(
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code="body_too_large", detail=detail
        )
    else:
        page = bare_page("413.html", request, most=limit // BYTES_IN_A_MEBIBYTE)
        refusal = HttpResponse(page, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers={"Cache-Control": "no-store"})
    # Of what is larger still, the rest is on its way: nothing else can come over this connection.
    refusal.headers["Connection"] = "close"
    return refusal
