"""Corporate actions of instruments, recorded once for everybody: by feeds as they learn of them, and by the operator.

A fact is never changed. A correction is a later version of it, and what never was is withdrawn by one. Every ledger that holds
the instrument follows with its next look at the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import transaction

from tickfolio.domain.corporate_actions import CorporateAction, Renaming, instruments_of
from tickfolio.domain.instruments import PRIVATE_MIC, Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue
from tickfolio.persistence.action_mappers import columns_of_action, kind_of
from tickfolio.persistence.models import CorporateActionFact, FormerSymbol, InstrumentRecord
from tickfolio.persistence.selectors.actions import OPERATOR, RecordedAction, recorded_actions
from tickfolio.persistence.selectors.market import record_ids, record_of
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.instruments import instrument_rename, instrument_rename_undo
from tickfolio.words import phrase

type _Key = tuple[int, str, str, str]


@transaction.atomic
def actions_record(*, actions: Iterable[CorporateAction], source: str, at: datetime) -> int:
    """Appends what is new or says something else than the newest version of its source; how many that are.

    Raises:
        InvalidValue: an instrument is not known.
    """
    wanted = list(actions)
    if not wanted:
        return 0
    never = _withdrawn([action for action in wanted if isinstance(action, Renaming)])
    wanted = [action for action in wanted if action not in never]
    for action in wanted:
        if isinstance(action, Renaming) and has_come(action, at=at):
            _take_new_symbol(action)
    return _append(wanted, source=source, at=at, is_withdrawn=False)


@transaction.atomic
def actions_withdraw(*, actions: Iterable[CorporateAction], at: datetime) -> int:
    """Says for the operator that these never were, whatever a feed says; how many were withdrawn by it.

    Raises:
        InvalidValue: an instrument is not known.
    """
    wanted = list(actions)
    count = _append(wanted, source=OPERATOR, at=at, is_withdrawn=True)
    for action in wanted:
        if isinstance(action, Renaming):
            instrument_rename_undo(symbol=action.symbol, new_symbol=action.new_symbol)
    return count


def actions_of(*, symbol: Symbol | None = None) -> tuple[RecordedAction, ...]:
    """The newest version of every action that is recorded, or of those of one instrument, by ex-date."""
    return recorded_actions(None if symbol is None else (symbol,))


def has_come(action: CorporateAction, *, at: datetime) -> bool:
    """Whether the ex-date of an action has begun where its instrument is traded; in UTC where nobody knows it."""
    record = record_of(action.symbol)
    is_listed = record is not None and record.mic != PRIVATE_MIC
    zone = calendar_for(record.mic).zone if record is not None and is_listed else UTC
    return action.ex_date <= at.astimezone(zone).date()


def currency_of(symbol: Symbol) -> Currency | None:
    """The currency of an instrument that a feed offers; None of any other."""
    record = record_of(symbol)
    return None if record is None else Currency(record.currency)


def _take_new_symbol(change: Renaming) -> None:
    """Renames the instrument, unless the new symbol is there as an instrument of its own: then both stay."""
    names = set(InstrumentRecord.objects.filter(symbol__in=instruments_of(change)).values_list("symbol", flat=True))
    former = FormerSymbol.objects.filter(symbol=change.symbol, instrument__symbol=change.new_symbol)
    if names == {change.symbol} or former.exists():
        instrument_rename(symbol=change.symbol, new_symbol=change.new_symbol, since=change.ex_date)


def _withdrawn(changes: Sequence[Renaming]) -> list[CorporateAction]:
    """Those of which the operator has said that they never were: the instrument does not take that symbol again."""
    recorded = recorded_actions({each.symbol for each in changes}) if changes else ()
    return [each.fact.action for each in recorded if each.is_withdrawn and each.source == OPERATOR]


def _newest(actions: Sequence[CorporateAction]) -> dict[_Key, RecordedAction]:
    symbols = {action.symbol for action in actions}
    return {
        (each.instrument_id, each.kind, each.fact.action.ex_date.isoformat(), each.source): each
        for each in recorded_actions(symbols)
    }


def _append(actions: Sequence[CorporateAction], *, source: str, at: datetime, is_withdrawn: bool) -> int:
    ids, newest = _instrument_ids(actions), _newest(actions)
    rows = []
    for action in actions:
        columns = columns_of_action(action)
        before = newest.get((ids[action.symbol], kind_of(action), action.ex_date.isoformat(), source))
        if (
            before is None
            or before.is_withdrawn is not is_withdrawn
            or columns_of_action(before.fact.action) != columns
        ):
            rows.append(
                CorporateActionFact(
                    instrument_id=ids[action.symbol],
                    source=source,
                    version=1 if before is None else before.version + 1,
                    is_withdrawn=is_withdrawn,
                    recorded_at=at,
                    **columns,
                )
            )
    CorporateActionFact.objects.bulk_create(rows)
    return len(rows)


def _instrument_ids(actions: Iterable[CorporateAction]) -> dict[str, int]:
    named = {symbol for each in actions for symbol in instruments_of(each)}
    ids = record_ids(named)
    if missing := sorted(named - ids.keys()):
        raise InvalidValue(phrase("Expected instruments that a feed offers, was {missing}.", missing=missing[0]))
    return ids
