"""A trade tried out on the lots that are open now, by each method."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, buy, sell
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.trades import Buy, Sell
from tickfolio.domain.ledger.trials import Trial, tried
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity

D = Decimal


def stated(consideration: Consideration) -> Decimal:
    """As if every currency were worth one of the base."""
    return consideration.stated.amount


def position(options: AccountOptions) -> Position:
    """Thirty at 1, eighteen at 3 and twelve at 2 each."""
    made = Position(AAPL, options, stated)
    for at, quantity, gross in (
        ("2010-03-14", "30", "30 USD"),
        ("2011-08-07", "18", "54 USD"),
        ("2012-02-21", "12", "24 USD"),
    ):
        made.buy(buy(at, quantity, gross))
    return made


def attempt(trade: Buy | Sell, held: Position, method: CostMethod, options: AccountOptions) -> Trial:
    return tried(trade, held, options=options, method=method, base_value=stated)


def relieved(trial: Trial) -> list[tuple[Decimal, Decimal]]:
    return [(lot.quantity, lot.opened.stated.amount) for lot in trial.closed]


@pytest.mark.parametrize(
    ("method", "lots"),
    [
        (CostMethod.FIFO, [(D(24), D(24))]),
        (CostMethod.LIFO, [(D(12), D(24)), (D(12), D(36))]),
        (CostMethod.HIFO, [(D(18), D(54)), (D(6), D(12))]),
        (CostMethod.AVERAGE, [(D(24), D("43.2"))]),
    ],
)
def test_each_method_takes_its_lots_and_the_position_stays_as_it_is(
    method: CostMethod, lots: list[tuple[Decimal, Decimal]]
) -> None:
    options = AccountOptions()
    held = position(options)
    trial = attempt(sell("2012-05-21", "24", "0 USD"), held, method, options)
    assert relieved(trial) == lots
    assert trial.left.quantity == D(36)
    assert sum(stated(cost) for cost in trial.left.costs()) + sum(cost for _, cost in lots) == D(108)
    assert (held.quantity, len(held.lots), held.closed) == (D(60), 3, [])


def test_an_averaged_account_takes_its_pool_and_every_other_method_what_each_lot_itself_cost() -> None:
    options = AccountOptions(method=CostMethod.AVERAGE)
    held = position(options)
    held.sell(sell("2012-03-01", "30", "90 USD"))
    # 54 of the pool's 108 are left; the lots that are left cost 78.
    sale = sell("2012-05-21", "30", "0 USD")
    assert sum(cost for _, cost in relieved(attempt(sale, held, CostMethod.AVERAGE, options))) == D(54)
    assert sum(cost for _, cost in relieved(attempt(sale, held, CostMethod.FIFO, options))) == D(78)


def test_what_is_held_short_is_bought_back() -> None:
    options = AccountOptions(allows_shorts=True)
    held = Position(AAPL, options, stated)
    held.sell(sell("2012-02-01", "5", "50 USD"))
    held.sell(sell("2012-03-01", "5", "60 USD"))
    trial = attempt(buy("2012-05-21", "6", "0 USD"), held, CostMethod.LIFO, options)
    assert relieved(trial) == [(D(-5), D(60)), (D(-1), D(10))]
    assert trial.left.quantity == D(-4)


def test_what_the_ledger_would_refuse_is_refused() -> None:
    options = AccountOptions()
    held = position(options)
    with pytest.raises(InsufficientQuantity):
        attempt(sell("2012-05-21", "61", "0 USD"), held, CostMethod.FIFO, options)
    held.buy(buy("2012-03-01", "1", "1 EUR"))
    with pytest.raises(ImpossibleLedger, match="where costs are averaged"):
        attempt(sell("2012-05-21", "61", "0 USD"), held, CostMethod.AVERAGE, options)
