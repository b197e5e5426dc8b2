"""Corporate actions that feeds tell of with the history of an instrument: recorded as far as they can be.

A vendor tells the same again and again, with amounts that are a little off in the last places. What says nothing new is not
recorded, so that a version is a correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import structlog
from django.db import IntegrityError

from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend, CorporateAction, Renaming, instruments_of
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import EXACT, MAX_PRICE_PLACES, rounded
from tickfolio.errors import InvalidValue
from tickfolio.persistence.action_mappers import columns_of_action
from tickfolio.persistence.selectors.actions import recorded_actions
from tickfolio.persistence.selectors.market import record_ids
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.corporate_actions import actions_record, has_come
from tickfolio.services.watching import with_own_connection
from tickfolio.words import phrase

SAME_PLACES = 6
"""Amounts that are equal with so many places are the same amount."""

type _Key = tuple[Symbol, type[object], date]

log = structlog.get_logger(__name__)


@with_own_connection
def actions_propose(actions: tuple[CorporateAction, ...], source: str) -> int:
    """Records what a feed told, in a thread of the engine's; how many facts were appended. Raises nothing of what is wrong with it.

    Those of instruments that are not known, and changes of symbols that are still to come, are left out.
    """
    now = SystemClock().now()
    known = record_ids({symbol for each in actions for symbol in instruments_of(each)})
    fitting = [each for each in actions if _fits(each, known, source=source, at=now)]
    count = 0
    for action in _new(_summed(fitting), source):
        # One by one: what is wrong with one is no reason to lose the others.
        try:
            count += actions_record(actions=[action], source=source, at=now)
        except (InvalidValue, IntegrityError) as error:
            _log_skipped(action, source, reason=str(error))
    if count:
        log.info("actions.recorded", feed=source, facts=count)
    return count


def _fits(action: CorporateAction, known: Mapping[str, int], *, source: str, at: datetime) -> bool:
    reason = ""
    if missing := [symbol for symbol in instruments_of(action) if symbol not in known]:
        reason = phrase("{missing} is no instrument that is known", missing=missing[0])
    elif isinstance(action, Renaming) and not has_come(action, at=at):
        reason = phrase("a change of the symbol is recorded when its day has come")
    if reason:
        _log_skipped(action, source, reason=reason)
    return not reason


def _log_skipped(action: CorporateAction, source: str, *, reason: str) -> None:
    log.info(
        "actions.skipped",
        symbol=action.symbol,
        feed=source,
        ex_date=action.ex_date.isoformat(),
        kind=type(action).__name__,
        reason=reason,
    )


def _summed(actions: Iterable[CorporateAction]) -> list[CorporateAction]:
    """One action of an instrument, a kind and a day: what is told twice counts once, and a special dividend is added to the usual."""
    found: dict[_Key, CorporateAction] = {}
    told: dict[_Key, list[CorporateAction]] = {}
    for each in map(_exact, actions):
        key = each.symbol, type(each), each.ex_date
        before = told.setdefault(key, [])
        if any(_says_the_same(each, other) for other in before):
            continue
        before.append(each)
        there = found.get(key)
        if there is None:
            found[key] = each
        elif isinstance(each, CashDividend) and isinstance(there, CashDividend) and each.currency == there.currency:
            found[key] = replace(there, amount=EXACT.add(there.amount, each.amount))
    return list(found.values())


def _exact(action: CorporateAction) -> CorporateAction:
    """The action with no more places than an amount has here; one of nothing stays as it is, and is refused where it is recorded."""
    if isinstance(action, (CashDividend, CapitalRepayment)):
        amount = rounded(action.amount, places=MAX_PRICE_PLACES)
        with suppress(InvalidValue):
            return replace(action, amount=amount)
    return action


def _new(actions: Sequence[CorporateAction], source: str) -> list[CorporateAction]:
    """Those that say something else than the newest version of their source."""
    newest = {
        (each.fact.action.symbol, type(each.fact.action), each.fact.action.ex_date): each.fact.action
        for each in recorded_actions({each.symbol for each in actions})
        if each.source == source and not each.is_withdrawn
    }
    found = []
    for each in actions:
        there = newest.get((each.symbol, type(each), each.ex_date))
        if there is None or not _says_the_same(each, there):
            found.append(each)
    return found


def _says_the_same(told: CorporateAction, known: CorporateAction) -> bool:
    """Whether `told` adds nothing to what is known: the day of a payment that is not told again stays."""
    one, other = columns_of_action(told), columns_of_action(known)
    if one["pay_date"] is None:
        one["pay_date"] = other["pay_date"]
    return _coarse(one.pop("amount")) == _coarse(other.pop("amount")) and one == other


def _coarse(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else rounded(amount, places=SAME_PLACES)
