"""The rows of a preview as the database keeps them: how each stood in the file, how it was read, and its fate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.models import ImportBatch, ImportRow
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.import_entries import document_of, entry_from
from tickfolio.services.import_fates import Judgement, ReadRow, Verdict
from tickfolio.services.ledger_rows import transaction_ids
from tickfolio.statements.rows import Entry, Refusal, Statement, Subject


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row as a preview keeps it: how it stood in the file, and how it was read."""

    line: int
    raw: str
    read: ReadRow


def kept_rows(statement: Statement) -> list[KeptRow]:
    """The rows of a statement, numbered."""
    return [
        KeptRow(row.line, row.raw, ReadRow(ordinal, row.outcome, row.remark))
        for ordinal, row in enumerate(statement.rows, start=1)
    ]


def rows_to_keep(
    batch: ImportBatch, rows: Sequence[KeptRow], judgement: Judgement, *, progress: Progress = UNTOLD
) -> list[ImportRow]:
    """The rows of a batch with their fates, to be written. New rows get the ids they are booked with.

    Raises:
        JobCancelled: the person does not want it any more.
    """
    ids = dict(zip(judgement.order, transaction_ids(len(judgement.order)), strict=True))
    return [
        _row(batch, row, judgement.verdicts[row.read.ordinal], ids.get(row.read.ordinal))
        for row in progress.over(rows, Step.PREPARE)
    ]


def keep_rows(batch: ImportBatch, kept: Sequence[ImportRow], *, actor: Actor, progress: Progress = UNTOLD) -> None:
    """Writes the rows of a batch, those from before taken away.

    Raises:
        JobCancelled: the person does not want it any more.
    """
    progress.begin(Step.WRITE, len(kept))
    ImportRow.objects.for_actor(actor).filter(batch=batch.pk).delete()
    insert_rows(kept, told=progress.done)


def _row(batch: ImportBatch, row: KeptRow, verdict: Verdict, new_id: TransactionId | None) -> ImportRow:
    outcome = row.read.outcome
    entry: dict[str, object] = {"remark": row.read.remark} if row.read.remark else {}
    match outcome:
        case Entry():
            entry["entry"] = document_of(outcome)
        case Refusal(reason, asks):
            entry["refusal"] = [reason, asks]
    if verdict.gross is not None:
        entry["gross"] = str(verdict.gross)
    return ImportRow(
        portfolio_id=batch.portfolio_id,
        batch_id=batch.pk,
        ordinal=row.read.ordinal,
        line=row.line,
        raw=row.raw,
        fate=verdict.fate.value,
        reason=verdict.reason,
        fingerprint=verdict.fingerprint,
        entry=entry,
        transaction_id=new_id or verdict.transaction,
    )


def rows_kept(
    batch: ImportBatch, *, actor: Actor, progress: Progress = UNTOLD
) -> tuple[list[KeptRow], dict[int, ImportRow]]:
    """The rows of a preview as they were read, and as they are kept, by ordinal; one query.

    Raises:
        JobCancelled: the person does not want it any more.
    """
    progress.begin(Step.READ)
    found = {row.ordinal: row for row in ImportRow.objects.for_actor(actor).filter(batch=batch.pk).order_by("ordinal")}
    rows = progress.over([*found.values()], Step.READ)
    return [KeptRow(row.line, row.raw, _read_row(row)) for row in rows], found


def _read_row(row: ImportRow) -> ReadRow:
    kept = row.entry or {}
    if "entry" in kept:
        return ReadRow(row.ordinal, entry_from(kept["entry"]), kept.get("remark", ""))
    reason, asks = kept["refusal"]
    return ReadRow(row.ordinal, Refusal(reason, None if asks is None else Subject(asks)))
