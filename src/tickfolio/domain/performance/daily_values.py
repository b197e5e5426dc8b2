"""What each row of a portfolio was worth at the end of each day, to the cent of what the portfolio shows then.

A value is worked out in binary numbers first. Where their error could reach the border between two cents, and where a split is
booked that the price does not know yet, it is worked out exactly; so every value is the exact one, and few cost what it costs.

**Source**: docs/reference/definitions.md, sections Valuation and coverage, and Daily series.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.held_units import HeldUnits
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.ledger.touches import accounts_of, symbols_of
from tickfolio.domain.ledger.transactions import AccountId, in_ledger_order
from tickfolio.domain.money import EXACT, ROUNDING, Currency, rounded
from tickfolio.domain.performance.histories import Histories
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.holdings import unit_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ZERO = Decimal(0)
_ERROR = 4e-15
"""More than the relative error of a product of four binary numbers, each of them rounded once."""
_QUOTIENT_PLACES = 50

type Event = tuple[datetime, Decimal]
"""From a moment on, an amount is another one."""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row of a portfolio over all days.

    Attributes:
        key: as the rows of a valuation have it.
        symbol: of a holding or a receivable; None of cash.
        values: in the smallest coins of the base currency at the end of each day; 0 where nothing was there, or nothing is known.
        is_known: where something was there, whether its price and its rate are known; True where nothing was there.
    """

    key: str
    account: AccountId
    symbol: Symbol | None
    currency: Currency
    values: NDArray[np.int64]
    is_known: NDArray[np.bool_]


def daily_values(book: PortfolioBook, ledgers: Iterable[AccountLedger], histories: Histories) -> list[ValueRow]:
    """The rows of a portfolio.

    Args:
        ledgers: of its accounts, folded up to the last day or beyond.
    """
    folded = list(ledgers)
    rows = [_holding(book, histories, *each) for each in _held(book, folded)]
    for ledger in folded:
        for currency, cash in ledger.cash.items():
            events = list(_running((flow.at, flow.amount) for flow in cash.flows))
            key = f"c:{ledger.account}:{currency}"
            rows.append(_amount(histories, key, ledger.account, None, currency, events))
        for symbol, position in ledger.positions.items():
            for income in position.incomes:
                if income.is_accrued:
                    due = [(income.counts_at, income.net.amount), (income.paid.at, ZERO)]
                    key = f"r:{ledger.account}:{income.transaction}"
                    rows.append(_amount(histories, key, ledger.account, symbol, income.net.currency, due))
    return rows


# ---------- What was there, from when on ----------


def _held(
    book: PortfolioBook, ledgers: Iterable[AccountLedger]
) -> Iterator[tuple[AccountId, Symbol, list[Event], Sequence[UnitChange]]]:
    units = HeldUnits()
    events: defaultdict[tuple[AccountId, Symbol], list[Event]] = defaultdict(list)
    for each in in_ledger_order(book.transactions):
        symbols = symbols_of(each)
        if not symbols:
            continue
        units.book(each)
        for account in accounts_of(each):
            for symbol in symbols:
                held = units.held(account, symbol)
                known = events[account, symbol]
                if (known[-1][1] if known else ZERO) != held:
                    known.append((each.at, held))
    splits = {
        (ledger.account, symbol): position.splits for ledger in ledgers for symbol, position in ledger.positions.items()
    }
    # A dividend of what was never held is a movement of its row too.
    for account, symbol in dict.fromkeys((*splits, *events)):
        yield account, symbol, events[account, symbol], splits.get((account, symbol), ())


def _running(flows: Iterable[Event]) -> Iterator[Event]:
    total = ZERO
    for at, amount in flows:
        total = EXACT.add(total, amount)
        yield at, total


# ---------- What it was worth ----------


def _holding(
    book: PortfolioBook,
    histories: Histories,
    account: AccountId,
    symbol: Symbol,
    events: Sequence[Event],
    splits: Sequence[UnitChange],
) -> ValueRow:
    instrument = book.instrument(symbol)
    prices, rates = histories.prices(symbol), histories.rates(instrument.currency)
    unit, ends = unit_value(instrument), histories.days.ends

    def exact(day: int, quantity: Decimal) -> Decimal:
        closed_at = prices.closed_at(day)
        value = EXACT.multiply(EXACT.multiply(quantity, prices.exact(day)), EXACT.multiply(unit, rates.exact(day)))
        return without_later_splits(value, splits, known=closed_at, until=ends[day])

    row = _Row(histories, events, prices.floats * rates.floats * float(unit), exact)
    row.work_out(prices.days_before([split.at for split in splits]))
    return row.done(f"h:{account}:{symbol}", account, symbol, instrument.currency)


def _amount(
    histories: Histories,
    key: str,
    account: AccountId,
    symbol: Symbol | None,
    currency: Currency,
    events: Sequence[Event],
) -> ValueRow:
    rates = histories.rates(currency)
    row = _Row(histories, events, rates.floats, lambda day, amount: EXACT.multiply(amount, rates.exact(day)))
    return row.done(key, account, symbol, currency)


def without_later_splits(value: Decimal, splits: Sequence[UnitChange], *, known: datetime, until: datetime) -> Decimal:
    """A value of units of `until` at a price that knows the splits up to `known` only."""
    new, old = 1, 1
    for split in splits:
        if known < split.at <= until:
            new, old = new * split.new, old * split.old
    if new == old:
        return value
    return rounded(ROUNDING.divide(EXACT.multiply(value, Decimal(old)), Decimal(new)), places=_QUOTIENT_PLACES)


class _Row:
    """An amount of each day times what one unit was worth at its end."""

    def __init__(
        self,
        histories: Histories,
        events: Sequence[Event],
        unit_values: NDArray[np.float64],
        exact: Callable[[int, Decimal], Decimal],
    ) -> None:
        import numpy as np

        self._places, self._exact = histories.base.minor_unit, exact
        count = len(histories.days)
        # Event k is in force from its place on; what was there before the first is nothing.
        self._begins = histories.days.places([at for at, _ in events])
        self._amounts = [ZERO, *(amount for _, amount in events)]
        lengths = np.diff(np.concatenate(([0], self._begins, [count])))
        amounts = np.repeat(np.array([float(amount) for amount in self._amounts]), lengths)
        coins = amounts * unit_values * 10.0**self._places
        coins[amounts == 0.0] = 0.0
        self._is_known = ~np.isnan(coins)
        coins[~self._is_known] = 0.0
        nearest, error = np.rint(coins), np.abs(coins) * _ERROR
        # An exact half goes to the even coin, which the binary number need not know.
        is_doubtful = (np.abs(coins - nearest) >= 0.5 - error) | (error > 0.25)
        nearest[is_doubtful] = 0.0
        self._values: NDArray[np.int64] = nearest.astype(np.int64)
        self.work_out(np.flatnonzero(is_doubtful).tolist())

    def work_out(self, days: Iterable[int]) -> None:
        """Values these days exactly, where something was there and its price and rate are known."""
        for day in days:
            amount = self._amounts[int(self._begins.searchsorted(day, side="right"))]
            if amount and self._is_known[day]:
                value = rounded(self._exact(day, amount), places=self._places)
                self._values[day] = int(value.scaleb(self._places))

    def done(self, key: str, account: AccountId, symbol: Symbol | None, currency: Currency) -> ValueRow:
        """The row of that name."""
        return ValueRow(key, account, symbol, currency, self._values, self._is_known)
