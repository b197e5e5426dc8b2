"""Ledgers kept for explanations: of the very book that was asked for, and left at their moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, BROKER, buy
from tests.domain.valuation.market import NOON, RATES, USD, book, quote
from tickfolio.domain.explain.standing import Sources, Standing
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.services import folded_books
from tickfolio.services.folded_books import MOST_BOOKS, FoldedBook, folded_book
from tickfolio.services.valuations import RecordedMarket

SOURCES = Sources(lambda _symbol, _at: None, RATES, "closes", "a bank")
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def none_kept() -> Iterator[None]:
    folded_books._folded.clear()
    yield
    folded_books._folded.clear()


def standing(folded: FoldedBook, price: str = "55.00", *, hours: int = 0, sources: Sources = SOURCES) -> Standing:
    at = NOON + timedelta(hours=hours)
    market = RecordedMarket(at, {AAPL: quote(price, "50.00")}, dict(folded.book.instruments))
    return folded.standing(market, at=at, sources=sources)


def mine() -> PortfolioBook:
    return book(buy("2012-05-16", "10", "500.00 USD"), buy("2012-05-21 18:00", "1", "60.00 USD"))


def units(found: Standing) -> list[int]:
    return [int(each.after) for each in found.units_of(BROKER, AAPL)]


def test_a_book_is_folded_once_however_prices_move() -> None:
    folded = FoldedBook(mine())
    first, second = standing(folded), standing(folded, "56.00")
    assert first.live is second.live
    assert [each.valuation.rows[0].price for each in (first, second)] == [Decimal("55.00"), Decimal("56.00")]
    anew = standing(FoldedBook(mine()), "56.00")
    assert second.valuation == anew.valuation


def test_what_the_market_reaches_is_folded_anew_and_the_one_before_stays_as_it_was() -> None:
    folded = FoldedBook(mine())
    before, after = standing(folded), standing(folded, hours=4)
    assert before.live is not after.live
    assert before.position(BROKER, AAPL).quantity == 10
    assert after.position(BROKER, AAPL).quantity == 11
    assert (units(before), units(after)) == ([10], [10, 11])
    back = standing(folded)
    assert back.live is not after.live
    assert (units(back), back.valuation) == ([10], before.valuation)


def test_other_rates_are_other_ledgers() -> None:
    folded = FoldedBook(mine())
    others = replace(SOURCES, rates=RATES.extended([(LATER, {USD: Decimal("1.20")})]))
    assert standing(folded).live is not standing(folded, sources=others).live


def test_a_ledger_is_given_to_who_asks_with_its_very_book_alone() -> None:
    first, equal = mine(), mine()
    folded = folded_book("one", first)
    assert folded_book("one", first) is folded
    assert folded_book("another", first) is not folded
    # An equal book is of another reading: a portfolio's facts, or somebody else's.
    assert folded_book("one", equal) is not folded
    assert folded_book("one", equal).book is equal


def test_of_so_many_portfolios_the_one_not_asked_for_the_longest_makes_room() -> None:
    known = mine()
    first = folded_book("0", known)
    for number in range(1, MOST_BOOKS):
        folded_book(str(number), known)
    assert folded_book("0", known) is first
    folded_book("one more", known)
    assert len(folded_books._folded) == MOST_BOOKS
    assert "1" not in folded_books._folded
    assert folded_book("0", known) is first


def test_the_booked_instruments_are_those_of_the_transactions() -> None:
    assert FoldedBook(mine()).booked == {AAPL}
    assert FoldedBook(book()).booked == frozenset[Symbol]()
