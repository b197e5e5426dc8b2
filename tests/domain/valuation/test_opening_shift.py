"""What moved between a row and the cash between the two references of a day, to the very moment.

The reference of the row is Friday's close at 20:00 UTC; the owner's day begins at another moment.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, BROKER, buy, dividend, fee, moment, sell
from tests.domain.valuation.market import EUR, STEADY, USD
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.day_change import DayFacts, DaySums, day_sums
from tickfolio.domain.valuation.windows import Window

D = Decimal
CLOSE = moment("2012-05-18 20:00")
LATER, EARLIER = moment("2012-05-20 22:00"), moment("2012-05-18 15:00")
TICK = timedelta.resolution


def sums(*transactions: Transaction, day_start: datetime = LATER) -> DaySums:
    window = Window(CLOSE, date(2012, 5, 18))
    facts = DayFacts(window, moment("2012-05-21 20:00"), day_start, USD, BaseRates(EUR, STEADY))
    return day_sums(fold(BROKER, transactions).position(AAPL), facts)


def shift(kind: str, at: datetime, day_start: datetime) -> Decimal:
    """Of a hundred euros that were paid, received, earned or charged at that moment."""
    text = at.strftime("%Y-%m-%d %H:%M:%S.%f")
    booked: dict[str, list[Transaction]] = {
        "bought": [buy(text, "1", "100 EUR")],
        "sold": [buy("2012-05-01", "1", "50 EUR"), sell(text, "1", "100 EUR")],
        "earned": [dividend(text, "100 EUR")],
        "charged": [fee(text, "100 EUR", symbol=AAPL)],
    }
    return sums(*booked[kind], day_start=day_start).opening_shift


@pytest.mark.parametrize(("kind", "sign"), [("bought", 1), ("sold", -1), ("earned", -1), ("charged", 1)])
def test_what_moved_after_the_reference_and_before_the_day_is_in_the_shift(kind: str, sign: int) -> None:
    moments = (CLOSE, CLOSE + TICK, LATER - TICK, LATER)
    assert [shift(kind, at, LATER) for at in moments] == [0, 100 * sign, 100 * sign, 0]


@pytest.mark.parametrize(("kind", "sign"), [("bought", -1), ("sold", 1), ("earned", 1), ("charged", -1)])
def test_what_moved_in_the_day_and_before_the_reference_is_in_it_the_other_way(kind: str, sign: int) -> None:
    moments = (EARLIER - TICK, EARLIER, CLOSE, CLOSE + TICK)
    assert [shift(kind, at, EARLIER) for at in moments] == [0, 100 * sign, 100 * sign, 0]


def test_income_and_fees_of_the_very_reference_are_not_of_the_day() -> None:
    for at, expected in (("2012-05-18 20:00", 0), ("2012-05-18 20:00:00.000001", 100)):
        found = sums(dividend(at, "100 EUR"), fee(at, "100 EUR", symbol=AAPL))
        assert (found.income, found.fees) == (D(expected), D(expected))


def test_what_was_bought_is_summed_by_currency() -> None:
    trades = buy("2012-05-21", "1", "100 USD"), buy("2012-05-21", "1", "20 EUR"), buy("2012-05-21", "1", "50 USD")
    assert dict(sums(*trades).bought_stated) == {USD: D(150), EUR: D(20)}


def test_where_the_day_begins_at_the_reference_its_moment_is_of_the_cash_alone() -> None:
    assert [shift(kind, CLOSE, CLOSE) for kind in ("bought", "sold", "earned", "charged")] == [-100, 100, 100, -100]
    assert [shift(kind, CLOSE + TICK, CLOSE) for kind in ("bought", "sold", "earned", "charged")] == [0, 0, 0, 0]
