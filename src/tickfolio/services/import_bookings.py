"""Previews of files booked, each as one batch, and batches undone, each as one reversal.

What is booked is exactly what was shown: where the ledger has changed meanwhile so that rows have other fates, those are shown
first.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tickfolio.domain.ledger.touches import accounts_of
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.errors import ImportNotPossible, ImpossibleLedger, InvalidValue, VersionConflict
from tickfolio.persistence.models import Account, ImportBatch, ImportRow, LedgerTransaction, Portfolio
from tickfolio.persistence.selectors.imports import batch_row
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.import_besides import Standing, keep_pieces
from tickfolio.services.import_candidates import row_id
from tickfolio.services.import_described import described_from
from tickfolio.services.import_fates import Fate, Verdict, with_lots_named
from tickfolio.services.import_files import files_attach, files_come
from tickfolio.services.import_previews import (
    MOST_DIFFERENCES,
    Judged,
    choices_of,
    judged_rows,
    live_batch,
    missing_batch,
    offers_of,
    rejudge,
)
from tickfolio.services.import_rows_kept import KeptRow, rows_kept
from tickfolio.services.ledger_rows import NewEntry, PreparedReversal, prepared_entries, prepared_reversal
from tickfolio.services.ledger_writes import append_prepared, reverse_prepared
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.words import phrase

_ATTEMPTS = 3
State = ImportBatch.State


@dataclass(frozen=True, slots=True)
class Difference:
    """A row whose fate is another than was shown."""

    line: int
    before: Fate
    now: Fate
    reason: str


@dataclass(frozen=True, slots=True)
class Booking:
    """What came of booking: `booked` rows, or none and the rows that have other fates by now, the first of `changed`."""

    booked: int
    changed: int = 0
    differences: tuple[Difference, ...] = ()


def import_book(
    *, actor: Person, portfolio_id: str, batch_id: str, digest: str, progress: Progress = UNTOLD
) -> Booking:
    """Books the new rows of a preview as one batch, all or none; asked for again it answers the same and books nothing.

    Where the fates are no longer those of `digest`, which was shown, nothing is booked, and what is kept is what is true now.

    Raises:
        NotFound, NotAllowed: as everywhere.
        ImportNotPossible: there is nothing to book, or the preview is over.
        JobCancelled: the person does not want it any more; nothing is booked, and the preview is as it was.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    for _ in range(_ATTEMPTS):
        batch = live_batch(access.portfolio_id, batch_id, actor=actor)
        if batch.state != State.PREVIEWED:
            return Booking(booked=batch.rows_booked)
        # Judged before the portfolio is held, so that others wait for the writing alone.
        rows, kept = rows_kept(batch, actor=actor, progress=progress)
        described, choices = described_from(batch), choices_of(batch)
        judged = judged_rows(
            rows,
            actor=actor,
            portfolio_id=access.portfolio_id,
            described=described,
            choices=choices,
            offers=offers_of(batch),
            contents=files_come(batch, actor=actor),
            progress=progress,
        )
        if judged.digest != digest:
            rejudge(batch, rows, described, judged, actor=actor, progress=progress)
            return _changed(rows, kept, judged.judgement.verdicts)
        if not judged.judgement.order and not any(piece.standing is Standing.NEW for piece in judged.pieces):
            raise ImportNotPossible(
                phrase("Expected new rows, but no row of the file is new, so there is nothing to book.")
            )
        try:
            booked = _book(batch, judged, kept, actor=actor, progress=progress)
        except VersionConflict:
            continue  # a note was written meanwhile; nothing of the batch is kept, and it is judged anew
        if booked is not None:
            return Booking(booked=booked)
    raise ImportNotPossible(
        phrase("Expected a ledger that stands still for a moment, but others are booking. Book again.")
    )


