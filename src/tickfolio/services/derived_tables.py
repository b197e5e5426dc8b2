"""Everything in the database that facts say already: what is stored of it, and what facts say it should be.

`tickfolio rebuild` writes the one over the other, and `tickfolio verify` compares them. Rows are told by their key, and a
value by its one spelling, which is the same on every database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Count, Model, QuerySet

from tickfolio.persistence.exact_decimal import canonical
from tickfolio.persistence.inventory import INVENTORY, Kind, columns_of_kind
from tickfolio.persistence.models import (
    DailySeries,
    DailyValue,
    ImportBatch,
    ImportRow,
    LedgerTransaction,
    OutboxEntry,
    Portfolio,
    TransactionVersion,
)
from tickfolio.persistence.selectors.daily_series import SeriesHeading, StoredDay, series_heading
from tickfolio.persistence.selectors.headings import ledger_heading
from tickfolio.persistence.tenancy import System, TenantModel
from tickfolio.services.daily_series import WorkedOut, days_worked_out, yesterday
from tickfolio.services.import_fates import Fate
from tickfolio.services.market_time import market_now

WORKER = System("rebuild and verify")


class Facts:
    """What facts say of a portfolio; what costs much is worked out once."""

    def __init__(self, portfolio_id: str) -> None:
        self.portfolio_id = portfolio_id

    @cached_property
    def days(self) -> WorkedOut:
        """Its finished days, up to the last one that is stored: the evening's are written a little later.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
        """
        return days_worked_out(self.portfolio_id, from_scratch=True, until=self._last_stored())

    def _last_stored(self) -> date | None:
        """The last day by the heading, where that is over and the stored days end with it; otherwise None."""
        heading, ledger = (
            series_heading(self.portfolio_id, actor=WORKER),
            ledger_heading(self.portfolio_id, actor=WORKER),
        )
        rows = DailyValue.objects.for_actor(WORKER).filter(portfolio_id=self.portfolio_id)
        last = rows.order_by("-day").values_list("day", flat=True).first()
        if heading is None or ledger is None or heading.last != last:
            return None
        return last if last <= yesterday(ledger.zone, market_now()) else None


type Rows = Mapping[str, tuple[str, ...]]
"""By the key of a row, its derived values in the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class DerivedTable:
    """A table with something derived in it.

    Attributes:
        key: the column by which its rows are told.
        columns: those that are derived, but for the key and the portfolio.
        found: what is stored of a portfolio.
        expected: what facts say that it should be; None where nothing is stored and that is as good.
    """

    name: str
    key: str
    columns: tuple[str, ...]
    found: Callable[[str], Rows]
    expected: Callable[[Facts], Rows | None]


