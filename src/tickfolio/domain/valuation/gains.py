"""Where a portfolio's gain comes from, in its base currency, exact and unrounded.

value − net external flows = realized + unrealized + income − fees − taxes + currency result on cash, to the last digit.

**Source**: docs/reference/definitions.md, section Gains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashFlow, CashLot, CashPosition, CashRelief
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import ZERO, ClosedLot, Lot, LotFlow
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.day_change import charges_value, exact_sum, price_gain, signed
from tickfolio.domain.valuation.incomes import income_value


@dataclass(frozen=True, slots=True)
class Gains:
    """All that a portfolio gained since its first transaction.

    Attributes:
        value: of holdings, cash and receivables.
        external_flows: deposits − withdrawals, and instruments that were transferred, at their cost.
        realized: net proceeds − relieved cost, of which `realized_price` would be there had no rate changed.
        unrealized: market value − cost of the open lots, of which `unrealized_price` likewise.
        income: gross dividends and interest.
        fees: outside the cost, unsigned, less what came back; interest that had to be paid included.
        taxes: withheld or outside the cost, unsigned, less what came back.
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


@dataclass(frozen=True, slots=True)
class Settled:
    """What of the gains of one account follows from what was booked alone, whatever prices and rates do next; exact.

    Attributes:
        cost: of what is held, in the base currency.
        costs: the same as it was stated, by currency.
        cash: what cash that went out and dividends that were paid brought more than they had cost, less the cost of the
            cash that is there.
        waiting: dividends that are not paid yet, and what they had counted for.
    """

    external_flows: Decimal
    realized: Decimal
    realized_price: Decimal
    cost: Decimal
    costs: Mapping[Currency, Decimal]
    income: Decimal
    fees: Decimal
    taxes: Decimal
    cash: Decimal
    waiting: Sequence[tuple[Income, Decimal]]


def settled_gains(ledger: AccountLedger, facts: BaseRates) -> Settled:
    """What of the gains of an account is settled.

    Raises:
        MissingRate: no source gives a rate that is needed.
        UnknownCost: nobody said what a lot had cost.
    """
    positions, cash = list(ledger.positions.values()), list(ledger.cash.values())
    closed = [lot for position in positions for lot in position.closed]
    incomes = [income for each in positions for income in each.incomes]
    incomes += [income for each in cash for income in each.incomes]
    values = [income_value(income, facts) for income in incomes]
    charges = [charge for each in positions for charge in each.charges]
    charges += [charge for each in cash for charge in each.charges]
    taxes = [charge for charge in charges if charge.is_tax]
    accrued = [income for income in incomes if income.is_accrued]
    paid = [income for income in accrued if income.transaction not in ledger.receivables]
    return Settled(
        external_flows=external_flows(ledger, facts),
        realized=exact_sum(realized_gain(lot, facts) for lot in closed),
        realized_price=exact_sum(price_gain(lot, lot.opened, facts) for lot in closed),
        cost=exact_sum(cost_basis(position, facts) for position in positions),
        costs=_stated_costs(positions),
        income=exact_sum(value.gross for value in values),
        fees=charges_value((charge for charge in charges if not charge.is_tax), facts),
        taxes=exact_sum((*(value.tax for value in values), charges_value(taxes, facts))),
        cash=exact_sum(
            (
                *(_settled_cash(each, facts) for each in cash),
                *(EXACT.subtract(facts.value(each.paid), _counted(each, facts)) for each in paid),
            )
        ),
        waiting=tuple((each, _counted(each, facts)) for each in accrued if each.transaction in ledger.receivables),
    )


def account_gains(
    ledger: AccountLedger, *, value_of: Callable[[Symbol], Decimal], rates: CurrentRates, settled: Settled | None = None
) -> Gains:
    """The gains of one account.

    Args:
        value_of: what the position in a symbol with open lots is worth now, in the base currency, exact.
        settled: what is settled of it, where that is known already.

    Raises:
        MissingRate: no source gives a rate that is needed.
        UnknownCost: nobody said what a lot had cost.
    """
    known = settled or settled_gains(ledger, rates.facts)
    market_value = exact_sum(value_of(position.symbol) for position in ledger.positions.values() if position.quantity)
    at_rates_now = exact_sum(EXACT.multiply(cost, rates.rate(currency)) for currency, cost in known.costs.items())
    cash = exact_sum(_worth(each, rates) for each in ledger.cash.values())
    waiting = exact_sum(EXACT.subtract(_receivable_now(each, rates), counted) for each, counted in known.waiting)
    return Gains(
        value=exact_sum((market_value, cash, *_receivables(ledger, rates))),
        external_flows=known.external_flows,
        realized=known.realized,
        realized_price=known.realized_price,
        unrealized=EXACT.subtract(market_value, known.cost),
        unrealized_price=EXACT.subtract(market_value, at_rates_now),
        income=known.income,
        fees=known.fees,
        taxes=known.taxes,
        cash_currency=exact_sum((known.cash, cash, waiting)),
    )


