"""The page of the definitions."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.ledger_entries import person
from tests.web.views.test_portfolios import signed_in

pytestmark = pytest.mark.django_db


def test_every_section_is_there_by_its_anchor() -> None:
    shown = signed_in(person("alice")).get("/definitions/").content.decode()
    assert 'id="returns"' in shown
    assert 'href="#returns"' in shown
    assert "links sub-periods" in shown or "time-weighted" in shown


def test_others_are_led_to_the_sign_in_page() -> None:
    assert Client().get("/definitions/").status_code == 302