def text_of(value: object) -> str:
    """The one spelling of a value; nothing is the empty text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return canonical(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


# ---------- The head ----------


def _head_found(portfolio_id: str) -> Rows:
    return _stored(Portfolio, "portfolio", "id", Portfolio.objects.for_actor(WORKER).filter(pk=portfolio_id))


def head_of(portfolio_id: str) -> int:
    """The newest sequence that the outbox covers; 0 where nothing was ever changed."""
    entries = OutboxEntry.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    return entries.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _head_expected(facts: Facts) -> Rows:
    return {facts.portfolio_id: (text_of(head_of(facts.portfolio_id)),)}


# ---------- Headers of transactions ----------


def headers_of(portfolio_id: str) -> list[LedgerTransaction]:
    """The headers as the versions say: each repeats the newest of its transaction."""
    rows = TransactionVersion.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    named = rows.order_by("transaction_id", "version").values_list("transaction_id", "pk", *_OF_VERSION, named=False)
    newest = {transaction: values for transaction, *values in named}
    return [
        LedgerTransaction(
            id=transaction,
            portfolio_id=portfolio_id,
            current_version_id=version,
            **dict(zip(_OF_VERSION, values, strict=True)),
        )
        for transaction, (version, *values) in newest.items()
    ]


_OF_VERSION = ("account_id", "entry_sequence", "version", "is_deleted", "type", "at", "symbol", "fingerprint")


def _headers_found(portfolio_id: str) -> Rows:
    rows = LedgerTransaction.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    return _stored(LedgerTransaction, "ledger_transaction", "id", rows)


def _headers_expected(facts: Facts) -> Rows:
    return _spelled(headers_of(facts.portfolio_id), "ledger_transaction", "id")


# ---------- What became of the rows of files ----------


def counts_of(portfolio_id: str) -> Mapping[str, dict[str, int]]:
    """By batch, how many of its rows had which fate when it was booked; all 0 of one that is not."""
    batches = ImportBatch.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    found = {str(pk): dict.fromkeys(_FATES.values(), 0) for pk in batches.values_list("pk", flat=True)}
    rows = ImportRow.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    rows = rows.filter(batch__state__in=(ImportBatch.State.BOOKED, ImportBatch.State.UNDONE))
    for batch, fate, count in rows.order_by().values_list("batch", "fate").annotate(Count("pk")):
        found[str(batch)][_FATES[fate]] = count
    return found


_FATES = {
    Fate.NEW.value: "rows_booked",
    Fate.KNOWN.value: "rows_known",
    Fate.REFUSED.value: "rows_refused",
    Fate.ASKS.value: "rows_ignored",
}


def _counts_found(portfolio_id: str) -> Rows:
    return _stored(
        ImportBatch, "import_batch", "id", ImportBatch.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    )


def _counts_expected(facts: Facts) -> Rows:
    columns = columns_of_kind("import_batch", Kind.DERIVED)
    return {
        batch: tuple(text_of(counts[column]) for column in columns)
        for batch, counts in counts_of(facts.portfolio_id).items()
    }


# ---------- Finished days ----------


def _series_found(portfolio_id: str) -> Rows:
    return _stored(
        DailySeries,
        "daily_series",
        "portfolio_id",
        DailySeries.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id),
    )


def _series_expected(facts: Facts) -> Rows | None:
    if not _is_stored(facts.portfolio_id):
        return None
    heading = facts.days.heading
    return {
        facts.portfolio_id: tuple(
            text_of(_HEADING[column](heading)) for column in _derived("daily_series", "portfolio_id")
        )
    }


_HEADING: Mapping[str, Callable[[SeriesHeading], object]] = {
    "head": attrgetter("ledger.head"),
    "actions": attrgetter("ledger.actions"),
    "base_currency": attrgetter("ledger.base_currency"),
    "zone": attrgetter("ledger.zone"),
    "version": attrgetter("version"),
    "first_day": attrgetter("first"),
    "last_day": attrgetter("last"),
}


def _days_found(portfolio_id: str) -> Rows:
    return _stored(
        DailyValue, "daily_value", "day", DailyValue.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    )


def _days_expected(facts: Facts) -> Rows | None:
    if not _is_stored(facts.portfolio_id):
        return None
    return spelled_days(facts.days.days)


def spelled_days(days: Iterable[StoredDay]) -> Rows:
    """Days as the table has them."""
    return _spelled(days, "daily_value", "day")


def _is_stored(portfolio_id: str) -> bool:
    """Whether days are stored: those of a portfolio that the engine has not come to yet are missed by nobody."""
    of_it: Mapping[str, Any] = {"portfolio_id": portfolio_id}
    return (
        DailySeries.objects.for_actor(WORKER).filter(**of_it).exists()
        or DailyValue.objects.for_actor(WORKER).filter(**of_it).exists()
    )


# ---------- All of them ----------


def _derived(table: str, key: str) -> tuple[str, ...]:
    return tuple(column for column in columns_of_kind(table, Kind.DERIVED) if column not in (key, "portfolio_id"))


def _stored(model: type[TenantModel], table: str, key: str, rows: QuerySet[Any]) -> Rows:
    columns = _derived(table, key)
    assert model._meta.db_table == table
    return {
        text_of(of): tuple(map(text_of, values))
        for of, *values in rows.order_by(key).values_list(key, *columns).iterator(chunk_size=2000)
    }


def _spelled(rows: Iterable[Model | StoredDay], table: str, key: str) -> Rows:
    columns = _derived(table, key)
    values = attrgetter(key, *columns)
    spelled = (values(row) for row in rows)
    return dict(sorted((text_of(of), tuple(map(text_of, found))) for of, *found in spelled))


def _table(name: str, key: str, found: Callable[[str], Rows], expected: Callable[[Facts], Rows | None]) -> DerivedTable:
    return DerivedTable(name, key, _derived(name, key), found, expected)


DERIVED_TABLES = (
    _table("portfolio", "id", _head_found, _head_expected),
    _table("ledger_transaction", "id", _headers_found, _headers_expected),
    _table("import_batch", "id", _counts_found, _counts_expected),
    _table("daily_series", "portfolio_id", _series_found, _series_expected),
    _table("daily_value", "day", _days_found, _days_expected),
)
assert {table.name for table in DERIVED_TABLES} == {name for name in INVENTORY if columns_of_kind(name, Kind.DERIVED)}


def derived_text(portfolio_id: str) -> str:
    """All that is stored and derived of a portfolio, a line a row, in one spelling and one order."""
    return "".join(
        f"{table.name} {key} {' '.join(f'{column}={value}' for column, value in zip(table.columns, values, strict=True))}\n"
        for table in DERIVED_TABLES
        for key, values in sorted(table.found(portfolio_id).items())
    )
