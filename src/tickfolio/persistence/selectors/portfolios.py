"""Portfolios, their accounts and their members, as an actor may know of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, ActionRule, CashMethod, CostMethod
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, DayCount, HoldingPeriods
from tickfolio.persistence.models import Account, Membership, Portfolio
from tickfolio.persistence.tenancy import Actor, Person, Role


@dataclass(frozen=True, slots=True)
class AccountView:
    """A brokerage or bank account; `currency` is what its amounts are in unless they say otherwise."""

    id: str
    portfolio_id: str
    name: str
    currency: str
    options: AccountOptions = DEFAULT_OPTIONS


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """A portfolio as one actor sees it: their role in it, the sequence of its newest change, its accounts by name.

    `benchmark` is the symbol of what it is measured against; empty for nothing.
    """

    id: str
    name: str
    base_currency: str
    role: Role
    head: int
    created_at: datetime
    accounts: tuple[AccountView, ...]
    periods: HoldingPeriods = DEFAULT_PERIODS
    benchmark: str = ""


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person who may see a portfolio."""

    user_id: int
    email: str
    role: Role
    since: datetime


def parse_id(text: str) -> uuid.UUID | None:
    """The UUID that `text` spells, or None: an id that cannot exist is one that does not exist."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def role_in(portfolio_id: str, *, actor: Actor) -> Role | None:
    """The actor's role in a portfolio, or None where there is no such portfolio for them; one query."""
    key = parse_id(portfolio_id)
    if key is None:
        return None
    if isinstance(actor, Person):
        roles = Membership.objects.for_actor(actor).filter(portfolio=key, user_id=actor.user_id)
        role = roles.values_list("role", flat=True).first()
        return None if role is None else Role(role)
    return Role.OWNER if Portfolio.objects.for_actor(actor).filter(pk=key).exists() else None


def portfolios_seen(actor: Actor) -> tuple[PortfolioView, ...]:
    """Every portfolio that the actor may know of, by name; two queries, three for a person."""
    return _views(tuple(Portfolio.objects.for_actor(actor).order_by("name", "created_at", "pk")), actor)


def portfolio_seen(portfolio_id: str, *, actor: Actor) -> PortfolioView | None:
    """One portfolio, or None where there is none for this actor."""
    key = parse_id(portfolio_id)
    if key is None:
        return None
    views = _views(tuple(Portfolio.objects.for_actor(actor).filter(pk=key)), actor)
    return views[0] if views else None


def heads_of(portfolio_ids: Iterable[str], *, actor: Actor) -> dict[str, int]:
    """The sequence of the newest change of each portfolio that there is; one query."""
    keys = [key for text in portfolio_ids if (key := parse_id(text)) is not None]
    rows = Portfolio.objects.for_actor(actor).filter(pk__in=keys).values_list("pk", "head")
    return {str(key): head for key, head in rows}


def members_seen(portfolio_id: str, *, actor: Actor) -> tuple[MemberView, ...]:
    """The members of a portfolio, owners first, then by e-mail address; one query."""
    rows = Membership.objects.for_actor(actor).filter(portfolio_id=portfolio_id).select_related("user")
    members = (
        MemberView(user_id=row.user_id, email=row.user.email, role=Role(row.role), since=row.created_at.astimezone(UTC))
        for row in rows
    )
    return tuple(sorted(members, key=lambda member: (-member.role.rank, member.email)))


def _views(portfolios: tuple[Portfolio, ...], actor: Actor) -> tuple[PortfolioView, ...]:
    keys = [portfolio.pk for portfolio in portfolios]
    roles = _roles(keys, actor)
    accounts: dict[uuid.UUID, list[AccountView]] = {key: [] for key in keys}
    for row in Account.objects.for_actor(actor).filter(portfolio__in=keys).order_by("name", "pk"):
        accounts[row.portfolio_id].append(account_view(row))
    return tuple(
        PortfolioView(
            id=str(portfolio.pk),
            name=portfolio.name,
            base_currency=portfolio.base_currency,
            role=roles[portfolio.pk],
            head=portfolio.head,
            created_at=portfolio.created_at.astimezone(UTC),
            accounts=tuple(accounts[portfolio.pk]),
            periods=HoldingPeriods(DayCount(portfolio.day_count), portfolio.long_term_months),
            benchmark=portfolio.benchmark,
        )
        for portfolio in portfolios
        if portfolio.pk in roles  # a membership may end between two queries
    )


def _roles(keys: list[uuid.UUID], actor: Actor) -> dict[uuid.UUID, Role]:
    if not isinstance(actor, Person):
        return dict.fromkeys(keys, Role.OWNER)
    rows = Membership.objects.for_actor(actor).filter(portfolio__in=keys, user_id=actor.user_id)
    return {key: Role(role) for key, role in rows.values_list("portfolio_id", "role")}


def account_view(row: Account) -> AccountView:
    """The account that `row` keeps."""
    options = AccountOptions(
        method=CostMethod(row.cost_basis_method),
        cash_method=CashMethod(row.cash_method),
        fees_in_cost=row.fees_in_cost,
        allows_shorts=row.allows_shorts,
        actions=ActionRule(row.action_rule),
    )
    return AccountView(
        id=str(row.pk), portfolio_id=str(row.portfolio_id), name=row.name, currency=row.currency, options=options
    )
