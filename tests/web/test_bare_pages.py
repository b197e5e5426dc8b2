"""Pages that ask nothing of the database."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tickfolio.web.bare_pages import bare_page


@pytest.mark.parametrize("template", ["400.html", "405.html", "413.html", "500.html", "503.html", "503_database.html"])
def test_a_page_without_a_database_leads_home_in_the_browsers_theme(rf: RequestFactory, template: str) -> None:
    """Without the mark for one, any question to the database would fail."""
    request = rf.get("/")
    request.COOKIES["theme"] = "dark"
    page = bare_page(template, request)
    assert 'data-theme="dark"' in page
    assert '<a class="button button-primary" href="/">Go home</a>' in page
    assert "/stocks/" not in page


def test_a_made_up_theme_is_the_systems(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES["theme"] = "pink"
    assert "data-theme" not in bare_page("500.html", request)
