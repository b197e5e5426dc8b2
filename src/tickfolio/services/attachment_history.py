"""What happened to the files of a transaction, and the end of those that were removed long ago."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from tickfolio.persistence.models import Attachment
from tickfolio.persistence.tenancy import Actor, System
from tickfolio.services.attachments import KEPT_REMOVED, transaction_row
from tickfolio.services.permissions import Operation, require
from tickfolio.services.watching import with_own_connection

KEEPER = System("removed files")


class FileChange(StrEnum):
    """What somebody did with a file."""

    ATTACHED = "attached"
    REMOVED = "removed"


class FileEvent(NamedTuple):
    """Something that happened to a file of a transaction.

    Attributes:
        at: real time, UTC.
        by: the e-mail address of who did it; empty where the product did.
    """

    change: FileChange
    name: str
    at: datetime
    by: str


def attachment_events(*, actor: Actor, portfolio_id: str, transaction_id: str) -> tuple[FileEvent, ...]:
    """Every file that was attached to a transaction or removed from it, the newest first.

    A file that came back after it was removed counts as attached ever since.

    Raises:
        NotFound: there is no such portfolio or transaction for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    key = transaction_row(access.portfolio_id, transaction_id, actor=actor).pk
    rows = Attachment.objects.for_actor(actor).filter(portfolio_id=access.portfolio_id, transaction=key)
    columns = ("file_name", "created_at", "created_by__email", "removed_at", "removed_by__email")
    events = []
    found = rows.order_by("-created_at", "-pk").values_list(*columns)
    for name, created_at, created_by, removed_at, removed_by in found:
        events.append(FileEvent(FileChange.ATTACHED, name, created_at.astimezone(UTC), created_by or ""))
        if removed_at is not None:
            events.append(FileEvent(FileChange.REMOVED, name, removed_at.astimezone(UTC), removed_by or ""))
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


def attachments_purge(*, now: datetime) -> int:
    """Lets go of what stands in the files that were removed more than 30 days ago: how many. Their lines in histories stay.

    Args:
        now: the real moment.
    """
    rows = Attachment.objects.for_actor(KEEPER).filter(removed_at__lt=now - KEPT_REMOVED, content__isnull=False)
    return rows.update(content=None)


@with_own_connection
def purge_now(now: datetime) -> int:
    """As `attachments_purge`, in a thread of the engine's."""
    return attachments_purge(now=now)
