"""Every figure that follows from how an account counts: as the gains report and the holdings show it, for two ways side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.gain_rows import GainRow
from tickfolio.domain.valuation.gains_report import GainsReport, Wanted
from tickfolio.domain.valuation.holding_periods import HoldingPeriods
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth
from tickfolio.domain.valuation.year_sums import CashPast, PaidPast, YearSums, cash_past, paid_past, year_sums


class FigureKind(StrEnum):
    """Which figure; those of the terms and the currency part are of the whole portfolio only."""

    VALUE = "value"
    REALIZED = "realized"
    REALIZED_SHORT = "realized_short"
    REALIZED_LONG = "realized_long"
    REALIZED_CURRENCY = "realized_currency"
    UNREALIZED = "unrealized"
    DIVIDENDS = "dividends"
    INTEREST = "interest"
    WITHHOLDING_TAX = "withholding_tax"
    FEES = "fees"
    TAXES = "taxes"
    CASH_CURRENCY = "cash_currency"


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in coins of the base currency.

    Attributes:
        amount: None where there is nothing that could have one, or all of it is lacking.
        lacking: how many rows and entries are left out, since a price, a rate or a cost is not known.
    """

    amount: Decimal | None = None
    lacking: int = 0

    def plus(self, amount: Decimal | NotAvailable) -> Figure:
        """With one more row."""
        if isinstance(amount, NotAvailable):
            return Figure(self.amount, self.lacking + 1)
        return Figure(EXACT.add(self.amount or Decimal(0), amount), self.lacking)


NOTHING = Figure()

type Place = tuple[AccountId, Symbol | None]
"""A position, or with None the cash of an account and what was paid in it for no instrument."""
type Figures = Mapping[tuple[Place | None, FigureKind], Figure]
"""None is the whole portfolio."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A portfolio at a moment, counted in one way: its accounts' ledgers and its rows."""

    book: PortfolioBook
    ledgers: Sequence[tuple[AccountFacts, AccountLedger]]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure of one position, of an account's cash, or of the whole portfolio, before and after.

    Attributes:
        account_name: empty of the whole portfolio.
        symbol: None of cash, and of the whole portfolio.
    """

    account_name: str
    symbol: Symbol | None
    kind: FigureKind
    before: Figure
    after: Figure

    @property
    def difference(self) -> Decimal | None:
        """After − before; None where one of them lacks what the other one has."""
        if self.before.lacking != self.after.lacking:
            return None
        return EXACT.subtract(self.after.amount or Decimal(0), self.before.amount or Decimal(0))


def figure_changes(
    before: Counted, after: Counted, *, rates: BaseRates, periods: HoldingPeriods
) -> tuple[FigureChange, ...]:
    """The figures that are shown as others: by account and symbol, an account's cash after them, the whole portfolio last."""
    old, new = (_figures(each, rates=rates, periods=periods) for each in (before, after))
    order = {account.id: number for number, account in enumerate(after.book.accounts)}
    names = {account.id: account.name for account in after.book.accounts}
    kinds = list(FigureKind)

    def place_of(key: tuple[Place | None, FigureKind]) -> tuple[bool, int, bool, str, int]:
        place, kind = key
        if place is None:
            return True, 0, False, "", kinds.index(kind)
        account, symbol = place
        return False, order[account], symbol is None, symbol or "", kinds.index(kind)

    return tuple(
        FigureChange(names[key[0][0]] if key[0] else "", key[0][1] if key[0] else None, key[1], was, is_)
        for key in sorted(old.keys() | new.keys(), key=place_of)
        if _differ(was := old.get(key, NOTHING), is_ := new.get(key, NOTHING))
    )


def _differ(one: Figure, other: Figure) -> bool:
    """Nothing and an amount of zero are the same."""
    return (one.amount or 0, one.lacking) != (other.amount or 0, other.lacking)


