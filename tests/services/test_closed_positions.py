from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tests.web.visits import set_market_clock
from tickfolio.errors import NotFound
from tickfolio.services.closed_positions import closed_positions

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


def test_nothing_is_closed_as_long_as_a_unit_is_held(mine: Book) -> None:
    add(mine, deposit(mine, "5000.00"))
    add(mine, purchase(mine, quantity="10"))
    add(mine, sale(mine, quantity="9"))
    assert closed_positions(actor=mine.owner, portfolio_id=mine.portfolio_id).positions == ()


def test_a_closed_position_has_what_all_its_lots_brought_and_the_day_of_the_last(mine: Book) -> None:
    add(mine, deposit(mine, "5000.00"))
    add(mine, purchase(mine, quantity="10"))
    add(mine, sale(mine, quantity="4"))
    add(mine, sale(mine, quantity="6", price="400.00"))
    found = closed_positions(actor=mine.owner, portfolio_id=mine.portfolio_id)
    (position,) = found.positions
    assert (position.symbol, position.account, position.totals.counted) == ("AAPL", mine.account_id, 2)
    assert isinstance(position.opened, date)
    assert position.closed >= position.opened
    assert position.totals.gain == position.totals.proceeds - position.totals.cost != Decimal(0)
    assert found.totals == position.totals


def test_a_stranger_is_told_of_nothing(mine: Book) -> None:
    with pytest.raises(NotFound):
        closed_positions(actor=person("mallory"), portfolio_id=mine.portfolio_id)
