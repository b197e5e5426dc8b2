"""Whose language a page is in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from tickfolio.web.language import language_of, person_language


@pytest.mark.parametrize(
    ("chosen", "browser", "language"),
    [("de", "en-GB", "de"), ("", "de-AT,en;q=0.5", "de"), ("", "fr,nl", "en"), ("", "", "en"), ("en", "de", "en")],
)
def test_the_choice_comes_before_what_the_browser_prefers(chosen: str, browser: str, language: str) -> None:
    request = RequestFactory().get("/", headers={"accept-language": browser})
    assert language_of(request, SimpleNamespace(is_authenticated=True, language=chosen)) == language
    if not chosen:
        assert language_of(request, AnonymousUser()) == language
        assert language_of(request, None) == language


def test_the_language_holds_for_one_answer() -> None:
    request = RequestFactory().get("/", headers={"accept-language": "de"})
    answer = person_language(lambda _request: HttpResponse(translation.get_language()))(request)
    assert (answer.content, answer.headers["Content-Language"], answer.headers["Vary"]) == (
        b"de",
        "de",
        "Accept-Language",
    )
    assert translation.get_language() == "en"
