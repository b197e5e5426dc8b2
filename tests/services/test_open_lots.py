"""The lots that a sale may choose of, as the ledger has them at a moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL
from tests.services.ledger_entries import TRADED, Book, add, book, person, purchase, sale
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.drafts import LotDraft, TransactionDraft
from tickfolio.services.open_lots import PositionLot, lots_of

pytestmark = pytest.mark.django_db
LATER = TRADED + timedelta(days=30)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def lots(mine: Book, *, at: datetime = LATER, without: str | None = None, symbol: str = "aapl") -> list[PositionLot]:
    return list(
        lots_of(
            actor=mine.owner,
            portfolio_id=mine.portfolio_id,
            account_id=mine.account_id,
            symbol=symbol,
            at=at,
            without=without,
        )
    )


def test_each_purchase_is_a_lot_with_what_is_left_of_it_and_what_a_unit_cost(mine: Book) -> None:
    first = add(mine, purchase(mine, fees=Decimal(10)))
    second = add(mine, purchase(mine, quantity="5", price="400"))
    add(mine, sale(mine, quantity="4", at=TRADED + timedelta(days=1)))
    found = [(lot.transaction_id, lot.quantity, lot.unit_cost) for lot in lots(mine)]
    assert found == [(first.id, Decimal(6), Decimal(351)), (second.id, Decimal(5), Decimal(400))]
    assert [lot.quantity for lot in lots(mine, at=TRADED)] == [Decimal(10), Decimal(5)]
    assert lots(mine, symbol="IBM") == lots(mine, at=TRADED - timedelta(days=1)) == []


def test_a_lot_of_which_nothing_is_left_is_still_told(mine: Book) -> None:
    add(mine, purchase(mine, quantity="4"))
    add(mine, purchase(mine, quantity="5"))
    add(mine, sale(mine, quantity="4", at=TRADED + timedelta(days=1)))
    assert [lot.quantity for lot in lots(mine)] == [Decimal(0), Decimal(5)]


def test_for_a_sale_that_is_edited_what_it_took_is_there(mine: Book) -> None:
    add(mine, purchase(mine))
    sold = add(mine, sale(mine, quantity="4", at=TRADED + timedelta(days=1)))
    assert [lot.quantity for lot in lots(mine, at=sold.at)] == [Decimal(6)]
    assert [lot.quantity for lot in lots(mine, at=sold.at, without=sold.id)] == [Decimal(10)]


def test_of_the_moment_of_an_edited_sale_only_what_was_entered_before_it_counts(mine: Book) -> None:
    add(mine, purchase(mine))
    sold = add(mine, sale(mine, quantity="4"))
    add(mine, purchase(mine, quantity="1"))
    assert [lot.quantity for lot in lots(mine, at=TRADED, without=sold.id)] == [Decimal(10)]


def test_lots_that_came_by_a_transfer_have_the_days_of_their_purchases_and_no_cost_where_none_is_known(
    mine: Book,
) -> None:
    days = datetime(2009, 3, 2, tzinfo=UTC), datetime(2010, 3, 1, tzinfo=UTC)
    came = TransactionDraft(
        type=TransactionType.TRANSFER_IN,
        account_id=mine.account_id,
        at=TRADED,
        symbol=AAPL,
        quantity=Decimal(3),
        lots=(
            LotDraft(quantity=Decimal(1), acquired_at=days[0], cost=Decimal(100)),
            LotDraft(quantity=Decimal(2), acquired_at=days[1], cost=Decimal(350)),
        ),
    )
    add(mine, came)
    add(mine, replace(came, lots=()))
    known, unknown = lots(mine)
    assert (known.acquired_at, known.last_acquired_at, known.unit_cost) == (*days, Decimal(150))
    assert (unknown.acquired_at, unknown.quantity, unknown.unit_cost) == (TRADED, Decimal(3), None)


def test_where_the_ledger_cannot_be_without_the_edited_one_no_lots_are_told(mine: Book) -> None:
    bought = add(mine, purchase(mine))
    add(mine, sale(mine, at=TRADED + timedelta(days=1)))
    assert lots(mine, without=bought.id) == []
