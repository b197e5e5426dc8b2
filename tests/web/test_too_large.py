"""Bodies over the limit of their address, refused by the application below the limit itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler

from tickfolio.runtime.body_limit import BodyLimit

pytestmark = pytest.mark.django_db(transaction=True)
AS_A_BROWSER = "text/html,application/xhtml+xml"


async def refused(*, accept: str, language: str = "en") -> tuple[int, dict[str, str], str]:
    """The answer to a form of 3 MiB where 2 MiB are taken: its status, headers and text."""
    headers = [(b"host", b"localhost"), (b"accept", accept.encode()), (b"accept-language", language.encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/preferences/theme/",
        "raw_path": b"/preferences/theme/",
        "query_string": b"",
        "scheme": "http",
        "server": ("localhost", 80),
        "headers": [*headers, (b"content-length", b"3145728"), (b"content-type", b"text/plain")],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * 3145728, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await BodyLimit(ASGIHandler(), limit=2 * 1024 * 1024)(scope, receive, send)  # type: ignore[arg-type]  # Django types messages as read-only
    told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(each.get("body", b"") for each in sent[1:]).decode()


async def test_a_person_gets_a_page_that_says_how_much_is_taken_and_that_nothing_was_changed() -> None:
    status, headers, page = await refused(accept=AS_A_BROWSER)
    assert (status, headers["connection"], headers["cache-control"]) == (413, "close", "no-store")
    assert "content-security-policy" in headers
    assert "At most 2 MiB are taken here at once" in page
    assert "Nothing was changed." in page
    assert '<a class="button button-primary" href="/">Go home</a>' in page


async def test_it_is_told_in_the_browsers_language() -> None:
    _, headers, page = await refused(accept=AS_A_BROWSER, language="de")
    assert headers["content-language"] == "de"
    assert "Es wurde nichts geändert." in page


async def test_a_program_gets_problem_details() -> None:
    status, headers, text = await refused(accept="application/json")
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    told = json.loads(text)
    assert told["code"] == "body_too_large"
    assert told["detail"] == "Expected a body of at most 2097152 bytes. Send less at once."
