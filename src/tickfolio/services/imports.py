"""Files read in: previewed and decided about; services/import_bookings.py books and undoes them.

A preview is the person's own, is kept for a day, and books nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.persistence.models import ImportBatch, ImportFile, ImportRow
from tickfolio.persistence.selectors.imports import (
    BatchView,
    RowView,
    batch_view,
    booked_batches,
    is_booked_already,
    open_previews,
    row_counts,
    rows_seen,
)
from tickfolio.persistence.tenancy import Actor, Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.import_besides import PieceView, pieces_from
from tickfolio.services.import_choices import AccountChoice, Choices, account_choices, checked_symbols, reading_document
from tickfolio.services.import_described import Described, described_from
from tickfolio.services.import_entries import entry_from
from tickfolio.services.import_fates import Fate
from tickfolio.services.import_files import files_come, files_keep
from tickfolio.services.import_offers import Offers
from tickfolio.services.import_previews import (
    FeedsAsked,
    choices_of,
    judged_rows,
    live_batch,
    live_preview,
    note,
    offers_of,
    packed,
    read_file,
    rejudge,
    unpacked,
)
from tickfolio.services.import_rows_kept import keep_rows, kept_rows, rows_to_keep
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import portfolio_view
from tickfolio.statements.archives import Archive
from tickfolio.statements.rows import Entry, InstrumentFacts, Reading

__all__ = ["BatchView", "Choices", "Fate"]

KEPT_FOR = timedelta(hours=24)
MOST_PREVIEWS = 5
MOST_LISTED = 20
PAGE_SIZE = 100
State = ImportBatch.State


@dataclass(frozen=True, slots=True)
class SymbolChoice:
    """What the file has in the place of a symbol, what was chosen for it, and what the file calls it; empty for nothing.

    Attributes:
        meant: what a feed offers by the symbol, for which it is taken; None where none was asked or has it.
    """

    text: str
    chosen: str
    name: str
    meant: Instrument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A file and what becomes of it.

    Attributes:
        counts: rows by fate.
        cash: what the new rows move in cash, by currency.
        digest: what was shown; booking asks for it.
        questions: subject, text, and answers with their words.
        notices: what the file holds and no row shows.
        notes: what is so of instruments, whatever the number of their rows.
        was_booked: this very file was booked before.
        beside: what stands beside the rows, and what becomes of it.
        unheard: so many symbols of a preview no feed has said anything of, asked or not: they would be without a price.
    """

    batch: BatchView
    manner: str
    counts: Mapping[Fate, int]
    cash: Mapping[str, Decimal]
    digest: str
    accounts: tuple[AccountChoice, ...]
    symbols: tuple[SymbolChoice, ...]
    questions: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    notices: tuple[str, ...]
    notes: tuple[str, ...]
    beside: tuple[PieceView, ...]
    was_booked: bool
    unheard: int


@dataclass(frozen=True, slots=True)
class WaitingImport:
    """A preview with rows that wait for an answer, or that nothing can be booked of."""

    batch_id: str
    file_name: str
    asking: int
    refused: int


@dataclass(frozen=True, slots=True)
class FateRow:
    """A row of a file: how it stood there, what was understood of it, what becomes of it and why.

    Attributes:
        entry: with the amount that a trade comes to; None where nothing was understood.
        symbol: what was chosen for what stands in the place of its symbol; empty where nothing was.
        transaction_id: the transaction that it is, or gets when it is booked; empty where there is none.
    """

    line: int
    raw: str
    entry: Entry | None
    fate: Fate
    reason: str
    transaction_id: str
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of a batch's rows; `number` counts from 1, `first` is the place of its first row among `total`."""

    rows: tuple[FateRow, ...]
    number: int
    pages: int
    first: int
    total: int


# ---------- Previews ----------


