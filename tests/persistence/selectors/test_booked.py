"""Which instruments ledgers are about; what follows for histories is in tests/persistence/selectors/test_backfills.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.live.market import AAPL, IBM, REAL_NOW, instrument
from tests.services.ledger_entries import TRADED, Book, add, book, delete, deposit, person, purchase
from tickfolio.domain.corporate_actions import Renaming, Takeover
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.selectors.booked import booked_in, booked_instruments, booked_symbols
from tickfolio.persistence.selectors.market import record_ids
from tickfolio.persistence.tenancy import System
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.instruments import instrument_rename, instruments_register
from tickfolio.services.manual_prices import offered_take
from tickfolio.services.portfolios import portfolio_delete

pytestmark = pytest.mark.django_db
TEST = System("a test")
FB, META, ALL, REST = Symbol("FB"), Symbol("META"), Symbol("ALL"), Symbol("REST")
DAY = date(2012, 5, 1)


@pytest.fixture
def mine() -> Book:
    """A portfolio that holds FB."""
    instruments_register(instruments=[instrument(FB), instrument(ALL), instrument(REST)])
    mine = book(person("alice"))
    add(mine, deposit(mine))
    add(mine, purchase(mine, symbol=FB, at=TRADED + timedelta(days=1)))
    return mine


def booked() -> set[str]:
    return set(booked_symbols(actor=TEST))


def test_what_living_transactions_name_is_booked(mine: Book) -> None:
    assert booked() == {FB}
    gone = add(mine, purchase(mine, symbol=IBM, quantity="1"))
    assert booked() == {FB, IBM}
    delete(mine, gone)
    merger = replace(purchase(mine, symbol=FB, at=TRADED + timedelta(days=2)), type=TransactionType.MERGER)
    add(mine, replace(merger, quantity=None, price=None, new_symbol=ALL, split_new=1, split_old=1))
    assert booked() == {FB, ALL}
    portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert booked() == set()


def test_a_symbol_of_once_is_booked_under_the_one_of_now(mine: Book) -> None:
    instrument_rename(symbol=FB, new_symbol=META, since=DAY)
    assert booked() == {META}
    actions_record(actions=[Renaming(META, DAY + timedelta(days=9), Symbol("M"))], source="replay", at=REAL_NOW)
    assert booked() == {"M"}
    # One instrument under two symbols: the earlier of its first transactions counts.
    add(mine, purchase(mine, symbol="M", quantity="1", at=TRADED + timedelta(days=30)))
    assert booked_instruments(actor=TEST) == {record_ids(["M"])["M"]: TRADED + timedelta(days=1)}


def test_what_corporate_actions_made_of_it_is_booked_however_often(mine: Book) -> None:
    instrument_rename(symbol=FB, new_symbol=META, since=DAY)
    chain = (META, ALL), (ALL, REST), (REST, ALL)
    actions = [Takeover(old, DAY + number * timedelta(days=9), new, 1, 1) for number, (old, new) in enumerate(chain)]
    actions_record(actions=actions, source="replay", at=REAL_NOW)
    assert booked() == {META, ALL, REST}
    keys = record_ids([META, ALL, REST])
    assert booked_instruments(actor=TEST) == {
        keys[META]: TRADED + timedelta(days=1),
        keys[ALL]: None,
        keys[REST]: None,
    }


def test_of_one_portfolio_alone(mine: Book) -> None:
    bobs = book(person("bob"))
    add(bobs, purchase(bobs, symbol=IBM, quantity="1"))
    actions_record(actions=[Takeover(FB, DAY, ALL, 1, 1)], source="replay", at=REAL_NOW)
    keys = record_ids([FB, ALL, IBM])
    assert booked_in(mine.portfolio_id, actor=mine.owner) == {keys[FB], keys[ALL]}
    assert booked_in(bobs.portfolio_id, actor=TEST) == {keys[IBM]}
    assert booked_in(bobs.portfolio_id, actor=mine.owner) == frozenset()


def test_what_a_portfolio_is_compared_with_is_booked(mine: Book) -> None:
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=AAPL)
    assert booked() == {FB, AAPL}


def test_what_only_a_portfolio_knows_is_not_asked_of_feeds_until_it_is_taken(mine: Book) -> None:
    cask = purchase(mine, symbol="WINE", currency="USD", creates_instrument=True, instrument_name="A cask")
    add(mine, cask)
    assert booked() == {FB}
    instruments_register(instruments=[instrument(Symbol("WINE"))])
    assert booked() == {FB}
    bobs = book(person("bob"))
    of_feeds = add(bobs, purchase(bobs, symbol="WINE", quantity="1"))
    assert booked() == {FB, "WINE"}
    delete(bobs, of_feeds)
    assert booked() == {FB}
    offered_take(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="WINE")
    assert booked() == {FB, "WINE"}