def _stated_costs(positions: Iterable[Position]) -> dict[Currency, Decimal]:
    """What is held cost, as it was stated; what was sold short counts against."""
    costs: dict[Currency, Decimal] = {}
    for position in positions:
        for cost in position.costs():
            amount = cost.stated.amount
            signed_cost = amount.copy_negate() if position.quantity < 0 else amount
            costs[cost.stated.currency] = EXACT.add(costs.get(cost.stated.currency, ZERO), signed_cost)
    return costs


def _settled_cash(cash: CashPosition, facts: BaseRates) -> Decimal:
    relieved = exact_sum(relief_result(relief, facts) for relief in cash.reliefs)
    return EXACT.subtract(relieved, exact_sum(_signed_value(lot, facts) for lot in cash.lots))


def _counted(income: Income, facts: BaseRates) -> Decimal:
    """What a dividend counted for at its ex-date."""
    return facts.converted(income.net, income.counts_at)


def realized_gain(lot: ClosedLot, rates: BaseRates) -> Decimal:
    """What a closed lot brought more than it had cost, in the base currency, exact.

    Raises:
        MissingRate: no source gives a rate that is needed.
        UnknownCost: nobody said what it had cost.
    """
    return signed(EXACT.subtract(rates.value(lot.ended), rates.value(lot.opened)), lot)


def cost_basis(position: Position, rates: BaseRates) -> Decimal:
    """What the open lots cost, in the base currency, exact; negative where they were sold short.

    Raises:
        MissingRate: no source gives a rate that is needed.
        UnknownCost: nobody said what a lot had cost.
    """
    cost = exact_sum(map(rates.value, position.costs()))
    return cost.copy_negate() if position.quantity < 0 else cost


def cost_at_rates_now(position: Position, rates: CurrentRates) -> Decimal:
    """The same at the rates in force now.

    Raises:
        MissingRate: no source gives one of them.
    """
    cost = exact_sum(EXACT.multiply(cost.stated.amount, rates.rate(cost.stated.currency)) for cost in position.costs())
    return cost.copy_negate() if position.quantity < 0 else cost


def external_flows(ledger: AccountLedger, rates: BaseRates) -> Decimal:
    """What crossed the border of the account, in − out: cash, and instruments at their cost; exact.

    Raises:
        MissingRate: no source gives a rate that is needed.
        UnknownCost: nobody said what a transferred lot had cost.
    """
    return exact_sum(
        (
            *(_external(each, rates) for each in ledger.cash.values()),
            *(_lots_value(flow, rates) for flow in ledger.lot_flows),
        )
    )


def _lots_value(flow: LotFlow, rates: BaseRates) -> Decimal:
    value = exact_sum(_lot_value(lot, rates) for lot in flow.lots)
    return value.copy_negate() if flow.goes_out else value


def _lot_value(lot: Lot, rates: BaseRates) -> Decimal:
    return signed(rates.value(lot.cost), lot)


def _worth(cash: CashPosition, rates: CurrentRates) -> Decimal:
    return EXACT.multiply(cash.balance, rates.rate(cash.currency)) if cash.balance else ZERO


def _receivables(ledger: AccountLedger, rates: CurrentRates) -> list[Decimal]:
    return [_receivable_now(income, rates) for income in ledger.receivables.values()]


def _receivable_now(income: Income, rates: CurrentRates) -> Decimal:
    return EXACT.multiply(income.net.amount, rates.rate(income.net.currency))


def _external(cash: CashPosition, rates: BaseRates) -> Decimal:
    return exact_sum(_flow_value(flow, cash.currency, rates) for flow in cash.flows)


def _flow_value(flow: CashFlow, currency: Currency, rates: BaseRates) -> Decimal:
    """Of cash that crossed the border of the account; cash of a sister account counts at what it cost."""
    if flow.lots is not None:
        value = exact_sum(rates.value(lot.value) for lot in flow.lots)
        return value if flow.amount > 0 else value.copy_negate()
    return rates.converted(Money(flow.amount, currency), flow.at) if flow.is_external else ZERO


def cash_result(cash: CashPosition, rates: CurrentRates) -> Decimal:
    """What cash that went out brought more than it had cost, and what is there is worth more than it cost."""
    return EXACT.add(_settled_cash(cash, rates.facts), _worth(cash, rates))


def relief_result(relief: CashRelief, rates: BaseRates) -> Decimal:
    """What cash that came in and went out brought more than it had come in for, in the base currency, exact.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    return EXACT.subtract(rates.value(relief.went_out), rates.value(relief.came_in))


def _signed_value(lot: CashLot, rates: BaseRates) -> Decimal:
    value = rates.value(lot.value)
    return value if lot.amount > 0 else value.copy_negate()
