"""Corporate actions of instruments, recorded once for everybody: by feeds as they learn of them, and by the operator.

A fact is never changed. A correction is a later version of it, and what never was is withdrawn by one. Every ledger that holds
the instrument follows with its next look at the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from tickfolio.domain.corporate_actions import CorporateAction, instruments_of
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue
from tickfolio.persistence.action_mappers import columns_of_action
from tickfolio.persistence.models import CorporateActionFact, InstrumentRecord
from tickfolio.persistence.selectors.actions import OPERATOR, RecordedAction, recorded_actions

type _Key = tuple[str, type[object], str, str]


@transaction.atomic
def actions_record(*, actions: Iterable[CorporateAction], source: str, at: datetime) -> int:
    """Appends what is new or says something else than the newest version of its source; how many that are.

    Raises:
        InvalidValue: an instrument is not known.
    """
    wanted = list(actions)
    if not wanted:
        return 0
    newest = _newest(wanted)
    return _append(
        [(action, newest.get(_key(action, source))) for action in wanted], source=source, at=at, is_withdrawn=False
    )


@transaction.atomic
def actions_withdraw(*, actions: Iterable[CorporateAction], at: datetime) -> int:
    """Says for the operator that these never were, whatever a feed says; how many were withdrawn by it.

    Raises:
        InvalidValue: an instrument is not known.
    """
    wanted = list(actions)
    newest = _newest(wanted)
    return _append(
        [(action, newest.get(_key(action, OPERATOR))) for action in wanted], source=OPERATOR, at=at, is_withdrawn=True
    )


def actions_of(*, symbol: Symbol | None = None) -> tuple[RecordedAction, ...]:
    """The newest version of every action that is recorded, or of those of one instrument, by ex-date."""
    return recorded_actions(None if symbol is None else (symbol,))


def currency_of(symbol: Symbol) -> Currency | None:
    """The currency of an instrument that a feed offers; None of any other."""
    code = InstrumentRecord.objects.filter(symbol=symbol).values_list("currency", flat=True).first()
    return None if code is None else Currency(code)


def _newest(actions: Sequence[CorporateAction]) -> dict[_Key, RecordedAction]:
    symbols = {action.symbol for action in actions}
    return {_key(each.fact.action, each.source): each for each in recorded_actions(symbols)}


def _key(action: CorporateAction, source: str) -> _Key:
    return action.symbol, type(action), action.ex_date.isoformat(), source


def _append(
    wanted: Sequence[tuple[CorporateAction, RecordedAction | None]], *, source: str, at: datetime, is_withdrawn: bool
) -> int:
    ids = _instrument_ids(action for action, _ in wanted)
    rows = [
        CorporateActionFact(
            instrument_id=ids[action.symbol],
            source=source,
            version=1 if before is None else before.version + 1,
            is_withdrawn=is_withdrawn,
            recorded_at=at,
            **columns_of_action(action),
        )
        for action, before in wanted
        if before is None or before.is_withdrawn is not is_withdrawn or before.fact.action != action
    ]
    CorporateActionFact.objects.bulk_create(rows)
    return len(rows)


def _instrument_ids(actions: Iterable[CorporateAction]) -> dict[str, int]:
    named = {symbol for each in actions for symbol in instruments_of(each)}
    ids = dict(InstrumentRecord.objects.filter(symbol__in=named).values_list("symbol", "id"))
    if missing := sorted(named - ids.keys()):
        raise InvalidValue(f"Expected instruments that a feed offers, was {missing[0]}.")
    return ids
