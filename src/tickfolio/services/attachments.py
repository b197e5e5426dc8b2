"""Files attached to transactions, such as contract notes: all members read them, and who may edit a transaction may attach some.

They stand in the database with what they belong to, so that a copy of the database has them and who may not see the portfolio
does not get them. A deleted transaction keeps them, and has them again when it is restored.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet, Sum

from tickfolio.errors import InvalidValue, NotFound
from tickfolio.persistence.models import Attachment, LedgerTransaction
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.attachment_files import MAX_NAME, Kind, clean_name, kind_of, shown_name
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, held_portfolio
from tickfolio.words import phrase

MIB = 1024 * 1024
MAX_BYTES = 10 * MIB
"""Of one file."""
MAX_BYTES_AT_ONCE = 25 * MIB
"""Of all files that are attached in one go."""
MOST = 20
"""How many files a transaction may have."""
KEPT_REMOVED = timedelta(days=30)
"""For how long a file that was removed can come back; after that its bytes go, and its lines in the history stay."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as somebody sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file without its content.

    Attributes:
        kind: as a browser is told, such as ``application/pdf``.
        size: in bytes.
        at: real time, UTC.
        by: the e-mail address of who attached it; empty where the product did.
    """

    id: str
    name: str
    kind: str
    size: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AttachmentContent:
    """A file to be handed out."""

    name: str
    kind: str
    content: bytes


def attachments_of(*, actor: Actor, portfolio_id: str, transaction_id: str) -> tuple[AttachmentView, ...]:
    """The files of a transaction, the oldest first.

    Raises:
        NotFound: there is no such portfolio or transaction for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    key = transaction_row(access.portfolio_id, transaction_id, actor=actor).pk
    rows = _rows(access.portfolio_id, actor=actor).filter(transaction=key, removed_at=None)
    found = rows.select_related("created_by").defer("content").order_by("created_at", "pk")
    return tuple(_seen(row) for row in found)


def attachments_counted(*, actor: Actor, portfolio_id: str, transactions: Iterable[str]) -> dict[str, int]:
    """How many files each of these transactions has, by its id; those that have none are not in it.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    wanted = [key for each in transactions if (key := parse_id(each)) is not None]
    rows = _rows(access.portfolio_id, actor=actor).filter(transaction__in=wanted, removed_at=None)
    counted = rows.order_by().values_list("transaction").annotate(files=Count("pk"))
    return {str(transaction): files for transaction, files in counted}


def attachment_read(*, actor: Actor, portfolio_id: str, transaction_id: str, attachment_id: str) -> AttachmentContent:
    """A file of a transaction.

    Raises:
        NotFound: there is no such file for this actor, or it was removed.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    rows = _rows(access.portfolio_id, actor=actor).filter(removed_at=None)
    row = _one(rows, transaction_id, attachment_id)
    assert row.content is not None  # only those of removed files go
    return AttachmentContent(row.file_name, row.kind, bytes(row.content))


def attachments_add(
    *, actor: Actor, portfolio_id: str, transaction_id: str, files: Sequence[NewFile]
) -> tuple[AttachmentView, ...]:
    """Attaches all of these files, or none where one cannot be. One that the transaction has already is not doubled.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidValue: the transaction is deleted, there are none, too many or too large ones, or one is of a kind that is not kept.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        return attachments_keep(held, transaction_id, files, at=held.at)


def require_files(files: Sequence[NewFile]) -> None:
    """Expects files that a new transaction may have; whether the portfolio has room for them is seen when they come.

    Raises:
        InvalidValue: there are too many or too large ones, or one is of a kind that is not kept.
    """
    for file in files:
        _kind(file)
    _require_count(len(files))
    _require_size(sum(len(file.content) for file in files))


def attachments_keep(
    held: HeldPortfolio, transaction_id: str, files: Sequence[NewFile], *, at: datetime
) -> tuple[AttachmentView, ...]:
    """The same within a change of the portfolio that is under way; `at` is the real moment that is kept with them.

    Raises:
        NotFound, InvalidValue: as for `attachments_add`.
    """
    header = transaction_row(held.access.portfolio_id, transaction_id, actor=held.actor)
    if header.is_deleted:
        raise InvalidValue(phrase("It is deleted: restore it before something is attached to it."))
    rows = _rows(held.access.portfolio_id, actor=held.actor)
    own = rows.filter(transaction=header.pk, removed_at=None)
    known = set(own.values_list("sha256", flat=True))
    new = {row.sha256: row for row in (_row(held, header, file, at=at) for file in files)}
    if not new:
        raise InvalidValue(phrase("Expected a file, was none. Choose one."))
    added = [row for digest, row in new.items() if digest not in known]
    _require_room(rows, added, count=len(known) + len(added))
    for row in added:
        row.save()
    return tuple(_seen(row) for row in added)


def attachment_remove(*, actor: Actor, portfolio_id: str, transaction_id: str, attachment_id: str) -> AttachmentView:
    """Takes a file away; `attachment_return` brings it back for 30 days.

    Raises:
        NotFound, NotAllowed: as everywhere; also where it was removed already.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        rows = _rows(held.access.portfolio_id, actor=actor)
        row = _one(rows.filter(removed_at=None).defer("content"), transaction_id, attachment_id)
        rows.filter(pk=row.pk).update(removed_at=held.at, removed_by=held.recorder_id)
        return _seen(row)


