"""Errors of the JSON addresses, as problem details.

**Source**: RFC 9457, Problem Details for HTTP APIs.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import JsonResponse


def problem(*, status: HTTPStatus, code: str, detail: str) -> JsonResponse:
    """A problem whose `code` is stable; `detail` says what was expected and what to do next."""
    return JsonResponse(
        {
            "type": f"urn:tickfolio:problem:{code}",
            "title": status.phrase,
            "status": int(status),
            "code": code,
            "detail": detail,
        },
        status=status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )
