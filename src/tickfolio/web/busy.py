"""What a page says when the database could not be written in time, as SQLite while somebody else writes for long."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError

from tickfolio.web.bare_pages import bare_page

RETRY_AFTER_SECONDS = 2


def fault(request: HttpRequest) -> HttpResponse:
    """The answer to a request whose view, session or middleware has just raised: 503 where the database was busy, else 500."""
    if not is_busy(sys.exc_info()[1]):
        return HttpResponseServerError(bare_page("500.html", request))
    page = bare_page("503.html", request)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


def is_busy(error: BaseException | None) -> bool:
    """Whether nothing is wrong but that others held the database locked for too long."""
    return isinstance(error, OperationalError) and "locked" in str(error)
