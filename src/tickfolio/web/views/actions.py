"""Corporate actions in a portfolio: what waits to be accepted, and what became of the others; `/portfolios/…/actions/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.options import ActionRule
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.errors import ImpossibleLedger, InvalidDraft, NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.services import action_inbox
from tickfolio.services.account_options import account_options_change
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.ledgers import book_of
from tickfolio.services.long_jobs import JobKind, Noted
from tickfolio.services.people import preferences_of
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import PortfolioView, portfolio_view
from tickfolio.services.transactions import TransactionView
from tickfolio.web.action_texts import action_texts
from tickfolio.web.actors import actor_of
from tickfolio.web.advice import refusal_text
from tickfolio.web.desks import desk_of
from tickfolio.web.figures import count_text
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.action_values import draft_of_action
from tickfolio.web.inbox_texts import Key, dismissed_texts, proposal_texts, rule_texts
from tickfolio.web.long_jobs import job_panel, led, told
from tickfolio.web.transaction_texts import NO_NAMES, Told, counts_text, summary_text
from tickfolio.web.views.transactions import may_write
from tickfolio.words import counted_phrase, marked_phrase, phrase

NOT_ANY_MORE = marked_phrase("Nothing was done: somebody has booked or dismissed it already.")
BUSY = marked_phrase(
    "Another click is booking them at this moment: what is left below becomes less. Look again in a moment."
)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What could not be booked a moment ago: a sentence about all of it, and why each was refused."""

    told: str = ""
    each: Mapping[Key, str] = field(default_factory=lambda: MappingProxyType({}))


NONE_REFUSED = Refusals()


@require_safe
def action_list(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Each corporate action of what was held then, in each account; those first that wait for somebody."""
    return _page(request, portfolio_view(actor=actor_of(request), portfolio_id=str(portfolio_id)))


@require_POST
def action_accept(request: HttpRequest, portfolio_id: UUID, account_id: UUID, action_id: int) -> HttpResponse:
    """Books what the filled form would; a second click books nothing more."""
    actor, portfolio = _asked(request, portfolio_id, Operation.TRANSACTION_ADD)
    writing = _Writing(actor, portfolio)
    try:
        booked = action_inbox.action_accept(
            actor=actor,
            portfolio_id=portfolio.id,
            account_id=str(account_id),
            action_id=action_id,
            draft_of=writing.draft_of,
        )
    except (InvalidDraft, ImpossibleLedger) as error:
        refused = {(AccountId(str(account_id)), action_id): _reason(error, actor)}
        return _page(request, portfolio, Refusals(phrase("It could not be booked. Nothing was changed."), refused))
    if booked is None:
        flash_put(request, Flash(NOT_ANY_MORE))
    else:
        undo = reverse("web:transaction_delete", args=[portfolio.id, booked.id])
        flash_put(
            request,
            Flash(
                phrase("Booked: {what}", what=writing.announced(booked)),
                undo=undo,
                version=booked.version,
                has_amounts=True,
            ),
        )
    return _back(portfolio)


@require_POST
def action_accept_all(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Books all that waits; what cannot be booked stays and says why. While another click does, it only says so."""
    actor, portfolio = _asked(request, portfolio_id, Operation.TRANSACTION_ADD)
    here = _here(portfolio)
    with told(request, actor=actor, portfolio_id=portfolio.id, noted=Noted(JobKind.ACCEPT, "", here)) as progress:
        accepted = action_inbox.actions_accept(
            actor=actor, portfolio_id=portfolio.id, draft_of=_Writing(actor, portfolio).draft_of, progress=progress
        )
    if accepted.is_busy:
        flash_put(request, Flash(BUSY))
        return led(request, here)
    count = len(accepted.booked)
    said = counted_phrase(
        "Booked {shown} corporate action.", "Booked {shown} corporate actions.", count, shown=count_text(count)
    )
    # What is cancelled while the last ones are booked comes too late.
    is_cut_short = accepted.is_cancelled and accepted.is_more
    if is_cut_short:
        said = phrase("Cancelled. {booked} The others still wait.", booked=said)
    elif accepted.is_more:
        said += phrase(" More wait: accept all once more.")
    if not accepted.refused:
        flash_put(request, Flash(said if count or is_cut_short else NOT_ANY_MORE))
        return led(request, here)
    left = len(accepted.refused)
    refused = {(each.outcome.account, each.outcome.fact.id): _reason(each.error, actor) for each in accepted.refused}
    return _page(
        request,
        portfolio,
        Refusals(
            phrase(
                "{told} {count_text} could not be booked, and why stands below.", told=said, count_text=count_text(left)
            ),
            refused,
        ),
    )


@require_POST
def action_dismiss(request: HttpRequest, portfolio_id: UUID, account_id: UUID, action_id: int) -> HttpResponse:
    """Leaves an action out of an account for good; the next page has the way back."""
    actor, portfolio = _asked(request, portfolio_id, Operation.ACTION_DISMISS)
    named: dict[str, Any] = {"portfolio_id": portfolio.id, "account_id": str(account_id), "action_id": action_id}
    is_new = action_inbox.action_dismiss(actor=actor, **named)
    undo = reverse("web:action_restore", kwargs=named)
    flash_put(
        request, Flash(phrase("Dismissed. The account does not take it."), undo=undo) if is_new else Flash(NOT_ANY_MORE)
    )
    return _back(portfolio)


@require_POST
def action_restore(request: HttpRequest, portfolio_id: UUID, account_id: UUID, action_id: int) -> HttpResponse:
    """Takes a dismissal back."""
    actor, portfolio = _asked(request, portfolio_id, Operation.ACTION_DISMISS)
    named: dict[str, Any] = {"portfolio_id": portfolio.id, "account_id": str(account_id), "action_id": action_id}
    if action_inbox.action_restore(actor=actor, **named):
        flash_put(request, Flash(phrase("Brought back."), undo=reverse("web:action_dismiss", kwargs=named)))
    return _back(portfolio)


@require_POST
def action_rule(request: HttpRequest, portfolio_id: UUID, account_id: UUID) -> HttpResponse:
    """Has an account take all corporate actions by itself."""
    actor, portfolio = _asked(request, portfolio_id, Operation.ACCOUNT_OPTIONS_CHANGE)
    account = next((each for each in portfolio.accounts if each.id == str(account_id)), None)
    if account is None:
        raise NotFound(phrase("Expected an account of this portfolio, found none of that address."))
    try:
        account_options_change(
            actor=actor,
            portfolio_id=portfolio.id,
            account_id=account.id,
            options=replace(account.options, actions=ActionRule.ALL),
            expected=account.options,
        )
    except (InvalidDraft, ImpossibleLedger) as error:
        return _page(
            request, portfolio, Refusals(phrase("Nothing was changed. {reason}", reason=_reason(error, actor)))
        )
    flash_put(
        request,
        Flash(
            phrase("{name} takes all corporate actions by itself. Its settings change that again.", name=account.name)
        ),
    )
    return _back(portfolio)


# ---------- What they share ----------


class _Writing:
    """What is booked for an action, as the form of this person would have it."""

    def __init__(self, actor: Person, portfolio: PortfolioView) -> None:
        self._desk = desk_of(actor, portfolio)

    def draft_of(self, outcome: ActionOutcome) -> TransactionDraft:
        return draft_of_action(outcome, desk=self._desk)

    def announced(self, booked: TransactionView) -> str:
        told = Told(self._desk.reading.zone, NO_NAMES, cache(self._desk.calendar_of))
        return f"{summary_text(booked)}. {counts_text(booked, told)}".rstrip()


def _asked(request: HttpRequest, portfolio_id: UUID, operation: Operation) -> tuple[Person, PortfolioView]:
    """Who asks and for which portfolio, if they may.

    Raises:
        NotFound: there is no such portfolio for them.
        NotAllowed: their role is too weak.
    """
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=operation)
    return actor, portfolio_view(actor=actor, portfolio_id=str(portfolio_id))


