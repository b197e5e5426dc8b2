"""Writing in a portfolio's ledger: versions are appended, headers follow them, and what cannot be is refused.

All of it happens while the portfolio's row is held (services/portfolio_changes.py). A transaction can only become impossible
by what else is booked of the same instrument in the same account, and of what that is linked with by transfers and by what
companies do (services/position_links.py), so that is all that is read and folded here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import F, OuterRef, Subquery

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.cost_basis import BaseValue
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.errors import ImpossibleLedger
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.ledger_mappers import transaction_from
from tickfolio.persistence.models import LedgerTransaction, OutboxEntry, PrivateInstrument, TransactionVersion
from tickfolio.persistence.selectors.ledger import transactions_of_positions, transactions_of_types
from tickfolio.persistence.selectors.surroundings import accounts_by_id, instruments_by_symbol
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.applied_actions import with_actions
from tickfolio.services.drafts import ReadDraft, Surroundings
from tickfolio.services.instruments import instruments_book, listed_instruments
from tickfolio.services.ledger_rows import (
    REPEATED,
    NewEntry,
    PreparedEntries,
    PreparedReversal,
    cached_of,
    header_of,
    prepared_entries,
    prepared_reversal,
    record,
    transaction_ids,
    version_like,
    version_of,
)
from tickfolio.services.ledgers import booked_at_hand
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind
from tickfolio.services.position_links import LINKING, PositionKey, PositionLinks, base_value_of, positions_of

__all__ = ["NewEntry", "prepared_entries", "prepared_reversal", "transaction_ids", "version_like"]
BATCH = 500
FEW_POSITIONS = 20
"""So many are read faster from the database than picked from a whole ledger in memory."""


def surroundings_of(held: HeldPortfolio, symbols: Iterable[Symbol]) -> Surroundings:
    """The accounts of the portfolio, and those instruments of `symbols` that it or the shipped list knows; four queries."""
    wanted = set(symbols)
    known = instruments_by_symbol(held.access.portfolio_id, actor=held.actor, symbols=wanted)
    return Surroundings(
        accounts=accounts_by_id(held.access.portfolio_id, actor=held.actor),
        instruments=known,
        listed=listed_instruments(wanted - known.keys()),
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
    append_prepared(held, prepared_entries(entries, portfolio_id=held.row.pk, batch_id=batch_id), kind=kind)


def append_prepared(
    held: HeldPortfolio,
    prepared: PreparedEntries,
    *,
    kind: OutboxEntry.Kind = Kind.TRANSACTION_ADDED,
    progress: Progress = UNTOLD,
) -> None:
    """As `append`, of rows that were made before the portfolio was held and go on from its head.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with them.
        JobCancelled: the person does not want it any more.
    """
    rows = prepared.rows
    refuse_impossible(held, added=[entry.read.transaction for entry in prepared.entries])
    _make_instruments(held, (each for entry in prepared.entries for each in entry.read.new_instruments))
    record(held, rows)
    batch_id = rows[0].import_batch_id if rows else None
    progress.begin(Step.WRITE, len(rows))
    insert_rows(prepared.headers)
    insert_rows(rows, told=progress.done)
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
    _make_instruments(held, read.new_instruments)
    taken = fingerprints_elsewhere(held, {header.fingerprint}, outside=[header.pk])
    entry = NewEntry(read=read, fingerprint="" if header.fingerprint in taken else header.fingerprint)
    batch_id = header.current_version.import_batch_id
    row = version_of(held.row.pk, entry, version=header.version + 1, batch_id=batch_id)
    record(held, [row])
    row.ledger_sequence = next_sequence(held)
    _supersede(held, row)
    held.announce(Kind.TRANSACTION_EDITED, transaction_id=header.pk, version=row.version)


def fingerprints_elsewhere(held: HeldPortfolio, named: set[str], *, outside: Collection[uuid.UUID]) -> set[str]:
    """Those of these rows of files that living transactions are of, in any account, besides the ones that are named."""
    named = named - {""}
    if not named:
        return set()
    living = LedgerTransaction.objects.for_actor(held.actor).filter(
        portfolio=held.row.pk, is_deleted=False, fingerprint__in=named
    )
    return set(living.exclude(pk__in=outside).values_list("fingerprint", flat=True))


def reverse(
    held: HeldPortfolio,
    headers: Sequence[LedgerTransaction],
    *,
    kind: OutboxEntry.Kind = Kind.TRANSACTION_DELETED,
    batch_id: uuid.UUID | None = None,
    progress: Progress = UNTOLD,
    is_proven: bool = False,
) -> None:
    """Books the reversal of transactions: their last version, which says that they are deleted.

    Args:
        is_proven: as of `rewrite`.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be without them.
    """
    prepared = prepared_reversal(headers, first=next_sequence(held), progress=progress)
    reverse_prepared(held, prepared, kind=kind, batch_id=batch_id, progress=progress, is_proven=is_proven)


def reverse_prepared(
    held: HeldPortfolio,
    prepared: PreparedReversal,
    *,
    kind: OutboxEntry.Kind,
    batch_id: uuid.UUID | None = None,
    progress: Progress = UNTOLD,
    is_proven: bool = False,
) -> None:
    """As `reverse`, of rows that were made before the portfolio was held, of headers as they are now.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be without them.
        JobCancelled: the person does not want it any more.
    """
    headers, rows = prepared.headers, prepared.rows
    if not is_proven:
        progress.begin(Step.CHECK)
        refuse_impossible(held, removed=[transaction_from(header.current_version) for header in headers])
    record(held, rows)
    progress.begin(Step.WRITE, len(rows))
    insert_rows(rows, told=progress.done)
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


def rewrite(
    held: HeldPortfolio,
    changes: Sequence[tuple[LedgerTransaction, TransactionVersion]],
    *,
    progress: Progress = UNTOLD,
    is_proven: bool = False,
) -> None:
    """Books the given versions, made by `version_like`, of transactions that are there: edits, or the return of deleted ones.

    Args:
        is_proven: `refuse_impossible` was asked about the same under this hold, so that it needs no second fold.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with them.
    """
    living = [header for header, _ in changes if not header.is_deleted]
    rows = [row for _, row in changes]
    if not is_proven:
        progress.begin(Step.CHECK)
        refuse_impossible(
            held,
            added=[transaction_from(row) for row in rows],
            removed=[transaction_from(header.current_version) for header in living],
        )
    progress.begin(Step.WRITE, len(rows))
    insert_rows(rows, told=progress.done)
    for start in range(0, len(rows), BATCH):
        _bring_up(held, [row.transaction_id for row in rows[start : start + BATCH]])
    only = rows[0] if len(rows) == 1 else None
    held.announce(
        Kind.TRANSACTION_EDITED,
        count=len(rows),
        transaction_id=None if only is None else only.transaction_id,
        version=None if only is None else only.version,
    )


def append_rows(held: HeldPortfolio, rows: Sequence[TransactionVersion], *, is_proven: bool = False) -> None:
    """Books first versions, made by `version_like`, of new transactions.

    Args:
        is_proven: as of `rewrite`.

    Raises:
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with them.
    """
    if not is_proven:
        refuse_impossible(held, added=[transaction_from(row) for row in rows])
    insert_rows([header_of(row) for row in rows])
    insert_rows(rows)
    held.announce(Kind.TRANSACTION_ADDED, count=len(rows))


# ---------- What cannot be ----------


def refuse_impossible(
    held: HeldPortfolio, *, added: Sequence[Transaction] = (), removed: Sequence[Transaction] = ()
) -> None:
    """Folds what is booked of every position that a change touches or that is linked with one, as it would be after it.

    Raises:
        InsufficientQuantity: a sale or a transfer, this one or another, would be of more than is held then.
        ImpossibleLedger: something else could not be done with what is held.
    """
    added, removed = _told_apart(added, removed)
    touched = {position for each in (*added, *removed) for position in positions_of(each)}
    if not touched:
        return
    linking = transactions_of_types(held.access.portfolio_id, LINKING, actor=held.actor)
    # What is removed still links what it linked: both sides of it have to stand without it.
    groups = PositionLinks([*linking, *(each for each in added if len(positions_of(each)) > 1)]).members(touched)
    refuse_impossible_groups(held, groups.values(), added=added, removed=removed)


def refuse_impossible_groups(
    held: HeldPortfolio,
    groups: Iterable[frozenset[PositionKey]],
    *,
    added: Sequence[Transaction] = (),
    removed: Sequence[Transaction] = (),
) -> None:
    """Folds groups of linked positions as they would be after a change, with the options that accounts have now.

    Raises:
        InsufficientQuantity, ImpossibleLedger: one of them could not be.
    """
    gone = {transaction.id for transaction in removed}
    wanted = tuple(groups)
    booked = _booked_of(held, {position for group in wanted for position in group})
    coming: dict[PositionKey, list[Transaction]] = defaultdict(list)
    for transaction in added:
        if positions := positions_of(transaction):
            coming[positions[0]].append(transaction)
    accounts = accounts_by_id(held.access.portfolio_id, actor=held.actor)
    base_value = base_value_of(held.row.base_currency)
    for group in wanted:
        there = [each for position in group for each in booked[position] if each.id not in gone]
        new = [each for position in group for each in coming.get(position, ())]
        options = {account: accounts[account].options for account in {account for account, _ in group}}
        _refuse_unfoldable(held, [*there, *new], options, base_value)


def _told_apart(
    added: Sequence[Transaction], removed: Sequence[Transaction]
) -> tuple[Sequence[Transaction], Sequence[Transaction]]:
    """Both without what is the same before and after, such as where a note is changed: that makes nothing impossible."""
    before = {each.id: each for each in removed}
    same = {each.id for each in added if before.get(each.id) == each}
    if not same:
        return added, removed
    return [each for each in added if each.id not in same], [each for each in removed if each.id not in same]


def _booked_of(held: HeldPortfolio, positions: set[PositionKey]) -> Mapping[tuple[str, str], Sequence[Transaction]]:
    """What is booked of positions: of many out of memory, where the ledger is kept there as it is now."""
    kept = booked_at_hand(held.access.portfolio_id, head=held.row.head) if len(positions) > FEW_POSITIONS else None
    if kept is None:
        return transactions_of_positions(positions, actor=held.actor)
    found: dict[tuple[str, str], list[Transaction]] = {position: [] for position in positions}
    for transaction in kept:
        of = positions_of(transaction)[:1]
        if of and of[0] in found:
            found[of[0]].append(transaction)
    return found


def _refuse_unfoldable(
    held: HeldPortfolio,
    transactions: Sequence[Transaction],
    options: Mapping[AccountId, AccountOptions],
    base_value: BaseValue,
) -> None:
    """Folds transactions by themselves and, where that cannot be, with the corporate actions that are known.

    What is booked after a split that nobody booked is possible by that split alone; and what leaves no room for an action goes
    before it.

    Raises:
        InsufficientQuantity, ImpossibleLedger: neither can be.
    """
    try:
        fold_all(options, transactions, base_value=base_value)
    except ImpossibleLedger:
        instruments = instruments_by_symbol(held.access.portfolio_id, actor=held.actor)
        known = with_actions(transactions, options=options, instruments=instruments, base_value=base_value)
        fold_all(options, known.transactions, base_value=base_value)


def _bring_up(held: HeldPortfolio, keys: Sequence[uuid.UUID]) -> None:
    """Brings headers up to their next versions, which are booked: one statement for all of them."""
    after = TransactionVersion.objects.for_actor(held.actor).filter(
        transaction=OuterRef("pk"), version=OuterRef("version") + 1
    )
    repeated = {name: Subquery(after.values(name)[:1]) for name in REPEATED}
    rows = LedgerTransaction.objects.for_actor(held.actor).filter(pk__in=list(keys))
    rows.update(current_version=Subquery(after.values("pk")[:1]), **repeated)


def _mark_deleted(held: HeldPortfolio, headers: Sequence[LedgerTransaction]) -> None:
    """Brings headers up to their reversals, which are booked: one statement for all of them."""
    after = TransactionVersion.objects.for_actor(held.actor).filter(
        transaction=OuterRef("pk"), version=OuterRef("version") + 1
    )
    rows = LedgerTransaction.objects.for_actor(held.actor).filter(pk__in=[header.pk for header in headers])
    rows.update(version=F("version") + 1, current_version=Subquery(after.values("pk")[:1]), is_deleted=True)


def _supersede(held: HeldPortfolio, row: TransactionVersion) -> None:
    row.save()
    LedgerTransaction.objects.for_actor(held.actor).filter(pk=row.transaction_id).update(**cached_of(row))


def _make_instruments(held: HeldPortfolio, instruments: Iterable[Instrument]) -> None:
    made = {instrument.symbol: instrument for instrument in instruments}
    instruments_book(instruments=[each for each in made.values() if each.mic != PRIVATE_MIC])
    new = {symbol: instrument for symbol, instrument in made.items() if instrument.mic == PRIVATE_MIC}
    PrivateInstrument.objects.for_actor(held.actor).bulk_create(
        PrivateInstrument(
            portfolio_id=held.row.pk,
            symbol=instrument.symbol,
            name=instrument.name,
            currency=instrument.currency.code,
            instrument_class=instrument.instrument_class.value,
            contract_size=instrument.contract_size,
            quote_unit=instrument.quote_unit,
            created_at=held.at,
        )
        for instrument in new.values()
    )
