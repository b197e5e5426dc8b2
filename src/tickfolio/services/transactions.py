"""Transactions: entered, edited, deleted, listed. Nothing is ever overwritten: an edit is a new version, a deletion one too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.errors import InvalidSymbol, NotFound, VersionConflict
from tickfolio.persistence.models import LedgerTransaction
from tickfolio.persistence.selectors.ledger import (
    TransactionFilter,
    TransactionView,
    count_of_transactions,
    count_of_transactions_known,
    newest_transactions,
    newest_transactions_known,
    transaction_seen,
    version_seen,
    versions_seen,
)
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.flow_valuations import FlowGround, flow_ground, flow_valuation_record
from tickfolio.services.idempotency import Answer, once
from tickfolio.services.ledger_writes import (
    NewEntry,
    append,
    next_sequence,
    replace,
    reverse,
    surroundings_of,
    transaction_ids,
)
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, held_portfolio
from tickfolio.words import phrase

__all__ = ["TransactionDraft", "TransactionFilter", "TransactionView"]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` counts from 1, and `pages` is at least 1."""

    rows: tuple[TransactionView, ...]
    number: int
    pages: int
    total: int


# ---------- Reads ----------


def transactions_page(
    *,
    actor: Actor,
    portfolio_id: str,
    wanted: TransactionFilter | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    as_of: AsOf = NOW,
) -> Page:
    """Transactions, newest first, each as it was known; a number past the last page gives the last one.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    count, rows = _listed(access.portfolio_id, wanted or TransactionFilter(), actor=actor, as_of=as_of)
    pages = max(1, -(-count // page_size))
    number = min(max(1, page), pages)
    return Page(rows(slice((number - 1) * page_size, number * page_size)), number, pages, count)


def _listed(
    portfolio_id: str, wanted: TransactionFilter, *, actor: Actor, as_of: AsOf
) -> tuple[int, Callable[[slice], tuple[TransactionView, ...]]]:
    """How many transactions there are, and what gives a part of them."""
    if as_of == NOW:
        now = partial(newest_transactions, portfolio_id, wanted, actor=actor, reached=market_now())
        return count_of_transactions(portfolio_id, wanted, actor=actor), lambda place: now(slice_=place)
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id) as seen:
        head, reached = seen.held.head, seen.market.at
    then = partial(newest_transactions_known, portfolio_id, wanted, head=head, actor=actor, reached=reached)
    return count_of_transactions_known(portfolio_id, wanted, head=head, actor=actor), lambda place: then(slice_=place)


def transaction_view(*, actor: Actor, portfolio_id: str, transaction_id: str) -> TransactionView:
    """The newest version of a transaction; a deleted one says so.

    Raises:
        NotFound: there is no such portfolio for this actor, or no such transaction in it.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    view = transaction_seen(access.portfolio_id, transaction_id, actor=actor, reached=market_now())
    if view is None:
        raise _missing()
    return view


def transaction_history(*, actor: Actor, portfolio_id: str, transaction_id: str) -> tuple[TransactionView, ...]:
    """Every version of a transaction, newest first.

    Raises:
        NotFound: there is no such portfolio for this actor, or no such transaction in it.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    versions = versions_seen(access.portfolio_id, transaction_id, actor=actor, reached=market_now())
    if not versions:
        raise _missing()
    return versions


# ---------- Writes ----------


def transaction_add(
    *, actor: Actor, portfolio_id: str, draft: TransactionDraft, idempotency_key: str | None = None
) -> TransactionView:
    """Books a transaction; sent again with the same key, it answers the same and books nothing.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: with a message for each field that is wrong.
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with it.
        KeyReused: the idempotency key came with another request before.
    """
    # Looked up before the portfolio is held, so that others wait for the writing alone.
    ground = flow_ground(draft, actor=actor, portfolio_id=portfolio_id)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_ADD) as held:
        answer = once(
            actor=actor,
            key=idempotency_key,
            request={"operation": "transaction_add", "portfolio": held.access.portfolio_id, "draft": draft},
            work=lambda: _add(held, draft, ground),
        )
        return _version_seen(held, transaction_id=str(answer["transaction"]), version=int(answer["version"]))


def transaction_edit(
    *, actor: Actor, portfolio_id: str, transaction_id: str, draft: TransactionDraft, expected_version: int
) -> TransactionView:
    """Books a new version of a transaction, if `expected_version` is the newest one still.

    Raises:
        NotFound, NotAllowed: as everywhere.
        VersionConflict: somebody changed or deleted it meanwhile.
        InvalidDraft: with a message for each field that is wrong.
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with it.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_EDIT) as held:
        header = _header(held, transaction_id, expected_version=expected_version)
        read = read_draft(
            draft,
            surroundings=surroundings_of(held, _symbols(draft)),
            transaction_id=TransactionId(str(header.pk)),
            sequence=header.entry_sequence,
        )
        replace(held, header, read)
        return _version_seen(held, transaction_id=transaction_id, version=expected_version + 1)


def transaction_delete(*, actor: Actor, portfolio_id: str, transaction_id: str, expected_version: int) -> None:
    """Reverses a transaction, if `expected_version` is the newest one still. Its history stays.

    Raises:
        NotFound, NotAllowed: as everywhere.
        VersionConflict: somebody changed or deleted it meanwhile.
        InsufficientQuantity, ImpossibleLedger: the ledger could not be without it.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_DELETE) as held:
        reverse(held, [_header(held, transaction_id, expected_version=expected_version)])


def _add(held: HeldPortfolio, draft: TransactionDraft, ground: FlowGround | None) -> Answer:
    transaction_id = transaction_ids(1)[0]
    read = read_draft(
        draft,
        surroundings=surroundings_of(held, _symbols(draft)),
        transaction_id=transaction_id,
        sequence=next_sequence(held),
    )
    if ground is not None:
        ground = ground.as_of(held)
    append(held, [NewEntry(read=read)])
    if ground is not None:
        flow_valuation_record(held, read.transaction, ground)
    return {"transaction": transaction_id, "version": 1}


def _header(held: HeldPortfolio, transaction_id: str, *, expected_version: int) -> LedgerTransaction:
    """The header of a transaction that lives, and whose newest version is the expected one."""
    key = parse_id(transaction_id)
    headers = LedgerTransaction.objects.for_actor(held.actor).filter(portfolio=held.row.pk)
    header = None if key is None else headers.filter(pk=key).select_related("current_version").first()
    if header is None:
        raise _missing()
    if header.version != expected_version:
        raise VersionConflict(expected=expected_version, current=header.version)
    if header.is_deleted:
        raise _missing()
    return header


def _version_seen(held: HeldPortfolio, *, transaction_id: str, version: int) -> TransactionView:
    view = version_seen(
        held.access.portfolio_id, transaction_id, version=version, actor=held.actor, reached=market_now()
    )
    if view is None:
        raise _missing()
    return view


def _symbols(draft: TransactionDraft) -> list[Symbol]:
    """The symbols that a draft names, as far as they could exist."""
    found = []
    for typed in (draft.symbol, draft.new_symbol):
        with suppress(InvalidSymbol):
            found.append(normalise_symbol(typed or ""))
    return found


def _missing() -> NotFound:
    return NotFound(phrase("Expected a transaction of this portfolio, found none of that address."))
