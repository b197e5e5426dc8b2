"""The corporate actions that stand: of each the newest version, unless that withdraws it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from tickfolio.domain.corporate_actions import ActionFact
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.action_mappers import fact_from
from tickfolio.persistence.models import CorporateActionFact, FormerSymbol

OPERATOR = "operator"
"""The source of what an operator recorded, which goes before that of any feed."""


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """A corporate action with where it is from; `recorded_at` is real time, UTC.

    `instrument_id` is the key of the instrument, whatever its symbol was on the ex-date.
    """

    fact: ActionFact
    instrument_id: int
    kind: str
    source: str
    version: int
    is_withdrawn: bool
    recorded_at: datetime


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
        newest[key] = RecordedAction(
            fact_from(row, _symbol_on(row)),
            row.instrument_id,
            row.kind,
            row.source,
            row.version,
            row.is_withdrawn,
            row.recorded_at,
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
    """Of each instrument, kind and ex-date the one that decides: the operator's, or the one that was there first.

    One that is withdrawn decides too: then none is applied, whatever a feed says.
    """
    chosen: dict[tuple[Symbol, type[object], str], RecordedAction] = {}
    for each in recorded:
        action = each.fact.action
        key = action.symbol, type(action), action.ex_date.isoformat()
        there = chosen.get(key)
        if there is None or (each.source == OPERATOR and there.source != OPERATOR):
            chosen[key] = each
    return tuple(chosen.values())


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
