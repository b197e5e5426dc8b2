"""The finished days of portfolios, as they are stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from tickfolio.domain.money import EXACT
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.persistence.exact_decimal import canonical
from tickfolio.persistence.models import DailySeries, DailyValue, Portfolio
from tickfolio.persistence.selectors.headings import LedgerHeading
from tickfolio.persistence.tenancy import Actor

COLUMNS = ("day", "opening", "closing", "value", "came_in", "went_out", "growth", "is_skipped", "left_out")


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A finished day of a portfolio, in its base currency; `came_in` and `went_out` are unsigned.

    Numbers are spelled as the database spells them, so that two of one day are the same or differ to the byte.
    """

    day: date
    opening: Decimal
    closing: Decimal
    value: Decimal
    came_in: Decimal
    went_out: Decimal
    growth: Decimal
    is_skipped: bool
    left_out: int

    @staticmethod
    def of(day: ValuedDay) -> StoredDay:
        """What is stored of a day."""
        came_in = went_out = Decimal(0)
        for flow in day.flows:
            if flow.amount > 0:
                came_in = EXACT.add(came_in, flow.amount)
            else:
                went_out = EXACT.subtract(went_out, flow.amount)
        return StoredDay(
            day=day.day,
            opening=_spelled(day.opening),
            closing=_spelled(day.closing),
            value=_spelled(day.value),
            came_in=_spelled(came_in),
            went_out=_spelled(went_out),
            growth=_spelled(day.growth),
            is_skipped=day.is_skipped,
            left_out=day.left_out,
        )

    @property
    def gain(self) -> Decimal:
        """Closing − opening − flows."""
        return EXACT.subtract(EXACT.subtract(self.closing, self.opening), EXACT.subtract(self.came_in, self.went_out))

    def columns(self) -> tuple[object, ...]:
        """Its values in the order of `COLUMNS`."""
        return _columns(self)


@dataclass(frozen=True, slots=True)
class SeriesHeading:
    """What the stored days were worked out from, and how far they go; `first` is None where there are none."""

    ledger: LedgerHeading
    version: str
    first: date | None
    last: date


def series_heading(portfolio_id: str, *, actor: Actor) -> SeriesHeading | None:
    """The heading of a portfolio's stored days; None where nothing is stored. One query."""
    row = DailySeries.objects.for_actor(actor).filter(portfolio_id=portfolio_id).first()
    return None if row is None else _heading(row)


def series_headings(*, actor: Actor) -> dict[str, SeriesHeading]:
    """All of them, by portfolio; one query."""
    return {str(row.portfolio_id): _heading(row) for row in DailySeries.objects.for_actor(actor)}


def living_portfolios(*, actor: Actor) -> tuple[str, ...]:
    """The ids of all portfolios that the actor may know of, oldest first; one query."""
    ids = Portfolio.objects.for_actor(actor).order_by("created_at", "pk").values_list("pk", flat=True)
    return tuple(str(each) for each in ids)


def days_stored(portfolio_id: str, *, actor: Actor, since: date | None = None) -> tuple[StoredDay, ...]:
    """The stored days from `since` on, all where that is None, oldest first; one query."""
    rows = DailyValue.objects.for_actor(actor).filter(portfolio_id=portfolio_id)
    if since is not None:
        rows = rows.filter(day__gte=since)
    return tuple(StoredDay(*row) for row in rows.order_by("day").values_list(*COLUMNS))


def days_of(rows: Iterable[ValuedDay]) -> tuple[StoredDay, ...]:
    """What is stored of days."""
    return tuple(StoredDay.of(row) for row in rows)


def _spelled(number: Decimal) -> Decimal:
    return Decimal(canonical(number))


def _heading(row: DailySeries) -> SeriesHeading:
    ledger = LedgerHeading(row.head, row.base_currency, row.zone, row.actions, row.bars, row.rates)
    return SeriesHeading(ledger, row.version, row.first_day, row.last_day)


_columns = attrgetter(*COLUMNS)
