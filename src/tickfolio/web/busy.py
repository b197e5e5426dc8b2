"""What a page says when the database could not be written in time, as SQLite while somebody else writes for long, or not reached."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.utils import translation

from tickfolio.runtime.database_reach import is_out_of_reach
from tickfolio.web.access import is_data
from tickfolio.web.bare_pages import bare_page
from tickfolio.web.problems import problem
from tickfolio.words import phrase

RETRY_AFTER_SECONDS = 2
OUT_OF_REACH = "database_out_of_reach"


def fault(request: HttpRequest) -> HttpResponse:
    """The answer to a request whose view, session or middleware has just raised: 503 where the database was busy or out of reach.

    All else is a 500.
    """
    error = sys.exc_info()[1]
    if is_out_of_reach(error):
        return _out_of_reach(request)
    if not is_busy(error):
        return HttpResponseServerError(bare_page("500.html", request))
    return _later(HttpResponse(bare_page("503.html", request)))


def _out_of_reach(request: HttpRequest) -> HttpResponse:
    # Which language a person chose stands in the database: the browser's is what is left.
    with translation.override(translation.get_language_from_request(request)):
        if not is_data(request):
            return _later(
                HttpResponse(bare_page("503_database.html", request, is_read=request.method in ("GET", "HEAD")))
            )
        detail = phrase("Expected a database that answers; it is out of reach. Try again in a few seconds.")
        return _later(problem(status=HTTPStatus.SERVICE_UNAVAILABLE, code=OUT_OF_REACH, detail=detail))


def _later(answer: HttpResponse) -> HttpResponse:
    answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    answer.headers["Retry-After"], answer.headers["Cache-Control"] = str(RETRY_AFTER_SECONDS), "no-store"
    return answer


def is_busy(error: BaseException | None) -> bool:
    """Whether nothing is wrong but that others held the database locked for too long."""
    return isinstance(error, OperationalError) and "locked" in str(error)
