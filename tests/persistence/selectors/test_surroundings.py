from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import Book, add, book, person, purchase
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.persistence.models import PrivateInstrument
from tickfolio.persistence.selectors.surroundings import accounts_by_id, instruments_by_symbol, own_instruments
from tickfolio.services.instruments import instrument_rename, instruments_register

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


def test_a_portfolios_own_goes_before_whatever_has_its_symbol(mine: Book) -> None:
    bobs = book(person("bob"))
    instruments_register(instruments=[instrument(RIGHTS)])
    assert instruments_by_symbol(mine.portfolio_id, actor=mine.owner)[RIGHTS].name == "Helix rights"
    assert instruments_by_symbol(bobs.portfolio_id, actor=bobs.owner)[RIGHTS].name == "HLX.R Inc."
    instrument_rename(symbol=RIGHTS, new_symbol=Symbol("HELIX"), since=date(2012, 5, 21))
    assert instruments_by_symbol(mine.portfolio_id, actor=mine.owner)[RIGHTS].name == "Helix rights"
    assert instruments_by_symbol(bobs.portfolio_id, actor=bobs.owner)[RIGHTS].name == "HLX.R Inc."


def test_what_a_feed_offers_counts_from_the_change_on_that_took_it(mine: Book) -> None:
    instruments_register(instruments=[instrument(RIGHTS)])
    PrivateInstrument.objects.for_actor(mine.owner).filter(symbol=RIGHTS).update(replaced_sequence=7)
    names = [
        instruments_by_symbol(mine.portfolio_id, actor=mine.owner, upto=upto)[RIGHTS].name for upto in (6, 7, 8, None)
    ]
    assert names == ["Helix rights", "HLX.R Inc.", "HLX.R Inc.", "HLX.R Inc."]
    counts = [own_instruments(mine.portfolio_id, actor=mine.owner, upto=upto).count() for upto in (6, 7, None)]
    assert counts == [1, 0, 0]


def test_accounts_are_those_of_the_portfolio(mine: Book, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    bobs = book(person("bob"))
    with django_assert_num_queries(1):
        accounts = accounts_by_id(mine.portfolio_id, actor=mine.owner)
    assert {key: account.name for key, account in accounts.items()} == {mine.account_id: "Broker"}
    assert accounts_by_id(mine.portfolio_id, actor=bobs.owner) == {}
