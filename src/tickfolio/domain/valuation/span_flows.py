"""What moved between the rows of a portfolio, and over its border, in a span.

Each movement has one value in the base currency, rounded once, with one sign in the row that it left and the other in the row
that it came to.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashFlow, CashPosition
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import Arrival, Lot, LotFlow
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import AccountId, Merger, Transaction, TransactionId
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.records import Record
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.day_change import exact_sum, is_bought_after, signed, units_at
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.domain.valuation.incomes import receivable_value
from tickfolio.domain.valuation.references import Reference
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.errors import MissingRate

ZERO = Decimal(0)


type ReferenceOf = Callable[[Symbol], Reference | None]


class Leg(Record, frozen=True):
    """One side of a movement: what came into a row, negative where it left it.

    What moved between rows has legs of one transaction that sum to 0; what crossed the border of the portfolio does not.
    """

    key: str
    transaction: TransactionId
    at: datetime
    value: Decimal


@dataclass(slots=True)
class SpanFlows:
    """What came into each row less what left it, in the base currency and rounded to its smallest coin.

    Attributes:
        legs: in the order of accounts and of what they booked.
        holdings: the account and the symbol of each holding among them, by the row's key.
    """

    legs: list[Leg] = field(default_factory=list)
    holdings: dict[str, tuple[AccountId, Symbol]] = field(default_factory=dict)

    @property
    def moved(self) -> dict[str, Decimal]:
        """The sum of the legs of each row, by its key."""
        sums: dict[str, Decimal] = {}
        for leg in self.legs:
            sums[leg.key] = EXACT.add(sums.get(leg.key, ZERO), leg.value)
        return sums


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
    found = flows_by_span(live, book, spans=[(since, until)], reference_of=lambda _: reference_of, rates=rates)
    return found.get(0, SpanFlows())


def flows_by_span(
    live: LivePortfolio,
    book: PortfolioBook,
    *,
    spans: Sequence[tuple[datetime, datetime]],
    reference_of: Callable[[int], ReferenceOf],
    rates: BaseRates,
) -> dict[int, SpanFlows]:
    """The same of many spans at once, by their place; of those only in which something moved.

    Args:
        spans: the first and the last moment of each, in order and none within another.
        reference_of: gives what counts for the start of a span, by its place.
    """
    transactions = {each.id: each for each in book.transactions}
    found: dict[int, _Found] = {}
    for at, take in _movements(live, spans[0][0]):
        place = bisect_right(spans, at, key=lambda span: span[0]) - 1
        if at <= spans[place][1]:
            if place not in found:
                since, until = spans[place]
                found[place] = _Found(book, since, reference_of(place), _SpanRates(rates, until), transactions)
            with suppress(MissingRate):  # its row has no value at the end of the span either, and so no gain
                take(found[place])
    return {place: each.flows for place, each in sorted(found.items())}


class _SpanRates(BaseRates):
    """The rates of a span. What moved before any was published counts by the one in force at the end, as its row does."""

    def __init__(self, rates: BaseRates, until: datetime) -> None:
        super().__init__(rates.base, rates.table)
        self._known, self._until = rates, until

    def rate(self, currency: Currency, at: datetime) -> Decimal:
        try:
            return self._known.rate(currency, at)
        except MissingRate:
            return self._known.rate(currency, self._until)


type Movement = Callable[[_Found], None]
"""What notes one movement, valued as its span has it."""


def _movements(live: LivePortfolio, since: datetime) -> Iterator[tuple[datetime, Movement]]:
    """All movements from a moment on, with theirs."""
    for account in live.accounts():
        ledger = account.ledger
        yield from _of_cash(ledger, since)
        yield from _of_accruals(ledger, since)
        for flow in ledger.lot_flows:
            if flow.at >= since:
                yield flow.at, partial(_Found.transfer, ledger=ledger, flow=flow)
        for symbol, position in ledger.positions.items():
            for each in position.arrivals:
                if each.at >= since:
                    yield (
                        each.at,
                        partial(_Found.arrival, account=ledger.account, symbol=symbol, position=position, arrival=each),
                    )


def _of_cash(ledger: AccountLedger, since: datetime) -> Iterator[tuple[datetime, Movement]]:
    for position in ledger.cash.values():
        own = _own_gains(position)
        seen: set[TransactionId] = set()
        for flow in position.flows:
            if flow.at >= since and flow.transaction not in own:
                is_first = flow.transaction not in seen
                seen.add(flow.transaction)
                key = f"c:{ledger.account}:{position.currency}"
                yield flow.at, partial(_Found.cash, account=ledger.account, key=key, flow=flow, is_first=is_first)


def _of_accruals(ledger: AccountLedger, since: datetime) -> Iterator[tuple[datetime, Movement]]:
    for symbol, position in ledger.positions.items():
        for income in position.incomes:
            if income.is_accrued and income.counts_at >= since:
                yield income.counts_at, partial(_Found.accrual, account=ledger.account, symbol=symbol, income=income)


@dataclass(slots=True)
class _Found:
    book: PortfolioBook
    since: datetime
    reference_of: ReferenceOf
    rates: BaseRates
    transactions: Mapping[TransactionId, Transaction]
    flows: SpanFlows = field(default_factory=SpanFlows)
    transferred: dict[TransactionId, Decimal] = field(default_factory=dict)

    def cash(self, *, account: AccountId, key: str, flow: CashFlow, is_first: bool) -> None:
        """Cash that moved: to and from holdings, other cash, receivables, or over the border."""
        if flow.pays is not None:
            value = self._due(flow.pays)
            self._leg(_receivable(account, flow.pays), flow.transaction, flow.at, value.copy_negate())
        else:
            value = self._rounded(self.rates.value(flow.value))
            value = value if flow.amount > 0 else value.copy_negate()
            other = self._counterpart(flow.transaction, is_first=is_first)
            if other is not None:
                self._leg_of(account, other, flow.transaction, flow.at, value.copy_negate())
        self._leg(key, flow.transaction, flow.at, value)

    def accrual(self, *, account: AccountId, symbol: Symbol, income: Income) -> None:
        """A dividend that began to count before it was paid: from the holding to the receivable."""
        value = self._due(income)
        self._leg_of(account, symbol, income.transaction, income.counts_at, value.copy_negate())
        self._leg(_receivable(account, income), income.transaction, income.counts_at, value)

    def transfer(self, *, ledger: AccountLedger, flow: LotFlow) -> None:
        """Between accounts or over the border."""
        # One figure in both accounts, also where only one of them has booked a split.
        value = self.transferred.get(flow.transaction)
        if value is None:
            value = self._lots_value(ledger.position(flow.symbol), flow.lots, flow.at)
            self.transferred[flow.transaction] = value
        value = value.copy_negate() if flow.goes_out else value
        self._leg_of(ledger.account, flow.symbol, flow.transaction, flow.at, value)

    def arrival(self, *, account: AccountId, symbol: Symbol, position: Position, arrival: Arrival) -> None:
        """Units that became those of another instrument. What a spin-off brings moves no value but the cost of new lots."""
        lots = [lot for lot in arrival.lots if self._is_bought(lot)] if arrival.is_new else arrival.lots
        value = self._lots_value(position, lots, arrival.at)
        self._leg_of(account, arrival.origin, arrival.transaction, arrival.at, value.copy_negate())
        self._leg_of(account, symbol, arrival.transaction, arrival.at, value)

    def _leg_of(
        self, account: AccountId, symbol: Symbol, transaction: TransactionId, at: datetime, value: Decimal
    ) -> None:
        key = f"h:{account}:{symbol}"
        self.flows.holdings[key] = account, symbol
        self._leg(key, transaction, at, value)

    def _leg(self, key: str, transaction: TransactionId, at: datetime, value: Decimal) -> None:
        self.flows.legs.append(Leg(key, transaction, at, value))

    def _counterpart(self, transaction: TransactionId, *, is_first: bool) -> Symbol | None:
        """The holding that paid or was paid. Of a merger the cash is the old one's, what is for a fraction the new one's."""
        booked = self.transactions[transaction]
        symbols = symbols_of(booked)
        if not symbols:
            return None
        is_old = isinstance(booked, Merger) and booked.cash is not None and is_first
        return symbols[0] if is_old else symbols[-1]

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
