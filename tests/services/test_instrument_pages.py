"""What a portfolio has of an instrument: the same figures as on the portfolio's page."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, MONDAY
from tests.services.ledger_entries import TRADED, Book, add, deposit, person, purchase, sale
from tests.web.views.test_portfolios import bought, record
from tests.web.visits import set_market_clock
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.valuation import RowKind, Worth
from tickfolio.errors import NotFound
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.services import portfolios
from tickfolio.services.instrument_pages import InstrumentHeld, OwnTrades, instrument_held
from tickfolio.services.instruments import instrument_rename
from tickfolio.services.portfolio_values import valuation_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def mine() -> Book:
    mine = bought()
    record()
    return mine


def held(mine: Book, symbol: str = AAPL) -> InstrumentHeld:
    return instrument_held(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=symbol)  # type: ignore[arg-type]  # a symbol


def test_its_rows_are_those_of_the_portfolio_and_its_lots_add_up_to_them(mine: Book) -> None:
    add(mine, purchase(mine, quantity="3", price="333.33", at=TRADED + timedelta(days=1)))
    found, valued = held(mine), valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    (row,) = (row for row in valued.valuation.rows if row.kind is RowKind.HOLDING)
    (part,) = found.parts
    assert (part.row, found.totals, found.head) == (row, valued.valuation.totals, valued.head)
    assert isinstance(row.worth, Worth)
    assert [each.lot.quantity for each in part.lots] == [D(10), D(3)]
    assert sum(each.value or 0 for each in part.lots) == row.worth.value
    assert sum(each.lot.cost for each in part.lots if isinstance(each.lot.cost, Decimal)) == row.cost
    assert (found.base.code, found.unit) == ("EUR", D(1))
    assert found.rate is not None
    assert round(found.rate, 5) == D("0.78610")
    assert isinstance(part.cost_now, Decimal)


def test_each_account_is_a_part_of_its_own(mine: Book) -> None:
    second = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Second", currency="USD")
    other = Book(mine.owner, mine.portfolio_id, second.id)
    add(other, deposit(other, "2000.00"))
    add(other, purchase(other, quantity="2"))
    assert [(part.row.account_name, len(part.lots)) for part in held(mine).parts] == [("Broker", 1), ("Second", 1)]


def test_what_is_not_held_has_no_part_and_no_trade(mine: Book) -> None:
    found = held(mine, IBM)
    assert (found.parts, found.trades) == ((), ())
    assert found.rate is not None


def test_own_trades_are_counted_by_the_day_of_the_exchange(mine: Book) -> None:
    late = TRADED.replace(hour=23, minute=30)
    add(mine, purchase(mine, quantity="1", at=late))
    add(mine, sale(mine, quantity="1", at=late + timedelta(days=1)))
    assert held(mine).trades == (
        OwnTrades(date(2011, 3, 1), "buy", 2),
        OwnTrades(date(2011, 3, 2), "sell", 1),
    )


def test_trades_under_a_former_symbol_are_of_the_same_instrument(mine: Book) -> None:
    instrument_rename(symbol=AAPL, new_symbol="PEAR", since=MONDAY)  # type: ignore[arg-type]  # a symbol
    assert held(mine, "PEAR").trades == (OwnTrades(date(2011, 3, 1), "buy", 1),)


def test_a_position_that_was_closed_in_its_day_has_its_day_and_no_lots(mine: Book) -> None:
    valued = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    add(mine, sale(mine, quantity="10", price="505.00", at=valued.at))
    (part,) = held(mine).parts
    assert (part.row.quantity, part.lots, part.gain) == (D(0), (), None)
    assert part.cost_now == NotAvailable("nothing of it is held")


def test_without_a_price_lots_have_no_value() -> None:
    mine = bought()
    set_market_clock()
    (part,) = held(mine).parts
    assert [each.value for each in part.lots] == [None]
    assert isinstance(part.cost_now, NotAvailable)


def test_a_currency_without_a_rate_has_none(mine: Book) -> None:
    InstrumentRecord.objects.filter(symbol=IBM).update(currency="ISK")
    assert held(mine, IBM).rate is None
    InstrumentRecord.objects.filter(symbol=IBM).update(currency="EUR")
    assert held(mine, IBM).rate is None


def test_a_portfolio_of_somebody_else_is_not_there(mine: Book) -> None:
    with pytest.raises(NotFound):
        instrument_held(actor=person("oscar"), portfolio_id=mine.portfolio_id, symbol=AAPL)
