"""Portfolios and their accounts: made, changed, deleted."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.db.models import Q

from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.errors import AccountInUse, InvalidDraft, InvalidValue, NotFound
from tickfolio.persistence.models import Account, ImportBatch, Membership, Portfolio, TransactionVersion
from tickfolio.persistence.selectors.portfolios import (
    AccountView,
    PortfolioView,
    account_view,
    parse_id,
    portfolio_seen,
    portfolios_seen,
)
from tickfolio.persistence.tenancy import Actor, Person, Role
from tickfolio.runtime import wake
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.idempotency import Answer, once
from tickfolio.services.market_time import market_now
from tickfolio.services.new_accounts import options_of_new
from tickfolio.services.permissions import Operation, missing_portfolio, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.words import phrase

__all__ = ["AccountView", "PortfolioView"]

MAX_NAME_LENGTH = 80


# ---------- Portfolios ----------


def base_currencies() -> frozenset[str]:
    """The codes of the currencies that have a rate at the market's moment: in another one a portfolio has no value.

    All that ever had one, while the market stands before the first rate.
    """
    rates, now = rate_table_now(), market_now()
    rated = {each for each in rates.currencies if not isinstance(rates.published(each, at=now), Unpriced)}
    return frozenset(each.code for each in ({rates.pivot, *rated} if rated else rates.currencies))


def portfolios_of(*, actor: Actor) -> tuple[PortfolioView, ...]:
    """Every portfolio that the actor is a member of, by name."""
    return portfolios_seen(actor)


def portfolio_view(*, actor: Actor, portfolio_id: str) -> PortfolioView:
    """One portfolio.

    Raises:
        NotFound: there is none for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    view = portfolio_seen(access.portfolio_id, actor=actor)
    if view is None:
        raise missing_portfolio()
    return view


def portfolio_create(
    *, actor: Person, name: str, base_currency: str, idempotency_key: str | None = None
) -> PortfolioView:
    """A new portfolio, whose owner is the person who makes it.

    Raises:
        InvalidDraft: no name, or no currency.
        KeyReused: the idempotency key came with another request before.
    """
    wanted = _named(name=name, base_currency=base_currency)
    with transaction.atomic():
        answer = once(
            actor=actor,
            key=idempotency_key,
            request={"operation": "portfolio_create", **wanted},
            work=lambda: _create(actor, **wanted),
        )
    return portfolio_view(actor=actor, portfolio_id=str(answer["portfolio"]))


def portfolio_update(*, actor: Actor, portfolio_id: str, name: str, base_currency: str) -> PortfolioView:
    """Another name or base currency.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: no name, or no currency.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_UPDATE) as held:
        wanted = _named(name=name, base_currency=base_currency)
        Portfolio.objects.for_actor(actor).filter(pk=held.row.pk).update(**wanted)
        held.announce(Kind.PORTFOLIO_CHANGED)
    return portfolio_view(actor=actor, portfolio_id=portfolio_id)


def portfolio_delete(*, actor: Actor, portfolio_id: str) -> None:
    """Takes the portfolio away from everybody. Its facts stay in the database, where no page and no service finds them.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_DELETE) as held:
        members = list(
            Membership.objects.for_actor(actor).filter(portfolio=held.row.pk).values_list("user_id", flat=True)
        )
        held.announce(Kind.PORTFOLIO_CHANGED)
        Portfolio.objects.for_actor(actor).filter(pk=held.row.pk).update(deleted_at=held.at)
        for user_id in members:
            transaction.on_commit(partial(wake.access_changed, user_id), robust=True)


def _create(actor: Person, *, name: str, base_currency: str) -> Answer:
    now = SystemClock().now()
    portfolio = Portfolio(name=name, base_currency=base_currency, created_at=now)
    portfolio.save(force_insert=True)
    owner = Membership(portfolio=portfolio, user_id=actor.user_id, role=Role.OWNER, created_at=now)
    owner.save(force_insert=True)
    transaction.on_commit(partial(wake.access_changed, actor.user_id), robust=True)
    return {"portfolio": str(portfolio.pk)}


