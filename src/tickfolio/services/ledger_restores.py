"""What was booked, edited or deleted, taken back: by new versions, since nothing is ever overwritten.

A change is what one outbox entry announced, however many transactions it was of, and it is taken back as a whole or not at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tickfolio.errors import NotFound, VersionConflict
from tickfolio.persistence.models import LedgerTransaction, OutboxEntry, TransactionVersion
from tickfolio.persistence.selectors.ledger import TransactionView, transactions_seen
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.ledger_writes import fingerprints_elsewhere, next_sequence, reverse, rewrite, version_like
from tickfolio.services.ledgers import book_of
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.words import phrase

UNDOABLE = (Kind.TRANSACTION_ADDED, Kind.TRANSACTION_EDITED, Kind.TRANSACTION_DELETED)


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a change back made of the ledger.

    Attributes:
        sequence: of this change, which can be taken back in turn; 0 where nothing was changed.
        count: how many transactions it was of.
        changed_meanwhile: those that somebody changed after that, because of which nothing was taken back.
    """

    sequence: int
    count: int
    changed_meanwhile: tuple[TransactionView, ...] = ()


def change_undo(*, actor: Actor, portfolio_id: str, sequence: int, progress: Progress = UNTOLD) -> Undone:
    """Takes back the change that ended at `sequence`: what it added is deleted, what it edited or deleted is as before.

    Raises:
        NotFound, NotAllowed: as everywhere; also where there was no such change of transactions.
        InsufficientQuantity, ImpossibleLedger: the ledger could not be without it.
        JobCancelled: the person does not want it any more; nothing is taken back.
    """
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT)
    progress.begin(Step.READ)
    # What is kept of the ledger is brought up to date before the portfolio is held: what many touch is folded out of memory.
    book_of(actor=actor, portfolio_id=portfolio_id)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        rows = _of_change(held, sequence)
        headers = headers_of(held, [row.transaction_id for row in rows])
        changed = [row for row in rows if headers[row.transaction_id].version != row.version]
        if changed:
            return Undone(0, 0, _seen(held, changed))
        before = _before(held, rows)
        gone = [headers[row.transaction_id] for row in rows if row.transaction_id not in before]
        back = [(headers[key], row) for key, row in before.items()]
        if gone:
            reverse(held, gone, progress=progress)
        if back:
            rewrite(held, restored(held, back, progress=progress), progress=progress)
        progress.settle()
        return Undone(held.row.head, len(rows))


def transaction_restore(
    *, actor: Actor, portfolio_id: str, transaction_id: str, version: int, expected_version: int
) -> TransactionView:
    """Books what an earlier version says as the newest one, if `expected_version` is that still; also of a deleted one.

    Raises:
        NotFound, NotAllowed: as everywhere; also where there is no such version, or it says deleted.
        VersionConflict: somebody changed it meanwhile.
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with it.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        key = parse_id(transaction_id)
        header = None if key is None else headers_of(held, [key]).get(key)
        versions = TransactionVersion.objects.for_actor(actor).filter(portfolio=held.row.pk, is_deleted=False)
        row = None if header is None else versions.filter(transaction=header.pk, version=version).first()
        if header is None or row is None:
            raise NotFound(phrase("Expected a version of a transaction of this portfolio, found none of that number."))
        if header.version != expected_version:
            raise VersionConflict(expected=expected_version, current=header.version)
        rewrite(held, restored(held, [(header, row)]))
        [view] = _seen(held, [row])
        return view


def headers_of(held: HeldPortfolio, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, LedgerTransaction]:
    """The headers of transactions of this portfolio, each with its newest version; one query."""
    rows = LedgerTransaction.objects.for_actor(held.actor).filter(portfolio=held.row.pk, pk__in=list(keys))
    return {row.pk: row for row in rows.select_related("current_version")}


def restored(
    held: HeldPortfolio,
    wanted: Sequence[tuple[LedgerTransaction, TransactionVersion]],
    *,
    progress: Progress = UNTOLD,
) -> list[tuple[LedgerTransaction, TransactionVersion]]:
    """New versions that say what earlier ones said.

    A row of a file that was read again meanwhile stands there already: the one that comes back is no row of a file any more.
    """
    named = {row.fingerprint for _, row in wanted}
    taken = fingerprints_elsewhere(held, named, outside=[header.pk for header, _ in wanted])
    first = next_sequence(held)
    found = []
    for number, (header, row) in enumerate(progress.over(wanted, Step.PREPARE)):
        fingerprint = "" if row.fingerprint in taken else row.fingerprint
        taken.add(row.fingerprint)
        version = version_like(
            held, row, version=header.version + 1, ledger_sequence=first + number, fingerprint=fingerprint
        )
        found.append((header, version))
    return found


def _of_change(held: HeldPortfolio, sequence: int) -> list[TransactionVersion]:
    entries = OutboxEntry.objects.for_actor(held.actor).filter(portfolio=held.row.pk, sequence=sequence)
    entry = entries.filter(kind__in=UNDOABLE).first()
    if entry is None:
        raise NotFound(phrase("Expected a change of transactions of this portfolio, found none of that number."))
    rows = TransactionVersion.objects.for_actor(held.actor).filter(
        portfolio=held.row.pk, ledger_sequence__gte=entry.first_sequence, ledger_sequence__lte=entry.sequence
    )
    return list(rows.order_by("ledger_sequence"))


def _before(held: HeldPortfolio, rows: Sequence[TransactionVersion]) -> dict[uuid.UUID, TransactionVersion]:
    """What transactions were before these versions; without those that were not there or deleted."""
    wanted = {row.transaction_id: row.version - 1 for row in rows if row.version > 1}
    versions = TransactionVersion.objects.for_actor(held.actor).filter(
        portfolio=held.row.pk, transaction__in=list(wanted), version__in=set(wanted.values()), is_deleted=False
    )
    return {row.transaction_id: row for row in versions if wanted[row.transaction_id] == row.version}


def _seen(held: HeldPortfolio, rows: Iterable[TransactionVersion]) -> tuple[TransactionView, ...]:
    """What transactions are now."""
    keys = [row.transaction_id for row in rows]
    views = transactions_seen(held.access.portfolio_id, keys, actor=held.actor, reached=market_now())
    return tuple(views[str(key)] for key in keys)
