"""What happens at the very moment of a split, of a close or of a payment falls on one side of it, always the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import buy, dividend, moment, sell
from tests.domain.valuation.market import EUR, NOON, STEADY, USD, book, calendar_of, quote, row_of, valued
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.valuation.day_change import units_at
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Day, Worth

D = Decimal
AT, TICK = moment("2012-05-21 12:00"), timedelta.resolution
SPLIT = [UnitChange(AT, new=2, old=1)]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (AT - TICK, AT, "20"),
        (AT - TICK, AT - TICK, "10"),
        (AT, AT, "10"),
        (AT, AT + TICK, "10"),
        (AT, AT - TICK, "5"),
        (AT + TICK, AT, "10"),
        (AT + TICK, AT - TICK, "5"),
    ],
)
def test_units_of_the_moment_of_a_split_are_those_of_after_it(since: datetime, until: datetime, expected: str) -> None:
    assert units_at(SPLIT, D(10), since=since, until=until) == D(expected)


@pytest.mark.parametrize("is_sold", [True, False])
@pytest.mark.parametrize(("bought_at", "gained"), [("2012-05-18 20:00", "20"), ("2012-05-18 20:00:00.000001", "50")])
def test_what_was_bought_at_the_very_close_was_held_at_the_reference(
    bought_at: str, gained: str, *, is_sold: bool
) -> None:
    bought = buy(bought_at, "2", "150 EUR")
    sold = [sell("2012-05-21 15:00", "2", "200 EUR")] if is_sold else []
    shown = valued(bought, *sold, quotes={"AAPL": quote("125", "112.5")}, rates=STEADY)
    worth = row_of(shown, "h:broker:AAPL").worth
    assert isinstance(worth, Worth)
    assert isinstance(worth.day, Day)
    # 112.50 dollars were 90 euros, and 125 are 100: from 180 to 200, or from the 150 that were paid.
    assert (worth.day.total, worth.day.reference) == (D(gained), 200 - D(gained))


def test_a_receivable_knows_no_rate_of_after_now() -> None:
    rates = rate_table(
        EUR,
        [
            (moment("2012-04-02"), {USD: D("1.25")}),
            (moment("2012-05-21"), {USD: D(1)}),
            (moment("2012-06-01"), {USD: D("0.5")}),
        ],
    )
    due = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-14")
    found = LivePortfolio(book(due), calendar_of=calendar_of).gains(quote_of=lambda _symbol: None, rates=rates, at=NOON)
    assert isinstance(found, Gains)
    # 17 dollars at 0.80, at 1 now; on the day of the payment they will be 34 euros.
    assert (found.value, found.income, found.cash_currency) == (D(17), D(16), D("3.4"))
