"""The day of cash and of what is due, explained."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import row_of, standing, told
from tests.domain.ledger.bookings import buy, deposit, dividend, fee, interest, withdrawal
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.day_parts import PARTS
from tickfolio.domain.explain.days import row_day

D = Decimal


def test_cash_moves_with_its_rate() -> None:
    found = standing(deposit("2012-05-16", "100.00 USD"))
    row = row_of(found, "c:broker:USD")
    assert row_day(found, row).value == D("10.00")
    assert row_day(found, row, "currency").value == D("10.00")
    assert row_day(found, row, "price").formula == "0"
    assert "round(value − opening, 2)" in told(row_day(found, row))


def test_interest_charges_and_flows_of_the_day_are_told() -> None:
    found = standing(
        deposit("2012-05-16", "100.00 EUR"),
        interest("2012-05-21 10:00", "5.00 EUR", tax="1.00"),
        fee("2012-05-21 10:00", "2.00 EUR"),
        withdrawal("2012-05-21 11:00", "10.00 EUR"),
    )
    row = row_of(found, "c:broker:EUR")
    assert [row_day(found, row, part).value for part in ("income", "fees", "taxes", "currency")] == [
        D("5.00"), D("-2.00"), D("-1.00"), D("0.00"),
    ]  # fmt: skip
    assert "value − opening − moved + income − fees − taxes" in told(row_day(found, row))


def test_what_is_due_moves_with_the_rate_and_its_payment_takes_that_over() -> None:
    purchase, gross = buy("2012-05-16", "10", "5000.00 USD"), dividend("2012-06-01", "10.00 USD", ex="2012-05-18")
    found = standing(purchase, gross, quotes=(quote("550.00", "540.00"),))
    (row,) = (row for row in found.valuation.rows if row.kind == "receivable")
    assert row_day(found, row).value == D("1.00")
    assert [row_day(found, row, part).value for part in PARTS] == [D(0), D(0), D("1.00"), D(0), D(0), D(0)]
    paid = standing(purchase, dividend("2012-05-21 15:00", "10.00 USD", ex="2012-05-18"))
    assert "Value when it began to count" in told(row_day(paid, row_of(paid, "c:broker:USD")))
    euros = standing(
        buy("2012-05-16", "10", "500.00 EUR"),
        dividend("2012-06-01", "10.00 EUR", ex="2012-05-18"),
        quotes=(quote("5.00"),),
    )
    (row,) = (row for row in euros.valuation.rows if row.kind == "receivable")
    assert row_day(euros, row).value == D(0)
    assert "net − before" not in told(row_day(euros, row))
