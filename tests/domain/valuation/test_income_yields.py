"""What holdings paid in twelve months, measured by their value and by their cost. A dollar is 0.90 EUR."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, BANK, buy, deposit, dividend, interest, transfer_in
from tests.domain.valuation.market import NOON, RATES, calendar_of, fresh, quote
from tests.domain.valuation.test_payments import known_book, payments_in
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.domain.valuation.income_yields import Yield, yield_of_all, yields_of
from tickfolio.domain.valuation.revalue import LivePortfolio

D = Decimal
SAP = Symbol("SAP")
QUOTES = {AAPL: quote("200"), SAP: quote("50", symbol="SAP")}


def yields(*transactions: Transaction, quotes: Mapping[Symbol, Quote] = QUOTES) -> tuple[Yield, ...]:
    known = known_book(*transactions)
    portfolio = LivePortfolio(known, calendar_of=calendar_of)
    valuation = portfolio.value(quote_of=quotes.get, quality_of=fresh, rates=RATES, at=NOON)
    return yields_of(valuation.rows, payments_in(known, at=NOON))


BOOKED = (
    deposit("2012-05-01", "10000 EUR"),
    buy("2012-05-14", "10", "1000 EUR"),
    buy("2012-05-14", "10", "400 EUR", symbol=SAP),
    dividend("2012-05-15", "45 EUR", tax="5"),
    dividend("2012-05-15", "10 EUR", symbol=SAP),
    interest("2012-05-15", "7 EUR"),
)


def test_a_yield_is_gross_income_by_value_and_by_cost_the_most_first() -> None:
    apple, sap = yields(*BOOKED)
    assert (apple.symbol, apple.name, apple.income) == (AAPL, "Apple Inc.", D("45.00"))
    # 10 × 200 USD × 0.90
    assert (apple.value, apple.cost, apple.on_value, apple.on_cost) == (
        D("1800.00"),
        D("1000.00"),
        D("2.50"),
        D("4.50"),
    )
    assert (sap.value, sap.on_value, sap.on_cost) == (D("500.00"), D("2.00"), D("2.50"))


def test_accounts_that_hold_the_same_are_one() -> None:
    other = replace(buy("2012-05-14", "10", "2000 EUR"), account=BANK)
    (apple, _) = yields(*BOOKED, other)
    assert (apple.value, apple.cost, apple.on_value, apple.on_cost) == (
        D("3600.00"),
        D("3000.00"),
        D("1.25"),
        D("1.50"),
    )


def test_all_of_them_are_the_sum_of_the_rows() -> None:
    found = yield_of_all(yields(*BOOKED))
    assert (found.income, found.value, found.cost) == (D("55.00"), D("2300.00"), D("1400.00"))
    assert (found.on_value, found.on_cost) == (D("2.39"), D("3.93"))


def test_what_has_no_price_has_no_yield_on_value_and_is_in_no_percentage_of_all() -> None:
    found = yields(*BOOKED, quotes={SAP: QUOTES[SAP]})
    apple = found[0]
    assert (apple.value, apple.on_value) == (None, NotAvailable("the value is not known"))
    assert apple.on_cost == D("4.50")
    assert (yield_of_all(found).income, yield_of_all(found).on_value) == (D("55.00"), D("2.00"))


def test_what_came_without_its_cost_has_no_yield_on_cost() -> None:
    (apple,) = yields(transfer_in("2012-05-14", "10"), dividend("2012-05-15", "18 EUR"))
    assert (apple.on_value, apple.on_cost) == (D("1.00"), NotAvailable("the cost is not known"))
    everything = yield_of_all([apple])
    assert (everything.cost, everything.on_cost) == (None, NotAvailable("the cost is not known"))


def test_nothing_held_has_no_yield() -> None:
    assert yields(interest("2012-05-15", "7 EUR")) == ()
    nothing = yield_of_all(())
    assert (nothing.income, nothing.value, nothing.on_value) == (D(0), None, NotAvailable("the value is not known"))
