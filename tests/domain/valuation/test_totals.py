"""Totals and the percentage of the day."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.domain.ledger.bookings import buy, deposit, dividend, fee, moment, sell, withdrawal
from tests.domain.valuation.market import (
    EUR,
    NOON,
    STEADY,
    book,
    calendar_of,
    quote,
    row_of,
    valued,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import NotAvailable, Quality
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.totals import RowTable, RunningTotals
from tickfolio.domain.valuation.valuation import OldestPrice

D = Decimal
SAP, TOKYO = Symbol("SAP"), ZoneInfo("Asia/Tokyo")
BEFORE, FRIDAY, EARLY, LATE = "2012-05-14", "2012-05-18 15:00", "2012-05-21 13:30", "2012-05-21 15:00"
BOTH = {"AAPL": quote("110", "100"), "SAP": quote("52", "50", symbol="SAP", at="2012-05-21 15:30")}


def test_a_portfolio_of_nothing_is_worth_nothing() -> None:
    totals = valued().totals
    assert (totals.value, totals.cost, totals.day, totals.priced, totals.oldest) == (D("0.00"), D(0), D(0), 0, None)
    assert f"{totals.value} {totals.day}" == "0.00 0.00"
    assert totals.unrealized_percent == NotAvailable("the cost is not above zero")
    assert totals.day_percent == NotAvailable("the value at the reference is not above zero")


def test_what_is_unpriced_is_left_out_of_every_total_and_counted() -> None:
    both = buy(BEFORE, "1", "80 USD"), buy(BEFORE, "10", "450 EUR", symbol=SAP), deposit(BEFORE, "80 USD")
    whole = valued(*both, quotes=BOTH, rates=STEADY).totals
    part = valued(*both, quotes={"SAP": BOTH["SAP"]}, rates=STEADY).totals
    assert (whole.value, whole.cost, whole.unrealized, whole.day) == (D("158.00"), D("514.00"), D("94.00"), D("28.00"))
    assert (part.value, part.cost, part.unrealized, part.day) == (D("70.00"), D("450.00"), D("70.00"), D("20.00"))
    assert (whole.priced, whole.unpriced, whole.stale) == (2, 0, 0)
    assert (part.priced, part.unpriced, part.stale) == (1, 1, 0)


def test_cash_is_in_the_value_and_not_in_the_cost() -> None:
    totals = valued(deposit(BEFORE, "1000 EUR"), buy(BEFORE, "10", "450 EUR", symbol=SAP), quotes=BOTH).totals
    assert (totals.value, totals.cost, totals.unrealized) == (D("1070.00"), D("450.00"), D("70.00"))
    assert totals.unrealized_percent == D("15.56")


def test_cash_without_a_rate_is_counted_as_unpriced() -> None:
    totals = valued(deposit(BEFORE, "1 EUR"), deposit(BEFORE, "100 JPY")).totals
    assert (totals.value, totals.unpriced, totals.priced) == (D("1.00"), 1, 0)


def test_each_total_knows_its_stale_prices_and_its_oldest() -> None:
    known = {Symbol(symbol): each for symbol, each in BOTH.items()}
    portfolio = LivePortfolio(
        book(buy(BEFORE, "1", "80 USD"), buy(BEFORE, "10", "450 EUR", symbol=SAP)), calendar_of=calendar_of
    )
    totals = portfolio.value(
        quote_of=known.get,
        quality_of=lambda symbol: Quality.STALE if symbol == SAP else Quality.REPLAY,
        rates=STEADY,
        at=NOON,
    ).totals
    assert (totals.priced, totals.stale) == (2, 1)
    assert totals.oldest == OldestPrice(SAP, moment("2012-05-21 15:30"))
    assert str(totals.reference_day) == "2012-05-18"


def test_a_position_that_was_closed_today_counts_in_the_day_and_is_no_holding() -> None:
    totals = valued(buy(BEFORE, "10", "900 USD"), sell(LATE, "10", "1100 USD"), quotes=BOTH, rates=STEADY).totals
    assert (totals.day, totals.priced, totals.oldest) == (D("80.00"), 0, None)


def test_a_row_without_a_day_is_counted() -> None:
    totals = valued(buy(BEFORE, "10", "900 USD"), quotes={"AAPL": quote("110")}, rates=STEADY).totals
    assert (totals.priced, totals.without_day) == (1, 1)
    assert totals.value == D("160.00")


def test_the_percentage_of_the_day_is_of_the_value_at_the_reference() -> None:
    totals = valued(
        deposit(BEFORE, "1720 EUR"), buy(BEFORE, "10", "900 EUR"), quotes={"AAPL": quote("110", "100")}, rates=STEADY
    ).totals
    # 10 × 10 × 0.8 of 820 of cash and 10 × 100 × 0.8.
    assert (totals.day, totals.day_opening, totals.day_percent) == (D("80.00"), D("1620.00"), D("4.94"))


def test_what_came_in_from_outside_today_is_part_of_what_the_percentage_is_of() -> None:
    kept = deposit(BEFORE, "900 EUR"), buy(BEFORE, "10", "500 EUR", symbol=SAP)
    totals = valued(*kept, deposit(EARLY, "100 EUR"), withdrawal(LATE, "50 EUR"), quotes=BOTH).totals
    # 400 of cash, 10 × 50, and 100 that came in; what went out stays in.
    assert (totals.day, totals.day_opening, totals.day_percent) == (D("20.00"), D("1000.00"), D("2.00"))


def test_a_purchase_today_is_no_inflow_of_the_portfolio() -> None:
    totals = valued(deposit(BEFORE, "1000 EUR"), buy(EARLY, "10", "500 EUR", symbol=SAP), quotes=BOTH).totals
    assert (totals.day, totals.day_opening, totals.day_percent) == (D("20.00"), D("1000.00"), D("2.00"))


def test_a_purchase_between_the_reference_and_the_owners_day_counts_once() -> None:
    friday = {"SAP": quote("52", "50", day="2012-05-18", symbol="SAP")}
    bought = deposit(BEFORE, "1000 EUR"), buy(FRIDAY, "10", "500 EUR", symbol=SAP)
    totals = valued(*bought, quotes=friday, at=moment("2012-05-19")).totals
    # On Saturday the cash of the morning is 500, and Thursday's holdings were nothing.
    assert (totals.day, totals.day_opening, totals.day_percent) == (D("20.00"), D("1000.00"), D("2.00"))


def test_a_sale_a_dividend_and_a_fee_between_the_two_count_once() -> None:
    friday = {"SAP": quote("52", "50", day="2012-05-18", symbol="SAP")}
    totals = valued(
        deposit(BEFORE, "500 EUR"),
        buy(BEFORE, "10", "500 EUR", symbol=SAP),
        sell(FRIDAY, "10", "515 EUR", symbol=SAP),
        dividend(FRIDAY, "8 EUR", symbol=SAP),
        fee(FRIDAY, "3 EUR", symbol=SAP),
        quotes=friday,
        at=moment("2012-05-19"),
    ).totals
    # 15 + 8 − 3 of Thursday's 10 × 50.
    assert (totals.day, totals.day_opening, totals.day_percent) == (D("20.00"), D("500.00"), D("4.00"))


def test_a_purchase_between_the_owners_day_and_the_reference_counts_once() -> None:
    # In Tokyo, Tuesday began at 15:00 UTC on Monday, before New York's close.
    totals = valued(
        deposit(BEFORE, "1000 EUR"),
        buy("2012-05-21 16:00", "10", "500 EUR", symbol=SAP),
        quotes={"SAP": quote("52", "50", day="2012-05-22", at="2012-05-22 13:45", symbol="SAP")},
        at=moment("2012-05-22 14:00"),
        zone=TOKYO,
    ).totals
    assert (totals.day, totals.day_opening, totals.day_percent) == (D("20.00"), D("1000.00"), D("2.00"))


def test_a_total_that_follows_its_rows_is_the_sum_of_those_that_are_left() -> None:
    rows = valued(buy(BEFORE, "1", "80 USD"), deposit(BEFORE, "200 USD"), quotes=BOTH, rates=STEADY).rows
    running = RunningTotals(EUR)
    for row in rows:
        running.include(row)
    running.exclude(rows[0])
    alone = RunningTotals(EUR)
    alone.include(rows[1])
    assert running.totals(rows[1:]) == alone.totals(rows[1:])


def test_a_table_keeps_a_row_that_is_equal_to_the_new_one() -> None:
    row = row_of(valued(deposit(BEFORE, "80 USD")), "c:broker:USD")
    table = RowTable(EUR)
    table.replace(row.key, row)
    table.replace(row.key, row.but())
    assert table.valuation(lambda: [row.key]).rows[0] is row


def test_a_table_drops_what_is_not_to_be_kept() -> None:
    row = row_of(valued(deposit(BEFORE, "80 USD")), "c:broker:USD")
    table = RowTable(EUR)
    table.replace("gone", row)
    table.replace(row.key, row)
    table.keep_only([row.key])
    table.replace("never there", None)
    left = table.valuation(lambda: ["gone", row.key])
    assert (left.rows, left.totals.value) == ((row,), D("72.00"))


def test_a_table_that_lost_a_row_is_read_without_it() -> None:
    row = row_of(valued(deposit(BEFORE, "80 USD")), "c:broker:USD")
    table = RowTable(EUR)
    table.replace("gone", row)
    table.replace(row.key, row)
    assert len(table.valuation(lambda: ["gone", row.key]).rows) == 2
    table.replace("gone", None)
    assert table.valuation(lambda: ["gone", row.key]).rows == (row,)


def test_a_table_asks_for_its_order_again_only_where_a_row_came_or_went() -> None:
    row = row_of(valued(deposit(BEFORE, "80 USD")), "c:broker:USD")
    table = RowTable(EUR)
    table.replace(row.key, row)
    table.valuation(lambda: [row.key])
    other = row.but(name="dollars")
    table.replace(row.key, other)
    assert table.valuation(list).rows == (other,)
