"""Previews of files: read, judged, kept, so that what is booked later is exactly what was shown."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from tickfolio.domain.ledger.applied_actions import is_derived
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS
from tickfolio.domain.ledger.touches import accounts_of
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId
from tickfolio.domain.money import Currency, plain
from tickfolio.errors import ImportNotPossible, NotFound
from tickfolio.persistence.models import ImportBatch, LedgerTransaction
from tickfolio.persistence.selectors.imports import batch_row
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.long_jobs import UNTOLD, Progress
from tickfolio.services.applied_actions import with_actions
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.import_besides import Arriving, Piece, pieces_document, pieces_of
from tickfolio.services.import_choices import AccountChoice, Choices, account_choices, choices_from, reading_of
from tickfolio.services.import_described import Described, Findings
from tickfolio.services.import_fates import Fate, Ground, Judgement, Verdict, cash_moved, judge
from tickfolio.services.import_files import files_attached
from tickfolio.services.import_offers import Offers, offers_from, offers_heard
from tickfolio.services.import_rows_kept import KeptRow, keep_rows, rows_to_keep
from tickfolio.services.import_settings import settings_of
from tickfolio.services.ledgers import book_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.services.position_links import base_value_of
from tickfolio.services.rate_gaps import rate_gap
from tickfolio.statements.detection import read_statement
from tickfolio.statements.rows import Entry, Statement
from tickfolio.words import phrase

MOST_SYMBOLS_ASKED = 50
MOST_DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class FeedsAsked:
    """The feeds are asked for what they have not said yet; `kept` is what they have."""

    kept: Offers


@dataclass(frozen=True, slots=True)
class Judged:
    """A preview's rows with their fates, on the ledger as it was at `head`.

    Attributes:
        digest: of all fates, and of what new rows would be; two previews with one digest book the same.
        symbols: what stands in the place of a symbol and is none.
        cash: what the new rows move, by currency.
        offers: what feeds say of its instruments.
        pieces: what stands beside its rows.
    """

    head: int
    accounts: tuple[AccountChoice, ...]
    judgement: Judgement
    digest: str
    symbols: tuple[str, ...]
    cash: Mapping[str, str]
    offers: Offers
    pieces: tuple[Piece, ...] = ()

    def document(self) -> Findings:
        """As a database keeps it."""
        return {
            "digest": self.digest,
            "symbols": list(self.symbols),
            "cash": dict(self.cash),
            "notes": list(self.judgement.notes),
            "offers": self.offers.document(),
            "pieces": pieces_document(self.pieces),
            "new_accounts": [choice.name for choice in self.accounts if choice.is_new],
        }


# ---------- Reading ----------


def read_file(content: bytes, *, choices: Choices, stated: Mapping[str, str | None]) -> tuple[Statement, Described]:
    """What the file says, with the answers that were given.

    Raises:
        StatementError: it cannot be read.
        InvalidValue: an answer is none of those that there are.
    """
    statement = read_statement(content, reading=choices.reading(reading_of(stated)))
    described = Described(
        manner=statement.manner,
        accounts=statement.accounts,
        instruments=statement.instruments,
        questions=tuple((each.subject.value, each.text, each.answers) for each in statement.questions),
        notices=statement.notices,
        methods=statement.methods,
        beside=statement.beside,
    )
    return statement, described


def packed(content: bytes) -> bytes:
    """The file as a preview keeps it."""
    return zlib.compress(content, 1)


def unpacked(batch: ImportBatch) -> bytes:
    """The file of a preview.

    Raises:
        ImportNotPossible: it is not kept any more.
    """
    if batch.content is None:
        raise ImportNotPossible(
            phrase("Expected a preview, was a file that is booked. Hand it in again to read it anew.")
        )
    return zlib.decompress(bytes(batch.content))


# ---------- Judging ----------


def judged_rows(
    rows: Sequence[KeptRow],
    *,
    actor: Actor,
    portfolio_id: str,
    described: Described,
    choices: Choices,
    offers: Offers | FeedsAsked,
    contents: Set[str] = frozenset(),
    progress: Progress = UNTOLD,
) -> Judged:
    """The fates of a file's rows on the ledger as it is now.

    Args:
        offers: what the feeds have said of its instruments, or that they are asked now, which may take seconds.
        contents: the SHA-256 of the attached files that came along.

    Raises:
        NotFound: there is no such portfolio for this actor.
        ImportNotPossible: the file has more accounts than a person.
        JobCancelled: the person does not want it any more.
    """
    held = book_of(actor=actor, portfolio_id=portfolio_id)
    portfolio = portfolio_view(actor=actor, portfolio_id=portfolio_id)
    accounts = account_choices(described.accounts, choices.accounts, portfolio, methods=described.methods)
    options = {account.id: account.options for account in held.book.accounts}
    options |= {AccountId(each.account.id): each.account.options for each in accounts if each.account is not None}
    base_value = base_value_of(portfolio.base_currency)

    def derived(transactions: Sequence[Transaction]) -> Sequence[Transaction]:
        known = {account: DEFAULT_OPTIONS for each in transactions for account in accounts_of(each)} | options
        return with_actions(
            transactions, options=known, instruments=held.book.instruments, base_value=base_value
        ).transactions[len(transactions) :]

    ground = Ground(
        accounts={choice.name: choice.account for choice in accounts},
        instruments=held.book.instruments,
        facts=described.instruments,
        symbols=choices.symbols,
        zone=held.book.zone,
        booked=[each for each in held.book.transactions if not is_derived(each.id)],
        fingerprints=_fingerprints(portfolio.id, actor=actor),
        options=options,
        base_value=base_value,
        rate_gap=partial(rate_gap, base=Currency(portfolio.base_currency), table=rate_table_now()),
        derived=derived,
    )
    read = [row.read for row in rows]
    if isinstance(offers, FeedsAsked):
        offers = offers_heard(read, ground, offers.kept)
    judgement = judge(read, offers.on(ground), progress=progress)
    new = [verdict.read for verdict in judgement.verdicts.values() if verdict.fate is Fate.NEW and verdict.read]
    moved = cash_moved(read.transaction for read in new)
    arriving = Arriving(
        {**offers.symbols, **choices.symbols},
        {made.symbol: made for each in new for made in each.new_instruments},
        rows=referenced(rows, judgement.verdicts),
        attached=files_attached(portfolio.id, actor=actor),
        contents=contents,
    )
    pieces = (
        *pieces_of(described.beside, actor=actor, portfolio_id=portfolio.id, arriving=arriving),
        *settings_of(
            described.beside,
            actor=actor,
            portfolio_id=portfolio.id,
            arriving=arriving,
            accounts={choice.name: choice.account.name for choice in accounts if choice.account is not None},
        ),
    )
    return Judged(
        head=held.head,
        accounts=accounts,
        judgement=judgement,
        digest=_digest(judgement.verdicts, pieces),
        symbols=_symbols_asked(judgement.verdicts.values(), offers),
        offers=offers,
        pieces=pieces,
        cash={
            currency.code: plain(amount) for currency, amount in sorted(moved.items(), key=lambda each: each[0].code)
        },
    )


def referenced(rows: Sequence[KeptRow], verdicts: Mapping[int, Verdict]) -> dict[str, str]:
    """By the reference of each row that is booked or will be, the id of its transaction, empty where it has none yet."""
    found = {}
    for row in rows:
        outcome, verdict = row.read.outcome, verdicts[row.read.ordinal]
        if isinstance(outcome, Entry) and outcome.reference and verdict.fate in (Fate.NEW, Fate.KNOWN):
            found[outcome.reference] = str(verdict.transaction or "")
    return found


def _fingerprints(portfolio_id: str, *, actor: Actor) -> dict[tuple[str, str], TransactionId]:
    """The transactions that came from files and live, by account and fingerprint; one query."""
    rows = LedgerTransaction.objects.for_actor(actor).filter(portfolio_id=portfolio_id, is_deleted=False)
    with_one = rows.exclude(fingerprint="").values_list("pk", "account_id", "fingerprint")
    return {(str(account), text): TransactionId(str(key)) for key, account, text in with_one}


def _digest(verdicts: Mapping[int, Verdict], pieces: Iterable[Piece]) -> str:
    """Of everything that decides what is booked."""
    digest = hashlib.sha256()
    for ordinal, verdict in verdicts.items():
        digest.update(f"{ordinal} {verdict.fate} {verdict.fingerprint} {_named(verdict)}\n".encode())
    for piece in pieces:
        digest.update(repr((piece.kind, piece.what, piece.standing, piece.said)).encode())
    return digest.hexdigest()


def _named(verdict: Verdict) -> str:
    """What a new row names that is not in its fingerprint: another account, lots, and instruments that are made for it."""
    if verdict.read is None:
        return ""
    transaction = verdict.read.transaction
    lots = getattr(transaction, "lots", ())
    return " ".join(
        [*accounts_of(transaction)[1:], *(repr(lot) for lot in lots), *map(repr, verdict.read.new_instruments)]
    )


def _symbols_asked(verdicts: Iterable[Verdict], offers: Offers) -> tuple[str, ...]:
    """What a person must or may choose a symbol for: what has none, and what was taken for something that a feed knows."""
    asked = {verdict.symbol: None for verdict in verdicts if verdict.symbol}
    taken = dict.fromkeys([*offers.symbols, *offers.instruments.keys() - set(offers.symbols.values())])
    return tuple(asked | taken)[:MOST_SYMBOLS_ASKED]


# ---------- Keeping ----------


def offers_of(batch: ImportBatch) -> Offers:
    """What feeds have said of the instruments of a preview."""
    return offers_from(batch.findings.get("offers", {}))


def choices_of(batch: ImportBatch) -> Choices:
    """What was decided about a preview."""
    return choices_from(batch.choices)


def note(batch: ImportBatch, described: Described, judged: Judged) -> None:
    """Notes on a batch what was found in its file and how its rows were judged; the caller saves it."""
    batch.findings = {**described.document(), **judged.document()}
    batch.judged_head = judged.head


def rejudge(
    batch: ImportBatch,
    rows: Sequence[KeptRow],
    described: Described,
    judged: Judged,
    *,
    actor: Actor,
    progress: Progress = UNTOLD,
) -> None:
    """Keeps a preview as it is judged now, in one database transaction.

    Raises:
        JobCancelled: the person does not want it any more.
    """
    note(batch, described, judged)
    kept = rows_to_keep(batch, rows, judged.judgement, progress=progress)
    with transaction.atomic():
        ImportBatch.objects.for_actor(actor).filter(pk=batch.pk).update(
            findings=batch.findings, judged_head=batch.judged_head, choices=batch.choices
        )
        keep_rows(batch, kept, actor=actor, progress=progress)
        progress.settle()


# ---------- Finding ----------


def live_batch(portfolio_id: str, batch_id: str, *, actor: Actor) -> ImportBatch:
    """A batch that there is for this actor.

    Raises:
        NotFound: there is none, or it is a preview that is over.
    """
    batch = batch_row(portfolio_id, batch_id, actor=actor)
    if batch is None or (batch.expires_at is not None and batch.expires_at <= SystemClock().now()):
        raise missing_batch()
    return batch


def live_preview(portfolio_id: str, batch_id: str, *, actor: Actor) -> ImportBatch:
    """A preview that is not over.

    Raises:
        NotFound: there is none.
        ImportNotPossible: the batch is booked.
    """
    batch = live_batch(portfolio_id, batch_id, actor=actor)
    if batch.state != ImportBatch.State.PREVIEWED:
        raise ImportNotPossible(phrase("Expected a preview, was a file that is booked."))
    return batch


def missing_batch() -> NotFound:
    """The one answer to an import that is not there and to one of somebody else."""
    return NotFound(phrase("Expected an import of this portfolio, found none of that address."))
