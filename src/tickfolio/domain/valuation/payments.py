"""What a portfolio was paid, one row an income, and its sums by month and year.

**Source**: docs/reference/definitions.md, section Income.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.held_units import ZERO, HeldUnits
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.transactions import AccountId, Transaction, in_ledger_order
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, MAX_PRICE_PLACES, ROUNDING, Money, rounded, trimmed
from tickfolio.domain.records import Record
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.incomes import income_value
from tickfolio.domain.valuation.year_sums import paid_past
from tickfolio.errors import MissingRate

type ZoneOf = Callable[[Symbol], ZoneInfo]
"""The zone of an instrument's exchange."""

type Month = tuple[int, int]
"""A year and its month, 1 to 12."""


class BasePayment(Record, frozen=True):
    """Gross and tax in the base currency, each rounded once to its coins."""

    gross: Decimal
    tax: Decimal

    @property
    def net(self) -> Decimal:
        """What is left after the tax."""
        return EXACT.subtract(self.gross, self.tax)


class Payment(Record, frozen=True):
    """A dividend or interest that counts already.

    Attributes:
        symbol: None for interest on cash.
        counts_at: the beginning of the ex-date or, where none is known, the payment.
        day: on which it counts, in the owner's zone.
        ex_day: at the exchange; None where none is known.
        paid_on: in the owner's zone.
        is_due: whether it counts and is not paid yet.
        units: held when it began to count; 0 where it is of no instrument, or nothing was held then.
        base: or why it is not known. Without it the row is left out of every sum.
    """

    account: AccountFacts
    symbol: Symbol | None
    counts_at: datetime
    day: date
    ex_day: date | None
    paid_on: date
    is_interest: bool
    is_due: bool
    units: Decimal
    gross: Money
    tax: Money
    base: BasePayment | NotAvailable
    transaction: TransactionId

    @property
    def per_unit(self) -> Decimal | None:
        """The gross amount of one unit, to 12 places; None where no units are known."""
        return per_unit(self.gross.amount, self.units)

    @property
    def month(self) -> Month:
        """In which it counts."""
        return self.day.year, self.day.month


@dataclass(frozen=True, slots=True)
class PaymentSums:
    """Sums of rows in the base currency.

    Attributes:
        dividends, interest: gross.
        left_out: rows without a rate.
    """

    dividends: Decimal = ZERO
    interest: Decimal = ZERO
    tax: Decimal = ZERO
    counted: int = 0
    left_out: int = 0

    @property
    def gross(self) -> Decimal:
        """Dividends and interest."""
        return EXACT.add(self.dividends, self.interest)

    @property
    def net(self) -> Decimal:
        """What was left after the tax."""
        return EXACT.subtract(self.gross, self.tax)


def payments_of(
    ledgers: Iterable[tuple[AccountFacts, AccountLedger]],
    book: PortfolioBook,
    *,
    rates: BaseRates,
    at: datetime,
    zone_of: ZoneOf,
) -> tuple[Payment, ...]:
    """All that counts in ledgers that have reached `at`, the newest first."""
    known = list(ledgers)
    accounts = {facts.id: facts for facts, _ in known}
    found = [(past, past.paid) for past in paid_past(known) if isinstance(past.paid, Income)]
    units = units_before(book.transactions, [(past.account, income) for past, income in found])
    rows = [
        _payment(income, accounts[past.account], book, units[past.account, income.transaction], rates, at, zone_of)
        for past, income in found
    ]
    return tuple(sorted(rows, key=lambda row: (row.day, row.paid_on, row.transaction), reverse=True))


def payment_sums(payments: Iterable[Payment]) -> PaymentSums:
    """The sums of rows."""
    dividends = interest = tax = ZERO
    counted = left_out = 0
    for each in payments:
        if isinstance(each.base, NotAvailable):
            left_out += 1
            continue
        counted += 1
        tax = EXACT.add(tax, each.base.tax)
        if each.is_interest:
            interest = EXACT.add(interest, each.base.gross)
        else:
            dividends = EXACT.add(dividends, each.base.gross)
    return PaymentSums(dividends, interest, tax, counted, left_out)


def sums_by_year(payments: Iterable[Payment]) -> dict[int, PaymentSums]:
    """The sums of each year that has a row, the newest first."""
    years: dict[int, list[Payment]] = {}
    for each in payments:
        years.setdefault(each.day.year, []).append(each)
    return {year: payment_sums(years[year]) for year in sorted(years, reverse=True)}


def gross_by_month(payments: Iterable[Payment]) -> Mapping[tuple[Month, Symbol | None], Decimal]:
    """The gross sums of each month and instrument, of what has a rate; None stands for interest on cash."""
    sums: dict[tuple[Month, Symbol | None], Decimal] = {}
    for each in payments:
        if isinstance(each.base, BasePayment):
            key = each.month, each.symbol
            sums[key] = EXACT.add(sums.get(key, ZERO), each.base.gross)
    return sums


def since_a_year(payments: Sequence[Payment], today: date) -> list[Payment]:
    """What counted in the twelve months up to `today`."""
    begin = a_year_before(today)
    return [each for each in payments if begin < each.day <= today]


def units_before(
    transactions: Iterable[Transaction], incomes: Iterable[tuple[AccountId, Income]]
) -> dict[tuple[AccountId, TransactionId], Decimal]:
    """The units that an account held of an income's instrument before it began to count; 0 where it is of none."""
    ordered = in_ledger_order(transactions)
    held, booked = HeldUnits(), 0
    found: dict[tuple[AccountId, TransactionId], Decimal] = {}
    for account, income in sorted(incomes, key=lambda each: each[1].counts_at):
        while booked < len(ordered) and ordered[booked].at < income.counts_at:
            held.book(ordered[booked])
            booked += 1
        found[account, income.transaction] = ZERO if income.symbol is None else held.held(account, income.symbol)
    return found


def per_unit(amount: Decimal, units: Decimal) -> Decimal | None:
    """What one of `units` is paid, rounded once to 12 places, with 2 at least; None where there are none.

    >>> per_unit(Decimal("45.50"), Decimal(35)), per_unit(Decimal("1"), Decimal(0))
    (Decimal('1.30'), None)
    """
    if units <= 0:
        return None
    return trimmed(rounded(ROUNDING.divide(amount, units), places=MAX_PRICE_PLACES), places=2)


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    return _in_year(day, day.year - 1)


def a_year_after(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    return _in_year(day, day.year + 1)


def _in_year(day: date, year: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if is_leap_day else day.day)


def _payment(
    income: Income,
    account: AccountFacts,
    book: PortfolioBook,
    units: Decimal,
    rates: BaseRates,
    at: datetime,
    zone_of: ZoneOf,
) -> Payment:
    ex_day = None
    if income.is_accrued and income.symbol is not None:
        ex_day = income.counts_at.astimezone(zone_of(income.symbol)).date()
    return Payment(
        account=account,
        symbol=income.symbol,
        counts_at=income.counts_at,
        day=income.counts_at.astimezone(book.zone).date(),
        ex_day=ex_day,
        paid_on=income.paid.at.astimezone(book.zone).date(),
        is_interest=income.is_interest,
        is_due=income.paid.at > at,
        units=units,
        gross=income.gross,
        tax=income.tax,
        base=_base(income, rates),
        transaction=income.transaction,
    )


def _base(income: Income, rates: BaseRates) -> BasePayment | NotAvailable:
    try:
        value = income_value(income, rates)
    except MissingRate as missing:
        return NotAvailable(str(missing))
    places = rates.base.minor_unit
    return BasePayment(rounded(value.gross, places=places), rounded(value.tax, places=places))
