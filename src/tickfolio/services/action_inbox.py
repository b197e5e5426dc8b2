"""Corporate actions that an account does not have yet: proposed, accepted by a booking, or dismissed.

What is proposed is what market data tell of and an account neither takes by its rule nor has booked, once the ex-date has come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic, sleep

from django.db import transaction

from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.transactions import AccountId, TransactionType
from tickfolio.errors import ImpossibleLedger, InvalidDraft, JobCancelled, NotFound
from tickfolio.persistence.models import ActionDismissal, Portfolio
from tickfolio.persistence.selectors.actions import Dismissal, dismissals_seen
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.applied_actions import days_of
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.ledgers import HeldBook, book_of
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.services.transactions import TransactionView, transaction_add
from tickfolio.words import phrase

OPEN = (Outcome.NOT_WANTED, Outcome.BY_HAND)
PAYS_ONLY = (TransactionType.DIVIDEND, TransactionType.RETURN_OF_CAPITAL)

BATCH = 20
"""So many are booked in one database transaction at most, which nobody else can write beside."""
BATCH_SECONDS = 0.1
"""After so long a database transaction takes no further one: what a booking costs grows with the ledger."""
PAUSE_SECONDS = 0.05
"""So long nothing is held between two of them: on SQLite who waits looks again only now and then."""
MOST_ACCEPTED = 400
"""So many are booked for one click at most."""
CLICK_SECONDS = 20.0
"""After so long the answer to a click comes, which is waited for."""

type DraftOf = Callable[[ActionOutcome], TransactionDraft]
"""What is to be booked for an action, as a form would have it. Raises InvalidDraft where that is nothing that can be booked."""
type Key = tuple[AccountId, int]


@dataclass(frozen=True, slots=True)
class Refused:
    """An action that could not be booked, and why."""

    outcome: ActionOutcome
    error: InvalidDraft | ImpossibleLedger


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of accepting several, in the order of their ex-dates.

    Attributes:
        is_more: others were not tried yet.
        is_busy: another click books them at this moment, and this one did nothing.
        is_cancelled: the person did not want the rest any more.
    """

    booked: tuple[TransactionView, ...] = ()
    refused: tuple[Refused, ...] = ()
    is_more: bool = False
    is_busy: bool = False
    is_cancelled: bool = False


# ---------- Reads ----------


def proposed_in(held: HeldBook, *, at: datetime | None = None) -> tuple[ActionOutcome, ...]:
    """What is to be accepted or dismissed, the oldest first.

    Args:
        at: the market's moment, where the caller has it; one query without it.
    """
    now, begins_at = at or market_now(), days_of(held.book.instruments)
    found = [
        each
        for each in held.outcomes
        if each.outcome in OPEN and begins_at(each.fact.action.symbol, each.fact.action.ex_date) <= now
    ]
    return tuple(sorted(found, key=_place))


def dismissals_of(*, actor: Actor, portfolio_id: str) -> tuple[Dismissal, ...]:
    """Who dismissed what, and when.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    return dismissals_seen(access.portfolio_id, actor=actor)


# ---------- Accepting ----------


def action_accept(
    *, actor: Actor, portfolio_id: str, account_id: str, action_id: int, draft_of: DraftOf
) -> TransactionView | None:
    """Books an action in an account; None where it is not to be accepted any more, as after the second of two clicks.

    Raises:
        NotFound, NotAllowed: as everywhere; or the account never held what the action is of.
        InvalidDraft: it is nothing that can be booked.
        InsufficientQuantity, ImpossibleLedger: the ledger could not be with it.
    """
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_ADD)
    known = book_of(actor=actor, portfolio_id=portfolio_id)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_ADD) as held:
        outcome = _found(_book_now(held, known).outcomes, account_id, action_id)
        return _book(held, outcome, draft_of) if outcome.outcome in OPEN else None


def actions_accept(*, actor: Actor, portfolio_id: str, draft_of: DraftOf, progress: Progress = UNTOLD) -> Accepted:
    """Books all that is proposed in the order of the ex-dates, as far as one click goes; what cannot be is left out.

    A database transaction takes what `BATCH_SECONDS` allow, one at least, and others get their turn between two; after a cut the
    rest is still proposed. What was booked meanwhile is not booked again. One click a portfolio works; one beside it does nothing.
    What is cancelled stops after a transaction: what was booked until then stays.

    Raises:
        NotFound, NotAllowed: as everywhere. What was booked before stays.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_ADD)
    with _alone(access.portfolio_id) as is_alone:
        if not is_alone:
            return Accepted(is_busy=True)
        accepting = _Accepting(draft_of)
        try:
            _accept_all(accepting, actor, portfolio_id, progress)
        except JobCancelled:
            return accepting.accepted(is_more=accepting.sees_more(actor, portfolio_id), is_cancelled=True)
        return accepting.accepted(is_more=accepting.sees_more(actor, portfolio_id))