def import_preview(
    *,
    actor: Person,
    portfolio_id: str,
    content: bytes | Archive,
    file_name: str,
    reading: Reading | None = None,
    progress: Progress = UNTOLD,
) -> str:
    """Reads a file, judges its rows and keeps both for a day. Returns the id of the batch.

    Of an archive the document is read, and the attached files are kept with it.

    Raises:
        NotFound, NotAllowed: as everywhere.
        StatementError: the file cannot be read.
        ImportNotPossible: the file has more accounts than a person.
        JobCancelled: the person does not want it any more; nothing of it is kept.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    progress.begin(Step.READ)
    stated = reading_document(reading or Reading())
    archive = content if isinstance(content, Archive) else None
    content = content.document() if isinstance(content, Archive) else content
    statement, described = read_file(content, choices=Choices(), stated=stated)
    rows = kept_rows(statement)
    judged = judged_rows(
        rows,
        actor=actor,
        portfolio_id=access.portfolio_id,
        described=described,
        choices=Choices(),
        offers=FeedsAsked(Offers()),
        contents=frozenset() if archive is None else archive.digests,
        progress=progress,
    )
    now = SystemClock().now()
    batch = ImportBatch(
        portfolio_id=uuid.UUID(access.portfolio_id),
        state=State.PREVIEWED,
        expires_at=now + KEPT_FOR,
        content=packed(content),
        choices={**Choices().document(), "stated": stated},
        format=statement.format.value,
        file_name=shown_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=now,
        created_by_id=actor.user_id,
    )
    note(batch, described, judged)
    kept = rows_to_keep(batch, rows, judged.judgement, progress=progress)
    with transaction.atomic():
        _forget_previews(actor=actor, portfolio_id=access.portfolio_id, now=now)
        batch.save(force_insert=True)
        keep_rows(batch, kept, actor=actor, progress=progress)
        if archive is not None:
            files_keep(batch, archive, described.beside.files)
        progress.settle()
    return str(batch.pk)


def import_choose(
    *, actor: Person, portfolio_id: str, batch_id: str, choices: Choices, progress: Progress = UNTOLD
) -> None:
    """Reads the file of a preview again with what was decided now, and judges its rows anew.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidValue: an answer is none of those that there are.
        ImportNotPossible: the batch is no preview any more.
        JobCancelled: the person does not want it any more; the preview is as it was.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    progress.begin(Step.READ)
    batch = live_preview(access.portfolio_id, batch_id, actor=actor)
    chosen = choices_of(batch).with_(replace(choices, symbols=checked_symbols(choices.symbols)))
    statement, described = read_file(unpacked(batch), choices=chosen, stated=batch.choices["stated"])
    rows = kept_rows(statement)
    judged = judged_rows(
        rows,
        actor=actor,
        portfolio_id=access.portfolio_id,
        described=described,
        choices=chosen,
        offers=FeedsAsked(offers_of(batch)),
        contents=files_come(batch, actor=actor),
        progress=progress,
    )
    batch.choices = {**chosen.document(), "stated": batch.choices["stated"]}
    rejudge(batch, rows, described, judged, actor=actor, progress=progress)


def import_drop(*, actor: Person, portfolio_id: str, batch_id: str) -> None:
    """Forgets a preview.

    Raises:
        NotFound, NotAllowed: as everywhere.
        ImportNotPossible: the batch is no preview any more.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    batch = live_preview(access.portfolio_id, batch_id, actor=actor)
    with transaction.atomic():
        _delete([batch.pk], actor=actor)


# ---------- Reads ----------


def imports_of(*, actor: Actor, portfolio_id: str) -> tuple[BatchView, ...]:
    """The files that were booked, newest first.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    return booked_batches(access.portfolio_id, actor=actor, most=MOST_LISTED)


