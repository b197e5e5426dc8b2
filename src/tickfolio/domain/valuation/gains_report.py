"""What was gained by what was closed, lot by lot and year by year; pure and without prices.

**Source**: docs/reference/definitions.md, section Gains report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

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


@dataclass(frozen=True, slots=True)
class Summary:
    """What is said of the rows that are wanted, all of them.

    Attributes:
        count: how many rows there are.
        lack: why the first of those that the sums leave out is left out; empty where they lack nothing.
        besides: what was paid and charged besides.
    """

    count: int
    sums: Sums
    lack: str
    besides: YearSums

    @property
    def is_whole(self) -> bool:
        """Whether nothing lacks."""
        return not (self.lack or self.besides.reason or isinstance(self.sums.total.price, NotAvailable))


class _ClosedPast(Record, frozen=True):
    account: AccountFacts
    symbol: Symbol
    lot: ClosedLot
    number: int
    closed: date


MOST_SUMMARIES = 64


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
        self._closed = _closed_pasts(known, self._day)
        self._summaries: dict[Wanted, Summary] = {}
        self._paid: Sequence[PaidPast] = paid_past(known)
        self._cash: Sequence[CashPast] = cash_past(known, base=book.base)
        self._capital = _capital_changes(book.transactions)
        besides = (self._day(each.at).year for sources in (self._paid, self._cash) for each in sources)
        self.years = tuple(sorted({*(each.closed.year for each in self._closed), *besides}, reverse=True))
        self.symbols = tuple(
            sorted({*(each.symbol for each in self._closed), *(s for e in self._paid if (s := e.symbol))})
        )

    def rows(self, wanted: Wanted) -> Iterator[GainRow]:
        """The rows that are wanted by the time of the closing, each made when it is taken."""
        return map(self._row, self._wanted(wanted))

    def rows_between(self, wanted: Wanted, first: int, last: int) -> list[GainRow]:
        """Of the same rows those from the place `first` up to the one before `last`, counted from 0; no others are made."""
        return [self._row(each) for each in islice(self._wanted(wanted), first, last)]

    def summary(self, wanted: Wanted) -> Summary:
        """What is said of all of them; worked out once, unless it says why something lacks: each reader has a language."""
        found = self._summaries.get(wanted)
        if found is None:
            rows = list(self.rows(wanted))
            lack = next((row.base.reason for row in rows if isinstance(row.base, NotAvailable)), "")
            found = Summary(len(rows), self.sums(rows), lack, self.year_sums(wanted))
            if found.is_whole and len(self._summaries) < MOST_SUMMARIES:
                self._summaries[wanted] = found
        return found

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

    def _wanted(self, wanted: Wanted) -> Iterator[_ClosedPast]:
        for each in self._closed:
            if (
                wanted.account in (None, each.account.id)
                and wanted.symbol in (None, each.symbol)
                and wanted.year in (None, each.closed.year)
            ):
                yield each

    def _row(self, past: _ClosedPast) -> GainRow:
        lot, closed, periods = past.lot, past.closed, self.periods
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

    def _day(self, at: datetime) -> date:
        """In the owner's time zone."""
        return at.astimezone(self._book.zone).date()


def _closed_pasts(
    ledgers: Iterable[tuple[AccountFacts, AccountLedger]], day_of: Callable[[datetime], date]
) -> list[_ClosedPast]:
    counted = Counter[TransactionId]()
    found = []
    for facts, ledger in ledgers:
        for symbol, position in sorted(ledger.positions.items()):
            for lot in position.closed:
                counted[lot.closed_by] += 1
                found.append(_ClosedPast(facts, symbol, lot, counted[lot.closed_by], day_of(lot.closed_at)))
    return sorted(found, key=lambda each: each.lot.closed_at)


def _capital_changes(transactions: Iterable[Transaction]) -> Mapping[TransactionId, Transaction]:
    kinds = (Split, SpinOff, Merger, ReturnOfCapital)
    return {each.id: each for each in transactions if isinstance(each, kinds)}
