"""Whether facts fit one another: no number of a sequence is missing, no version is skipped, nothing names what is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tickfolio.persistence.exact_decimal import canonical
from tickfolio.persistence.models import (
    CorporateActionFact,
    FlowValuation,
    ManualPrice,
    OutboxEntry,
    PrivateInstrument,
    TransactionVersion,
)
from tickfolio.persistence.selectors.flow_valuations import RecordedValue, recorded_values
from tickfolio.services.derived_tables import WORKER
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.flow_valuations import flow_values
from tickfolio.services.ledgers import shelf_at_hand
from tickfolio.services.market_time import market_now
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class Misfit:
    """A fact that does not fit: in which table, which row, which column, what would fit and what is there."""

    table: str
    key: str
    column: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class _Version:
    pk: UUID
    transaction: UUID
    version: int
    sequence: int
    entry: int
    is_deleted: bool
    at: datetime
    accrues_at: datetime | None

    @property
    def counts_at(self) -> datetime:
        """The first moment at which it changes a value."""
        return self.at if self.accrues_at is None else min(self.at, self.accrues_at)


FACT_TABLES = ("flow_valuation", "manual_price", "outbox", "transaction_version")


def fact_counts(portfolio_id: str) -> Iterator[tuple[str, int]]:
    """The tables of facts, and how many of their rows are a portfolio's; a query each."""
    rows: tuple[QuerySet[Any], ...] = (
        FlowValuation.objects.for_actor(WORKER),
        ManualPrice.objects.for_actor(WORKER),
        OutboxEntry.objects.for_actor(WORKER),
        TransactionVersion.objects.for_actor(WORKER),
    )
    for table, known in zip(FACT_TABLES, rows, strict=True):
        yield table, known.filter(portfolio_id=portfolio_id).count()


def misfits_of(portfolio_id: str) -> Iterator[Misfit]:
    """All of a portfolio.

    Raises:
        ImpossibleLedger: values were recorded, and the transactions cannot follow one another.
    """
    rows = TransactionVersion.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    named = "pk", "transaction_id", "version", "ledger_sequence", "entry_sequence", "is_deleted", "at", "accrues_at"
    versions = [_Version(*row) for row in rows.order_by("ledger_sequence", "version").values_list(*named)]
    yield from _of_sequence(portfolio_id, versions)
    yield from _of_versions(versions)
    yield from _of_prices(portfolio_id)
    yield from _of_valuations(portfolio_id, versions)


def _of_sequence(portfolio_id: str, versions: list[_Version]) -> Iterator[Misfit]:
    """The entries of the outbox cover every number once, and what is booked has a number of its own among them."""
    entries = OutboxEntry.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id).order_by("sequence")
    named = "pk", "first_sequence", "sequence", "transaction_id", "version"
    known = {(each.transaction, each.version) for each in versions}
    head = 0
    for pk, first, last, transaction, version in entries.values_list(*named):
        if first != head + 1:
            yield Misfit("outbox", str(pk), "first_sequence", str(head + 1), str(first))
        if transaction is not None and (transaction, version) not in known:
            yield Misfit(
                "outbox",
                str(pk),
                "version",
                phrase("a version that there is"),
                phrase("{version} of {transaction}", version=version, transaction=transaction),
            )
        head = max(head, last)
    before = 0
    for each in versions:
        if not before < each.sequence <= head:
            expected = phrase("a number of its own from 1 to {head}", head=head)
            yield Misfit("transaction_version", str(each.pk), "ledger_sequence", expected, str(each.sequence))
        before = each.sequence


def _of_versions(versions: list[_Version]) -> Iterator[Misfit]:
    """Of each transaction they follow one another from 1 on, and what is deleted is not deleted again."""
    of: dict[UUID, list[_Version]] = defaultdict(list)
    for each in versions:
        of[each.transaction].append(each)
    for several in of.values():
        for number, each in enumerate(several, start=1):
            if each.version != number:
                yield Misfit("transaction_version", str(each.pk), "version", str(number), str(each.version))
            if each.entry != several[0].sequence:
                expected = str(several[0].sequence)
                yield Misfit("transaction_version", str(each.pk), "entry_sequence", expected, str(each.entry))
            if each.is_deleted and number < len(several) and several[number].is_deleted:
                yield Misfit(
                    "transaction_version", str(each.pk), "is_deleted", "no", phrase("yes, and a deletion follows")
                )


