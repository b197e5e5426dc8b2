"""What moved between the rows of a portfolio, and over its border, in a span.

Each movement has one value in the base currency, rounded once, with one sign in the row that it left and the other in the row
that it came to.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashFlow, CashPosition
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import Lot
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import AccountId, Merger, Transaction, TransactionId
from tickfolio.domain.money import EXACT, rounded
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.day_change import exact_sum, is_bought_after, signed, units_at
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.domain.valuation.incomes import receivable_value
from tickfolio.domain.valuation.revalue import LivePortfolio

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a unit that moves counts at: its price at the start of the span or, where none was known then, at its end.

    Attributes:
        basis: splits up to this moment are in the price.
        rate_at: whose exchange rate goes with the price.
    """

    price: Decimal
    basis: datetime
    rate_at: datetime


type ReferenceOf = Callable[[Symbol], Reference | None]


@dataclass(slots=True)
class SpanFlows:
    """What came into each row less what left it, by the row's key, in the base currency and rounded to its smallest coin.

    Attributes:
        holdings: the account and the symbol of each holding among them.
    """

    moved: dict[str, Decimal] = field(default_factory=dict)
    holdings: dict[str, tuple[AccountId, Symbol]] = field(default_factory=dict)

    def move(self, key: str, value: Decimal) -> None:
        """Notes `value`, negative where it left the row."""
        self.moved[key] = EXACT.add(self.moved.get(key, ZERO), value)

    def move_holding(self, account: AccountId, symbol: Symbol, value: Decimal) -> None:
        """The same of the row of a holding."""
        key = f"h:{account}:{symbol}"
        self.holdings[key] = account, symbol
        self.move(key, value)


def flows_of(
    live: LivePortfolio,
    book: PortfolioBook,
    *,
    since: datetime,
    until: datetime,
    reference_of: ReferenceOf,
    rates: BaseRates,
) -> SpanFlows:
    """What moved from `since` to `until`, both included, in a portfolio that has been advanced to `until`."""
    transactions = {each.id: each for each in book.transactions if since <= each.at <= until}
    found = _Found(book, since, until, reference_of, rates, transactions)
    for account in live.accounts():
        found.cash(account.ledger)
        found.accruals(account.ledger)
        found.lots(account.ledger)
        found.arrivals(account.ledger)
    return found.flows


@dataclass(slots=True)
class _Found:
    book: PortfolioBook
    since: datetime
    until: datetime
    reference_of: ReferenceOf
    rates: BaseRates
    transactions: dict[TransactionId, Transaction]
    flows: SpanFlows = field(default_factory=SpanFlows)
    transferred: dict[TransactionId, Decimal] = field(default_factory=dict)

    def cash(self, ledger: AccountLedger) -> None:
        """Cash that moved: to and from holdings, other cash, receivables, or over the border."""
        for position in ledger.cash.values():
            own = _own_gains(position)
            seen: set[TransactionId] = set()
            for flow in position.flows:
                if self.since <= flow.at <= self.until and flow.transaction not in own:
                    self._cash_flow(ledger.account, position, flow, is_first=flow.transaction not in seen)
                    seen.add(flow.transaction)

    def _cash_flow(self, account: AccountId, position: CashPosition, flow: CashFlow, *, is_first: bool) -> None:
        if flow.pays is not None:
            value = self._due(flow.pays)
            self.flows.move(_receivable(account, flow.pays), value.copy_negate())
        else:
            value = self._rounded(self.rates.value(flow.value))
            value = value if flow.amount > 0 else value.copy_negate()
            other = self._counterpart(flow.transaction, is_first=is_first)
            if other is not None:
                self.flows.move_holding(account, other, value.copy_negate())
        self.flows.move(f"c:{account}:{position.currency}", value)

    def _counterpart(self, transaction: TransactionId, *, is_first: bool) -> Symbol | None:
        """The holding that paid or was paid. Of a merger the cash is the old one's, what is for a fraction the new one's."""
        booked = self.transactions[transaction]
        symbols = symbols_of(booked)
        if not symbols:
            return None
        is_old = isinstance(booked, Merger) and booked.cash is not None and is_first
        return symbols[0] if is_old else symbols[-1]

    def accruals(self, ledger: AccountLedger) -> None:
        """Dividends that began to count before they were paid: from the holding to the receivable."""
        for symbol, position in ledger.positions.items():
            for income in position.incomes:
                if income.is_accrued and self.since <= income.counts_at <= self.until:
                    value = self._due(income)
                    self.flows.move_holding(ledger.account, symbol, value.copy_negate())
                    self.flows.move(_receivable(ledger.account, income), value)

    def lots(self, ledger: AccountLedger) -> None:
        """Transfers between accounts and over the border."""
        for flow in ledger.lot_flows:
            if self.since <= flow.at <= self.until:
                # One figure in both accounts, also where only one of them has booked a split.
                value = self.transferred.setdefault(
                    flow.transaction, self._lots_value(ledger.position(flow.symbol), flow.lots, flow.at)
                )
                self.flows.move_holding(ledger.account, flow.symbol, value.copy_negate() if flow.goes_out else value)

    def arrivals(self, ledger: AccountLedger) -> None:
        """Units that became those of another instrument. What a spin-off brings moves no value but the cost of new lots."""
        for symbol, position in ledger.positions.items():
            for each in position.arrivals:
                if self.since <= each.at <= self.until:
                    lots = [lot for lot in each.lots if self._is_bought(lot)] if each.is_new else each.lots
                    value = self._lots_value(position, lots, each.at)
                    self.flows.move_holding(ledger.account, each.origin, value.copy_negate())
                    self.flows.move_holding(ledger.account, symbol, value)

    def _lots_value(self, position: Position, lots: Sequence[Lot], at: datetime) -> Decimal:
        """What was bought since the start at its cost, all else at its reference."""
        costs = exact_sum(signed(self.rates.value(lot.cost), lot) for lot in lots if self._is_bought(lot))
        units = exact_sum(lot.quantity for lot in lots if not self._is_bought(lot))
        return EXACT.add(self._rounded(costs), self._units_value(position, units, at))

    def _is_bought(self, lot: Lot) -> bool:
        return is_bought_after(lot, self.since - datetime.resolution)

    def _units_value(self, position: Position, units: Decimal, at: datetime) -> Decimal:
        """What `units` as of `at` count at; nothing where no price is known, as their row is left out then."""
        reference = self.reference_of(position.symbol)
        if reference is None or not units:
            return ZERO
        instrument = self.book.instrument(position.symbol)
        then = units_at(position.splits, units, since=at, until=reference.basis)
        rate = self.rates.rate(instrument.currency, reference.rate_at)
        return self._rounded(
            EXACT.multiply(EXACT.multiply(then, reference.price), EXACT.multiply(unit_value(instrument), rate))
        )

    def _due(self, income: Income) -> Decimal:
        return self._rounded(receivable_value(income, self.rates, since=self.since))

    def _rounded(self, amount: Decimal) -> Decimal:
        return rounded(amount, places=self.rates.base.minor_unit)


def _own_gains(position: CashPosition) -> set[TransactionId]:
    """Interest and charges of the cash itself: gains of its row, and no movement."""
    return {charge.transaction for charge in position.charges} | {income.transaction for income in position.incomes}


def _receivable(account: AccountId, income: Income) -> str:
    return f"r:{account}:{income.transaction}"
