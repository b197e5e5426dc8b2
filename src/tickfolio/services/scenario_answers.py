"""Answers to the questions of a scenario, by the engine alone: no database, no market, no clock.

**Source**: docs/reference/scenario-format.md, section Questions, and docs/reference/definitions.md, section Gains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from tickfolio.domain.ledger.cash import CashPosition
from tickfolio.domain.ledger.completed import completed
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import ClosedLot, Lot
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.money import EXACT, ROUNDING
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.day_change import charges_value, exact_sum, price_gain, signed
from tickfolio.domain.valuation.gains import cash_result, external_flows, realized_gain
from tickfolio.domain.valuation.holdings import market_value
from tickfolio.domain.valuation.incomes import income_value
from tickfolio.domain.valuation.reached import ReachedAccounts
from tickfolio.domain.valuation.references import PriceInForce, closing_quote
from tickfolio.errors import MissingRate, UnknownCost
from tickfolio.services.scenario_returns import ScenarioReturns, is_a_return
from tickfolio.services.scenario_spans import NoFigure, is_of_a_span, span_figure
from tickfolio.statements.scenario.reading import Question, Scenario, in_force
from tickfolio.words import phrase

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine says to a question.

    Attributes:
        value: None where the figure is not available.
        reason: why there is no value.
        is_right: whether the value is what was expected, within the tolerance.
    """

    question: Question
    value: Decimal | None
    reason: str
    is_right: bool


def answers_to(scenario: Scenario) -> Iterator[Answer]:
    """An answer to each question, in their order.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
        InvalidValue: one of them cannot be booked.
    """
    rates = BaseRates(scenario.base, scenario.rates)
    known = completed(
        scenario.transactions,
        scenario.actions,
        options={facts.id: facts.options for facts in scenario.accounts},
        begins_at=lambda _, day: datetime.combine(day, time(0), tzinfo=UTC),
        base_value=rates.value,
    )
    scenario = replace(scenario, transactions=known.transactions)
    returns = ScenarioReturns(scenario)
    for question in scenario.questions:
        yield _answered(question, scenario, rates, returns)


def _answered(question: Question, scenario: Scenario, rates: BaseRates, returns: ScenarioReturns) -> Answer:
    try:
        value = _figure(question, scenario, rates, returns)
    except (MissingRate, UnknownCost, NoFigure) as missing:
        is_right = question.expected is None
        return Answer(question, None, str(missing), is_right=is_right)
    is_right = question.expected is not None and abs(value - question.expected) <= question.tolerance
    return Answer(question, value, "", is_right=is_right)


def _figure(question: Question, scenario: Scenario, rates: BaseRates, returns: ScenarioReturns) -> Decimal:
    if is_a_return(question.figure):
        return returns.figure(question)
    if is_of_a_span(question.figure):
        return span_figure(question, scenario)
    at = question.at or scenario.end
    value = _State(scenario, question, rates, at).figure()
    if question.since is None:
        return value
    before = _State(scenario, question, rates, question.since - timedelta.resolution).figure()
    return EXACT.subtract(value, before)


