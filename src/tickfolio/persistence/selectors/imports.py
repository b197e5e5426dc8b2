"""Files that were read in, as an actor may know of them: batches and their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet

from tickfolio.persistence.models import ImportBatch, ImportRow
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Actor, Person

type Kept = Mapping[str, Mapping[str, str | int]]


@dataclass(frozen=True, slots=True)
class BatchView:
    """One file: previewed, booked or undone. Moments are of the real clock.

    Attributes:
        booked: how many of its rows were booked; of a preview 0.
        undone_by: an e-mail address; empty where it was not undone.
    """

    id: str
    portfolio_id: str
    state: str
    file_name: str
    format: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    booked_at: datetime | None
    undone_at: datetime | None
    undone_by: str
    booked: int


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a file: how it stood there, what was understood of it, what becomes of it.

    Attributes:
        entry: what services keep of it; None where that is nothing.
        transaction_id: the transaction that it is, or gets when it is booked; empty where there is none.
    """

    ordinal: int
    line: int
    raw: str
    entry: Kept | None
    fate: str
    reason: str
    transaction_id: str


def batch_row(portfolio_id: str, batch_id: str, *, actor: Actor) -> ImportBatch | None:
    """The row of one batch; one query. A preview is seen by the person who made it and by nobody else."""
    key = parse_id(batch_id)
    if key is None:
        return None
    rows = ImportBatch.objects.for_actor(actor).filter(portfolio_id=portfolio_id, pk=key)
    row = rows.select_related("created_by", "undone_by").first()
    if row is None or (row.state == ImportBatch.State.PREVIEWED and not _is_own(row, actor)):
        return None
    return row


def booked_batches(portfolio_id: str, *, actor: Actor, most: int) -> tuple[BatchView, ...]:
    """What was booked of files, newest first; one query."""
    rows = ImportBatch.objects.for_actor(actor).filter(portfolio_id=portfolio_id)
    booked = rows.exclude(state=ImportBatch.State.PREVIEWED).select_related("created_by", "undone_by")
    return tuple(batch_view(row) for row in booked.defer("content").order_by("-created_at")[:most])


def open_previews(
    portfolio_id: str, *, actor: Person, now: datetime, asking: str, refused: str
) -> tuple[tuple[str, str, int, int], ...]:
    """Of each preview of a person that is not over its id, its file's name, and how many rows have each fate; newest first.

    One query, however many previews there are.
    """
    rows = ImportRow.objects.for_actor(actor).filter(
        portfolio_id=portfolio_id,
        batch__state=ImportBatch.State.PREVIEWED,
        batch__created_by_id=actor.user_id,
        batch__expires_at__gt=now,
    )
    counted = rows.values_list("batch_id", "batch__file_name").annotate(
        asking=Count("pk", filter=Q(fate=asking)), refused=Count("pk", filter=Q(fate=refused))
    )
    return tuple((str(batch), name, asks, bad) for batch, name, asks, bad in counted.order_by("-batch__created_at"))


def is_booked_already(portfolio_id: str, *, actor: Actor, sha256: str) -> bool:
    """Whether this very file was booked and not undone; one query."""
    rows = ImportBatch.objects.for_actor(actor).filter(portfolio_id=portfolio_id, sha256=sha256)
    return rows.filter(state=ImportBatch.State.BOOKED).exists()


def batch_view(row: ImportBatch) -> BatchView:
    """The batch that `row` keeps."""
    return BatchView(
        id=str(row.pk),
        portfolio_id=str(row.portfolio_id),
        state=row.state,
        file_name=row.file_name,
        format=row.format,
        created_at=row.created_at.astimezone(UTC),
        created_by="" if row.created_by is None else row.created_by.email,
        expires_at=None if row.expires_at is None else row.expires_at.astimezone(UTC),
        booked_at=None if row.booked_at is None else row.booked_at.astimezone(UTC),
        undone_at=None if row.undone_at is None else row.undone_at.astimezone(UTC),
        undone_by="" if row.undone_by is None else row.undone_by.email,
        booked=row.rows_booked,
    )


def row_counts(batch_id: str, *, actor: Actor) -> dict[str, int]:
    """How many rows of a batch have each fate; one query."""
    counted = _rows(batch_id, actor=actor).values_list("fate").annotate(count=Count("pk")).order_by("fate")
    return dict(counted)


def rows_seen(batch_id: str, *, actor: Actor, fate: str | None, slice_: slice) -> tuple[RowView, ...]:
    """A part of the rows of a batch in the order of the file, all or those of one fate; one query."""
    rows = _rows(batch_id, actor=actor)
    wanted = rows if fate is None else rows.filter(fate=fate)
    return tuple(
        RowView(
            ordinal=row.ordinal,
            line=row.line,
            raw=row.raw,
            entry=row.entry,
            fate=row.fate,
            reason=row.reason,
            transaction_id="" if row.transaction_id is None else str(row.transaction_id),
        )
        for row in wanted.order_by("ordinal")[slice_]
    )


def _rows(batch_id: str, *, actor: Actor) -> QuerySet[ImportRow]:
    return ImportRow.objects.for_actor(actor).filter(batch_id=parse_id(batch_id))


def _is_own(row: ImportBatch, actor: Actor) -> bool:
    return not isinstance(actor, Person) or row.created_by_id == actor.user_id
