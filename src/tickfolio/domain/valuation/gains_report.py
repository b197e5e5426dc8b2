"""What was gained by what was closed, lot by lot and year by year; pure and without prices.

**Source**: docs/reference/definitions.md, section Gains report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import ClosedLot
from tickfolio.domain.ledger.transactions import AccountId, Merger, ReturnOfCapital, SpinOff, Split, Transaction
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.records import Record
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.gain_rows import (
    NO_COST,
    Closing,
    GainRow,
    GainTotals,
    Term,
    base_gain,
    gain_totals,
    stated_gain,
)
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, HoldingPeriods
from tickfolio.domain.valuation.year_sums import CashPast, PaidPast, YearSums, cash_past, paid_past, year_sums


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; None: all of them."""

    year: int | None = None
    account: AccountId | None = None
    symbol: Symbol | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of the rows that are wanted.

    Attributes:
        short, long: None where they are not told apart.
    """

    short: GainTotals | None
    long: GainTotals | None
    total: GainTotals


class _ClosedPast(Record, frozen=True):
    account: AccountFacts
    symbol: Symbol
    lot: ClosedLot
    number: int


class GainsReport:
    """All closed lots of a portfolio, with what it was paid and charged besides. It never changes.

    Attributes:
        years: that have a closed lot, an income, a charge or cash of another currency that went out; newest first.
        symbols: that have a closed lot, an income or a charge, in their order.
    """

    def __init__(
        self,
        ledgers: Iterable[tuple[AccountFacts, AccountLedger]],
        book: PortfolioBook,
        *,
        rates: BaseRates,
        periods: HoldingPeriods = DEFAULT_PERIODS,
    ) -> None:
        self.base = book.base
        self.periods = periods
        self._book = book
        self._rates = rates
        known = list(ledgers)
        self._closed = _closed_pasts(known)
        self._paid: Sequence[PaidPast] = paid_past(known)
        self._cash: Sequence[CashPast] = cash_past(known, base=book.base)
        self._capital = _capital_changes(book.transactions)
        self.years = tuple(sorted({self._day(at).year for at in self._moments()}, reverse=True))
        self.symbols = tuple(
            sorted({*(each.symbol for each in self._closed), *(s for e in self._paid if (s := e.symbol))})
        )

    def rows(self, wanted: Wanted) -> Iterator[GainRow]:
        """The rows that are wanted by the time of the closing, each made when it is taken."""
        for each in self._closed:
            if wanted.account not in (None, each.account.id) or wanted.symbol not in (None, each.symbol):
                continue
            closed = self._day(each.lot.closed_at)
            if wanted.year in (None, closed.year):
                yield self._row(each, closed)

    def sums(self, rows: Sequence[GainRow]) -> Sums:
        """The sums of `rows`; what it was held for is not known of what came without its cost: that is in the total only."""
        places = self.base.minor_unit
        total = gain_totals(rows, places=places)
        if not self.periods.tells_terms:
            return Sums(None, None, total)
        short, long = (gain_totals((row for row in rows if row.term is term), places=places) for term in Term)
        return Sums(short, long, total)

    def year_sums(self, wanted: Wanted) -> YearSums:
        """What was paid and charged besides in the year, and the account, and for the symbol, that are wanted."""
        return year_sums(
            (each for each in self._paid if self._is_wanted(each, wanted) and wanted.symbol in (None, each.symbol)),
            (each for each in self._cash if self._is_wanted(each, wanted)) if wanted.symbol is None else None,
            rates=self._rates,
        )

    def _row(self, past: _ClosedPast, closed: date) -> GainRow:
        lot, periods = past.lot, self.periods
        acquired = self._day(lot.acquired_at) if lot.own.is_known else NO_COST
        days: int | NotAvailable = NO_COST
        term: Term | NotAvailable | None = NO_COST
        if not isinstance(acquired, NotAvailable):
            days = periods.days(acquired, closed)
            term = Term.LONG if periods.is_long_term(acquired, closed) else Term.SHORT
        cost, proceeds, gain = stated_gain(lot)
        return GainRow(
            account=past.account,
            symbol=past.symbol,
            name=self._book.instrument(past.symbol).name,
            closing=self._closing(lot),
            closed_by=lot.closed_by,
            number=past.number,
            quantity=lot.quantity,
            acquired=acquired,
            closed=closed,
            days=days,
            term=term if periods.tells_terms else None,
            cost=cost,
            proceeds=proceeds,
            gain=gain,
            base=base_gain(lot, self._rates),
        )

    def _closing(self, lot: ClosedLot) -> Closing:
        change = self._capital.get(lot.closed_by)
        if change is None:
            return Closing.COVER if lot.is_short else Closing.SALE
        if isinstance(change, ReturnOfCapital):
            return Closing.RETURN_OF_CAPITAL
        return Closing.FRACTION if lot.quantity else Closing.MERGER_CASH

    def _is_wanted(self, past: PaidPast | CashPast, wanted: Wanted) -> bool:
        return wanted.account in (None, past.account) and wanted.year in (None, self._day(past.at).year)

    def _moments(self) -> Iterator[datetime]:
        yield from (each.lot.closed_at for each in self._closed)
        yield from (each.at for each in self._paid)
        yield from (each.at for each in self._cash)

    def _day(self, at: datetime) -> date:
        """In the owner's time zone."""
        return at.astimezone(self._book.zone).date()


def _closed_pasts(ledgers: Iterable[tuple[AccountFacts, AccountLedger]]) -> list[_ClosedPast]:
    counted = Counter[TransactionId]()
    found = []
    for facts, ledger in ledgers:
        for symbol, position in sorted(ledger.positions.items()):
            for lot in position.closed:
                counted[lot.closed_by] += 1
                found.append(_ClosedPast(facts, symbol, lot, counted[lot.closed_by]))
    return sorted(found, key=lambda each: each.lot.closed_at)


def _capital_changes(transactions: Iterable[Transaction]) -> Mapping[TransactionId, Transaction]:
    kinds = (Split, SpinOff, Merger, ReturnOfCapital)
    return {each.id: each for each in transactions if isinstance(each, kinds)}
