"""Payments that are known before they are made, and, apart from them, what would come if the last year were repeated.

**Source**: docs/reference/definitions.md, section Income.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import ActionOutcome, BeginsAt, Outcome, paid_for
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.cash_transactions import Interest
from tickfolio.domain.ledger.held_units import ZERO
from tickfolio.domain.ledger.incomes import Income, income_of, interest_of
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.ledger.trades import DividendPayment
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Money, rounded
from tickfolio.domain.records import Record
from tickfolio.domain.valuation.base_rates import CurrentRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.payments import Payment, ZoneOf, a_year_after, a_year_before, per_unit, units_before
from tickfolio.errors import MissingRate

NEAR = timedelta(days=45)
"""A known payment takes the place of a repeated one so near to it: half of a quarter."""

SAME_PAYMENT = timedelta(days=7)
"""Two accounts that are paid so near to each other are paid the same."""


class Coming(StrEnum):
    """What a known payment that is still to be made is."""

    DUE = "due"
    """Its ex-date has come: it counts, and is a receivable."""
    BOOKED = "booked"
    """In the ledger ahead of its day, entered or taken from a declared dividend."""
    DECLARED = "declared"
    """Told by market data, for an account that does not take it by itself."""


class ComingPayment(Record, frozen=True):
    """A payment that is known and still to be made.

    Attributes:
        units: held before its ex-date; 0 where that is not known.
        per_unit: the gross amount of one; None where that is not known.
        amount: what will be paid, less the tax that is known.
        value: `amount` in the base currency at the rate in force now, in its coins; or why it is not known.
        transaction: None where nothing is booked.
    """

    kind: Coming
    account: AccountId
    symbol: Symbol | None
    ex_day: date | None
    pay_day: date
    units: Decimal
    per_unit: Decimal | None
    amount: Money
    value: Decimal | NotAvailable
    transaction: TransactionId | None


class RepeatedPayment(Record, frozen=True):
    """A payment of the last twelve months as it would come again; it is nothing that anybody has said.

    Attributes:
        day: a year after what it repeats was paid.
        units: held now.
        per_unit: of then, on the basis of today's units.
    """

    symbol: Symbol
    day: date
    units: Decimal
    per_unit: Decimal
    amount: Money
    value: Decimal | NotAvailable


def coming_payments(
    payments: Iterable[Payment],
    outcomes: Iterable[ActionOutcome],
    book: PortfolioBook,
    *,
    rates: CurrentRates,
    begins_at: BeginsAt,
    zone_of: ZoneOf,
) -> tuple[ComingPayment, ...]:
    """What is due, booked ahead or declared at the moment of `rates`, by the day of its payment.

    Args:
        payments: what counts already.
        outcomes: what became of every corporate action in each account.
    """
    rows = [_due(each, rates) for each in payments if each.is_due]
    ahead = [
        (each.account, income_of(each) if isinstance(each, DividendPayment) else interest_of(each))
        for each in book.transactions
        if isinstance(each, (DividendPayment, Interest))
    ]
    ahead = [(account, income) for account, income in ahead if income.counts_at > rates.at]
    units = units_before(book.transactions, ahead)
    rows += [
        _ahead(account, income, book, units[account, income.transaction], rates, zone_of) for account, income in ahead
    ]
    for outcome in outcomes:
        row = _declared(outcome, rates, begins_at)
        if row is not None:
            rows.append(row)
    return tuple(sorted(rows, key=lambda row: (row.pay_day, row.symbol or "", row.account)))


def repeated_payments(
    payments: Sequence[Payment],
    coming: Iterable[ComingPayment],
    *,
    units: Mapping[Symbol, Decimal],
    splits: Mapping[tuple[AccountId, Symbol], Sequence[UnitChange]],
    rates: CurrentRates,
    today: date,
) -> tuple[RepeatedPayment, ...]:
    """What was paid a unit in the twelve months up to `today`, once more a year later, for what is held now.

    One that a known payment of the same instrument stands near to is left out: that one takes its place.

    Args:
        units: held now, of all accounts together.
        splits: that changed what a unit is, in each account.
    """
    begin = a_year_before(today)
    paid = [each for each in payments if not each.is_due and begin < each.paid_on <= today and each.units > 0]
    rows: list[RepeatedPayment] = []
    for symbol in sorted({each.symbol for each in paid if each.symbol is not None}):
        held = units.get(symbol, ZERO)
        if held <= 0:
            continue
        of_symbol = [each for each in paid if each.symbol == symbol]
        repeated = [
            _repeated(symbol, group, held, splits.get((group[0].account.id, symbol), ()), rates)
            for group in _same_payments(of_symbol)
        ]
        rows += _without_known(repeated, [each.pay_day for each in coming if each.symbol == symbol])
    return tuple(sorted(rows, key=lambda row: (row.day, row.symbol)))


# ---------- What is known ----------


def _due(payment: Payment, rates: CurrentRates) -> ComingPayment:
    amount = payment.gross - payment.tax
    return ComingPayment(
        kind=Coming.DUE,
        account=payment.account.id,
        symbol=payment.symbol,
        ex_day=payment.ex_day,
        pay_day=payment.paid_on,
        units=payment.units,
        per_unit=payment.per_unit,
        amount=amount,
        value=_value(amount, rates),
        transaction=payment.transaction,
    )


def _ahead(
    account: AccountId, income: Income, book: PortfolioBook, units: Decimal, rates: CurrentRates, zone_of: ZoneOf
) -> ComingPayment:
    """What is booked and does not count yet."""
    ex_day = None
    if income.is_accrued and income.symbol is not None:
        ex_day = income.counts_at.astimezone(zone_of(income.symbol)).date()
    return ComingPayment(
        kind=Coming.BOOKED,
        account=account,
        symbol=income.symbol,
        ex_day=ex_day,
        pay_day=income.paid.at.astimezone(book.zone).date(),
        units=units,
        per_unit=per_unit(income.gross.amount, units),
        amount=income.net,
        value=_value(income.net, rates),
        transaction=income.transaction,
    )


def _declared(outcome: ActionOutcome, rates: CurrentRates, begins_at: BeginsAt) -> ComingPayment | None:
    """What market data tell of and no ledger has."""
    action = outcome.fact.action
    if outcome.outcome not in (Outcome.NOT_WANTED, Outcome.BY_HAND) or not isinstance(action, CashDividend):
        return None
    if begins_at(action.symbol, action.ex_date) <= rates.at:
        return None
    amount = paid_for(outcome.units, action.amount, action.currency)
    return ComingPayment(
        kind=Coming.DECLARED,
        account=outcome.account,
        symbol=action.symbol,
        ex_day=action.ex_date,
        pay_day=action.pay_date or action.ex_date,
        units=outcome.units,
        per_unit=action.amount,
        amount=amount,
        value=_value(amount, rates),
        transaction=None,
    )


# ---------- What would come again ----------


def _same_payments(payments: Iterable[Payment]) -> list[list[Payment]]:
    """Payments of one instrument, those together that several accounts got of the same one."""
    groups: list[list[Payment]] = []
    for each in sorted(payments, key=lambda each: (each.paid_on, each.account.id, each.transaction)):
        last = groups[-1] if groups else []
        is_same = (
            bool(last)
            and each.paid_on - last[0].paid_on <= SAME_PAYMENT
            and each.gross.currency == last[0].gross.currency
            and all(each.account.id != other.account.id for other in last)
        )
        if is_same:
            last.append(each)
        else:
            groups.append([each])
    return groups


def _repeated(
    symbol: Symbol, group: Sequence[Payment], held: Decimal, splits: Sequence[UnitChange], rates: CurrentRates
) -> RepeatedPayment:
    first = group[0]
    gross, then = ZERO, ZERO
    for each in group:
        gross, then = EXACT.add(gross, each.gross.amount), EXACT.add(then, each.units)
    new = old = 1
    for split in splits:
        if split.at > first.counts_at:
            new, old = new * split.new, old * split.old
    of_one = per_unit(EXACT.multiply(gross, Decimal(old)), EXACT.multiply(then, Decimal(new)))
    assert of_one is not None
    amount = paid_for(held, of_one, first.gross.currency)
    return RepeatedPayment(symbol, a_year_after(first.paid_on), held, of_one, amount, _value(amount, rates))


def _without_known(repeated: Iterable[RepeatedPayment], known: Iterable[date]) -> list[RepeatedPayment]:
    """Each known payment takes the place of the nearest one."""
    left = list(repeated)
    for day in known:
        near = [each for each in left if abs(each.day - day) <= NEAR]
        if near:
            left.remove(min(near, key=lambda each: abs(each.day - day)))
    return left


# ---------- What they share ----------


def _value(amount: Money, rates: CurrentRates) -> Decimal | NotAvailable:
    try:
        rate = rates.rate(amount.currency)
    except MissingRate as missing:
        return NotAvailable(str(missing))
    return rounded(EXACT.multiply(amount.amount, rate), places=rates.base.minor_unit)
