"""Whether facts fit one another: no number of a sequence is missing, no version is skipped, nothing names what is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tickfolio.persistence.models import FlowValuation, OutboxEntry, TransactionVersion
from tickfolio.services.derived_tables import WORKER


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


def misfits_of(portfolio_id: str) -> Iterator[Misfit]:
    """All of a portfolio; three queries."""
    rows = TransactionVersion.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id)
    named = "pk", "transaction_id", "version", "ledger_sequence", "entry_sequence", "is_deleted", "at"
    versions = [_Version(*row) for row in rows.order_by("ledger_sequence", "version").values_list(*named)]
    yield from _of_sequence(portfolio_id, versions)
    yield from _of_versions(versions)
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
            yield Misfit("outbox", str(pk), "version", "a version that there is", f"{version} of {transaction}")
        head = max(head, last)
    before = 0
    for each in versions:
        if not before < each.sequence <= head:
            expected = f"a number of its own from 1 to {head}"
            yield Misfit("transaction_version", str(each.pk), "ledger_sequence", expected, str(each.sequence))
        before = each.sequence


def _of_versions(versions: list[_Version]) -> Iterator[Misfit]:
    """Of each transaction they follow one another from 1 on, and none follows a deletion."""
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
            if each.is_deleted and number < len(several):
                yield Misfit(
                    "transaction_version", str(each.pk), "is_deleted", "no", "yes, and another version follows"
                )


def _of_valuations(portfolio_id: str, versions: list[_Version]) -> Iterator[Misfit]:
    """Each is of the entry of a transaction, and of its moment."""
    entered = {each.transaction: each for each in versions if each.version == 1}
    named = "pk", "transaction_id", "ledger_sequence", "at"
    rows = FlowValuation.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id).order_by("ledger_sequence")
    for pk, transaction, sequence, at in rows.values_list(*named):
        entry = entered.get(transaction)
        if entry is None:
            yield Misfit(
                "flow_valuation", str(pk), "transaction_id", "a transaction of the portfolio", str(transaction)
            )
        elif sequence != entry.sequence:
            yield Misfit("flow_valuation", str(pk), "ledger_sequence", str(entry.sequence), str(sequence))
        elif at != entry.at:
            yield Misfit("flow_valuation", str(pk), "at", entry.at.isoformat(), at.isoformat())
