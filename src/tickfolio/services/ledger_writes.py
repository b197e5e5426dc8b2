"""Writing in a portfolio's ledger: versions are appended, headers follow them, and what cannot be is refused.

All of it happens while the portfolio's row is held (services/portfolio_changes.py). A transaction can only become impossible
by what else is booked of the same instrument in the same account, so that is all that is read and folded here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.ledger_mappers import columns_of, transaction_from
from tickfolio.persistence.models import LedgerTransaction, OutboxEntry, PrivateInstrument, TransactionVersion
from tickfolio.persistence.selectors.ledger import transactions_of_positions
from tickfolio.persistence.selectors.surroundings import accounts_by_id, instruments_by_symbol
from tickfolio.services.drafts import ReadDraft, Surroundings
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A transaction to be booked; `fingerprint` tells the row of a file that it came from, and is empty without one."""

    read: ReadDraft
    fingerprint: str = ""


def surroundings_of(held: HeldPortfolio, symbols: Iterable[Symbol]) -> Surroundings:
    """The accounts of the portfolio, and those instruments of `symbols` that it knows; three queries."""
    return Surroundings(
        accounts=accounts_by_id(held.access.portfolio_id, actor=held.actor),
        instruments=instruments_by_symbol(held.access.portfolio_id, actor=held.actor, symbols=symbols),
    )


def next_sequence(held: HeldPortfolio) -> int:
    """The sequence that the next entry gets; the one after it gets one more, and so on."""
    return held.row.head + 1


def append(
    held: HeldPortfolio,
    entries: Sequence[NewEntry],
    *,
    kind: OutboxEntry.Kind = Kind.TRANSACTION_ADDED,
    batch_id: uuid.UUID | None = None,
) -> None:
    """Books new transactions. Their sequences go on from `next_sequence`, without a gap.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with them.
    """
    refuse_impossible(held, added=[entry.read.transaction for entry in entries])
    _make_instruments(held, (entry.read.new_instrument for entry in entries))
    rows = [_version(held, entry, version=1, batch_id=batch_id) for entry in entries]
    headers = [_header(row) for row in rows]
    insert_rows(headers)
    insert_rows(rows)
    only = rows[0] if len(rows) == 1 else None
    held.announce(
        kind,
        count=len(rows),
        transaction_id=None if only is None else only.transaction_id,
        version=None if only is None else 1,
        batch_id=batch_id,
    )


def replace(held: HeldPortfolio, header: LedgerTransaction, read: ReadDraft) -> None:
    """Books a new version of a transaction.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with it.
    """
    before = transaction_from(header.current_version)
    refuse_impossible(held, added=[read.transaction], removed=[before])
    _make_instruments(held, [read.new_instrument])
    entry = NewEntry(read=read, fingerprint=header.fingerprint)
    row = _version(held, entry, version=header.version + 1, batch_id=header.current_version.import_batch_id)
    row.ledger_sequence = next_sequence(held)
    _supersede(held, row)
    held.announce(Kind.TRANSACTION_EDITED, transaction_id=header.pk, version=row.version)


def reverse(
    held: HeldPortfolio,
    headers: Sequence[LedgerTransaction],
    *,
    kind: OutboxEntry.Kind = Kind.TRANSACTION_DELETED,
    batch_id: uuid.UUID | None = None,
) -> None:
    """Books the reversal of transactions: their last version, which says that they are deleted.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be without them.
    """
    refuse_impossible(held, removed=[transaction_from(header.current_version) for header in headers])
    first = next_sequence(held)
    rows = [_reversal(held, header, sequence=first + number) for number, header in enumerate(headers)]
    insert_rows(rows)
    for start in range(0, len(headers), BATCH):
        _mark_deleted(held, headers[start : start + BATCH])
    only = headers[0] if len(headers) == 1 else None
    held.announce(
        kind,
        count=len(headers),
        transaction_id=None if only is None else only.pk,
        version=None if only is None else only.version + 1,
        batch_id=batch_id,
    )


# ---------- What cannot be ----------


