"""Many transactions changed in one way at once: first shown, with what would be refused, then all of them or none."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.ledger.transactions import TransactionId, TransactionType
from tickfolio.domain.money import EXACT
from tickfolio.errors import ImpossibleLedger, InvalidValue, NotFound
from tickfolio.persistence.ledger_mappers import transaction_from
from tickfolio.persistence.models import LedgerTransaction, TransactionVersion
from tickfolio.persistence.selectors.ledger import TransactionView, transactions_seen
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.selectors.surroundings import accounts_by_id
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.idempotency import Answer, once
from tickfolio.services.ledger_restores import headers_of
from tickfolio.services.ledger_writes import (
    FEW_POSITIONS,
    append_rows,
    fingerprints_elsewhere,
    next_sequence,
    refuse_impossible,
    reverse,
    rewrite,
    transaction_ids,
    version_like,
)
from tickfolio.services.ledgers import book_of
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import HeldPortfolio, held_portfolio
from tickfolio.words import phrase

MOST_CHOSEN = 500
MAX_NOTE = 500
WITH_FEES = frozenset({TransactionType.BUY, TransactionType.SELL})
CHOOSING_LOTS = frozenset({TransactionType.SELL, TransactionType.TRANSFER_OUT})


class BulkKind(StrEnum):
    """What is done with all of them."""

    MOVE = "move"
    NOTE_APPEND = "note_append"
    NOTE_REPLACE = "note_replace"
    FEE = "fee"
    DUPLICATE = "duplicate"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """What is done, and with what."""

    kind: BulkKind
    account_id: str = ""
    note: str = ""
    fees: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A transaction as somebody saw it."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One of those chosen, as it is now; `refusal` says why it cannot be changed so, and is empty where it can."""

    view: TransactionView
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What would be done, or what was.

    Attributes:
        impossible: why the ledger could not be with all of it, where each by itself could be changed.
        sequence: of the change that was made; 0 where nothing was.
    """

    rows: tuple[BulkRow, ...]
    impossible: ImpossibleLedger | None = None
    sequence: int = 0

    @property
    def is_possible(self) -> bool:
        """Whether all of them can be changed so."""
        return self.impossible is None and bool(self.rows) and not any(row.refusal for row in self.rows)


def bulk_preview(*, actor: Actor, portfolio_id: str, chosen: Sequence[Chosen], change: BulkChange) -> BulkOutcome:
    """What a change would do, and what of it would be refused. Nothing is written.

    Raises:
        NotFound, NotAllowed: as everywhere; also where one of those chosen is not of this portfolio.
        InvalidValue: none or too many are chosen, or what is to be written is none.
    """
    _read(actor, portfolio_id, chosen)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        return _Bulk(held, chosen, change).outcome()


def bulk_change(
    *, actor: Actor, portfolio_id: str, chosen: Sequence[Chosen], change: BulkChange, idempotency_key: str | None = None
) -> BulkOutcome:
    """Changes all of them, or none where one is refused or was changed since it was seen; once for each key.

    Raises:
        NotFound, NotAllowed, InvalidValue: as `bulk_preview`.
        KeyReused: the key came with another request before.
    """
    _read(actor, portfolio_id, chosen)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        outcomes: list[BulkOutcome] = []

        def work() -> Answer:
            bulk = _Bulk(held, chosen, change)
            outcomes.append(bulk.outcome())
            return {"sequence": bulk.write() if outcomes[0].is_possible else 0}

        request = {
            "operation": "bulk_change",
            "portfolio": held.access.portfolio_id,
            "chosen": chosen,
            "change": change,
        }
        answer = once(actor=actor, key=idempotency_key, request=request, work=work)
        rows, impossible = (outcomes[0].rows, outcomes[0].impossible) if outcomes else ((), None)
        return BulkOutcome(rows, impossible, int(answer["sequence"]))


def _read(actor: Actor, portfolio_id: str, chosen: Sequence[Chosen]) -> None:
    """Brings what is kept of the ledger up to date before the portfolio is held: what many touch is folded out of memory then."""
    if len(chosen) > FEW_POSITIONS:
        book_of(actor=actor, portfolio_id=portfolio_id)


class _Bulk:
    def __init__(self, held: HeldPortfolio, chosen: Sequence[Chosen], change: BulkChange) -> None:
        self._held = held
        self._change = change
        self._now = market_now()
        self._seen = {each.id: each.version for each in chosen}
        if not 1 <= len(self._seen) <= MOST_CHOSEN:
            raise InvalidValue(
                phrase(
                    "Expected 1 to {most_chosen} transactions, was {seen}.",
                    most_chosen=MOST_CHOSEN,
                    seen=len(self._seen),
                )
            )
        accounts = accounts_by_id(held.access.portfolio_id, actor=held.actor)
        if change.kind is BulkKind.MOVE and change.account_id not in accounts:
            raise InvalidValue(phrase("Expected an account of this portfolio to move them to, was none."))
        if change.kind is BulkKind.NOTE_APPEND and not change.note.strip():
            raise InvalidValue(phrase("Expected a note to append; the field is empty."))
        if change.kind is BulkKind.FEE and change.fees < 0:
            raise InvalidValue(phrase("Expected a fee of 0 or more, was {fees:f}.", fees=change.fees))
        keys = [parse_id(each) for each in self._seen]
        found = headers_of(held, [key for key in keys if key is not None])
        if len(found) != len(self._seen):
            raise NotFound(phrase("Expected transactions of this portfolio, found none of one of those addresses."))
        self._headers = [found[key] for key in keys if key is not None]
        # Duplicates stand in the order of what they are of.
        self._headers.sort(key=lambda header: (header.at, header.entry_sequence))
        self._doubled = self._of_rows_that_others_are() if change.kind is BulkKind.MOVE else set()

    def outcome(self) -> BulkOutcome:
        """What can be done with each, and with all of them together."""
        keys = [header.pk for header in self._headers]
        views = transactions_seen(self._held.access.portfolio_id, keys, actor=self._held.actor, reached=self._now)
        rows = (BulkRow(views[str(header.pk)], self._refusal(header)) for header in self._headers)
        outcome = BulkOutcome(tuple(rows))
        if not outcome.is_possible:
            return outcome
        try:
            self._refuse_impossible()
        except ImpossibleLedger as refusal:
            return BulkOutcome(outcome.rows, refusal)
        return outcome

    def write(self) -> int:
        """Changes all of them, where `outcome` has found it possible. Returns the sequence of the change."""
        match self._change.kind:
            case BulkKind.DELETE:
                reverse(self._held, self._headers, is_proven=True)
            case BulkKind.DUPLICATE:
                append_rows(self._held, list(self._rows()), is_proven=True)
            case _:
                rewrite(self._held, list(zip(self._headers, self._rows(), strict=True)), is_proven=True)
        return self._held.row.head

    # ---------- One by one ----------

    def _refusal(self, header: LedgerTransaction) -> str:
        row, change = header.current_version, self._change
        if header.version != self._seen[str(header.pk)]:
            return phrase("It was changed meanwhile: look at what it is now and choose it again.")
        if header.is_deleted:
            return phrase("It is deleted already.")
        if change.kind is BulkKind.MOVE and str(row.account_id) == change.account_id:
            return phrase("It is in that account already.")
        if change.kind is BulkKind.FEE:
            return self._fee_refusal(row)
        if len(self._note(row)) > MAX_NOTE:
            return phrase(
                "Expected a note of at most {max_note} characters, was {note} with what is there.",
                max_note=MAX_NOTE,
                note=len(self._note(row)),
            )
        return self._meaning(row) if change.kind is not BulkKind.DELETE else ""

    def _fee_refusal(self, row: TransactionVersion) -> str:
        if TransactionType(row.type) not in WITH_FEES:
            return phrase("Its type has no fee.")
        if row.settlement_currency:
            return phrase("It was settled in another currency, so its fee changes what moved: edit it by itself.")
        total = EXACT.add(self._change.fees, row.taxes or Decimal(0))
        if row.type == TransactionType.SELL and total > (row.amount or Decimal(0)):
            return phrase("The fee and the taxes would be more than what it was sold for.")
        return self._meaning(row)

    def _meaning(self, row: TransactionVersion) -> str:
        """Whether the changed row still makes sense."""
        try:
            transaction_from(self._changed(row, number=0, id_=str(row.transaction_id)))
        except InvalidValue as error:
            return str(error)
        return ""

    def _note(self, row: TransactionVersion) -> str:
        note = " ".join(self._change.note.split())
        match self._change.kind:
            case BulkKind.NOTE_APPEND:
                return f"{row.note} {note}".strip()
            case BulkKind.NOTE_REPLACE:
                return note
            case _:
                return row.note

    # ---------- Rows ----------

    def _of_rows_that_others_are(self) -> set[uuid.UUID]:
        named = {header.fingerprint for header in self._headers}
        taken = fingerprints_elsewhere(self._held, named, outside=[header.pk for header in self._headers])
        doubled = set()
        for header in self._headers:
            if header.fingerprint in taken:
                doubled.add(header.pk)
            taken.add(header.fingerprint)
        return doubled

    def _rows(self) -> Iterator[TransactionVersion]:
        ids = transaction_ids(len(self._headers))
        for number, (header, id_) in enumerate(zip(self._headers, ids, strict=True)):
            yield self._changed(header.current_version, number=number, id_=id_)

    def _changed(self, row: TransactionVersion, *, number: int, id_: TransactionId | str) -> TransactionVersion:
        sequence = next_sequence(self._held) + number
        if self._change.kind is BulkKind.DUPLICATE:
            return self._duplicate(row, sequence=sequence, id_=id_)
        changed: dict[str, object] = {"note": self._note(row)}
        if self._change.kind is BulkKind.MOVE:
            # It stays the row of its file, so that the file is known again. One of two that are the same row is enough.
            fingerprint = "" if row.transaction_id in self._doubled else row.fingerprint
            changed |= {"account_id": uuid.UUID(self._change.account_id), "fingerprint": fingerprint}
        if self._change.kind is BulkKind.FEE:
            changed["fees"] = self._change.fees
        return version_like(self._held, row, version=row.version + 1, ledger_sequence=sequence, **changed)

    def _duplicate(self, row: TransactionVersion, *, sequence: int, id_: TransactionId | str) -> TransactionVersion:
        """The same once more, now: what it took of lots and when a dividend was declared is not said again."""
        chose = row.type in {each.value for each in CHOOSING_LOTS}
        return version_like(
            self._held,
            row,
            transaction_id=uuid.UUID(id_),
            version=1,
            ledger_sequence=sequence,
            entry_sequence=sequence,
            at=self._now.replace(microsecond=0),
            ex_date=None,
            accrues_at=None,
            lots="" if chose else row.lots,
            fingerprint="",
            import_batch_id=None,
        )

    def _refuse_impossible(self) -> None:
        """As the ledger would be after it.

        Raises:
            ImpossibleLedger: it could not be.
        """
        is_new = self._change.kind is BulkKind.DUPLICATE
        added = () if self._change.kind is BulkKind.DELETE else [transaction_from(row) for row in self._rows()]
        removed = () if is_new else [transaction_from(header.current_version) for header in self._headers]
        refuse_impossible(self._held, added=added, removed=removed)