def imports_waiting(*, actor: Person, portfolio_id: str) -> tuple[WaitingImport, ...]:
    """The previews of this person that are not over and have rows that cannot be booked as they are, newest first.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    now = SystemClock().now()
    return tuple(
        WaitingImport(batch_id, file_name, asking=asking, refused=refused)
        for batch_id, file_name, asking, refused in open_previews(
            access.portfolio_id, actor=actor, now=now, asking=Fate.ASKS.value, refused=Fate.REFUSED.value
        )
        if asking or refused
    )


def import_view(*, actor: Actor, portfolio_id: str, batch_id: str) -> Preview:
    """A file and what becomes, or became, of it.

    Raises:
        NotFound, NotAllowed: as everywhere; a preview is there for nobody but the person who made it.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    row = live_batch(access.portfolio_id, batch_id, actor=actor)
    described, choices = described_from(row), choices_of(row)
    portfolio = portfolio_view(actor=actor, portfolio_id=access.portfolio_id)
    counts = row_counts(batch_id, actor=actor)
    offers = offers_of(row)
    is_preview = row.state == State.PREVIEWED
    return Preview(
        batch=batch_view(row),
        manner=described.manner,
        counts={fate: counts.get(fate.value, 0) for fate in Fate},
        cash={currency: Decimal(amount) for currency, amount in row.findings["cash"].items()},
        digest=row.findings["digest"],
        accounts=account_choices(described.accounts, choices.accounts, portfolio) if is_preview else (),
        symbols=_symbol_choices(offers, choices.symbols, row.findings["symbols"], described),
        questions=described.questions,
        notices=described.notices,
        notes=tuple(row.findings.get("notes", ())),
        beside=pieces_from(row.findings.get("pieces", ())),
        was_booked=is_preview and is_booked_already(access.portfolio_id, actor=actor, sha256=row.sha256),
        unheard=len(offers.unheard) if is_preview else 0,
    )


def import_rows(*, actor: Actor, portfolio_id: str, batch_id: str, fate: Fate | None = None, page: int = 1) -> RowPage:
    """A page of a batch's rows, all or those of one fate; a number past the last page gives the last one.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    batch = live_batch(access.portfolio_id, batch_id, actor=actor)
    chosen = {**offers_of(batch).symbols, **choices_of(batch).symbols}
    counts = row_counts(batch_id, actor=actor)
    total = sum(counts.values()) if fate is None else counts.get(fate.value, 0)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    slice_ = slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)
    wanted = None if fate is None else fate.value
    rows = tuple(_fate_row(row, chosen) for row in rows_seen(batch_id, actor=actor, fate=wanted, slice_=slice_))
    return RowPage(rows, number, pages, first=slice_.start + 1, total=total)


# ---------- What they share ----------


def _fate_row(row: RowView, chosen: Mapping[str, str]) -> FateRow:
    kept = (row.entry or {}).get("entry")
    entry = None if kept is None else entry_from(kept)
    gross = (row.entry or {}).get("gross")
    if entry is not None and entry.amount is None and gross is not None:
        entry = replace(
            entry, amount=Decimal(str(gross))
        )  # by contract size and quote unit, which the file may not say
    return FateRow(
        line=row.line,
        raw=row.raw,
        entry=entry,
        fate=Fate(row.fate),
        reason=row.reason,
        transaction_id=row.transaction_id,
        symbol="" if entry is None else chosen.get(entry.symbol, ""),
    )


def _forget_previews(*, actor: Person, portfolio_id: str, now: datetime) -> None:
    """Makes room: previews that are over go, whoever made them, and all but the newest few of this person."""
    previews = ImportBatch.objects.for_actor(actor).filter(portfolio_id=portfolio_id, state=State.PREVIEWED)
    over = list(previews.filter(expires_at__lte=now).values_list("pk", flat=True))
    own = previews.filter(created_by_id=actor.user_id, expires_at__gt=now).order_by("-created_at")
    _delete([*over, *own.values_list("pk", flat=True)[MOST_PREVIEWS - 1 :]], actor=actor)


def _delete(keys: Sequence[uuid.UUID], *, actor: Actor) -> None:
    if keys:
        ImportFile.objects.for_actor(actor).filter(batch__in=keys).delete()
        ImportRow.objects.for_actor(actor).filter(batch__in=keys).delete()
        ImportBatch.objects.for_actor(actor).filter(pk__in=keys, state=State.PREVIEWED).delete()


def _symbol_choices(
    offers: Offers, typed: Mapping[str, str], asked: Sequence[str], described: Described
) -> tuple[SymbolChoice, ...]:
    """What stands in the place of a symbol: what one was chosen for, then what still needs one or may get another."""
    chosen = {**offers.symbols, **typed}
    return tuple(
        SymbolChoice(
            text,
            chosen.get(text, ""),
            described.instruments.get(text, InstrumentFacts()).name,
            meant=offers.instruments.get(Symbol(chosen.get(text) or text)),
        )
        for text in dict.fromkeys([*chosen, *asked])
    )


def shown_name(file_name: str) -> str:
    """The name of the file without its folders, as it is shown."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in name if each.isprintable()).strip()[:255] or "file"
