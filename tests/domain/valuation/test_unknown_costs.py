"""What nobody knows yet: a cost, a rate, the rates at all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, BROKER, buy, money, sell
from tests.domain.valuation.market import EUR, NOON, RATES, USD, book, calendar_of, fresh, quote
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.cost_basis import Consideration, Unknown
from tickfolio.domain.ledger.lots import ClosedLot
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.day_change import price_gain
from tickfolio.domain.valuation.intraday import DayPrices, Holdings, day_values
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.errors import UnknownCost

D = Decimal
TRADES = (
    buy("2012-05-14", "10", "1000 USD"),
    buy("2012-05-21 15:00", "10", "1000 USD"),
    sell("2012-05-21 15:30", "10", "1100 USD"),
)


def test_a_lot_that_came_without_its_cost_has_no_price_part() -> None:
    unknown, sold = Unknown(NOON, money("0 USD")), Consideration(NOON, money("10 USD"))
    lot = ClosedLot(TransactionId("in"), TransactionId("out"), D(1), unknown, sold, unknown)
    with pytest.raises(UnknownCost, match="came without its cost"):
        price_gain(lot, lot.opened, BaseRates(EUR, RATES))


def test_cash_without_a_rate_is_left_out_of_the_line_of_the_day() -> None:
    points = day_values(
        Holdings(cash={USD: D(100), Currency("JPY"): D(5000)}),
        [],
        DayPrices(opening={}, minutes={NOON: {}}),
        instruments={},
        rates=RATES,
        base=EUR,
        effects={},
    )
    assert [point.value for point in points] == [D(90)]


def test_an_average_that_was_advanced_before_any_rate_was_known_is_what_a_new_one_is() -> None:
    plain = book(*TRADES)
    facts = AccountFacts(BROKER, "Broker", AccountOptions(CostMethod.AVERAGE))
    averaged = PortfolioBook(plain.base, plain.zone, (facts,), TRADES, plain.instruments)
    early, late = (LivePortfolio(averaged, calendar_of=calendar_of) for _ in range(2))
    assert early.advance(NOON - timedelta(minutes=10))
    quotes = {AAPL: quote("110", "100")}
    one, other = (each.value(quote_of=quotes.get, quality_of=fresh, rates=RATES, at=NOON) for each in (early, late))
    assert one == other
    # 1700 euros for 20 units, half of them sold.
    assert one.rows[0].cost == D(850)