def _figures(counted: Counted, *, rates: BaseRates, periods: HoldingPeriods) -> Figures:
    report = GainsReport(counted.ledgers, counted.book, rates=rates, periods=periods)
    lots = list(report.rows(Wanted()))
    found: dict[tuple[Place | None, FigureKind], Figure] = defaultdict(Figure)
    _count_lots(found, lots, report)
    _count_rows(found, counted.rows)
    for place, paid, cash in _paid_by_place(counted, rates):
        _count_paid(found, place, paid, cash, rates)
    return found


def _count_lots(
    found: dict[tuple[Place | None, FigureKind], Figure], lots: Sequence[GainRow], report: GainsReport
) -> None:
    for lot in lots:
        gain = lot.base if isinstance(lot.base, NotAvailable) else lot.base.gain
        for place in ((lot.account.id, lot.symbol), None):
            found[place, FigureKind.REALIZED] = found[place, FigureKind.REALIZED].plus(gain)
    sums = report.sums(lots)
    if sums.short is not None and sums.long is not None:
        found[None, FigureKind.REALIZED_SHORT] = Figure(sums.short.gain, sums.short.left_out)
        found[None, FigureKind.REALIZED_LONG] = Figure(sums.long.gain, sums.long.left_out)
    found[None, FigureKind.REALIZED_CURRENCY] = NOTHING.plus(sums.total.currency)


def _count_rows(found: dict[tuple[Place | None, FigureKind], Figure], rows: Iterable[Row]) -> None:
    for row in rows:
        symbol = None if row.kind is RowKind.CASH else row.symbol
        is_held = row.kind is RowKind.HOLDING and bool(row.quantity)
        worth = row.worth
        value = worth.value if isinstance(worth, Worth) else NotAvailable(worth.reason)
        unrealized = worth.unrealized if isinstance(worth, Worth) else NotAvailable(worth.reason)
        for place in ((row.account, symbol), None):
            if is_held or row.kind is not RowKind.HOLDING:
                found[place, FigureKind.VALUE] = found[place, FigureKind.VALUE].plus(value)
            if is_held:
                found[place, FigureKind.UNREALIZED] = found[place, FigureKind.UNREALIZED].plus(unrealized)


def _paid_by_place(
    counted: Counted, rates: BaseRates
) -> Iterable[tuple[Place | None, Sequence[PaidPast], Sequence[CashPast]]]:
    paid, cash = paid_past(counted.ledgers), cash_past(counted.ledgers, base=rates.base)
    of_place: dict[Place, tuple[list[PaidPast], list[CashPast]]] = defaultdict(lambda: ([], []))
    for each in paid:
        of_place[each.account, each.symbol][0].append(each)
    for relief in cash:
        of_place[relief.account, None][1].append(relief)
    yield from ((place, *past) for place, past in of_place.items())
    yield None, paid, cash


def _count_paid(
    found: dict[tuple[Place | None, FigureKind], Figure],
    place: Place | None,
    paid: Sequence[PaidPast],
    cash: Sequence[CashPast],
    rates: BaseRates,
) -> None:
    incomes = [each for each in paid if isinstance(each.paid, Income)]
    charges = [each for each in paid if not isinstance(each.paid, Income)]

    def note(kind: FigureKind, amount: Decimal | None, sums: YearSums) -> None:
        found[place, kind] = Figure(amount, sums.left_out)

    if incomes:
        sums = year_sums(incomes, None, rates=rates)
        note(FigureKind.DIVIDENDS, sums.dividends, sums)
        note(FigureKind.INTEREST, sums.interest, sums)
        note(FigureKind.WITHHOLDING_TAX, sums.withholding_tax, sums)
    if charges:
        sums = year_sums(charges, None, rates=rates)
        note(FigureKind.FEES, sums.fees, sums)
        note(FigureKind.TAXES, sums.taxes, sums)
    if cash:
        sums = year_sums((), cash, rates=rates)
        note(FigureKind.CASH_CURRENCY, sums.cash_currency, sums)