def _accept_all(accepting: _Accepting, actor: Actor, portfolio_id: str, progress: Progress) -> None:
    """One database transaction after another; it is asked between two of them whether it shall stop."""
    ends_at = monotonic() + CLICK_SECONDS
    if not accepting.sees_more(actor, portfolio_id):
        return
    most = min(MOST_ACCEPTED, accepting.count_waiting())
    progress.begin(Step.ACCEPT, most)
    while accepting.count_booked() < MOST_ACCEPTED:
        with _TURNS:
            if not accepting.sees_more(actor, portfolio_id):
                return
            with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TRANSACTION_ADD) as held:
                accepting.batch(held)
            progress.done(min(most, accepting.count_tried()))
            if accepting.sees_more(actor, portfolio_id):
                sleep(PAUSE_SECONDS)
        if monotonic() >= ends_at:
            return


_TURNS = threading.Lock()
"""Clicks on several portfolios take turns, pauses and all: none of them works in the pause of another."""
_working: set[str] = set()
_working_lock = threading.Lock()


@contextmanager
def _alone(portfolio_id: str) -> Iterator[bool]:
    """Whether nobody else in this process accepts all of this portfolio; then nobody does until the end."""
    with _working_lock:
        is_alone = portfolio_id not in _working
        _working.add(portfolio_id)
    try:
        yield is_alone
    finally:
        if is_alone:
            with _working_lock:
                _working.discard(portfolio_id)


class _Accepting:
    """What waits and what was tried so far: of that nothing is tried again."""

    def __init__(self, draft_of: DraftOf) -> None:
        self._draft_of = draft_of
        self._waiting: list[ActionOutcome] | None = None
        self._head = 0
        self._tried: set[Key] = set()
        self._booked: list[TransactionView] = []
        self._refused: list[Refused] = []

    def sees_more(self, actor: Actor, portfolio_id: str) -> bool:
        """Whether others wait; the ledger is only looked through where its units may have changed, and not within a transaction."""
        if self._waiting is None:
            self._look(book_of(actor=actor, portfolio_id=portfolio_id))
        return bool(self._waiting)

    def batch(self, held: HeldPortfolio) -> None:
        """Tries the next one, and others while there is time."""
        if self._waiting is None or self._head != held.row.head:  # somebody has booked since
            self._look(book_of(actor=held.actor, portfolio_id=held.access.portfolio_id))
        waiting, ends_at = self._waiting or [], monotonic() + BATCH_SECONDS
        for tried in range(BATCH):
            if not waiting or (tried and monotonic() >= ends_at):
                break
            if self._try(held, waiting.pop(0)):
                # There are other units now, and so other amounts of what came later.
                self._waiting = None
                return
        portfolios = Portfolio.objects.for_actor(held.actor).filter(pk=held.row.pk)
        self._head = portfolios.values_list("head", flat=True).get()

    def _look(self, book: HeldBook) -> None:
        self._head = book.head
        self._waiting = [each for each in proposed_in(book) if _key(each) not in self._tried]

    def count_booked(self) -> int:
        """Without what was refused: those are tried first by every click, and must not stand before the others for ever."""
        return len(self._booked)

    def count_waiting(self) -> int:
        return len(self._waiting or ())

    def count_tried(self) -> int:
        return len(self._tried)

    def accepted(self, *, is_more: bool, is_cancelled: bool = False) -> Accepted:
        return Accepted(tuple(self._booked), tuple(self._refused), is_more, is_cancelled=is_cancelled)

    def _try(self, held: HeldPortfolio, outcome: ActionOutcome) -> bool:
        """Books it if it can be; whether that changed units."""
        self._tried.add(_key(outcome))
        try:
            with transaction.atomic():
                booked = _book(held, outcome, self._draft_of)
        except (InvalidDraft, ImpossibleLedger) as error:
            self._refused.append(Refused(outcome, error))
            return False
        self._booked.append(booked)
        return booked.type not in PAYS_ONLY


