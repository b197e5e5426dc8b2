"""Who may see a portfolio: the list, and for its owners the ways to change it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tickfolio.errors import InvalidDraft, LastOwner, NotFound
from tickfolio.persistence.tenancy import Role
from tickfolio.services import members, portfolios
from tickfolio.services.members import MemberView
from tickfolio.services.permissions import MINIMUM_ROLE, Operation, require
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.members import MemberRoleForm, NewMemberForm
from tickfolio.web.stock_texts import day_text
from tickfolio.words import marked_phrase, phrase

LAST_OWNER = marked_phrase("A portfolio needs an owner: make somebody else one first, or delete the portfolio.")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in the list, with the form that changes their role."""

    member: MemberView
    since: str
    is_self: bool
    is_last_owner: bool
    form: MemberRoleForm


@require_http_methods(["GET", "HEAD", "POST"])
def member_list(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """The members; a POST adds one."""
    actor = actor_of(request)
    if request.method != "POST":
        portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
        return _page(request, portfolio, NewMemberForm(initial={"role": "viewer"}))
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.MEMBER_ADD)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    form = NewMemberForm(request.POST)
    if not form.is_valid():
        return _page(request, portfolio, form)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    try:
        added = members.member_add(actor=actor, portfolio_id=portfolio.id, email=email, role=role)
    except InvalidDraft as refusal:
        form.refuse(refusal.errors)
        return _page(request, portfolio, form)
    flash_put(
        request,
        Flash(
            phrase(
                "{email} may now see {name} as {role}.",
                email=added.email,
                name=portfolio.name,
                role=_named(role),
            )
        ),
    )
    return _back(portfolio)


@require_POST
def member_change(request: HttpRequest, portfolio_id: uuid.UUID, user_id: int) -> HttpResponse:
    """Gives a member another role."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.MEMBER_CHANGE)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    form = MemberRoleForm(request.POST)
    if not form.is_valid():
        return _page(request, portfolio, NewMemberForm(initial={"role": "viewer"}), refusal=_first_error(form))
    role = Role(form.cleaned_data["role"])
    try:
        changed = members.member_change(actor=actor, portfolio_id=portfolio.id, user_id=user_id, role=role)
    except LastOwner as refusal:
        return _page(request, portfolio, NewMemberForm(initial={"role": "viewer"}), refusal=str(refusal))
    flash_put(
        request,
        Flash(
            phrase(
                "{email} is now {role} of {name}.",
                email=changed.email,
                role=_named(role),
                name=portfolio.name,
            )
        ),
    )
    return _back(portfolio)


@require_http_methods(["GET", "HEAD", "POST"])
def member_remove(request: HttpRequest, portfolio_id: uuid.UUID, user_id: int) -> HttpResponse:
    """Asks, then ends a membership: an owner anybody's, everybody their own."""
    actor = actor_of(request)
    is_self = actor.user_id == user_id
    operation = Operation.MEMBER_LEAVE if is_self else Operation.MEMBER_REMOVE
    require(actor=actor, portfolio_id=str(portfolio_id), operation=operation)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    everybody = members.members_of(actor=actor, portfolio_id=portfolio.id)
    member = next((each for each in everybody if each.user_id == user_id), None)
    if member is None:
        raise NotFound(phrase("Expected a member of this portfolio, found none of that address."))
    context = {"section": "members", "portfolio": portfolio, "member": member, "is_self": is_self}
    if request.method != "POST" and _is_last_owner(member, everybody):
        return _page(request, portfolio, NewMemberForm(initial={"role": "viewer"}), refusal=LAST_OWNER)
    if request.method != "POST":
        return render(request, "members/remove.html", context)
    try:
        members.member_remove(actor=actor, portfolio_id=portfolio.id, user_id=user_id)
    except LastOwner as refusal:
        return _page(request, portfolio, NewMemberForm(initial={"role": "viewer"}), refusal=str(refusal))
    if is_self:
        flash_put(request, Flash(phrase("You have left {name}.", name=portfolio.name)))
        return HttpResponseRedirect(reverse("web:home"))
    flash_put(request, Flash(phrase("{email} may no longer see {name}.", email=member.email, name=portfolio.name)))
    return _back(portfolio)


def _page(request: HttpRequest, portfolio: PortfolioView, form: NewMemberForm, *, refusal: str = "") -> HttpResponse:
    actor = actor_of(request)
    everybody = members.members_of(actor=actor, portfolio_id=portfolio.id)
    rows = [
        MemberRow(
            member=member,
            since=day_text(member.since.date()),
            is_self=member.user_id == actor.user_id,
            is_last_owner=_is_last_owner(member, everybody),
            form=MemberRoleForm(initial={"role": member.role}, auto_id=f"id_%s_{member.user_id}"),
        )
        for member in everybody
    ]
    context = {
        "section": "members",
        "portfolio": portfolio,
        "rows": rows,
        "form": form,
        "refusal": refusal,
        "may_change": portfolio.role.covers(MINIMUM_ROLE[Operation.MEMBER_CHANGE]),
    }
    return render(request, "members/list.html", context)


def _is_last_owner(member: MemberView, everybody: Sequence[MemberView]) -> bool:
    owners = [each.user_id for each in everybody if each.role == Role.OWNER]
    return owners == [member.user_id]


def _back(portfolio: PortfolioView) -> HttpResponse:
    return HttpResponseRedirect(reverse("web:members", args=[portfolio.id]))


def _first_error(form: MemberRoleForm) -> str:
    return str(next(iter(form.errors["role"]), ""))


def _named(role: Role) -> str:
    names = {Role.VIEWER: phrase("a viewer"), Role.EDITOR: phrase("an editor"), Role.OWNER: phrase("an owner")}
    return names[role]
