"""Where a portfolio's gain comes from, in its base currency, exact and unrounded.

value − net external flows = realized + unrealized + income − fees − taxes + currency result on cash, to the last digit.

**Source**: docs/reference/definitions.md, section Gains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashLot, CashPosition, CashRelief
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import ZERO
from tickfolio.domain.ledger.positions import Income
from tickfolio.domain.money import EXACT, Money
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.day_change import exact_sum, price_gain
from tickfolio.domain.valuation.incomes import income_value


@dataclass(frozen=True, slots=True)
class Gains:
    """All that a portfolio gained since its first transaction.

    Attributes:
        value: of holdings, cash and receivables.
        external_flows: deposits − withdrawals.
        realized: net proceeds − relieved cost, of which `realized_price` would be there had no rate changed.
        unrealized: market value − cost of the open lots, of which `unrealized_price` likewise.
        income: gross dividends.
        fees: outside the cost, unsigned.
        taxes: withheld from dividends, unsigned.
        cash_currency: what cash and receivables gained by their rates and by the rates really paid.
    """

    value: Decimal = ZERO
    external_flows: Decimal = ZERO
    realized: Decimal = ZERO
    realized_price: Decimal = ZERO
    unrealized: Decimal = ZERO
    unrealized_price: Decimal = ZERO
    income: Decimal = ZERO
    fees: Decimal = ZERO
    taxes: Decimal = ZERO
    cash_currency: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The sum of the parts, which is value − net external flows."""
        charges = EXACT.add(self.fees, self.taxes)
        return exact_sum((self.realized, self.unrealized, self.income, charges.copy_negate(), self.cash_currency))

    @property
    def realized_currency(self) -> Decimal:
        """The currency part of the realized gain: cost in its own currency × (rate of the sale − rate of the purchase)."""
        return EXACT.subtract(self.realized, self.realized_price)

    @property
    def unrealized_currency(self) -> Decimal:
        """The currency part of the unrealized gain: cost in its own currency × (rate now − rate of the purchase)."""
        return EXACT.subtract(self.unrealized, self.unrealized_price)


def gains_summed(gains: Iterable[Gains]) -> Gains:
    """Several accounts as one."""
    known = list(gains)
    return Gains(**{field.name: exact_sum(getattr(each, field.name) for each in known) for field in fields(Gains)})


def account_gains(ledger: AccountLedger, *, value_of: Callable[[Symbol], Decimal], rates: CurrentRates) -> Gains:
    """The gains of one account.

    Args:
        value_of: what the position in a symbol with open lots is worth now, in the base currency, exact.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    positions, cash = list(ledger.positions.values()), list(ledger.cash.values())
    facts = rates.facts
    closed = [lot for position in positions for lot in position.closed]
    open_lots = [lot for position in positions for lot in position.lots]
    market_value = exact_sum(value_of(position.symbol) for position in positions if position.quantity)
    cost = exact_sum(facts.value(lot.cost) for lot in open_lots)
    cost_at_rates_now = exact_sum(
        EXACT.multiply(lot.cost.stated.amount, rates.rate(lot.cost.stated.currency)) for lot in open_lots
    )
    incomes = [income for position in positions for income in position.incomes]
    values = [income_value(income, facts) for income in incomes]
    fees = [fee for position in positions for fee in position.fees] + [fee for each in cash for fee in each.fees]
    return Gains(
        value=exact_sum((market_value, *(_worth(each, rates) for each in cash), *_receivables(ledger, rates))),
        external_flows=exact_sum(_external(each, facts) for each in cash),
        realized=exact_sum(EXACT.subtract(facts.value(lot.proceeds), facts.value(lot.cost)) for lot in closed),
        realized_price=exact_sum(price_gain(lot, facts) for lot in closed),
        unrealized=EXACT.subtract(market_value, cost),
        unrealized_price=EXACT.subtract(market_value, cost_at_rates_now),
        income=exact_sum(value.gross for value in values),
        fees=exact_sum(facts.converted(fee.amount, fee.at) for fee in fees),
        taxes=exact_sum(value.tax for value in values),
        cash_currency=exact_sum(
            (
                *(_cash_result(each, rates) for each in cash),
                *(_receivable_result(income, ledger, rates) for income in incomes if income.is_accrued),
            )
        ),
    )


def _worth(cash: CashPosition, rates: CurrentRates) -> Decimal:
    return EXACT.multiply(cash.balance, rates.rate(cash.currency)) if cash.balance else ZERO


def _receivables(ledger: AccountLedger, rates: CurrentRates) -> list[Decimal]:
    return [_receivable_now(income, rates) for income in ledger.receivables.values()]


def _receivable_now(income: Income, rates: CurrentRates) -> Decimal:
    return EXACT.multiply(income.net.amount, rates.rate(income.net.currency))


def _external(cash: CashPosition, rates: BaseRates) -> Decimal:
    flows = (flow for flow in cash.flows if flow.is_external)
    return exact_sum(rates.converted(Money(flow.amount, cash.currency), flow.at) for flow in flows)


def _cash_result(cash: CashPosition, rates: CurrentRates) -> Decimal:
    """What cash that went out brought more than it had cost, and what is there is worth more than it cost."""
    relieved = exact_sum(_relief_result(relief, rates.facts) for relief in cash.reliefs)
    cost = exact_sum(_signed_value(lot, rates.facts) for lot in cash.lots)
    return exact_sum((relieved, _worth(cash, rates), cost.copy_negate()))


def _relief_result(relief: CashRelief, rates: BaseRates) -> Decimal:
    return EXACT.subtract(rates.value(relief.went_out), rates.value(relief.came_in))


def _signed_value(lot: CashLot, rates: BaseRates) -> Decimal:
    value = rates.value(lot.value)
    return value if lot.amount > 0 else value.copy_negate()


def _receivable_result(income: Income, ledger: AccountLedger, rates: CurrentRates) -> Decimal:
    """What a dividend gained from the ex-date until it was paid or, if it is not, until now."""
    is_waiting = income.transaction in ledger.receivables
    end = _receivable_now(income, rates) if is_waiting else rates.facts.value(income.paid)
    return EXACT.subtract(end, rates.facts.converted(income.net, income.counts_at))
