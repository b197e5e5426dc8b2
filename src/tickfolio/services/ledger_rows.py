"""The rows of a portfolio's ledger: a transaction as the version and the header that it becomes.

What can be made before the portfolio is held is made here, so that others wait for the writing alone; services/ledger_writes.py
books it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.persistence.ledger_mappers import columns_of
from tickfolio.persistence.models import LedgerTransaction, TransactionVersion
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.drafts import ReadDraft
from tickfolio.services.portfolio_changes import HeldPortfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A transaction to be booked; `fingerprint` tells the row of a file that it came from, and is empty without one."""

    read: ReadDraft
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PreparedEntries:
    """Transactions to be booked, as the rows that they become: what can be made before the portfolio is held."""

    entries: Sequence[NewEntry]
    rows: Sequence[TransactionVersion]
    headers: Sequence[LedgerTransaction]


@dataclass(frozen=True, slots=True)
class PreparedReversal:
    """The reversal of transactions, as the rows that it becomes."""

    headers: Sequence[LedgerTransaction]
    rows: Sequence[TransactionVersion]


def prepared_entries(
    entries: Sequence[NewEntry],
    *,
    portfolio_id: uuid.UUID,
    batch_id: uuid.UUID | None = None,
    progress: Progress = UNTOLD,
) -> PreparedEntries:
    """The rows of new transactions. When they are recorded, and by whom, is said when they are booked.

    Raises:
        JobCancelled: the person does not want it any more.
    """
    rows = [
        version_of(portfolio_id, entry, version=1, batch_id=batch_id) for entry in progress.over(entries, Step.PREPARE)
    ]
    return PreparedEntries(entries, rows, [header_of(row) for row in rows])


def prepared_reversal(
    headers: Sequence[LedgerTransaction], *, first: int, progress: Progress = UNTOLD
) -> PreparedReversal:
    """The rows of a reversal whose sequences go on from `first`. When it is recorded, and by whom, is said when it is booked.

    Raises:
        JobCancelled: the person does not want it any more.
    """
    placed = enumerate(progress.over(headers, Step.PREPARE))
    return PreparedReversal(headers, [_reversal(header, sequence=first + number) for number, header in placed])


def version_like(held: HeldPortfolio, row: TransactionVersion, **changed: object) -> TransactionVersion:
    """A version that says what `row` says, but for what is `changed`, recorded now."""
    like = _like(row, **changed)
    record(held, [like])
    return like


def transaction_ids(count: int) -> list[TransactionId]:
    """As many new ids."""
    return [TransactionId(str(uuid.uuid4())) for _ in range(count)]


def version_of(
    portfolio_id: uuid.UUID, entry: NewEntry, *, version: int, batch_id: uuid.UUID | None
) -> TransactionVersion:
    """A version that says what an entry says; `record` says when."""
    transaction = entry.read.transaction
    return TransactionVersion(
        portfolio_id=portfolio_id,
        transaction_id=uuid.UUID(transaction.id),
        version=version,
        ledger_sequence=transaction.sequence,
        is_deleted=False,
        account_id=uuid.UUID(transaction.account),
        entry_sequence=transaction.sequence,
        ex_date=entry.read.ex_date,
        note=entry.read.note,
        fingerprint=entry.fingerprint,
        import_batch_id=batch_id,
        **columns_of(transaction),
    )


def _reversal(header: LedgerTransaction, *, sequence: int) -> TransactionVersion:
    """A copy of the newest version that says deleted."""
    return _like(header.current_version, version=header.version + 1, ledger_sequence=sequence, is_deleted=True)


def _like(row: TransactionVersion, **changed: object) -> TransactionVersion:
    """A version that says what `row` says, but for what is `changed`. Values in the order of the columns are taken fastest."""
    changed = {"id": uuid.uuid4(), **changed}
    values: list[Any] = [
        changed[name] if (name := field.attname) in changed else getattr(row, name)
        for field in row._meta.concrete_fields
    ]
    made: Callable[..., TransactionVersion] = TransactionVersion
    return made(*values)


def record(held: HeldPortfolio, rows: Iterable[TransactionVersion]) -> None:
    """Says of rows when they are recorded, and by whom."""
    for row in rows:
        row.recorded_at, row.recorded_by_id = held.at, held.recorder_id


def header_of(row: TransactionVersion) -> LedgerTransaction:
    """The header of a transaction whose first version this is."""
    return LedgerTransaction(
        id=row.transaction_id, portfolio_id=row.portfolio_id, entry_sequence=row.entry_sequence, **cached_of(row)
    )


REPEATED = ("account_id", "version", "is_deleted", "type", "at", "symbol", "fingerprint")
"""The columns that a header repeats of its newest version."""


def cached_of(row: TransactionVersion) -> dict[str, object]:
    """What a header says of its newest version: which it is, and what it repeats of it."""
    return {"current_version_id": row.pk, **{name: getattr(row, name) for name in REPEATED}}
