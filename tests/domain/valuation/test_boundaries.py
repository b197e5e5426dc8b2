"""What happens at the very moment of a split, of a close or of a payment falls on one side of it, always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, BROKER, buy, dividend, fee, moment, sell, split
from tests.domain.valuation.market import EUR, NOON, STEADY, USD, book, calendar_of, quote, row_of, valued
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.valuation.day_change import has_moved, units_sold
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Day, Worth
from tickfolio.domain.valuation.windows import Window

D = Decimal
AT, TICK = moment("2012-05-21 12:00"), timedelta.resolution
SPLIT = [UnitChange(AT, new=2, old=1, closed=1)]
"""After the first sale and before the second."""


@pytest.mark.parametrize(
    ("number", "until", "expected"),
    [
        (0, AT - TICK, "10"),
        (0, AT, "20"),
        (0, AT + TICK, "20"),
        (1, AT - TICK, "5"),
        (1, AT, "10"),
        (1, AT + TICK, "10"),
    ],
)
def test_a_price_of_the_moment_of_a_split_is_of_after_it(number: int, until: datetime, expected: str) -> None:
    assert units_sold(SPLIT, D(10), number=number, until=until) == D(expected)


@pytest.mark.parametrize(("entered", "units"), [("sale first", "5"), ("split first", "10")])
def test_of_a_sale_and_a_split_of_one_moment_the_order_of_entry_decides(entered: str, units: str) -> None:
    # Ten shares closed at 100 euros, so that twenty are at 50. Five of the ten are sold, or ten of the twenty.
    early = "2012-05-21 12:00"
    sale, doubled = sell(early, units, "600 EUR"), split(early, 2, 1)
    if entered == "split first":
        sale, doubled = replace(sale, sequence=doubled.sequence), replace(doubled, sequence=sale.sequence)
    shown = valued(
        buy("2012-05-14", "10", "900 EUR"), sale, doubled, quotes={"AAPL": quote("62.50", "62.50")}, rates=STEADY
    )
    worth = row_of(shown, "h:broker:AAPL").worth
    assert isinstance(worth, Worth)
    assert isinstance(worth.day, Day)
    # 62.50 dollars are 50 euros: what was sold for 600 had stood at 500, and the other half did not move.
    assert (worth.value, worth.day.total, worth.day.reference) == (D(500), D(100), D(1000))


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


@pytest.mark.parametrize(("at", "is_of_the_day"), [("2012-05-18 20:00", False), ("2012-05-18 20:00:00.000001", True)])
def test_what_happened_at_the_very_reference_is_not_of_the_day(at: str, *, is_of_the_day: bool) -> None:
    window = Window(moment("2012-05-18 20:00"), date(2012, 5, 18))
    for happened in (sell(at, "1", "1 USD"), dividend(at, "1 USD"), fee(at, "1 USD", symbol=AAPL)):
        position = fold(BROKER, [buy("2012-05-14", "1", "1 USD"), happened]).position(AAPL)
        assert has_moved(position, window) is is_of_the_day


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


@pytest.mark.parametrize(("sold_at", "gained"), [("2012-05-18 20:00", "10"), ("2012-05-18 20:00:00.000001", "420")])
def test_what_was_sold_at_the_very_close_is_not_of_the_day(sold_at: str, gained: str) -> None:
    trades = buy("2012-05-14", "2", "180 EUR"), sell(sold_at, "1", "500 EUR")
    shown = valued(*trades, quotes={"AAPL": quote("125", "112.5")}, rates=STEADY)
    worth = row_of(shown, "h:broker:AAPL").worth
    assert isinstance(worth, Worth)
    assert isinstance(worth.day, Day)
    # The one that is held went from 90 euros to 100; the other brought 410 more than the 90 it had stood at.
    assert worth.day.total == D(gained)


def test_each_sale_counts_in_its_own_units_where_a_split_is_between_them() -> None:
    trades = (
        buy("2012-05-14", "10", "900 EUR"),
        sell("2012-05-21 12:00", "5", "600 EUR"),
        split("2012-05-21 12:30", 2, 1),
        sell("2012-05-21 13:00", "4", "250 EUR"),
    )
    shown = valued(*trades, quotes={"AAPL": quote("62.50", "62.50")}, rates=STEADY)
    worth = row_of(shown, "h:broker:AAPL").worth
    assert isinstance(worth, Worth)
    assert isinstance(worth.day, Day)
    # At 50 euros a new share ten of them were sold for 600, and four for 250; six are still there.
    assert (worth.value, worth.day.total, worth.day.reference) == (D(300), D(150), D(1000))