def _page(request: HttpRequest, portfolio: PortfolioView, refusals: Refusals = NONE_REFUSED) -> HttpResponse:
    actor = actor_of(request)
    held = book_of(actor=actor, portfolio_id=portfolio.id)
    names = {AccountId(account.id): account.name for account in portfolio.accounts}
    proposed = action_inbox.proposed_in(held)
    waiting = {(each.account, each.fact.id) for each in proposed}
    settled = [
        each
        for each in held.outcomes
        if each.outcome is not Outcome.DISMISSED and (each.account, each.fact.id) not in waiting
    ]
    shown = proposal_texts(proposed, accounts=names, refusals=refusals.each)
    context = {
        "section": "transactions",
        "portfolio": portfolio,
        "to_accept": len(proposed),
        "proposals": shown,
        "more": count_text(len(proposed) - len(shown)) if len(proposed) > len(shown) else "",
        "rules": rule_texts(proposed, portfolio.accounts),
        "dismissed": dismissed_texts(
            held.outcomes,
            action_inbox.dismissals_of(actor=actor, portfolio_id=portfolio.id),
            accounts=names,
            zone=preferences_of(actor.user_id).time_zone,
        ),
        "refused": refusals.told,
        "rows": action_texts(settled, accounts=names),
        "may_write": may_write(portfolio),
        **(job_panel(actor, portfolio.id) if may_write(portfolio) else {}),
    }
    return render(request, "portfolios/actions.html", context)


def _reason(error: InvalidDraft | ImpossibleLedger, actor: Person) -> str:
    if isinstance(error, InvalidDraft):
        return " ".join(error.errors.values())
    return refusal_text(error, zone=preferences_of(actor.user_id).time_zone)


def _here(portfolio: PortfolioView) -> str:
    return reverse("web:actions", args=[portfolio.id])


def _back(portfolio: PortfolioView) -> HttpResponse:
    return HttpResponseRedirect(_here(portfolio))
