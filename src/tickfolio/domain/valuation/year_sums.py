"""What a portfolio was paid and charged in a year besides its sales, and what foreign cash gained when it went out.

**Source**: docs/reference/definitions.md, section Gains report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import is_derived
from tickfolio.domain.ledger.cash import CashPosition, CashRelief
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import ZERO
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.records import Record
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.day_change import charges_value
from tickfolio.domain.valuation.gains import relief_result
from tickfolio.domain.valuation.incomes import income_value
from tickfolio.errors import MissingRate, UnknownCost


class PaidPast(Record, frozen=True):
    """An income or a charge of an account; `at` is when it counts."""

    account: AccountId
    symbol: Symbol | None
    at: datetime
    paid: Income | ChargePaid


class CashPast(Record, frozen=True):
    """Cash of another currency than the base currency that came in and went out; it counts when the later one was."""

    account: AccountId
    at: datetime
    relief: CashRelief


@dataclass(frozen=True, slots=True)
class YearSums:
    """Sums in the base currency, exact until each was rounded once, half-even, to its coins.

    Attributes:
        dividends, interest: gross.
        derived: of the dividends those that follow from corporate actions, which nobody booked.
        withholding_tax: on both, unsigned.
        fees, taxes: outside the cost, unsigned, less what came back.
        cash_currency: what foreign cash that went out brought more than it had come in for; None where it was not asked for.
        left_out: what could not be counted for want of a rate; `reason` is that of the first.
    """

    dividends: Decimal
    derived: Decimal
    interest: Decimal
    withholding_tax: Decimal
    fees: Decimal
    taxes: Decimal
    cash_currency: Decimal | None
    left_out: int
    reason: str


def paid_past(ledgers: Iterable[tuple[AccountFacts, AccountLedger]]) -> list[PaidPast]:
    """All incomes and charges of accounts; a dividend counts on its ex-date where that is known."""
    found: list[PaidPast] = []
    for facts, ledger in ledgers:
        sources: list[Position | CashPosition] = [*ledger.positions.values(), *ledger.cash.values()]
        for source in sources:
            symbol = source.symbol if isinstance(source, Position) else None
            found += [PaidPast(facts.id, symbol, income.counts_at, income) for income in source.incomes]
            found += [PaidPast(facts.id, symbol, charge.at, charge) for charge in source.charges]
    return found


def cash_past(ledgers: Iterable[tuple[AccountFacts, AccountLedger]], *, base: Currency) -> list[CashPast]:
    """All foreign cash of accounts that came in and went out; of cash in `base` there is no such result."""
    return [
        CashPast(facts.id, relief.at, relief)
        for facts, ledger in ledgers
        for currency, cash in ledger.cash.items()
        if currency != base
        for relief in cash.reliefs
    ]


def year_sums(paid: Iterable[PaidPast], cash: Iterable[CashPast] | None, *, rates: BaseRates) -> YearSums:
    """The sums of what is given."""
    sums = _RunningSums(rates)
    for each in paid:
        sums.count(each)
    return sums.result(cash)


class _RunningSums:
    """Sums that grow; what has no rate is left out as a whole."""

    def __init__(self, rates: BaseRates) -> None:
        self._rates = rates
        self._dividends = self._derived = self._interest = self._withheld = self._fees = self._taxes = self._cash = ZERO
        self._reasons: list[str] = []

    def count(self, past: PaidPast) -> None:
        """Adds an income or a charge."""
        try:
            if isinstance(past.paid, Income):
                self._earn(past.paid)
            else:
                self._charge(past.paid)
        except (MissingRate, UnknownCost) as missing:
            self._reasons.append(str(missing))

    def result(self, cash: Iterable[CashPast] | None) -> YearSums:
        """The sums so far, with the result on `cash`."""
        for each in cash or ():
            try:
                self._cash = EXACT.add(self._cash, relief_result(each.relief, self._rates))
            except (MissingRate, UnknownCost) as missing:
                self._reasons.append(str(missing))
        return YearSums(
            dividends=self._coins(self._dividends),
            derived=self._coins(self._derived),
            interest=self._coins(self._interest),
            withholding_tax=self._coins(self._withheld),
            fees=self._coins(self._fees),
            taxes=self._coins(self._taxes),
            cash_currency=None if cash is None else self._coins(self._cash),
            left_out=len(self._reasons),
            reason=self._reasons[0] if self._reasons else "",
        )

    def _coins(self, amount: Decimal) -> Decimal:
        return rounded(amount, places=self._rates.base.minor_unit)

    def _earn(self, income: Income) -> None:
        value = income_value(income, self._rates)
        self._withheld = EXACT.add(self._withheld, value.tax)
        if income.is_interest:
            self._interest = EXACT.add(self._interest, value.gross)
        else:
            self._dividends = EXACT.add(self._dividends, value.gross)
            if is_derived(income.transaction):
                self._derived = EXACT.add(self._derived, value.gross)

    def _charge(self, charge: ChargePaid) -> None:
        value = charges_value([charge], self._rates)
        if charge.is_tax:
            self._taxes = EXACT.add(self._taxes, value)
        else:
            self._fees = EXACT.add(self._fees, value)
