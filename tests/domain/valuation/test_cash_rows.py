"""What cash and receivables are worth, and what they gained over the owner's day.

A dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, and 0.90 EUR from then on; Berlin's Monday began at 22:00 UTC.
"""

from __future__ import annotations

from decimal import Decimal

from tests.domain.ledger.bookings import buy, deposit, dividend, exchange, fee, interest, moment, settled, withdrawal
from tests.domain.valuation.market import EUR, GBP, USD, row_of, valued
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.market.quotes import NotAvailable, Unpriced
from tickfolio.domain.valuation.cash_rows import NO_COST
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Worth

D = Decimal
BEFORE, EARLY, LATE = "2012-05-14", "2012-05-21 13:30", "2012-05-21 15:00"


def cash_row(currency: str, *transactions: Transaction) -> Row:
    return row_of(valued(*transactions), f"c:broker:{currency}")


def figures(row: Row) -> tuple[Decimal, Decimal]:
    """Value and day."""
    assert isinstance(row.worth, Worth)
    return row.worth.value, day_of(row).total


def day_of(row: Row) -> Day:
    assert isinstance(row.worth, Worth)
    assert isinstance(row.worth.day, Day)
    return row.worth.day


def test_cash_is_worth_its_amount_at_the_rate_of_now() -> None:
    row = cash_row("USD", deposit(BEFORE, "100 USD"))
    assert (row.kind, row.quantity, row.price, row.name) == (RowKind.CASH, D(100), D("0.9"), "USD")
    assert figures(row) == (D("90.00"), D("10.00"))


def test_cash_has_no_cost_basis() -> None:
    row = cash_row("USD", deposit(BEFORE, "100 USD"))
    assert isinstance(row.cost, NotAvailable)
    assert isinstance(row.worth, Worth)
    assert isinstance(row.worth.unrealized, NotAvailable)
    assert isinstance(row.worth.unrealized_percent, NotAvailable)


def test_the_day_of_cash_is_what_the_rate_did_to_it_and_to_each_flow_since() -> None:
    row = cash_row("USD", deposit(BEFORE, "100 USD"), deposit(EARLY, "50 USD"), withdrawal(LATE, "30 USD"))
    # 100 × (0.9 − 0.8) + 50 × (0.9 − 0.8) − 30 × (0.9 − 0.9).
    assert figures(row) == (D("108.00"), D("15.00"))
    assert (day_of(row).price, day_of(row).currency) == (D(0), D("15.00"))
    # 100 × 0.8 at the beginning of the day and 50 × 0.8 that came in.
    assert (day_of(row).reference, day_of(row).percent) == (D("120.00"), D("12.50"))


def test_a_flow_at_the_first_moment_of_the_day_is_of_the_day() -> None:
    first, last = deposit("2012-05-20 22:00", "100 USD"), deposit("2012-05-20 21:59", "100 USD")
    assert day_of(cash_row("USD", first)).opening == day_of(cash_row("USD", last)).opening == D("80.00")
    withdrawn = deposit(BEFORE, "100 USD"), withdrawal("2012-05-20 22:00", "30 USD")
    assert day_of(cash_row("USD", *withdrawn)).opening == D("80.00")
    assert day_of(cash_row("EUR", interest("2012-05-20 22:00", "5 EUR"))).income == D("5.00")
    assert day_of(cash_row("EUR", fee("2012-05-20 22:00", "5 EUR"))).fees == D("-5.00")
    assert day_of(cash_row("EUR", deposit(EARLY, "1 EUR"), fee("2012-05-20 21:59", "5 EUR"))).fees == 0


def test_cash_in_the_base_currency_never_gains_by_itself() -> None:
    row = cash_row("EUR", deposit(BEFORE, "100 EUR"), withdrawal(LATE, "30 EUR"))
    assert figures(row) == (D("70.00"), D("0.00"))


def test_a_fee_for_no_instrument_is_the_days_loss_of_the_cash() -> None:
    row = cash_row("USD", deposit(BEFORE, "100 USD"), fee(EARLY, "10 USD"))
    # 100 × 0.1 − 10 × 0.1 − 10 × 0.8.
    assert figures(row) == (D("81.00"), D("1.00"))
    assert (day_of(row).fees, day_of(row).currency) == (D("-8.00"), D("9.00"))


def test_an_exchange_counts_by_the_rate_really_paid() -> None:
    valuation = valued(deposit(BEFORE, "80 EUR"), exchange(EARLY, "80 EUR", "95 USD"))
    # 95 × 0.9 − 80: five dollars less than the rate in force would have given, and ten cents more a dollar since.
    assert figures(row_of(valuation, "c:broker:USD")) == (D("85.50"), D("5.50"))
    assert figures(row_of(valuation, "c:broker:EUR")) == (D("0.00"), D("0.00"))


def test_an_exchange_of_two_foreign_currencies_counts_by_what_was_bought() -> None:
    valuation = valued(deposit(BEFORE, "100 GBP"), exchange(EARLY, "100 GBP", "150 USD"))
    # 150 × 0.8 = 120 for 100 pounds of 1.25 each.
    assert figures(row_of(valuation, "c:broker:GBP")) == (D("0.00"), D("-5.00"))
    assert figures(row_of(valuation, "c:broker:USD")) == (D("135.00"), D("15.00"))


