import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from tickfolio.web.flash import Flash, flash_put, flash_taken

pytestmark = pytest.mark.django_db


def request(session: SessionBase) -> HttpRequest:
    made = HttpRequest()
    made.session = session
    return made


def test_what_was_done_is_told_once() -> None:
    session = SessionStore()
    flash_put(request(session), Flash("Booked.", undo="/undo/", version=1))
    assert flash_taken(request(session)) == Flash("Booked.", undo="/undo/", version=1)
    assert flash_taken(request(session)) is None


def test_a_visitor_without_a_session_is_told_nothing() -> None:
    assert flash_taken(HttpRequest()) is None
