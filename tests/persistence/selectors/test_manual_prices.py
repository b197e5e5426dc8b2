from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.services.ledger_entries import Book, add, book, person, purchase
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.manual_prices import ManualPrice, ManualPrices
from tickfolio.persistence.models import ManualPrice as Row
from tickfolio.persistence.selectors.manual_prices import (
    manual_prices,
    private_instrument,
    private_instruments,
    typed_prices,
)

pytestmark = pytest.mark.django_db
HOUSE = Symbol("HOUSE")
MONDAY, TUESDAY = date(2012, 5, 21), date(2012, 5, 22)


def typed(mine: Book, sequence: int, day: date, price: str, version: int = 1, *, is_withdrawn: bool = False) -> None:
    Row(
        portfolio_id=mine.portfolio_id,
        symbol=HOUSE,
        day=day,
        price=Decimal(price),
        version=version,
        ledger_sequence=sequence,
        is_withdrawn=is_withdrawn,
        recorded_at=datetime(2026, 11, 27, 12, tzinfo=UTC),
    ).save()


@pytest.fixture
def mine() -> Book:
    mine = book(person("alice"))
    add(mine, purchase(mine, symbol=HOUSE, creates_instrument=True, currency="EUR", instrument_name="House"))
    typed(mine, 101, MONDAY, "10.50")
    typed(mine, 102, TUESDAY, "11")
    typed(mine, 103, MONDAY, "10.75", version=2)
    typed(mine, 104, TUESDAY, "11", version=2, is_withdrawn=True)
    return mine


def test_the_newest_version_stands_unless_it_withdraws(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = manual_prices(mine.portfolio_id, actor=mine.owner)
    assert found == {HOUSE: ManualPrices([ManualPrice(MONDAY, Decimal("10.75"))])}


def test_at_an_earlier_sequence_the_earlier_version_stands(mine: Book) -> None:
    found = manual_prices(mine.portfolio_id, actor=mine.owner, upto=102)[HOUSE]
    assert [each.price for each in found.all] == [Decimal("10.5"), Decimal(11)]
    assert manual_prices(mine.portfolio_id, actor=mine.owner, upto=100) == {}


def test_a_list_has_the_latest_day_first_and_what_was_withdrawn(mine: Book) -> None:
    found = typed_prices(mine.portfolio_id, actor=mine.owner)[HOUSE]
    assert [(each.day, each.version, each.is_withdrawn) for each in found] == [(TUESDAY, 2, True), (MONDAY, 2, False)]
    assert typed_prices(mine.portfolio_id, actor=mine.owner, symbol="OTHER") == {}


def test_nobody_else_sees_prices_or_instruments(mine: Book) -> None:
    bob = person("bob")
    assert manual_prices(mine.portfolio_id, actor=bob) == {}
    assert typed_prices(mine.portfolio_id, actor=bob) == {}
    assert private_instruments(mine.portfolio_id, actor=bob) == ()
    assert private_instrument(mine.portfolio_id, HOUSE, actor=bob) is None
    found = private_instrument(mine.portfolio_id, HOUSE, actor=mine.owner)
    assert found is not None
    assert private_instruments(mine.portfolio_id, actor=mine.owner) == (found,)
