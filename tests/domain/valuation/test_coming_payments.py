"""Payments that are known before they are made, and those that would come if the last year were repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.domain.ledger.bookings import AAPL, BANK, BROKER, buy, dividend, interest, moment, sell, split
from tests.domain.valuation.gain_reports import BEFORE
from tests.domain.valuation.market import EUR, RATES, USD, calendar_of
from tests.domain.valuation.test_payments import NEW_YORK, known_book, payments_in
from tickfolio.domain.corporate_actions import ActionFact, CashDividend, CorporateAction, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.completed import completed
from tickfolio.domain.ledger.cost_basis import no_base_value
from tickfolio.domain.ledger.options import AccountOptions, ActionRule
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.coming_payments import (
    Coming,
    ComingPayment,
    RepeatedPayment,
    coming_payments,
    repeated_payments,
)
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import day_begins

D = Decimal
NOW = moment("2012-06-01 12:00")
TODAY = date(2012, 6, 1)
ALL, NONE = AccountOptions(actions=ActionRule.ALL), AccountOptions(actions=ActionRule.NONE)


def begins(_symbol: Symbol, day: date) -> datetime:
    return day_begins(day, NEW_YORK)


def declared(ex: str, amount: str, pay: str | None = None, currency: Currency = USD) -> CashDividend:
    return CashDividend(
        AAPL, date.fromisoformat(ex), D(amount), currency, None if pay is None else date.fromisoformat(pay)
    )


def coming(
    *transactions: Transaction, actions: Sequence[CorporateAction] = (), options: AccountOptions = ALL
) -> tuple[ComingPayment, ...]:
    applied = completed(
        transactions,
        [ActionFact(number, action) for number, action in enumerate(actions, start=1)],
        options={BROKER: options, BANK: options},
        begins_at=begins,
        base_value=no_base_value,
    )
    known = known_book(*applied.transactions)
    return coming_payments(
        payments_in(known, at=NOW),
        applied.outcomes,
        known,
        rates=current(),
        begins_at=begins,
        zone_of=lambda _symbol: NEW_YORK,
    )


def current() -> CurrentRates:
    return CurrentRates(BaseRates(EUR, RATES), NOW)


def repeated(
    *transactions: Transaction, units: Mapping[Symbol, Decimal] | None = None, known: Sequence[ComingPayment] = ()
) -> tuple[RepeatedPayment, ...]:
    booked = known_book(*transactions)
    ledgers = LivePortfolio(booked, calendar_of=calendar_of).ledgers(rates=RATES, at=NOW)
    held: dict[Symbol, Decimal] = {}
    splits = {}
    for facts, ledger in ledgers:
        for symbol, position in ledger.positions.items():
            held[symbol] = held.get(symbol, D(0)) + position.quantity
            splits[facts.id, symbol] = position.splits
    return repeated_payments(
        payments_in(booked, at=NOW),
        known,
        units=held if units is None else units,
        splits=splits,
        rates=current(),
        today=TODAY,
    )


# ---------- What is known ----------


def test_what_counts_and_is_not_paid_is_due_less_its_tax_at_the_rate_in_force_now() -> None:
    (row,) = coming(buy(BEFORE, "10", "100 USD"), dividend("2012-06-15", "13 USD", tax="3", ex="2012-05-21 04:00"))
    assert (row.kind, row.ex_day, row.pay_day) == (Coming.DUE, date(2012, 5, 21), date(2012, 6, 15))
    assert (row.units, row.per_unit, row.amount) == (D(10), D("1.30"), Money(D(10), USD))
    assert row.value == D("9.00")
    assert row.transaction is not None


def test_what_an_account_takes_by_itself_is_booked_ahead() -> None:
    (row,) = coming(buy(BEFORE, "10", "100 USD"), actions=[declared("2012-06-11", "0.50", "2012-06-29")])
    assert (row.kind, row.account, row.symbol) == (Coming.BOOKED, BROKER, AAPL)
    assert (row.ex_day, row.pay_day) == (date(2012, 6, 11), date(2012, 6, 29))
    assert (row.units, row.per_unit, row.amount, row.value) == (D(10), D("0.50"), Money(D("5.00"), USD), D("4.50"))


def test_what_an_account_does_not_take_is_declared_and_nothing_is_booked() -> None:
    (row,) = coming(buy(BEFORE, "10", "100 USD"), actions=[declared("2012-06-11", "0.50")], options=NONE)
    assert (row.kind, row.pay_day, row.amount) == (Coming.DECLARED, date(2012, 6, 11), Money(D("5.00"), USD))
    assert row.transaction is None


def test_what_should_be_booked_already_is_none_of_them_and_neither_is_a_split_to_come() -> None:
    old, to_come = declared("2012-05-21", "0.50"), Split(AAPL, date(2012, 6, 11), new=2, old=1)
    assert coming(buy(BEFORE, "10", "100 USD"), actions=[old, to_come], options=NONE) == ()


def test_what_was_booked_ahead_by_hand_is_of_the_units_held_before_it() -> None:
    rows = coming(
        buy("2012-06-04", "2", "1 EUR"),
        dividend("2012-06-15", "13 USD", tax="3"),
        interest("2012-07-02", "5 JPY"),
        dividend("2012-07-10", "7 EUR", ex="2012-07-03 04:00"),
        buy("2012-07-11", "1", "1 EUR"),
    )
    assert [(row.symbol, row.pay_day, row.units, row.per_unit, row.ex_day) for row in rows] == [
        (AAPL, date(2012, 6, 15), D(2), D("6.50"), None),
        (None, date(2012, 7, 2), D(0), None, None),
        (AAPL, date(2012, 7, 10), D(2), D("3.50"), date(2012, 7, 3)),
    ]
    assert rows[0].amount == Money(D(10), USD)
    assert rows[1].value == NotAvailable("no source of exchange rates knows JPY")


# ---------- What would come again ----------


def test_a_payment_of_the_last_twelve_months_is_repeated_for_what_is_held_now() -> None:
    (row,) = repeated(
        buy("2011-01-03", "10", "100 USD"), dividend("2011-09-09", "13 USD", tax="3"), buy(BEFORE, "5", "100 USD")
    )
    assert (row.symbol, row.day, row.units, row.per_unit) == (AAPL, date(2012, 9, 9), D(15), D("1.30"))
    assert (row.amount, row.value) == (Money(D("19.50"), USD), D("17.55"))


def test_nothing_else_is_repeated() -> None:
    held = buy("2010-01-04", "10", "100 USD")
    assert repeated(held, dividend("2011-06-01", "13 USD")) == ()  # a year and a day ago
    assert repeated(held, dividend("2012-06-15", "13 USD", ex="2012-05-21 04:00")) == ()  # not paid yet
    assert repeated(held, dividend("2011-09-09", "13 USD"), sell("2012-01-03", "10", "1 USD")) == ()
    assert repeated(interest("2011-09-09", "13 USD")) == ()
    assert repeated(held, dividend("2011-09-09", "13 USD"), units={}) == ()


def test_units_of_before_a_split_are_told_in_those_of_today() -> None:
    (row,) = repeated(
        buy("2011-01-03", "10", "100 USD"),
        split("2011-03-01", 3, 1),
        dividend("2011-09-09", "30 USD"),
        split("2012-02-01", 2, 1),
    )
    assert (row.units, row.per_unit, row.amount.amount) == (D(60), D("0.50"), D("30.00"))


def test_what_several_accounts_got_is_one_payment_and_what_one_got_twice_is_two() -> None:
    bought = buy("2011-01-03", "10", "100 USD")
    others = replace(buy("2011-01-03", "30", "100 USD"), account=BANK)
    first = dividend("2011-09-09", "10 USD")
    rows = repeated(bought, others, first, replace(dividend("2011-09-12", "30 USD"), account=BANK))
    assert [(row.day, row.units, row.amount.amount) for row in rows] == [(date(2012, 9, 9), D(40), D("40.00"))]
    rows = repeated(bought, first, dividend("2011-09-12", "5 USD"), dividend("2011-12-09", "10 USD"))
    assert [row.amount.amount for row in rows] == [D("10.00"), D("5.00"), D("10.00")]
    rows = repeated(bought, others, first, replace(dividend("2011-09-09", "30 EUR"), account=BANK))
    assert {row.amount.currency for row in rows} == {USD, EUR}


def test_a_known_payment_takes_the_place_of_the_nearest_repeated_one() -> None:
    booked: list[Transaction] = [buy("2011-01-03", "10", "100 USD")]
    booked += [dividend(day, "10 USD") for day in ("2011-06-20", "2011-09-20", "2011-12-20")]
    far = coming(*booked[:1], actions=[declared("2012-08-10", "1.10", "2012-08-25")])
    assert [row.day for row in repeated(*booked, known=far)] == [date(2012, 6, 20), date(2012, 12, 20)]
    other = [each.but(symbol=Symbol("SAP")) for each in far]
    assert len(repeated(*booked, known=other)) == 3
    late = coming(*booked[:1], actions=[declared("2013-03-01", "1.10")])
    assert len(repeated(*booked, known=late)) == 3


def test_the_zone_of_the_owner_tells_the_day_of_a_payment() -> None:
    booked = buy(BEFORE, "10", "100 USD"), dividend("2012-06-14 23:00", "13 USD", ex="2012-05-21 04:00")
    assert known_book().zone == ZoneInfo("Europe/Berlin")
    assert [row.pay_day for row in coming(*booked)] == [date(2012, 6, 15)]