class _State:
    """A scenario as of one moment, with what a question is about."""

    def __init__(self, scenario: Scenario, question: Question, rates: BaseRates, at: datetime) -> None:
        self._scenario, self._question, self._at = scenario, question, at
        self._facts, self._rates = rates, CurrentRates(rates, at)
        options = {facts.id: facts.options for facts in scenario.accounts}
        reached = ReachedAccounts(options, scenario.transactions, base_value=rates.value)
        reached.advance(at)
        self._ledgers: list[AccountLedger] = [
            ledger for account, ledger in reached.ledgers.items() if question.account in (None, account)
        ]

    def figure(self) -> Decimal:
        """What the question asks for.

        Raises:
            MissingRate, UnknownCost, NoFigure: it is not available.
        """
        return _FIGURES[self._question.figure](self)

    # ---------- What it is about ----------

    def positions(self) -> Iterator[Position]:
        for ledger in self._ledgers:
            for symbol, position in ledger.positions.items():
                if self._question.symbol in (None, symbol):
                    yield position

    def cash(self) -> Iterator[CashPosition]:
        if self._question.symbol is None:
            for ledger in self._ledgers:
                for currency, cash in ledger.cash.items():
                    if self._question.currency in (None, currency):
                        yield cash

    def open_lots(self) -> list[tuple[Position, Lot]]:
        wanted = self._question.transaction
        return [
            (position, lot)
            for position in self.positions()
            for lot in position.open_lots()
            if wanted in (None, lot.transaction)
        ]

    def closed_lots(self) -> list[ClosedLot]:
        wanted = self._question.transaction
        lots = [lot for position in self.positions() for lot in position.closed]
        return [lot for lot in lots if wanted is None or wanted in (lot.closed_by, lot.opened_by)]

    def incomes(self) -> list[Income]:
        wanted = self._question.transaction
        found = [income for position in self.positions() for income in position.incomes]
        found += [income for cash in self.cash() for income in cash.incomes]
        return [income for income in found if wanted in (None, income.transaction)]

    def charges(self, *, is_tax: bool) -> list[ChargePaid]:
        found = [charge for position in self.positions() for charge in position.charges]
        found += [charge for cash in self.cash() for charge in cash.charges]
        wanted = self._question.transaction
        return [each for each in found if each.is_tax is is_tax and wanted in (None, each.transaction)]

    def worth(self, consideration: Consideration) -> Decimal:
        """In the base currency, or as it was stated."""
        if self._question.in_instrument:
            self._facts.value(consideration)
            return consideration.stated.amount
        return self._facts.value(consideration)

    # ---------- Holdings ----------

    def quantity(self) -> Decimal:
        wanted = self._question.transaction
        if wanted is None:
            return exact_sum(position.quantity for position in self.positions())
        lots = [lot for _, lot in self.open_lots()]
        if lots:
            return exact_sum(lot.quantity for lot in lots)
        return exact_sum(lot.quantity for lot in self.closed_lots() if lot.closed_by == wanted)

    def cost_basis(self) -> Decimal:
        return exact_sum(signed(self.worth(lot.cost), lot) for _, lot in self.open_lots())

    def unit_cost(self) -> Decimal:
        units = exact_sum(lot.quantity for _, lot in self.open_lots())
        if not units:
            raise NoFigure(phrase("nothing is held then"))
        return ROUNDING.divide(self.cost_basis(), units)

    def market_value(self) -> Decimal:
        if self._question.transaction is None:
            return exact_sum(self._position_value(position) for position in self.positions() if position.quantity)
        parts = [(position, lot) for position, lot in self.open_lots() if position.quantity]
        return exact_sum(
            ROUNDING.divide(EXACT.multiply(self._position_value(position), lot.quantity), position.quantity)
            for position, lot in parts
        )

    def _position_value(self, position: Position) -> Decimal:
        scenario = self._scenario
        point = in_force(scenario.prices.get(position.symbol, ()), self._at)
        if point is None:
            raise NoFigure(
                phrase("no price of {symbol} is given by {at:%Y-%m-%d}", symbol=position.symbol, at=self._at)
            )
        instrument = scenario.instruments[position.symbol]
        rates = self._rates
        if self._question.in_instrument:
            rates = CurrentRates(BaseRates(instrument.currency, scenario.rates), self._at)
        quote = closing_quote(position.symbol, PriceInForce(point.price, point.at), source="scenario")
        return market_value(position, quote, basis=point.at, instrument=instrument, rates=rates)

    def value(self) -> Decimal:
        return exact_sum((self.market_value(), self.cash_balance(), self.receivables()))

    def cash_balance(self) -> Decimal:
        if self._question.in_instrument:
            return exact_sum(cash.balance for cash in self.cash())
        return exact_sum(
            EXACT.multiply(cash.balance, self._rates.rate(cash.currency)) for cash in self.cash() if cash.balance
        )

    def receivables(self) -> Decimal:
        wanted = self._question.symbol
        return exact_sum(
            EXACT.multiply(income.net.amount, self._rates.rate(income.net.currency))
            for ledger in self._ledgers
            for income in ledger.receivables.values()
            if wanted in (None, income.symbol)
        )

    # ---------- Gains ----------

    def unrealized_pnl(self) -> Decimal:
        return EXACT.subtract(self.market_value(), self.cost_basis())

    def unrealized_price(self) -> Decimal:
        at_rates_now = (
            signed(EXACT.multiply(lot.cost.stated.amount, self._rates.rate(lot.cost.stated.currency)), lot)
            for _, lot in self.open_lots()
        )
        return EXACT.subtract(self.market_value(), exact_sum(at_rates_now))

    def unrealized_currency(self) -> Decimal:
        return EXACT.subtract(self.unrealized_pnl(), self.unrealized_price())

    def unrealized_percent(self) -> Decimal:
        cost = self.cost_basis().copy_abs()
        if not cost:
            raise NoFigure(phrase("the cost is not above zero"))
        return ROUNDING.divide(EXACT.multiply(self.unrealized_pnl(), Decimal(100)), cost)

    def realized_pnl(self) -> Decimal:
        return exact_sum(self._gain(lot) for lot in self.closed_lots())

    def _gain(self, lot: ClosedLot) -> Decimal:
        if not self._question.in_instrument:
            return realized_gain(lot, self._facts)
        return EXACT.subtract(self.worth(lot.proceeds), self.worth(lot.cost))

    def realized_price(self) -> Decimal:
        return exact_sum(price_gain(lot, lot.opened, self._facts) for lot in self.closed_lots())

    def realized_currency(self) -> Decimal:
        return EXACT.subtract(self.realized_pnl(), self.realized_price())

    def relieved_cost(self) -> Decimal:
        return exact_sum(self.worth(lot.cost) for lot in self.closed_lots())

    def proceeds(self) -> Decimal:
        return exact_sum(self.worth(lot.proceeds) for lot in self.closed_lots())

    def short_term_pnl(self) -> Decimal:
        return exact_sum(self._gain(lot) for lot in self.closed_lots() if not self._is_long_term(lot))

    def long_term_pnl(self) -> Decimal:
        return exact_sum(self._gain(lot) for lot in self.closed_lots() if self._is_long_term(lot))

    def holding_days(self) -> Decimal:
        periods = self._scenario.periods
        days = {periods.days(lot.acquired_at.date(), lot.closed_at.date()) for lot in self.closed_lots()}
        if len(days) != 1:
            raise NoFigure(phrase("expected lots of one holding period, found {days}", days=len(days)))
        return Decimal(days.pop())

    def _is_long_term(self, lot: ClosedLot) -> bool:
        return self._scenario.periods.is_long_term(lot.acquired_at.date(), lot.closed_at.date())

    # ---------- Incomes and charges ----------

    def income(self) -> Decimal:
        return exact_sum(self._gross(income) for income in self.incomes())

    def _gross(self, income: Income) -> Decimal:
        return income.gross.amount if self._question.in_instrument else income_value(income, self._facts).gross

    def dividends(self) -> Decimal:
        return exact_sum(self._gross(income) for income in self.incomes() if not income.is_interest)

    def interest(self) -> Decimal:
        return exact_sum(self._gross(income) for income in self.incomes() if income.is_interest)

    def withholding_tax(self) -> Decimal:
        if self._question.in_instrument:
            return exact_sum(income.tax.amount for income in self.incomes())
        return exact_sum(income_value(income, self._facts).tax for income in self.incomes())

    def fees(self) -> Decimal:
        return charges_value(self.charges(is_tax=False), self._facts)

    def taxes(self) -> Decimal:
        return charges_value(self.charges(is_tax=True), self._facts)

    def currency_result(self) -> Decimal:
        return exact_sum(cash_result(cash, self._rates) for cash in self.cash())

    def net_external_flows(self) -> Decimal:
        return exact_sum(external_flows(ledger, self._facts) for ledger in self._ledgers)

    def total_pnl(self) -> Decimal:
        return EXACT.subtract(self.value(), self.net_external_flows())


_FIGURES: dict[str, Callable[[_State], Decimal]] = {
    name: getattr(_State, name)
    for name in (
        *("quantity", "cost_basis", "unit_cost", "market_value", "value", "cash_balance", "receivables"),
        *("unrealized_pnl", "unrealized_price", "unrealized_currency", "unrealized_percent"),
        *("realized_pnl", "realized_price", "realized_currency", "relieved_cost", "proceeds"),
        *("short_term_pnl", "long_term_pnl", "holding_days"),
        *("income", "dividends", "interest", "withholding_tax", "fees", "taxes"),
        *("currency_result", "net_external_flows", "total_pnl"),
    )
}
