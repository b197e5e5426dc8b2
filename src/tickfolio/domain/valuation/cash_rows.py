"""What cash and receivables are worth, and what they gained over the owner's report day.

**Source**: docs/reference/definitions.md, sections Valuation and coverage, and Day change of portfolios.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import takewhile

from tickfolio.domain.ledger.cash import CashFlow, CashPosition
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.lots import ZERO
from tickfolio.domain.market.quotes import NotAvailable, Unpriced
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.day_change import exact_sum, fees_and_taxes
from tickfolio.domain.valuation.incomes import income_value, receivable_value
from tickfolio.domain.valuation.valuation import Parts, Worth, day_of
from tickfolio.errors import MissingRate
from tickfolio.words import marked_phrase

NO_COST = NotAvailable(marked_phrase("cash has no cost basis; what it gained is the currency result"))


@dataclass(frozen=True, slots=True)
class CashSums:
    """What the day of a cash position is made of besides the rate of the moment, in the base currency where money.

    Attributes:
        opening_value: cash at the beginning of the report day, at the rate in force then.
        flows_value: the sum of the day's flows, each at its own rate.
        inflows_value: of those the ones that came in.
        external_inflows: of those the ones that crossed the border of the portfolio.
        receivables: what the receivables that were paid were worth at the beginning of the day.
        income: gross interest on cash.
        fees: for no instrument, unsigned, less what came back.
        taxes: withheld from the interest or for no instrument, likewise.
    """

    balance: Decimal
    opening_value: Decimal
    flows_value: Decimal
    inflows_value: Decimal
    external_inflows: Decimal
    receivables: Decimal
    income: Decimal
    fees: Decimal
    taxes: Decimal


def has_cash(cash: CashPosition, day_start: datetime) -> bool:
    """Whether there is anything to show: cash, or a flow of the report day."""
    return bool(cash.balance) or (bool(cash.flows) and cash.flows[-1].at >= day_start)


def cash_sums(cash: CashPosition, *, day_start: datetime, rates: BaseRates) -> CashSums:
    """What the row of `cash` is made of, for a report day that began at `day_start`.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    flows = list(takewhile(lambda flow: flow.at >= day_start, reversed(cash.flows)))
    fees, taxes = fees_and_taxes(list(takewhile(lambda charge: charge.at >= day_start, reversed(cash.charges))), rates)
    incomes = takewhile(lambda income: income.counts_at >= day_start, reversed(cash.incomes))
    interest = [income_value(income, rates) for income in incomes]
    values = [(flow, _value(flow, day_start, rates)) for flow in flows]
    inflows = [(flow, value) for flow, value in values if flow.amount > 0]
    opening = EXACT.subtract(cash.balance, exact_sum(flow.amount for flow in flows))
    paid = [flow.pays for flow in flows if flow.pays is not None and flow.pays.counts_at < day_start]
    return CashSums(
        balance=cash.balance,
        opening_value=EXACT.multiply(opening, rates.rate(cash.currency, day_start)) if opening else ZERO,
        flows_value=exact_sum(value if flow.amount > 0 else value.copy_negate() for flow, value in values),
        inflows_value=exact_sum(value for _, value in inflows),
        external_inflows=exact_sum(value for flow, value in inflows if flow.is_external),
        receivables=exact_sum(receivable_value(income, rates, since=day_start) for income in paid),
        income=exact_sum(value.gross for value in interest),
        fees=fees,
        taxes=exact_sum((taxes, *(value.tax for value in interest))),
    )


def cash_worth(sums: CashSums, currency: Currency, *, rates: CurrentRates) -> Worth | Unpriced:
    """What cash is worth by the rate in force now."""
    try:
        rate = rates.rate(currency)
    except MissingRate as missing:
        return Unpriced(str(missing))
    value = EXACT.multiply(sums.balance, rate)
    # C₀·(F − F₀) + Σ flowᵢ·(F − Fᵢ): the balance now, less what it was worth when it came.
    total = exact_sum(
        (
            value,
            sums.opening_value.copy_negate(),
            sums.flows_value.copy_negate(),
            sums.income,
            sums.fees.copy_negate(),
            sums.taxes.copy_negate(),
        )
    )
    day = day_of(
        Parts(income=sums.income, fees=sums.fees.copy_negate(), taxes=sums.taxes.copy_negate()),
        total=total,
        reference=EXACT.add(sums.opening_value, sums.inflows_value),
        opening=exact_sum((sums.opening_value, sums.external_inflows, sums.receivables)),
        reference_day=None,
        currency=rates.base,
    )
    return Worth(
        value=rounded(value, places=rates.base.minor_unit), unrealized=NO_COST, unrealized_percent=NO_COST, day=day
    )


def receivable_worth(income: Income, *, day_start: datetime, rates: CurrentRates) -> Worth | Unpriced:
    """What a dividend that is not paid yet is worth; since it counted it moves only with the rate."""
    try:
        value = EXACT.multiply(income.net.amount, rates.rate(income.net.currency))
        before = receivable_value(income, rates.facts, since=day_start)
    except MissingRate as missing:
        return Unpriced(str(missing))
    day = day_of(
        Parts(),
        total=EXACT.subtract(value, before),
        reference=before,
        opening=before if income.counts_at < day_start else ZERO,
        reference_day=None,
        currency=rates.base,
    )
    return Worth(
        value=rounded(value, places=rates.base.minor_unit), unrealized=NO_COST, unrealized_percent=NO_COST, day=day
    )


def _value(flow: CashFlow, day_start: datetime, rates: BaseRates) -> Decimal:
    """What a flow was worth; a payment what its receivable was worth at the beginning of the day or when it began.

    So the row of the cash takes over what the receivable gained in the day.
    """
    if flow.pays is None:
        return rates.value(flow.value)
    return receivable_value(flow.pays, rates, since=day_start)
