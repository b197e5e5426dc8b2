from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, OPEN
from tests.services.ledger_entries import Book, book, person
from tests.services.test_manual_prices import HOUSE, NOW, market, owner_of_a_house, setting
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.manual_prices import BY_HAND
from tickfolio.domain.valuation.windows import day_ends
from tickfolio.services.book_prices import closes_of, closes_of_everybody, price_of
from tickfolio.services.ledgers import book_of
from tickfolio.services.price_history import close_histories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("market")]
__all__ = ["market"]
MSFT = Symbol("MSFT")
D = Decimal


@pytest.fixture
def mine() -> Book:
    return owner_of_a_house("alice")


def test_without_instruments_of_its_own_a_book_has_the_closes_of_everybody() -> None:
    bobs = book(person("bob"))
    assert closes_of(book_of(actor=bobs.owner, portfolio_id=bobs.portfolio_id).book) is close_histories()


def test_a_history_is_none_of_what_only_the_portfolio_knows() -> None:
    mine = owner_of_a_house("alice", symbol=MSFT)
    unpriced = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book
    closes = closes_of(unpriced)
    assert (MSFT in close_histories(), MSFT in closes, MSFT in list(closes)) == (True, False, False)
    assert (len(closes), price_of(unpriced)(MSFT, NOW)) == (len(close_histories()) - 1, None)
    setting(mine, symbol=MSFT)
    found = price_of(book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book)(MSFT, NOW)
    assert found is not None
    assert found.price == D(120)


def test_a_benchmark_has_the_history_that_everybody_knows() -> None:
    mine = owner_of_a_house("alice", symbol=MSFT)
    setting(mine, symbol=MSFT)
    closes = closes_of(book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book)
    assert closes_of_everybody(closes) is closes_of_everybody(close_histories()) is close_histories()


def test_a_typed_price_counts_at_the_end_of_its_day(mine: Book) -> None:
    setting(mine)
    known = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book
    closes = closes_of(known)
    assert len(closes) == len(list(closes)) == len(close_histories()) + 1
    history = closes[HOUSE]
    assert (list(history.sources), closes[AAPL]) == ([BY_HAND], close_histories()[AAPL])
    assert list(history.closed_at) == [day_ends(NOW.date() - timedelta(days=3), known.zone)]
    found = price_of(known)(HOUSE, NOW)
    assert found is not None
    assert found.at == history.closed_at[0]


def test_closes_of_a_book_are_those_of_everybody_and_its_own(mine: Book) -> None:
    empty = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book
    assert HOUSE not in closes_of(empty)
    assert price_of(empty)(HOUSE, NOW) is None
    setting(mine)
    mine_now = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book
    assert {HOUSE, AAPL} <= set(closes_of(mine_now))
    found = price_of(mine_now)(HOUSE, NOW)
    assert found is not None
    assert (found.price, price_of(mine_now)(HOUSE, OPEN - timedelta(days=4))) == (D(120), None)
    assert price_of(mine_now)(AAPL, NOW) == price_of(empty)(AAPL, NOW)