def _of_prices(portfolio_id: str) -> Iterator[Misfit]:
    """Those that were typed of one instrument and day follow one another from 1 on, each with an entry in the outbox.

    So has each instrument of the portfolio's own in whose place that of a feed was taken.
    """
    entries = OutboxEntry.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id, transaction=None)
    numbers = set(entries.values_list("sequence", flat=True))
    taken = PrivateInstrument.objects.for_actor(WORKER).filter(
        portfolio_id=portfolio_id, replaced_sequence__isnull=False
    )
    for pk, sequence in taken.order_by("symbol").values_list("pk", "replaced_sequence"):
        if sequence not in numbers:
            yield Misfit(
                "private_instrument", str(pk), "replaced_sequence", phrase("an entry in the outbox"), str(sequence)
            )
    newest: dict[tuple[str, date], int] = {}
    rows = ManualPrice.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id).order_by("version")
    for pk, symbol, day, version, sequence in rows.values_list("pk", "symbol", "day", "version", "ledger_sequence"):
        number = newest[symbol, day] = newest.get((symbol, day), 0) + 1
        if version != number:
            yield Misfit("manual_price", str(pk), "version", str(number), str(version))
        if sequence not in numbers:
            yield Misfit("manual_price", str(pk), "ledger_sequence", phrase("an entry in the outbox"), str(sequence))


def _of_valuations(portfolio_id: str, versions: list[_Version]) -> Iterator[Misfit]:
    """Each is of the entry of a transaction, of its moment, and what its own prices and rates come to."""
    entered = {each.transaction: each for each in versions if each.version == 1}
    named = "pk", "transaction_id", "ledger_sequence", "at"
    rows = FlowValuation.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id).order_by("ledger_sequence")
    for pk, transaction, sequence, at in rows.values_list(*named):
        entry = entered.get(transaction)
        if entry is None:
            yield Misfit(
                "flow_valuation", str(pk), "transaction_id", phrase("a transaction of the portfolio"), str(transaction)
            )
        elif sequence != entry.sequence:
            yield Misfit("flow_valuation", str(pk), "ledger_sequence", str(entry.sequence), str(sequence))
        elif at != entry.at:
            yield Misfit("flow_valuation", str(pk), "at", entry.at.isoformat(), at.isoformat())
    yield from _of_values(portfolio_id, versions)


def _of_values(portfolio_id: str, versions: list[_Version]) -> Iterator[Misfit]:
    """Those before which nothing was changed since are worked out again."""
    recorded = recorded_values(portfolio_id, actor=WORKER)
    if not recorded:
        return
    with shelf_at_hand(portfolio_id, is_empty=True) as shelf:
        book, at = shelf.refresh().book, market_now()
        shelf.living().ledgers(rates=rate_table_now(), at=at)
        known = flow_values(shelf, book, at=at)
    newest_action = CorporateActionFact.objects.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    for each in recorded:
        value = known.get(each.transaction_id)
        is_of_now = each.base == book.base and (newest_action is None or newest_action <= each.recorded_at)
        if value is None or not is_of_now or _is_changed_before(each, versions):
            continue
        if value.before != each.value:
            yield Misfit("flow_valuation", each.id, "value", canonical(value.before), canonical(each.value))


def _is_changed_before(recorded: RecordedValue, versions: list[_Version]) -> bool:
    """Whether something that counts before a flow was booked, edited or deleted after it."""
    later = {each.transaction for each in versions if each.sequence > recorded.ledger_sequence}
    later.discard(UUID(recorded.transaction_id))
    place = recorded.at, recorded.ledger_sequence
    return any(each.transaction in later and (each.counts_at, each.entry) < place for each in versions)
