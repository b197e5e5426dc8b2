"""A dividend in the base currency.

**Source**: docs/reference/definitions.md, sections Gains, and Day change of portfolios.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.base_rates import BaseRates


@dataclass(frozen=True, slots=True)
class IncomeValue:
    """Gross and withholding tax as they count, unsigned."""

    gross: Decimal
    tax: Decimal


def income_value(income: Income, rates: BaseRates) -> IncomeValue:
    """What `income` is worth when it begins to count.

    On the ex-date by the rate in force then; without one when it is paid, by the rate really paid where one is stated.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    if income.is_accrued:
        return IncomeValue(
            gross=rates.converted(income.gross, income.counts_at), tax=rates.converted(income.tax, income.counts_at)
        )
    tax = EXACT.multiply(income.tax.amount, rates.trade_rate(income.paid))
    return IncomeValue(gross=EXACT.add(rates.value(income.paid), tax), tax=tax)


def receivable_value(income: Income, rates: BaseRates, *, since: datetime) -> Decimal:
    """What the receivable of `income` was worth at `since`, or when it began where that was later.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    return rates.converted(income.net, max(since, income.counts_at))
