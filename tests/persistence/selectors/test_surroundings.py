import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM
from tests.services.ledger_entries import Book, add, book, person, purchase
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.persistence.selectors.surroundings import accounts_by_id, instruments_by_symbol

pytestmark = pytest.mark.django_db
RIGHTS = Symbol("HLX.R")


@pytest.fixture
def mine() -> Book:
    mine = book(person("alice"))
    add(mine, purchase(mine, symbol=RIGHTS, creates_instrument=True, currency="EUR", instrument_name="Helix rights"))
    return mine


def test_portfolio_knows_what_feeds_offer_and_its_own(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        known = instruments_by_symbol(mine.portfolio_id, actor=mine.owner)
    assert set(known) == {AAPL, IBM, RIGHTS}
    assert known[RIGHTS] == Instrument(symbol=RIGHTS, name="Helix rights", mic="XXXX", currency=Currency("EUR"))
    assert set(instruments_by_symbol(mine.portfolio_id, actor=mine.owner, symbols=[AAPL, RIGHTS])) == {AAPL, RIGHTS}
    assert instruments_by_symbol(mine.portfolio_id, actor=mine.owner, symbols=[]) == {}


def test_nobody_else_knows_a_private_instrument(mine: Book) -> None:
    bobs = book(person("bob"))
    assert set(instruments_by_symbol(bobs.portfolio_id, actor=bobs.owner)) == {AAPL, IBM}
    assert set(instruments_by_symbol(mine.portfolio_id, actor=bobs.owner)) == {AAPL, IBM}


def test_accounts_are_those_of_the_portfolio(mine: Book, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    bobs = book(person("bob"))
    with django_assert_num_queries(1):
        accounts = accounts_by_id(mine.portfolio_id, actor=mine.owner)
    assert {key: account.name for key, account in accounts.items()} == {mine.account_id: "Broker"}
    assert accounts_by_id(mine.portfolio_id, actor=bobs.owner) == {}
