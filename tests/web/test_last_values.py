"""The key of what a browser keeps: there with a session, gone with it, another one for another session."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import AsyncClient, Client, RequestFactory

from tests.identity.cast import person
from tests.web.signing import sign_in
from tickfolio.web.last_values import COOKIE, key_of, session_key_told

pytestmark = pytest.mark.django_db


def test_the_key_comes_with_the_session_and_lasts_as_long(client: Client) -> None:
    person("alice")
    answer = sign_in(client, "alice@example.org", remember="on")
    key, session = answer.cookies[COOKIE], answer.cookies[settings.SESSION_COOKIE_NAME]
    assert key.value == key_of(session.value)
    assert session.value not in key.value
    assert (key["max-age"], key["samesite"], key["httponly"]) == (session["max-age"], "Lax", "")
    assert COOKIE not in client.get("/preferences/").cookies


def test_a_session_that_ends_with_the_browser_has_a_key_that_does_so_too(client: Client) -> None:
    person("alice")
    answer = sign_in(client, "alice@example.org")
    assert answer.cookies[COOKIE]["max-age"] == answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""


def test_signing_out_takes_the_key_away(client: Client) -> None:
    person("alice")
    sign_in(client, "alice@example.org")
    answer = client.post("/sign-out/")
    assert (answer.cookies[COOKIE].value, answer.cookies[COOKIE]["max-age"]) == ("", 0)


def test_a_session_that_the_server_has_ended_takes_the_key_away(client: Client) -> None:
    client.cookies[COOKIE] = "of a session that is over"
    answer = client.get("/preferences/")
    assert (answer.cookies[COOKIE].value, answer.cookies[COOKIE]["max-age"]) == ("", 0)


def test_another_session_has_another_key(client: Client) -> None:
    person("alice")
    first = sign_in(client, "alice@example.org").cookies[COOKIE].value
    client.post("/sign-out/")
    assert sign_in(client, "alice@example.org").cookies[COOKIE].value != first


def test_a_visitor_has_none(client: Client) -> None:
    assert COOKIE not in client.get("/").cookies


def test_what_does_not_ask_for_the_session_is_left_alone(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.session = Client().session
    answer = session_key_told(lambda _request: HttpResponse())(request)
    assert not answer.cookies


@pytest.mark.django_db(transaction=True)
async def test_an_answer_that_is_awaited_is_told_too(async_client: AsyncClient) -> None:
    async_client.cookies[COOKIE] = "of a session that is over"
    answer = await async_client.get("/preferences/")
    assert answer.cookies[COOKIE]["max-age"] == 0