# ---------- Accounts ----------


def account_create(*, actor: Actor, portfolio_id: str, name: str, currency: str) -> AccountView:
    """A new account.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: no name, one that another account bears, or no currency.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACCOUNT_CREATE) as held:
        wanted = _named(name=name, currency=currency)
        _require_free_name(held, wanted["name"], besides=None)
        rule = options_of_new().actions.value
        account = Account(portfolio_id=held.row.pk, created_at=held.at, action_rule=rule, **wanted)
        account.save(force_insert=True)
        held.announce(Kind.PORTFOLIO_CHANGED)
    return account_view(account)


def account_update(*, actor: Actor, portfolio_id: str, account_id: str, name: str, currency: str) -> AccountView:
    """Another name, or another currency for what is booked from now on.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: no name, one that another account bears, or no currency.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACCOUNT_UPDATE) as held:
        account = _account(held, account_id)
        wanted = _named(name=name, currency=currency)
        _require_free_name(held, wanted["name"], besides=account.pk)
        Account.objects.for_actor(actor).filter(pk=account.pk).update(**wanted)
        held.announce(Kind.PORTFOLIO_CHANGED)
    account.name, account.currency = wanted["name"], wanted["currency"]
    return account_view(account)


def account_delete(*, actor: Actor, portfolio_id: str, account_id: str) -> None:
    """Deletes an account in which nothing was ever booked or imported.

    Raises:
        NotFound, NotAllowed: as everywhere.
        AccountInUse: transactions were booked in it or files read into it; deleted ones count, they stay in the history.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACCOUNT_DELETE) as held:
        account = _account(held, account_id)
        booked = TransactionVersion.objects.for_actor(actor).filter(Q(account=account.pk) | Q(to_account=account.pk))
        if booked.exists() or ImportBatch.objects.for_actor(actor).filter(account=account.pk).exists():
            raise AccountInUse(
                phrase(
                    "Expected an account in which nothing was ever booked or imported, was {name}: what was stays "
                    "in its history even when deleted. Rename the account instead.",
                    name=account.name,
                )
            )
        Account.objects.for_actor(actor).filter(pk=account.pk).delete()
        held.announce(Kind.PORTFOLIO_CHANGED)


def _account(held: HeldPortfolio, account_id: str) -> Account:
    rows = Account.objects.for_actor(held.actor).filter(portfolio=held.row.pk)
    key = parse_id(account_id)
    account = None if key is None else rows.filter(pk=key).first()
    if account is None:
        raise NotFound(phrase("Expected an account of this portfolio, found none of that address."))
    return account


def _require_free_name(held: HeldPortfolio, name: str, *, besides: uuid.UUID | None) -> None:
    others = Account.objects.for_actor(held.actor).filter(portfolio=held.row.pk, name=name)
    if any(key != besides for key in others.values_list("pk", flat=True)):
        raise InvalidDraft({"name": phrase("Expected a name that no other account bears, was {name}.", name=name)})


# ---------- What was typed ----------


def _named(*, name: str, **currencies: str) -> dict[str, str]:
    """The name trimmed and the currencies in capitals, or what is wrong with each."""
    typed = {"name": " ".join(name.split()), **{field: code.strip().upper() for field, code in currencies.items()}}
    errors = {}
    if not 1 <= len(typed["name"]) <= MAX_NAME_LENGTH or not typed["name"].isprintable():
        errors["name"] = phrase(
            "Expected a name of 1 to {max_name_length} characters, was one of {typed}.",
            max_name_length=MAX_NAME_LENGTH,
            typed=len(typed["name"]),
        )
    for field in currencies:
        try:
            Currency(typed[field])
        except InvalidValue as error:
            errors[field] = str(error)
    if errors:
        raise InvalidDraft(errors)
    return typed