def refuse_impossible(
    held: HeldPortfolio, *, added: Sequence[Transaction] = (), removed: Sequence[Transaction] = ()
) -> None:
    """Folds what is booked of each instrument that a change touches, as it would be after the change.

    Raises:
        InsufficientQuantity: a sale, this one or another, would be of more than is held then.
        ImpossibleLedger: a split would leave nothing of a position.
    """
    gone = {transaction.id for transaction in removed}
    coming: dict[tuple[AccountId, Symbol], list[Transaction]] = {
        position: [] for transaction in removed if (position := _position(transaction)) is not None
    }
    for transaction in added:
        position = _position(transaction)
        if position is not None:
            coming.setdefault(position, []).append(transaction)
    if not coming:
        return
    booked = transactions_of_positions(coming.keys(), actor=held.actor)
    for (account, symbol), new in coming.items():
        fold(account, [*(each for each in booked[account, symbol] if each.id not in gone), *new])


def _position(transaction: Transaction) -> tuple[AccountId, Symbol] | None:
    symbol: Symbol | None = getattr(transaction, "symbol", None)
    return None if symbol is None else (transaction.account, symbol)


# ---------- Rows ----------


def _version(held: HeldPortfolio, entry: NewEntry, *, version: int, batch_id: uuid.UUID | None) -> TransactionVersion:
    transaction = entry.read.transaction
    return TransactionVersion(
        portfolio_id=held.row.pk,
        transaction_id=uuid.UUID(transaction.id),
        version=version,
        ledger_sequence=transaction.sequence,
        is_deleted=False,
        account_id=uuid.UUID(transaction.account),
        entry_sequence=transaction.sequence,
        ex_date=entry.read.ex_date,
        note=entry.read.note,
        fingerprint=entry.fingerprint,
        recorded_at=held.at,
        recorded_by_id=held.recorder_id,
        import_batch_id=batch_id,
        **columns_of(transaction),
    )


def _reversal(held: HeldPortfolio, header: LedgerTransaction, *, sequence: int) -> TransactionVersion:
    """A copy of the newest version that says deleted, recorded now."""
    last = header.current_version
    kept = {field.attname: getattr(last, field.attname) for field in last._meta.concrete_fields}
    changed: Mapping[str, object] = {
        "id": uuid.uuid4(),
        "version": header.version + 1,
        "ledger_sequence": sequence,
        "is_deleted": True,
        "recorded_at": held.at,
        "recorded_by_id": held.recorder_id,
    }
    return TransactionVersion(**{**kept, **changed})


def _header(row: TransactionVersion) -> LedgerTransaction:
    return LedgerTransaction(
        id=row.transaction_id, portfolio_id=row.portfolio_id, entry_sequence=row.entry_sequence, **_cached(row)
    )


def _cached(row: TransactionVersion) -> dict[str, object]:
    """What a header repeats of the newest version."""
    return {
        "account_id": row.account_id,
        "version": row.version,
        "current_version_id": row.pk,
        "is_deleted": row.is_deleted,
        "type": row.type,
        "at": row.at,
        "symbol": row.symbol,
        "fingerprint": row.fingerprint,
    }


def _mark_deleted(held: HeldPortfolio, headers: Sequence[LedgerTransaction]) -> None:
    """Brings headers up to their reversals, which are booked: one statement for all of them."""
    after = TransactionVersion.objects.for_actor(held.actor).filter(
        transaction=OuterRef("pk"), version=OuterRef("version") + 1
    )
    rows = LedgerTransaction.objects.for_actor(held.actor).filter(pk__in=[header.pk for header in headers])
    rows.update(version=F("version") + 1, current_version=Subquery(after.values("pk")[:1]), is_deleted=True)


def _supersede(held: HeldPortfolio, row: TransactionVersion) -> None:
    row.save()
    LedgerTransaction.objects.for_actor(held.actor).filter(pk=row.transaction_id).update(**_cached(row))


def _make_instruments(held: HeldPortfolio, instruments: Iterable[Instrument | None]) -> None:
    new = {instrument.symbol: instrument for instrument in instruments if instrument is not None}
    PrivateInstrument.objects.for_actor(held.actor).bulk_create(
        PrivateInstrument(
            portfolio_id=held.row.pk,
            symbol=instrument.symbol,
            name=instrument.name,
            currency=instrument.currency.code,
            created_at=held.at,
        )
        for instrument in new.values()
    )


def transaction_ids(count: int) -> list[TransactionId]:
    """As many new ids."""
    return [TransactionId(str(uuid.uuid4())) for _ in range(count)]
