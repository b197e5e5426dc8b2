"""What goes out with a portfolio beside its transactions: notes, classifications, targets, typed prices, the names of files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.persistence.exact_decimal import canonical
from tickfolio.persistence.models import AllocationTargets, Attachment, InstrumentNote, LedgerTransaction
from tickfolio.persistence.selectors.actions import chosen_actions, dismissals_seen, recorded_actions
from tickfolio.persistence.selectors.classifications import said_of_instruments
from tickfolio.persistence.selectors.manual_prices import private_instruments, typed_prices
from tickfolio.persistence.selectors.portfolios import PortfolioView, portfolio_seen
from tickfolio.persistence.tenancy import Actor
from tickfolio.statements.account_methods import method_text
from tickfolio.statements.beside import (
    NOTHING,
    AccountOf,
    BenchmarkOf,
    Beside,
    DismissedOf,
    FileOf,
    NoteOf,
    PriceOf,
    SaidOf,
    TargetOf,
    TargetsOf,
)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of a transaction that lives, without its content."""

    transaction_id: str
    name: str
    sha256: str


def beside_of(portfolio_id: str, *, actor: Actor, files: Iterable[NamedFile], references: Mapping[str, str]) -> Beside:
    """All of it as it stands now.

    Args:
        references: the words by which the file names transactions, by their ids.
    """
    portfolio = portfolio_seen(portfolio_id, actor=actor)
    if portfolio is None:
        return NOTHING
    return Beside(
        notes=_notes(portfolio_id, actor=actor),
        classifications=_classifications(portfolio_id, actor=actor),
        targets=_targets(portfolio_id, actor=actor),
        prices=_prices(portfolio_id, actor=actor),
        files=tuple(FileOf(references[each.transaction_id], each.name, each.sha256) for each in files),
        benchmarks=(BenchmarkOf(portfolio.benchmark),) if portfolio.benchmark else (),
        empty_accounts=_empty_accounts(portfolio, actor=actor),
        dismissed=_dismissed(portfolio, actor=actor),
    )


def named_files(portfolio_id: str, *, actor: Actor) -> tuple[NamedFile, ...]:
    """The files that go out, in the order of their transactions: none that was removed, none of a deleted transaction."""
    rows = Attachment.objects.for_actor(actor).filter(
        portfolio_id=portfolio_id, removed_at=None, transaction__is_deleted=False
    )
    found = rows.order_by("transaction__at", "transaction__entry_sequence", "created_at", "pk")
    columns = found.values_list("transaction_id", "file_name", "sha256")
    return tuple(NamedFile(str(key), name, digest) for key, name, digest in columns)


def file_contents(portfolio_id: str, digests: Iterable[str], *, actor: Actor) -> Iterator[tuple[str, bytes]]:
    """What stands in the files of these SHA-256, each once and one in memory at a time; one that is gone meanwhile is left out."""
    for digest in dict.fromkeys(digests):
        rows = Attachment.objects.for_actor(actor).filter(portfolio_id=portfolio_id, sha256=digest, removed_at=None)
        content = rows.values_list("content", flat=True).first()
        if content is not None:
            yield digest, bytes(content)


def _notes(portfolio_id: str, *, actor: Actor) -> tuple[NoteOf, ...]:
    own = {each.symbol for each in private_instruments(portfolio_id, actor=actor)}
    rows = InstrumentNote.objects.for_actor(actor).filter(portfolio_id=portfolio_id).exclude(text="")
    notes = dict(rows.filter(own=None).values_list("instrument__symbol", "text"))
    # By a symbol the portfolio means its own instrument, where it has one.
    notes = {symbol: text for symbol, text in notes.items() if symbol not in own}
    notes |= dict(rows.exclude(own=None).values_list("own__symbol", "text"))
    return tuple(NoteOf(symbol, notes[symbol]) for symbol in sorted(notes))


def _classifications(portfolio_id: str, *, actor: Actor) -> tuple[SaidOf, ...]:
    found = said_of_instruments(portfolio_id, actor=actor)
    each = (SaidOf(symbol, said.class_label, said.sector, said.country, said.tag) for symbol, said in found.items())
    return tuple(sorted((one for one in each if one != SaidOf(one.symbol)), key=lambda one: one.symbol))


def _targets(portfolio_id: str, *, actor: Actor) -> tuple[TargetsOf, ...]:
    rows = AllocationTargets.objects.for_actor(actor).filter(portfolio_id=portfolio_id).order_by("dimension")
    read = ((row.dimension, row.tolerance or Decimal(0), json.loads(row.parts)) for row in rows)
    return tuple(
        TargetsOf(
            dimension,
            Decimal(canonical(tolerance)),
            tuple(TargetOf(key, Decimal(percent), label) for key, label, percent in parts),
        )
        for dimension, tolerance, parts in read
        if parts
    )


def _prices(portfolio_id: str, *, actor: Actor) -> tuple[PriceOf, ...]:
    found = typed_prices(portfolio_id, actor=actor)
    return tuple(
        PriceOf(own.symbol, typed.day, typed.price)
        for own in private_instruments(portfolio_id, actor=actor)
        for typed in reversed(found.get(own.symbol, ()))
        if not typed.is_withdrawn
    )


def _empty_accounts(portfolio: PortfolioView, *, actor: Actor) -> tuple[AccountOf, ...]:
    rows = LedgerTransaction.objects.for_actor(actor).filter(portfolio_id=portfolio.id, is_deleted=False)
    used = {str(each) for pair in rows.values_list("account_id", "current_version__to_account_id") for each in pair}
    return tuple(
        AccountOf(each.name, each.currency, method_text(each.options))
        for each in portfolio.accounts
        if each.id not in used
    )


def _dismissed(portfolio: PortfolioView, *, actor: Actor) -> tuple[DismissedOf, ...]:
    """Those of facts that stand; one that was corrected since is asked about anew, here and elsewhere."""
    seen = dismissals_seen(portfolio.id, actor=actor)
    if not seen:
        return ()
    names = {each.id: each.name for each in portfolio.accounts}
    facts = {each.fact.id: each for each in chosen_actions(recorded_actions()) if not each.is_withdrawn}
    found = (
        DismissedOf(names[each.account], action.fact.action.symbol, str(action.kind), action.fact.action.ex_date)
        for each in seen
        if (action := facts.get(each.fact_id)) is not None
    )
    return tuple(sorted(found, key=lambda each: (each.account, each.ex_date, each.symbol, each.kind)))
