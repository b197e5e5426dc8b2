"""Who may see a portfolio, and what they may do in it."""

from __future__ import annotations

from functools import partial

from django.contrib.auth import get_user_model
from django.db import transaction

from tickfolio.errors import InvalidDraft, LastOwner, NotFound
from tickfolio.persistence.models import Membership
from tickfolio.persistence.selectors.portfolios import MemberView, members_seen
from tickfolio.persistence.tenancy import Actor, Person, Role
from tickfolio.runtime import wake
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.words import phrase

__all__ = ["MemberView"]


def members_of(*, actor: Actor, portfolio_id: str) -> tuple[MemberView, ...]:
    """The members of a portfolio, owners first.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.MEMBERS_VIEW)
    return members_seen(access.portfolio_id, actor=actor)


def member_add(*, actor: Actor, portfolio_id: str, email: str, role: Role) -> MemberView:
    """Shares the portfolio with somebody who has signed up here.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: nobody here has that address, or they are a member already.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.MEMBER_ADD) as held:
        user_id = _user_id(email)
        if _membership(held, user_id) is not None:
            raise InvalidDraft(
                {"email": phrase("Expected somebody who is no member yet. Change their role in the list instead.")}
            )
        member = Membership(portfolio_id=held.row.pk, user_id=user_id, role=role, created_at=held.at)
        member.save(force_insert=True)
        _announce(held, user_id)
    return _view(held, user_id)


def member_change(*, actor: Actor, portfolio_id: str, user_id: int, role: Role) -> MemberView:
    """Gives a member another role.

    Raises:
        NotFound, NotAllowed: as everywhere; NotFound also where the person is no member.
        LastOwner: it is the last owner.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.MEMBER_CHANGE) as held:
        member = _require_member(held, user_id)
        if role is not Role.OWNER:
            _require_other_owner(held, member)
        Membership.objects.for_actor(actor).filter(pk=member.pk).update(role=role)
        _announce(held, user_id)
    return MemberView(user_id=user_id, email=member.user.email, role=role, since=member.created_at)


def member_remove(*, actor: Actor, portfolio_id: str, user_id: int) -> None:
    """Ends a membership: an owner anybody's, everybody their own. The ex-member sees what a stranger sees.

    Raises:
        NotFound, NotAllowed: as everywhere; NotFound also where the person is no member.
        LastOwner: it is the last owner.
    """
    is_own = isinstance(actor, Person) and actor.user_id == user_id
    operation = Operation.MEMBER_LEAVE if is_own else Operation.MEMBER_REMOVE
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=operation) as held:
        member = _require_member(held, user_id)
        _require_other_owner(held, member)
        # First the outbox, while the actor is a member still.
        _announce(held, user_id)
        Membership.objects.for_actor(actor).filter(pk=member.pk).delete()


def _user_id(email: str) -> int:
    user = get_user_model().objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise InvalidDraft(
            {
                "email": phrase(
                    "Expected the address of somebody who has signed up here, found nobody. Ask them to sign up first."
                )
            }
        )
    return user.pk


def _membership(held: HeldPortfolio, user_id: int) -> Membership | None:
    rows = Membership.objects.for_actor(held.actor).filter(portfolio=held.row.pk, user_id=user_id)
    return rows.select_related("user").first()


def _require_member(held: HeldPortfolio, user_id: int) -> Membership:
    member = _membership(held, user_id)
    if member is None:
        raise NotFound(phrase("Expected a member of this portfolio, found none of that address."))
    return member


def _require_other_owner(held: HeldPortfolio, member: Membership) -> None:
    owners = Membership.objects.for_actor(held.actor).filter(portfolio=held.row.pk, role=Role.OWNER)
    if not owners.exclude(pk=member.pk).exists():
        raise LastOwner(
            phrase(
                "Expected another owner to remain, but this is the last one. Make somebody else an owner first, or delete the portfolio."
            )
        )


def _announce(held: HeldPortfolio, user_id: int) -> None:
    held.announce(Kind.ACCESS_CHANGED)
    transaction.on_commit(partial(wake.access_changed, user_id), robust=True)


def _view(held: HeldPortfolio, user_id: int) -> MemberView:
    members = members_seen(held.access.portfolio_id, actor=held.actor)
    return next(member for member in members if member.user_id == user_id)
