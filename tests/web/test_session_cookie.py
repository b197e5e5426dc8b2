"""What an answer that comes late does to the cookie of somebody who has signed in meanwhile."""

import pytest
from django.conf import settings
from django.test import Client

from tests.identity.cast import person

pytestmark = pytest.mark.django_db

COOKIE = settings.SESSION_COOKIE_NAME


def test_a_request_of_a_session_that_has_ended_takes_no_cookie_away(client: Client) -> None:
    client.force_login(person("alice"))
    before = client.cookies[COOKIE].value
    client.logout()
    late = Client()
    late.cookies[COOKIE] = before
    for path in ("/", "/stocks/", "/preferences/"):
        answer = late.get(path)
        assert COOKIE not in answer.cookies, path
    assert "/sign-in/" in late.get("/preferences/").headers["Location"]


def test_signing_out_takes_the_cookie_away(client: Client) -> None:
    client.force_login(person("alice"))
    answer = client.post("/sign-out/")
    assert answer.cookies[COOKIE].value == ""
    assert answer.cookies[COOKIE]["max-age"] == 0
