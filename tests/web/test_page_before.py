"""Back to the page that a button was pressed on, and to no other server."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tickfolio.web.page_before import back


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://localhost/stocks/?q=a", "http://localhost/stocks/?q=a"),
        ("/stocks/", "/stocks/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_leads_to_a_page_of_ours(came_from: str, leads_to: str) -> None:
    request = RequestFactory().post("/", headers={"host": "localhost", "referer": came_from})
    assert back(request).headers["Location"] == leads_to
