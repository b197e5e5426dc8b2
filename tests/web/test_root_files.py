"""What browsers ask for at the root of a site."""

from __future__ import annotations

from django.test import Client


def test_a_browser_that_asks_for_an_icon_at_the_root_gets_one(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/x-icon")
    assert b"".join(answer).startswith(b"\0\0\1\0")
