"""The corporate actions that stand: of each the newest version, unless that withdraws it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from tickfolio.domain.corporate_actions import ActionFact
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import Dismissed
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.persistence.action_mappers import fact_from
from tickfolio.persistence.models import ActionDismissal, CorporateActionFact, FormerSymbol
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Actor

OPERATOR = "operator"
"""The source of what an operator recorded, which goes before that of any feed."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """A corporate action with where it is from; `recorded_at` is real time, UTC.

    Attributes:
        instrument_id: the key of the instrument, whatever its symbol was on the ex-date.
        first_id: that of the fact's first version: the lower, the earlier its source knew.
    """

    fact: ActionFact
    instrument_id: int
    kind: str
    source: str
    version: int
    is_withdrawn: bool
    recorded_at: datetime
    first_id: int


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Who has said that an account does not take a fact, and when (real time, UTC); empty where it was the product itself."""

    account: AccountId
    fact_id: int
    by: str
    at: datetime


def recorded_actions(symbols: Iterable[Symbol] | None = None, *, upto: int | None = None) -> tuple[RecordedAction, ...]:
    """The newest version of each action of `symbols`, of all where that is None, by ex-date; two queries.

    Each is of the symbol that its instrument had on the ex-date; one that changes it, of the symbol before. A symbol of once
    finds the instrument too.

    Args:
        upto: the newest fact that counts; None for all.
    """
    rows = CorporateActionFact.objects.order_by("ex_date", "version", "pk")
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    if symbols is not None:
        wanted = list(symbols)
        renamed = FormerSymbol.objects.filter(symbol__in=wanted).values("instrument")
        rows = rows.filter(Q(instrument__symbol__in=wanted) | Q(instrument__in=renamed))
    newest: dict[tuple[int, str, str, str], RecordedAction] = {}
    for row in rows.select_related("instrument").prefetch_related("instrument__former_symbols"):
        key = row.instrument_id, row.kind, row.ex_date.isoformat(), row.source
        first = newest.get(key)
        newest[key] = RecordedAction(
            fact_from(row, _symbol_on(row)),
            row.instrument_id,
            row.kind,
            row.source,
            row.version,
            row.is_withdrawn,
            row.recorded_at,
            row.pk if first is None else first.first_id,
        )
    return tuple(newest.values())


def _symbol_on(row: CorporateActionFact) -> Symbol:
    """The symbol that the instrument of an action had when it happened."""
    is_change = row.kind == CorporateActionFact.Kind.SYMBOL_CHANGE
    day = row.ex_date - timedelta(days=1) if is_change else row.ex_date
    then = [each for each in row.instrument.former_symbols.all() if each.valid_until >= day]
    # One that was renamed after a later change of symbols says so itself.
    if is_change:
        then = [each for each in then if each.symbol != row.new_symbol]
    first = min(then, key=lambda each: each.valid_until, default=None)
    return Symbol(row.instrument.symbol if first is None else first.symbol)


def chosen_actions(recorded: Iterable[RecordedAction]) -> tuple[RecordedAction, ...]:
    """Of each instrument, kind and ex-date the one that decides: the operator's, or the one that was there first; by ex-date.

    One that is withdrawn decides too: then none is applied, whatever a feed says. What another source has a day earlier or later,
    and not on that day itself, is the same: exchanges and vendors count days in different time zones.
    """
    found = tuple(recorded)
    told = {(each.source, *_what(each), each.fact.action.ex_date) for each in found}
    chosen: dict[tuple[Symbol, type[object], date], RecordedAction] = {}
    for each in sorted(found, key=lambda one: (one.source != OPERATOR, one.first_id)):
        day = each.fact.action.ex_date
        if (*_what(each), day) in chosen:
            continue
        beside = (chosen.get((*_what(each), day + step)) for step in (-_A_DAY, _A_DAY))
        if not any(other and _is_same(each, other, told) for other in beside):
            chosen[*_what(each), day] = each
    return tuple(sorted(chosen.values(), key=lambda one: (one.fact.action.ex_date, one.first_id)))


def _what(each: RecordedAction) -> tuple[Symbol, type[object]]:
    return each.fact.action.symbol, type(each.fact.action)


def _is_same(each: RecordedAction, other: RecordedAction, told: Set[tuple[str, Symbol, type[object], date]]) -> bool:
    """Whether two that are a day apart are one: both stand, and the source of the one has nothing on the day of the other."""
    if each.source == other.source or each.is_withdrawn or other.is_withdrawn:
        return False
    return (each.source, *_what(other), other.fact.action.ex_date) not in told


def standing_actions(symbols: Iterable[Symbol], *, upto: int | None = None) -> tuple[ActionFact, ...]:
    """What is applied: one fact for an instrument, a kind and an ex-date; one query.

    Args:
        upto: the newest fact that counts; None for all.
    """
    return tuple(each.fact for each in chosen_actions(recorded_actions(symbols, upto=upto)) if not each.is_withdrawn)


def newest_action_at(known_at: datetime) -> int:
    """The newest corporate action that was recorded by a moment of real time, 0 where there is none; one query."""
    rows = CorporateActionFact.objects.filter(recorded_at__lte=known_at).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def dismissed_in(accounts: Iterable[AccountId], *, actor: Actor) -> Dismissed:
    """The facts that accounts do not take whatever their rule is; one query. An account that is not there has none."""
    keys = [key for account in accounts if (key := parse_id(account)) is not None]
    rows = ActionDismissal.objects.for_actor(actor).filter(account__in=keys)
    return frozenset((AccountId(str(account)), fact) for account, fact in rows.values_list("account_id", "action_id"))


def dismissals_seen(portfolio_id: str, *, actor: Actor) -> tuple[Dismissal, ...]:
    """Who dismissed what in the accounts of a portfolio; one query."""
    rows = ActionDismissal.objects.for_actor(actor).filter(portfolio_id=portfolio_id).select_related("dismissed_by")
    return tuple(
        Dismissal(
            account=AccountId(str(row.account_id)),
            fact_id=row.action_id,
            by="" if row.dismissed_by is None else row.dismissed_by.email,
            at=row.dismissed_at.astimezone(UTC),
        )
        for row in rows
    )
