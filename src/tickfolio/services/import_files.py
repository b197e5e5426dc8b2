"""Attached files that come with an import: kept with its preview, and attached when the transactions that they belong to are booked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from tickfolio.persistence.models import Attachment, ImportBatch, ImportFile
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.attachments import NewFile, attachments_keep
from tickfolio.services.import_besides import Piece, PieceKind, Standing
from tickfolio.services.portfolio_changes import HeldPortfolio
from tickfolio.statements.archives import Archive
from tickfolio.statements.beside import FileOf


def files_attached(portfolio_id: str, *, actor: Actor) -> frozenset[tuple[str, str]]:
    """Transaction and SHA-256 of every file that stands in a portfolio; one query."""
    rows = Attachment.objects.for_actor(actor).filter(portfolio_id=portfolio_id, removed_at=None)
    return frozenset((str(key), digest) for key, digest in rows.values_list("transaction_id", "sha256"))


def files_come(batch: ImportBatch, *, actor: Actor) -> frozenset[str]:
    """The SHA-256 of the files whose content is kept with a preview; one query."""
    rows = ImportFile.objects.for_actor(actor).filter(batch=batch.pk)
    return frozenset(rows.values_list("sha256", flat=True))


def files_keep(batch: ImportBatch, archive: Archive, files: Iterable[FileOf]) -> None:
    """Keeps what an archive holds of the files that its document names, one after another.

    Raises:
        StatementError: one of them is damaged or too large.
    """
    for digest, content in archive.contents(dict.fromkeys(file.sha256 for file in files)):
        ImportFile(portfolio_id=batch.portfolio_id, batch_id=batch.pk, sha256=digest, content=content).save()


def files_attach(
    held: HeldPortfolio, batch: ImportBatch, *, files: Sequence[FileOf], pieces: Iterable[Piece], ids: Mapping[str, str]
) -> None:
    """Attaches the files that are new, in the order of the document, and forgets what was kept of them.

    Args:
        ids: the transactions by the references of their rows.

    Raises:
        InvalidValue: there are too many of one transaction or of the portfolio, or one is of a kind that is not kept.
    """
    kept = ImportFile.objects.for_actor(held.actor).filter(batch=batch.pk)
    judged = [piece for piece in pieces if piece.kind is PieceKind.FILE]
    moment = held.at
    for file, piece in zip(files, judged, strict=True):
        if piece.standing is not Standing.NEW:
            continue
        content = bytes(kept.values_list("content", flat=True).get(sha256=file.sha256))
        assert hashlib.sha256(content).hexdigest() == file.sha256
        # A moment of its own for each, so that they keep their order.
        moment += timedelta(microseconds=1)
        attachments_keep(held, ids[file.transaction], [NewFile(file.name, content)], at=moment)
    kept.delete()
