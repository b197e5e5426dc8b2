from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, book, person, share
from tests.web.visits import set_market_clock, signed_in
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.portfolios import portfolios_of
from tickfolio.web.places import places_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


def addresses(who: Person, *, is_operator: bool = False) -> list[str]:
    return [place["address"] for place in places_of(portfolios_of(actor=who), is_operator=is_operator)]


def opened(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_place_is_there_for_whom_it_is_offered(alices: Book) -> None:
    vera = share(alices, "vera", Role.VIEWER)
    for who in (alices.owner, vera):
        for path in addresses(who):
            opened(signed_in(who), path)


def test_every_tab_of_a_portfolio_and_every_link_of_the_side_bar_is_a_place(alices: Book) -> None:
    page = opened(signed_in(alices.owner), f"/portfolios/{alices.portfolio_id}/")
    [tabs] = re.findall(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    [rail] = re.findall(r'<aside class="rail".*?</aside>', page, re.DOTALL)
    links = set(re.findall(r'href="(/[^"#?]*)"', tabs + rail)) - {"/portfolios//"}
    assert links <= set(addresses(alices.owner))


def test_operators_are_offered_their_pages_and_nobody_else_is(alices: Book) -> None:
    User.objects.filter(pk=alices.owner.user_id).update(is_staff=True)
    more = set(addresses(alices.owner, is_operator=True)) - set(addresses(alices.owner))
    assert "/operator/feeds/" in more
    for path in more:
        opened(signed_in(alices.owner), path)