def import_undo(*, actor: Person, portfolio_id: str, batch_id: str, progress: Progress = UNTOLD) -> int:
    """Reverses everything of a batch that lives, edited or not, as one reversal. Returns how many transactions that were.

    Undone again it answers the same. Accounts and instruments that were made for it stay.

    Raises:
        NotFound, NotAllowed: as everywhere.
        ImportNotPossible: it is not booked, or something that was booked later needs what it brought.
        JobCancelled: the person does not want it any more; nothing is undone.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_UNDO)
    # Made before the portfolio is held, so that others wait for the writing alone.
    there = batch_row(access.portfolio_id, batch_id, actor=actor)
    if there is None:
        raise missing_batch()
    head = _head(there, actor=actor)
    prepared = _reversal(there, head, actor=actor, progress=progress)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_UNDO) as held:
        batch = batch_row(held.access.portfolio_id, batch_id, actor=actor)
        if batch is None:
            raise missing_batch()
        if batch.state == State.UNDONE:
            return 0
        if batch.state != State.BOOKED:
            raise ImportNotPossible(phrase("Expected an import that is booked, was a preview."))
        if held.row.head != head:  # others booked meanwhile
            prepared = _reversal(batch, held.row.head, actor=actor, progress=progress)
        if prepared.headers:
            try:
                reverse_prepared(held, prepared, kind=Kind.IMPORT_UNDONE, batch_id=batch.pk, progress=progress)
            except ImpossibleLedger as refusal:
                raise ImportNotPossible(
                    phrase(
                        "Something that was booked beside this import needs what it brought. {refusal} Delete or change "
                        "that first, then undo.",
                        refusal=refusal,
                    )
                ) from refusal
        ImportBatch.objects.for_actor(actor).filter(pk=batch.pk).update(
            state=State.UNDONE, undone_at=held.at, undone_by=held.recorder_id
        )
        progress.settle()
        return len(prepared.headers)


def _head(batch: ImportBatch, *, actor: Person) -> int:
    return Portfolio.objects.for_actor(actor).values_list("head", flat=True).get(pk=batch.portfolio_id)


def _reversal(batch: ImportBatch, head: int, *, actor: Person, progress: Progress) -> PreparedReversal:
    """The reversal of everything of a batch that lives, to be booked after `head`."""
    progress.begin(Step.READ)
    living = LedgerTransaction.objects.for_actor(actor).filter(
        portfolio=batch.portfolio_id, current_version__import_batch=batch.pk, is_deleted=False
    )
    headers = list(living.select_related("current_version").order_by("entry_sequence"))
    return prepared_reversal(headers, first=head + 1, progress=progress)


def _book(
    batch: ImportBatch, judged: Judged, kept: Mapping[int, ImportRow], *, actor: Person, progress: Progress
) -> int | None:
    """Writes the batch; None where the ledger has moved on since it was judged."""
    portfolio_id = str(batch.portfolio_id)
    # Made before the portfolio is held, too: where its head is still the judged one, so are the sequences that follow it.
    prepared = prepared_entries(
        _entries(judged, kept), portfolio_id=batch.portfolio_id, batch_id=batch.pk, progress=progress
    )
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK) as held:
        if held.row.head != judged.head:
            return None
        batches = ImportBatch.objects.for_actor(actor).filter(pk=batch.pk, state=State.PREVIEWED)
        counts = judged.judgement.counts
        written = batches.update(
            state=State.BOOKED,
            booked_at=held.at,
            expires_at=None,
            content=None,
            rows_booked=counts[Fate.NEW],
            rows_known=counts[Fate.KNOWN],
            rows_ignored=counts[Fate.ASKS],
            rows_refused=counts[Fate.REFUSED],
        )
        if not written:
            return None
        _make_accounts(held, judged)
        try:
            if judged.judgement.order:
                append_prepared(held, prepared, kind=Kind.IMPORT_BOOKED, progress=progress)
        except ImpossibleLedger as refusal:
            raise ImportNotPossible(
                phrase("The rows cannot follow one another in the ledger. {refusal}", refusal=refusal)
            ) from refusal
        keep_pieces(held, judged.pieces)
        try:
            files_attach(
                held,
                batch,
                files=described_from(batch).beside.files,
                pieces=judged.pieces,
                ids=_ids_by_reference(kept),
            )
        except InvalidValue as refusal:
            raise ImportNotPossible(
                phrase("The attached files cannot be kept. {refusal}", refusal=refusal)
            ) from refusal
        progress.settle()
        return counts[Fate.NEW]


def _ids_by_reference(kept: Mapping[int, ImportRow]) -> dict[str, str]:
    """The transactions that rows are or become, by the references of the rows that have one."""
    entries = ((row, (row.entry or {}).get("entry", {})) for row in kept.values() if row.transaction_id is not None)
    return {entry["reference"]: str(row.transaction_id) for row, entry in entries if entry.get("reference")}


def _entries(judged: Judged, kept: Mapping[int, ImportRow]) -> list[NewEntry]:
    """The new rows in the order in which they are booked, with their ids and sequences."""
    entries = []
    ids = {row_id(ordinal): TransactionId(str(row.transaction_id)) for ordinal, row in kept.items()}
    for sequence, ordinal in enumerate(judged.judgement.order, start=judged.head + 1):
        verdict = judged.judgement.verdicts[ordinal]
        assert verdict.read is not None
        read = with_lots_named(verdict.read, ids)
        placed = replace(
            read.transaction,
            id=TransactionId(str(kept[ordinal].transaction_id)),
            sequence=sequence,
        )
        entries.append(NewEntry(read=replace(read, transaction=placed), fingerprint=verdict.fingerprint))
    return entries


def _make_accounts(held: HeldPortfolio, judged: Judged) -> None:
    """Makes the accounts that new rows are booked in."""
    reads = (verdict.read for verdict in judged.judgement.verdicts.values() if verdict.fate is Fate.NEW)
    used = {account for read in reads if read is not None for account in accounts_of(read.transaction)}
    new = {choice.account.id: choice.account for choice in judged.accounts if choice.is_new and choice.account}
    Account.objects.for_actor(held.actor).bulk_create(
        Account(
            id=uuid.UUID(account.id),
            portfolio_id=held.row.pk,
            name=account.name,
            currency=account.currency,
            cost_basis_method=account.options.method.value,
            cash_method=account.options.cash_method.value,
            fees_in_cost=account.options.fees_in_cost,
            allows_shorts=account.options.allows_shorts,
            action_rule=account.options.actions.value,
            created_at=held.at,
        )
        for account in new.values()
        if account.id in used
    )


def _changed(rows: Sequence[KeptRow], kept: Mapping[int, ImportRow], verdicts: Mapping[int, Verdict]) -> Booking:
    differences = [
        Difference(row.line, Fate(kept[row.read.ordinal].fate), verdict.fate, verdict.reason)
        for row in rows
        if (verdict := verdicts[row.read.ordinal]).fate != kept[row.read.ordinal].fate
    ]
    return Booking(booked=0, changed=max(1, len(differences)), differences=tuple(differences[:MOST_DIFFERENCES]))