def test_a_purchase_settled_in_another_currency_takes_cash_at_the_rate_really_paid() -> None:
    purchase = buy(EARLY, "1", "100 EUR", settlement=settled("130 USD", rate="1.3", of="EUR"))
    # 200 × 0.1, and 130 dollars that would be 117 now brought 100.
    assert figures(cash_row("USD", deposit(BEFORE, "200 USD"), purchase)) == (D("63.00"), D("3.00"))


def test_an_overdraft_is_worth_less_than_nothing() -> None:
    row = cash_row("USD", withdrawal(BEFORE, "100 USD"))
    assert figures(row) == (D("-90.00"), D("-10.00"))
    assert day_of(row).percent == NotAvailable("the value at the reference is not above zero")


def test_cash_that_is_gone_keeps_its_row_until_the_day_is_over() -> None:
    assert figures(cash_row("USD", deposit(BEFORE, "100 USD"), withdrawal(LATE, "100 USD"))) == (D(0), D("10.00"))
    assert valued(deposit("2012-05-14", "100 USD"), withdrawal("2012-05-15", "100 USD")).rows == ()


def test_cash_that_went_with_the_first_moment_of_the_day_has_a_row() -> None:
    at_midnight = deposit(BEFORE, "100 USD"), withdrawal("2012-05-20 22:00", "100 USD")
    assert figures(cash_row("USD", *at_midnight)) == (D(0), D(0))


def test_cash_that_was_gone_before_and_came_and_went_today_has_a_row() -> None:
    before = deposit(BEFORE, "100 USD"), withdrawal("2012-05-15", "100 USD")
    assert figures(cash_row("USD", *before, deposit(EARLY, "100 USD"), withdrawal(LATE, "100 USD"))) == (
        D(0),
        D("10.00"),
    )


def test_less_than_one_unit_that_came_in_is_part_of_what_the_percentage_is_of() -> None:
    assert day_of(cash_row("USD", deposit(EARLY, "0.50 USD"))).reference == D("0.40")


def test_cash_that_came_today_needs_no_rate_of_the_beginning_of_the_day() -> None:
    begun = rate_table(EUR, [(moment("2012-05-21 09:00"), {USD: D("1.25")})])
    assert figures(row_of(valued(deposit(EARLY, "10 USD"), rates=begun), "c:broker:USD")) == (D("8.00"), D(0))


def test_cash_without_a_rate_is_unpriced() -> None:
    row = row_of(valued(deposit(BEFORE, "100 JPY")), "c:broker:JPY")
    assert (row.worth, row.price) == (Unpriced("no source of exchange rates knows JPY"), None)


def test_cash_whose_rate_is_withdrawn_in_the_day_is_unpriced() -> None:
    rates = rate_table(EUR, [(moment("2012-04-02"), {USD: D(2), GBP: D(1)}), (moment("2012-05-21"), {GBP: D(1)})])
    row = row_of(valued(deposit(BEFORE, "100 USD"), rates=rates), "c:broker:USD")
    assert row.worth == Unpriced("no exchange rate of USD is published at 2012-05-21")


def test_cash_that_had_no_rate_when_the_day_began_is_unpriced() -> None:
    begun = rate_table(EUR, [(moment("2012-05-21 09:00"), {USD: D("1.25")})])
    row = row_of(valued(deposit(BEFORE, "10 USD"), rates=begun), "c:broker:USD")
    assert (row.worth, row.price) == (Unpriced("no exchange rate of USD had been published by 2012-05-20"), D("0.8"))


def test_a_receivable_moves_with_the_rate_alone() -> None:
    due = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-14")
    row = row_of(valued(due), f"r:broker:{due.id}")
    # 17 × 0.9, and 17 × (0.9 − 0.8).
    assert (row.kind, row.quantity, figures(row)) == (RowKind.RECEIVABLE, D(17), (D("15.30"), D("1.70")))
    assert day_of(row).opening == D("13.60")
    assert isinstance(row.worth, Worth)
    assert (row.cost, row.worth.unrealized, row.worth.unrealized_percent) == (NO_COST, NO_COST, NO_COST)


def test_a_receivable_of_today_moved_since_it_began() -> None:
    due = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-21 04:00")
    row = row_of(valued(due), f"r:broker:{due.id}")
    assert (figures(row), day_of(row).opening, day_of(row).reference) == ((D("15.30"), D("1.70")), D(0), D("13.60"))


def test_a_receivable_that_begins_with_the_day_was_not_there_before_it() -> None:
    due = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-20 22:00")
    assert day_of(row_of(valued(due), f"r:broker:{due.id}")).opening == 0
    paid = dividend(LATE, "20 USD", tax="3", ex="2012-05-20 22:00")
    assert day_of(cash_row("USD", paid)).opening == 0


def test_the_row_of_the_cash_takes_over_what_a_paid_receivable_gained_in_the_day() -> None:
    paid = dividend(LATE, "20 USD", tax="3", ex="2012-05-14")
    row = cash_row("USD", paid)
    assert (figures(row), day_of(row).opening) == ((D("15.30"), D("1.70")), D("13.60"))
    assert [each.key for each in valued(paid).rows] == ["c:broker:USD"]


def test_a_receivable_without_a_rate_is_unpriced() -> None:
    due = dividend("2012-06-09", "20 JPY", ex="2012-05-14")
    assert row_of(valued(due), f"r:broker:{due.id}").worth == Unpriced("no source of exchange rates knows JPY")