def attachment_return(*, actor: Actor, portfolio_id: str, transaction_id: str, attachment_id: str) -> AttachmentView:
    """Brings a file back that was removed.

    Raises:
        NotFound, NotAllowed: as everywhere; also where it was not removed, or too long ago.
        InvalidValue: the transaction has got too many others meanwhile.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        rows = _rows(held.access.portfolio_id, actor=actor)
        row = _one(
            rows.filter(removed_at__isnull=False, content__isnull=False).defer("content"), transaction_id, attachment_id
        )
        others = rows.filter(transaction=row.transaction_id, removed_at=None)
        _require_count(others.count() + 1)
        rows.filter(pk=row.pk).update(removed_at=None, removed_by=None)
        return _seen(row)


def _rows(portfolio_id: str, *, actor: Actor) -> QuerySet[Attachment]:
    return Attachment.objects.for_actor(actor).filter(portfolio_id=portfolio_id)


def _one(rows: QuerySet[Attachment], transaction_id: str, attachment_id: str) -> Attachment:
    transaction, key = parse_id(transaction_id), parse_id(attachment_id)
    found = rows.select_related("created_by").filter(transaction=transaction)
    row = None if key is None else found.filter(pk=key).first()
    if row is None:
        raise NotFound(phrase("Expected a file of this transaction, found none of that address."))
    return row


def transaction_row(portfolio_id: str, transaction_id: str, *, actor: Actor) -> LedgerTransaction:
    """The transaction that files belong to.

    Raises:
        NotFound: the portfolio has none of that address.
    """
    rows = LedgerTransaction.objects.for_actor(actor).filter(portfolio_id=portfolio_id)
    key = parse_id(transaction_id)
    row = None if key is None else rows.filter(pk=key).first()
    if row is None:
        raise NotFound(phrase("Expected a transaction of this portfolio, found none of that address."))
    return row


def _row(held: HeldPortfolio, header: LedgerTransaction, file: NewFile, *, at: datetime) -> Attachment:
    kind = _kind(file)
    return Attachment(
        id=uuid.uuid4(),
        portfolio_id=held.row.pk,
        transaction_id=header.pk,
        file_name=clean_name(file.name, kind),
        kind=kind.value,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=file.content,
        created_at=at,
        created_by_id=held.recorder_id,
    )


def _kind(file: NewFile) -> Kind:
    if len(file.content) > MAX_BYTES:
        raise too_large(file.name)
    kind = kind_of(file.content)
    if kind is None:
        raise InvalidValue(
            phrase(
                "Expected PDF, PNG, JPEG, WebP or text, was something else by its content: {name}.",
                name=shown_name(file.name)[:MAX_NAME],
            )
        )
    return kind


def too_large(name: str) -> InvalidValue:
    """Why a file is not taken."""
    return InvalidValue(
        phrase(
            "Expected a file of at most {most} MiB, was a larger one: {name}.",
            most=10,
            name=shown_name(name)[:MAX_NAME],
        )
    )


def _require_room(rows: QuerySet[Attachment], added: Sequence[Attachment], *, count: int) -> None:
    _require_count(count)
    size = sum(row.size for row in added)
    _require_size(size)
    most: int = settings.TICKFOLIO_ATTACHMENTS_MIB
    there = rows.filter(content__isnull=False).aggregate(together=Sum("size"))["together"] or 0
    if added and there + size > most * MIB:
        raise InvalidValue(
            phrase(
                "Expected files of at most {most} MiB in the portfolio, was more with these. Whoever runs the server "
                "sets this limit; a removed file counts for 30 days.",
                most=most,
            )
        )


def _require_size(size: int) -> None:
    if size > MAX_BYTES_AT_ONCE:
        raise InvalidValue(phrase("Expected at most {most} MiB at once, was more. Attach fewer at a time.", most=25))


def _require_count(count: int) -> None:
    if count > MOST:
        raise InvalidValue(
            phrase("Expected at most {most} files of a transaction, was {count}.", most=MOST, count=count)
        )


def _seen(row: Attachment) -> AttachmentView:
    by = "" if row.created_by is None else row.created_by.email
    return AttachmentView(str(row.pk), row.file_name, row.kind, row.size, row.created_at.astimezone(UTC), by)
