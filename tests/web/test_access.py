import json
import re
import uuid
from http import HTTPStatus

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests.services.ledger_entries import book, person, share
from tests.web.visits import signed_in as browser_of
from tickfolio.errors import NotAllowed, NotFound
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Role
from tickfolio.web.access import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/stocks/", "/stocks/?symbol=AAPL", "/stocks/AAPL/today.json"])
def test_visitors_are_refused_where_the_operator_does_not_allow_them(
    client: Client, settings: Settings, address: str
) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    assert client.get(address).status_code == 403
    settings.TICKFOLIO_ANONYMOUS_QUOTES = True
    assert client.get(address).status_code != 403


@signed_in
def page(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse("yours", headers={"Cache-Control": "public"})


def asked(rf: RequestFactory, address: str, *, method: str = "GET", signed_in: bool = True) -> HttpRequest:
    request = rf.generic(method, address)
    request.user = User(pk=7) if signed_in else AnonymousUser()
    return request


def raising(error: Exception) -> object:
    @signed_in
    def view(request: HttpRequest) -> HttpResponseBase:
        raise error

    return view


def test_a_personal_page_is_kept_by_no_cache_whatever_the_view_says(rf: RequestFactory) -> None:
    answer = page(asked(rf, "/preferences/"))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")


def test_a_visitor_is_led_to_sign_in_and_back(rf: RequestFactory) -> None:
    answer = page(asked(rf, "/preferences/?a=1", signed_in=False))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/preferences/%3Fa%3D1")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_visitors_form_is_not_repeated_after_signing_in(rf: RequestFactory) -> None:
    answer = page(asked(rf, "/preferences/", method="POST", signed_in=False))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")


def test_a_program_that_is_not_signed_in_is_told_so(rf: RequestFactory) -> None:
    answer = page(asked(rf, "/portfolios/1/today.json", signed_in=False))
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert json.loads(answer.content)["code"] == "sign_in_required"
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "accepted", "status"),
    [
        ("/x/?format=json", "*/*", 401),
        ("/x/?format=text", "text/html", 401),
        ("/x/", "application/json", 401),
        ("/x/", "application/json, text/plain;q=0.5", 401),
        ("/x/", "application/json, text/html;q=0.5", 302),
        ("/x/", "application/json, */*", 302),
        ("/x/", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 302),
        ("/x/?format=html", "*/*", 302),
        ("/x/", "", 302),
    ],
)
def test_a_program_is_known_by_the_form_that_it_asks_for(
    rf: RequestFactory, address: str, accepted: str, status: int
) -> None:
    request = asked(rf, address, signed_in=False)
    request.META["HTTP_ACCEPT"] = accepted
    assert page(request).status_code == status


def test_a_program_that_asks_for_a_figure_explained_is_told_to_sign_in(client: Client) -> None:
    answer = client.get(f"/portfolios/{uuid.uuid4()}/explain/value/?format=json")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")


@pytest.mark.parametrize("address", ["/x/", "/x.json", "/x/?format=json"])
def test_what_is_anothers_is_answered_exactly_as_what_is_not_there(rf: RequestFactory, address: str) -> None:
    errors = [NotFound("Expected portfolio 1."), NotFound("Expected portfolio 2, longer."), Http404("no such page")]
    answers = [raising(error)(asked(rf, address)) for error in errors]  # type: ignore[operator]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(rb'(?<=csrfmiddlewaretoken" value=")\w+', b"", answer.content) for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert answers[0].headers["Cache-Control"] == "private, no-store"


def test_a_role_that_is_too_weak_is_said(rf: RequestFactory) -> None:
    refused = raising(NotAllowed("Expected the role editor, was viewer."))
    answers = [refused(asked(rf, address)) for address in ("/x/", "/x.json")]  # type: ignore[operator]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert json.loads(answers[1].content)["code"] == "not_allowed"
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}


WAYS = re.compile(r'<a class="button[^"]*" href="([^"]+)">([^<]+)</a>')


def ways_on(answer: HttpResponseBase) -> list[tuple[str, str]]:
    """Where an error page leads."""
    assert isinstance(answer, HttpResponse)
    return WAYS.findall(answer.content.decode())


def test_who_may_not_do_something_in_a_portfolio_is_led_back_to_it() -> None:
    mine = book(person("alice"))
    answer = browser_of(share(mine, "bob", Role.VIEWER)).get(f"/portfolios/{mine.portfolio_id}/delete/")
    assert answer.status_code == 403
    assert ways_on(answer) == [(f"/portfolios/{mine.portfolio_id}/", "Back to the portfolio"), ("/", "Your portfolios")]


def test_what_is_not_there_leads_a_person_home_and_a_visitor_to_the_stocks(client: Client) -> None:
    assert ways_on(client.get("/nothing/here/")) == [("/stocks/", "Go to the stocks")]
    alice = browser_of(person("alice"))
    for address in ("/nothing/here/", f"/portfolios/{uuid.uuid4()}/"):
        assert ways_on(alice.get(address)) == [("/", "Your portfolios")]


def test_a_visitor_who_may_not_see_the_stocks_is_led_to_sign_in(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    assert ways_on(client.get("/stocks/")) == [("/sign-in/", "Sign in")]
