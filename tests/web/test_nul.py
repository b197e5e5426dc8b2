"""Text that PostgreSQL could not keep is refused before anything is asked of the database, which these tests have none of."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory

from tests.security.routes import Route, routes
from tickfolio.web.nul import FormWithoutNul, address_without_nul

ALL = routes()
IDS = {"uidb36": "1", "user_id": "1", "action_id": "1", "symbol": "AAPL"}
ANY_ID = "00000000-0000-4000-8000-000000000000"


def address(route: Route) -> str:
    return route.address({name: IDS.get(name, ANY_ID) for name in route.parameters})


@pytest.mark.parametrize("route", ALL, ids=lambda route: route.pattern)
def test_no_address_takes_a_nul(route: Route) -> None:
    asked = Client().get(address(route), {"text": "a\0b", "line": "\0", "symbol": "\0", "page": "\0"})
    sent = Client().post(address(route), {"name": ["fine", "\0"]})
    assert (asked.status_code, sent.status_code) == (HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_REQUEST)


@pytest.mark.parametrize("where", ["/stocks/A%00/", "/watchlists/a%00/", "/?%00=1", "/no/such/%00"])
def test_neither_a_path_nor_a_name_holds_one(where: str) -> None:
    answer = Client().get(where)
    assert (answer.status_code, "could not be read" in answer.text) == (HTTPStatus.BAD_REQUEST, True)


def test_a_program_is_told_what_was_expected() -> None:
    answer = Client().get("/search.json", {"text": "\0"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid_text"
    assert answer.json()["detail"] == "Expected text, was text with a NUL character. Send it without."


def test_the_key_of_a_session_holds_none_either() -> None:
    # A cookie in quotes may write any character as three octal digits.
    assert Client(headers={"cookie": 'sessionid="\\000aaaaaaaaaaa"'}).get("/").status_code == HTTPStatus.BAD_REQUEST


async def test_a_server_that_waits_refuses_too() -> None:
    answer = await AsyncClient().get("/search.json", {"text": "\0"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST


async def test_both_ways_of_answering_look_at_the_same() -> None:
    async def later(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("later")

    def at_once(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("at once")

    for text, wanted in (("\0", HTTPStatus.BAD_REQUEST), ("\x01 is text", HTTPStatus.OK)):
        plain = RequestFactory().get("/", {"text": text})
        waiting = AsyncRequestFactory().get("/", {"text": text})
        assert address_without_nul(at_once)(plain).status_code == wanted
        assert (await address_without_nul(later)(waiting)).status_code == wanted
        form = RequestFactory().post("/", {"text": text})
        refusals: list[Any] = [FormWithoutNul(at_once).process_view(form, at_once, (), {})]
        refusals.append(await FormWithoutNul(later).process_view(form, later, (), {}))
        statuses = [HTTPStatus.OK if refusal is None else refusal.status_code for refusal in refusals]
        assert statuses == [wanted, wanted]


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_before_it_is_read() -> None:
    # Its answer asks the database, as each page of an error does.
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "\0"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
