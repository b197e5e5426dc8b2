import asyncio
import json
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.services.ledger_entries import book, deposit, person, purchase
from tests.web.visits import address, set_market_clock, signed_in, text_of
from tickfolio.identity.models import Locale, User
from tickfolio.services import transactions
from tickfolio.web.figures import price_text
from tickfolio.web.notation import ENGLISH, GERMAN, notation, person_notation, with_days, written_as
from tickfolio.web.stock_texts import day_text

FIGURES = json.loads((Path(__file__).parents[1] / "contract" / "figures.json").read_text(encoding="utf-8"))


def asked_by(rf: RequestFactory, locale: str | None) -> HttpRequest:
    request = rf.get("/")
    request.user = AnonymousUser() if locale is None else User(locale=locale)
    return request


@pytest.mark.parametrize("day", FIGURES["days"], ids=lambda day: day["value"])
def test_days_are_written_as_the_scripts_write_them(day: dict[str, str]) -> None:
    assert day_text(date.fromisoformat(day["value"])) == day["text"]
    with written_as(GERMAN):
        assert day_text(date.fromisoformat(day["value"])) == day["german"]


@pytest.mark.parametrize(
    ("locale", "wanted"), [("de", GERMAN), ("en", ENGLISH), ("of an earlier version", ENGLISH), (None, ENGLISH)]
)
def test_the_persons_notation_is_in_force_while_their_request_is_answered_and_not_longer(
    rf: RequestFactory, locale: str | None, wanted: object
) -> None:
    found = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(notation())
        return HttpResponse()

    person_notation(view)(asked_by(rf, locale))
    assert (found, notation()) == ([wanted], ENGLISH)


def test_a_view_that_fails_leaves_nothing_in_force(rf: RequestFactory) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise LookupError(notation().locale)

    with pytest.raises(LookupError, match="de"):
        person_notation(view)(asked_by(rf, "de"))
    assert notation() is ENGLISH


async def test_requests_that_are_answered_at_once_do_not_mix(rf: RequestFactory) -> None:
    met = asyncio.Barrier(2)

    async def view(request: HttpRequest) -> HttpResponse:
        await met.wait()
        return HttpResponse(notation().locale)

    answer = person_notation(view)
    answers = await asyncio.gather(answer(asked_by(rf, "de")), answer(asked_by(rf, "en")))
    assert [each.content for each in answers] == [b"de", b"en"]


def test_nobody_is_asked_for_where_no_figure_is_written(rf: RequestFactory) -> None:
    class Unasked:
        @property
        def is_authenticated(self) -> bool:
            raise AssertionError("nobody needed to know")

    request = rf.get("/healthz")
    request.user = Unasked()  # type: ignore[assignment]  # fails where it is looked at
    assert person_notation(lambda _: HttpResponse())(request).status_code == 200


def test_every_preference_has_a_notation(rf: RequestFactory) -> None:
    for locale in Locale:
        request = asked_by(rf, locale.value)
        assert person_notation(lambda _: HttpResponse(notation().locale))(request).content.decode() == locale.value


@pytest.mark.django_db
def test_the_pages_of_who_reads_german_are_written_so_and_say_so_to_their_scripts() -> None:
    set_market_clock()
    alices = book(person("alice"))
    for draft in (deposit(alices, "12345.67"), purchase(alices)):
        transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft)
    page = text_of(signed_in(alices.owner, locale="de").get(address(alices)))
    for expected in ('data-numbers="de"', "+12.345,67", "−3.500,00", "01.03.2011"):
        assert expected in page
    page = text_of(signed_in(alices.owner).get(address(alices)))
    for expected in ('data-numbers="en"', "+12,345.67", "−3,500.00", "1 Mar 2011"):
        assert expected in page


@pytest.mark.django_db
def test_a_visitor_reads_english(client: Client) -> None:
    assert 'data-numbers="en"' in text_of(client.get(reverse("account_login")))


def test_outside_a_request_figures_are_english() -> None:
    assert price_text(None, places=2) == "—"
    assert notation() is ENGLISH


def test_a_day_within_a_text_is_written_as_whoever_is_looking_writes_days() -> None:
    text = "Cost of the lot of 2012-05-21"
    assert with_days(text) == "Cost of the lot of 21 May 2012"
    with written_as(GERMAN):
        assert with_days(text) == "Cost of the lot of 21.05.2012"
    assert with_days("US-2012-05-21-9, 2012-13-40") == "US-2012-05-21-9, 2012-13-40"
