"""The parts of a portfolio: what its rows are put together by, what each contributed, and what was booked in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.touches import accounts_of, symbols_of
from tickfolio.domain.ledger.transactions import Buy, Deposit, Dividend, Sell, Split, Transaction, Withdrawal
from tickfolio.domain.performance.contribution import contributions
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.spans import ONE_DAY, Span
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.valuation import Worth
from tickfolio.errors import InvalidValue
from tickfolio.services.portfolio_series import SeriesNow
from tickfolio.words import phrase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CASH = "cash"
MOST_MARKED_DAYS = 750
"""Of a span: half of the points that a chart has room for."""


class PartBy(StrEnum):
    """By what the rows of a portfolio are put together."""

    HOLDING = "holding"
    ACCOUNT = "account"
    CLASS = "class"
    CURRENCY = "currency"


def class_of(symbol: Symbol | None, book: PortfolioBook) -> str:
    """The class of a row; cash has no symbol."""
    return CASH if symbol is None else book.instrument(symbol).instrument_class.value


@dataclass(frozen=True, slots=True)
class Scope:
    """What the figures are of: the whole where `by` is None, else the rows whose key by that is `key`."""

    by: PartBy | None = None
    key: str = ""


WHOLE = Scope()


@dataclass(frozen=True, slots=True)
class PartFigures:
    """What one part gained over the span, in the base currency, and what that was of the return, as a fraction."""

    key: str
    gain: Decimal
    contribution: float


@dataclass(frozen=True, slots=True)
class RowNow:
    """A row that is in the last value: its key, the part that it is of, its units, and what they are worth."""

    key: str
    part: str
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class PartsOfSpan:
    """What made the return of a span, the largest contribution first.

    Attributes:
        timing: the contribution that is of no part, from days that were cut at a flow.
        weight: what one more unit of money gained on the last day adds to a contribution.
    """

    parts: tuple[PartFigures, ...]
    timing: float
    weight: float


@dataclass(frozen=True, slots=True)
class Mark:
    """What was booked on a day: how many of one kind."""

    day: date
    kind: str
    count: int


class Parts:
    """The rows of a portfolio of all time, put together in each way."""

    def __init__(self, now: SeriesNow) -> None:
        self._now, self._rows = now, now.series.rows()

    def key(self, row: ValueRow, by: PartBy) -> str:
        """What a row is of. A dividend that is due is of the share that pays it."""
        if by is PartBy.ACCOUNT:
            return row.account
        if by is PartBy.CURRENCY:
            return row.currency.code
        if row.symbol is None:
            return f"{row.currency} {CASH}" if by is PartBy.HOLDING else CASH
        return row.symbol if by is PartBy.HOLDING else class_of(row.symbol, self._now.book)

    def keys(self, by: PartBy) -> list[str]:
        """All parts of that kind, in the order of the alphabet."""
        return sorted({self.key(row, by) for row in self._rows.values()})

    def days(self, scope: Scope) -> Sequence[ValuedDay]:
        """The days of the whole or of a part.

        Raises:
            InvalidValue: there is no such part, and never was.
        """
        if scope.by is None:
            return self._now.series.whole
        if scope.key not in self.keys(scope.by):
            raise InvalidValue(
                phrase(
                    "Expected one of the portfolio by {value}, was {key}.",
                    value=scope.by.value,
                    key=repr(scope.key[:40]),
                )
            )
        return self._now.series.part(self._test(scope))

    def sessions(self, scope: Scope) -> frozenset[date] | None:
        """The finished days with a session of something held in the scope."""
        return self._now.sessions(None if scope.by is None else self._test(scope))

    def flows(self, scope: Scope, span: Span) -> list[tuple[datetime, Decimal]]:
        """What came over the border of the scope in a span, negative where it left, in the order of time."""
        found = self._now.flows(None if scope.by is None else self._test(scope))
        return [(at, amount) for day, at, amount in found if span.first <= day <= span.last]

    def _test(self, scope: Scope) -> Callable[[ValueRow], bool]:
        by = scope.by
        return (lambda _: True) if by is None else lambda row: self.key(row, by) == scope.key

    def figures(self, inside: Sequence[ValuedDay], place: slice, *, by: PartBy, scope: Scope) -> PartsOfSpan:
        """What each part of the scope gained over a span.

        Args:
            inside: the days of the span, of the scope.
            place: where they are in the whole series.
        """
        summed: dict[str, NDArray[np.int64]] = {}
        is_of_it = self._test(scope)
        for key, gains in self._now.gains().items():
            row, of_span = self._rows[key], gains[place]
            if is_of_it(row) and (row.values[-1] or of_span.any()):
                name = self.key(row, by)
                summed[name] = summed[name] + of_span if name in summed else of_span
        places = self._now.book.base.minor_unit
        found = contributions(inside, summed, minor_unit=places)
        parts = [
            PartFigures(name, Decimal(int(gains.sum())).scaleb(-places), found.parts[name])
            for name, gains in summed.items()
        ]
        ordered = sorted(parts, key=lambda part: (-part.contribution, part.key))
        return PartsOfSpan(tuple(ordered), found.timing, found.weight)

    def rows_now(self, scope: Scope, by: PartBy) -> tuple[RowNow, ...]:
        """The rows of the scope that have a value at the moment."""
        is_of_it = self._test(scope)
        return tuple(
            RowNow(row.key, self.key(self._rows[row.key], by), row.quantity, row.worth.value)
            for row in self._now.valuation.rows
            if isinstance(row.worth, Worth) and is_of_it(self._rows[row.key])
        )

    def marks(self, span: Span, scope: Scope) -> list[Mark]:
        """The deposits, trades and dividends of a span, counted by day."""
        finished = self._now.finished
        found = Counter[tuple[int, str]]()
        if finished is not None:
            counted = partial(self._counted, finished.booked, span, scope)
            found += finished.once(("marks", span, scope), counted)
        found += self._counted(self._now.booked_today(), span, scope)
        return [Mark(span.first + place * ONE_DAY, kind, count) for (place, kind), count in sorted(found.items())]

    def _counted(
        self, booked: Iterable[tuple[date, Transaction]], span: Span, scope: Scope
    ) -> Counter[tuple[int, str]]:
        """How many of each kind there are, by the day of the span at which they stand."""
        if scope.by is not None:
            touched = frozenset((row.account, row.symbol) for row in filter(self._test(scope), self._rows.values()))
            booked = ((day, each) for day, each in booked if _touches(each, touched))
        # On a line of ten years nobody tells two days apart: what was booked in a stretch of it stands at its first day.
        stretch = max(1, span.days // MOST_MARKED_DAYS)
        return Counter(
            ((day - span.first).days // stretch * stretch, MARKED[type(each)])
            for day, each in booked
            if span.first <= day <= span.last and type(each) in MARKED
        )


MARKED: Mapping[type, str] = {
    Buy: "buy", Sell: "sell", Dividend: "dividend", Deposit: "deposit", Withdrawal: "withdrawal", Split: "split",
}  # fmt: skip
"""What is marked on a line, by the name of its kind."""


def _touches(transaction: Transaction, touched: frozenset[tuple[str, Symbol | None]]) -> bool:
    symbols: Iterable[Symbol | None] = symbols_of(transaction) or (None,)
    return any((account, symbol) in touched for account in accounts_of(transaction) for symbol in symbols)
