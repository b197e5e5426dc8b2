"""A portfolio's value through its day, worked out from the prices of each minute and from what was held then.

Nobody needs to have watched: what is kept of the market and the ledger say it all. It is a picture of the day and an
observation; no figure rests on it.

**Source**: docs/reference/definitions.md, section Valuation and coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.touches import cash_of
from tickfolio.domain.ledger.transactions import (
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    DividendPayment,
    DividendReinvested,
    Fee,
    FeeRefund,
    Interest,
    InterestCharge,
    Merger,
    ReturnOfCapital,
    Sell,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Tax,
    TaxRefund,
    Transaction,
    TransactionId,
    TransferIn,
    TransferOut,
    Withdrawal,
)
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import ROUNDING, Currency, Money

type Effects = Mapping[TransactionId, Iterable[tuple[Symbol, Decimal]]]
"""The units that capital changes brought and took, by transaction."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """What a portfolio was worth at the end of a minute, in its base currency, rounded once."""

    at: datetime
    value: Decimal


@dataclass(slots=True)
class Holdings:
    """Units by symbol, and cash and receivables by currency, all accounts together."""

    units: dict[Symbol, Decimal] = field(default_factory=dict)
    cash: dict[Currency, Decimal] = field(default_factory=dict)

    def undo(self, transaction: Transaction, effects: Effects) -> None:
        """What was held before `transaction`, which is the latest that counts."""
        for symbol, units in (*_units_moved(transaction), *effects.get(transaction.id, ())):
            self._hold(symbol, units.copy_negate())
        for money in _cash_moved(transaction):
            self._receive(-money)

    def _hold(self, symbol: Symbol, quantity: Decimal) -> None:
        self.units[symbol] = ROUNDING.add(self.units.get(symbol, ZERO), quantity)

    def _receive(self, money: Money) -> None:
        self.cash[money.currency] = ROUNDING.add(self.cash.get(money.currency, ZERO), money.amount)


@dataclass(frozen=True, slots=True)
class DayPrices:
    """The prices of a day: `minutes` by the moment at which each ends, `opening` what each symbol was worth before the first."""

    opening: Mapping[Symbol, Decimal]
    minutes: Mapping[datetime, Mapping[Symbol, Decimal]]


def day_values(
    holdings: Holdings,
    recent: Sequence[Transaction],
    prices: DayPrices,
    *,
    instruments: Mapping[Symbol, Instrument],
    rates: RateTable,
    base: Currency,
    effects: Effects,
) -> tuple[ValuePoint, ...]:
    """The value at the end of each minute, oldest first.

    Args:
        holdings: what is held now; used up by the call.
        recent: the transactions that began to count since the day's first minute (see `counts_at`). A dividend that is
            not paid yet is cash in `holdings`.
        effects: the units that each capital change among them brought and took, as the ledgers tell.

    What has no price or no rate at a minute is left out of that minute's value, as it is left out of totals.
    """
    pending = sorted(recent, key=counts_at)
    moments = sorted(prices.minutes)
    known = _known_prices(moments, prices)
    points: list[ValuePoint] = []
    for moment in reversed(moments):
        while pending and counts_at(pending[-1]) > moment:
            holdings.undo(pending.pop(), effects)
        value = _value(holdings, known[moment], instruments=instruments, rates=rates, base=base, at=moment)
        points.append(ValuePoint(moment, Money(value, base).to_minor_unit().amount))
    return tuple(reversed(points))


def counts_at(transaction: Transaction) -> datetime:
    """From when `transaction` is part of the value: a dividend from its ex-date on, where one is known."""
    if isinstance(transaction, DividendPayment) and transaction.accrues_at is not None:
        return transaction.accrues_at
    return transaction.at


def _known_prices(moments: Iterable[datetime], prices: DayPrices) -> dict[datetime, dict[Symbol, Decimal]]:
    """The last known price of every symbol at each moment: one without a trade in a minute keeps its price."""
    known: dict[datetime, dict[Symbol, Decimal]] = {}
    latest = dict(prices.opening)
    for moment in moments:
        latest = {**latest, **prices.minutes[moment]}
        known[moment] = latest
    return known


def _value(
    holdings: Holdings,
    prices: Mapping[Symbol, Decimal],
    *,
    instruments: Mapping[Symbol, Instrument],
    rates: RateTable,
    base: Currency,
    at: datetime,
) -> Decimal:
    sums = dict(holdings.cash)
    for symbol, units in holdings.units.items():
        price = prices.get(symbol)
        if price is None or not units:
            continue
        instrument = instruments[symbol]
        amount = ROUNDING.multiply(units, price)
        if instrument.contract_size != 1 or instrument.quote_unit != 1:
            amount = ROUNDING.divide(ROUNDING.multiply(amount, instrument.contract_size), instrument.quote_unit)
        sums[instrument.currency] = ROUNDING.add(sums.get(instrument.currency, ZERO), amount)
    total = ZERO
    for currency, amount in sums.items():
        rate = rates.rate_at(currency, base, at=at)
        if not isinstance(rate, Unpriced):
            total = ROUNDING.add(total, ROUNDING.multiply(amount, rate.rate))
    return total


def _units_moved(transaction: Transaction) -> tuple[tuple[Symbol, Decimal], ...]:
    """Units that came, negative where they went, across the border of the portfolio or for cash."""
    match transaction:
        case Buy() | TransferIn() | DividendReinvested():
            return ((transaction.symbol, transaction.quantity),)
        case Sell():
            return ((transaction.symbol, transaction.quantity.copy_negate()),)
        case TransferOut() if transaction.to_account is None:
            return ((transaction.symbol, transaction.quantity.copy_negate()),)
        case _:
            return ()


def _cash_moved(transaction: Transaction) -> tuple[Money, ...]:
    """Cash that came, negative where it went."""
    match transaction:
        case Buy():
            return (-_paid(transaction, transaction.gross + transaction.fees + transaction.taxes),)
        case Sell():
            return (_paid(transaction, transaction.gross - transaction.fees - transaction.taxes),)
        case Dividend() | Interest():
            return (_paid(transaction, transaction.gross - transaction.withholding_tax),)
        case DividendReinvested():
            net = transaction.gross - transaction.withholding_tax
            return (net - transaction.invested - transaction.fees,)
        case CurrencyExchange():
            return -transaction.sold, transaction.bought
        case _:
            return _amounts_moved(transaction)


def _amounts_moved(transaction: Transaction) -> tuple[Money, ...]:
    match transaction:
        case Deposit() | FeeRefund() | TaxRefund():
            return (transaction.amount,)
        case Withdrawal() | Fee() | Tax() | InterestCharge():
            return (-transaction.amount,)
        case Split() | StockDividend() | SpinOff() | Merger() | ReturnOfCapital() | SymbolChange():
            return cash_of(transaction)
        case _:
            return ()  # transfers within the portfolio


def _paid(transaction: Buy | Sell | Dividend | Interest, net: Money) -> Money:
    return net if transaction.settlement is None else transaction.settlement.amount