def _book(held: HeldPortfolio, outcome: ActionOutcome, draft_of: DraftOf) -> TransactionView:
    return transaction_add(actor=held.actor, portfolio_id=held.access.portfolio_id, draft=draft_of(outcome))


# ---------- Dismissing ----------


def action_dismiss(*, actor: Actor, portfolio_id: str, account_id: str, action_id: int) -> bool:
    """Says that an account does not take an action, whatever its rule is or will be; whether that is new.

    Raises:
        NotFound, NotAllowed: as everywhere; or the account never held what the action is of.
    """
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACTION_DISMISS)
    known = book_of(actor=actor, portfolio_id=portfolio_id)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACTION_DISMISS) as held:
        outcome = _found(_book_now(held, known).outcomes, account_id, action_id)
        if outcome.outcome not in OPEN:
            return False
        ActionDismissal(
            portfolio_id=held.row.pk,
            account_id=outcome.account,
            action_id=outcome.fact.id,
            dismissed_at=held.at,
            dismissed_by_id=held.recorder_id,
        ).save(force_insert=True)
        held.announce(Kind.PORTFOLIO_CHANGED)
        return True


def action_restore(*, actor: Actor, portfolio_id: str, account_id: str, action_id: int) -> bool:
    """Takes a dismissal back: the rule of the account counts again; whether there was one.

    Raises:
        NotFound, NotAllowed: as everywhere; or the account never held what the action is of.
    """
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACTION_DISMISS)
    known = book_of(actor=actor, portfolio_id=portfolio_id)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACTION_DISMISS) as held:
        outcome = _found(_book_now(held, known).outcomes, account_id, action_id)
        rows = ActionDismissal.objects.for_actor(actor).filter(portfolio=held.row.pk, action=outcome.fact.id)
        count, _each = rows.filter(account_id=outcome.account).delete()
        if count:
            held.announce(Kind.PORTFOLIO_CHANGED)
        return bool(count)


# ---------- What they share ----------


def _book_now(held: HeldPortfolio, known: HeldBook) -> HeldBook:
    """The book, which nobody changes now; read anew where somebody has since `known` was."""
    if known.head == held.row.head:
        return known
    return book_of(actor=held.actor, portfolio_id=held.access.portfolio_id)


def _found(outcomes: Iterable[ActionOutcome], account_id: str, action_id: int) -> ActionOutcome:
    account = str(parse_id(account_id))
    outcome = next((each for each in outcomes if _key(each) == (account, action_id)), None)
    if outcome is None:
        raise NotFound(phrase("Expected a corporate action of what this account held, found none of that address."))
    return outcome


def _key(outcome: ActionOutcome) -> Key:
    return outcome.account, outcome.fact.id


def _place(outcome: ActionOutcome) -> tuple[date, int, AccountId]:
    return outcome.fact.action.ex_date, outcome.fact.id, outcome.account
