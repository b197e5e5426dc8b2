"""Entries of files on their way into the ledger: as they are kept with a preview, and as the drafts that they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import assert_never
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.drafts import TransactionDraft
from tickfolio.statements.rows import Entry

END_OF_DAY = time(23, 59, 59)

type Document = dict[str, str | int]

_NUMBERS = frozenset(
    {"quantity", "price", "amount", "fees", "taxes", "settlement_amount", "settlement_rate", "counter_amount"}
)
_WHOLE = frozenset({"order", "split_new", "split_old"})
_NAMES = tuple(field.name for field in fields(Entry))
_HAS_GROSS = (TransactionType.BUY, TransactionType.SELL, TransactionType.DIVIDEND)


# ---------- Kept ----------


def document_of(entry: Entry) -> Document:
    """What a database keeps of `entry`; what it does not have is left out."""
    document: Document = {}
    for name in _NAMES:
        value: object = getattr(entry, name)
        if value is None or value == "":
            continue
        match value:
            case TransactionType():
                document[name] = value.value
            case Decimal() | str():
                document[name] = str(value)
            case int():
                if value:
                    document[name] = value
            case date():
                document[name] = value.isoformat()
            case _:
                raise TypeError(f"Expected a field of an entry, was {name} as {type(value).__name__}.")
    return document


def entry_from(document: Mapping[str, str | int]) -> Entry:
    """The entry that `document_of` was given."""
    values = {name: _read(name, value) for name, value in document.items()}
    return Entry(**values)  # type: ignore[arg-type]


def _read(name: str, value: str | int) -> object:
    if name in _NUMBERS:
        return Decimal(value)
    match name:
        case "type":
            return TransactionType(str(value))
        case "at":
            return date.fromisoformat(str(value)) if len(str(value)) == 10 else datetime.fromisoformat(str(value))
        case "ex_date":
            return date.fromisoformat(str(value))
        case _:
            return int(value) if name in _WHOLE else str(value)


# ---------- As drafts ----------


def draft_of(entry: Entry, *, account_id: str, symbol: str, at: datetime) -> TransactionDraft:
    """The draft that `entry` is, in an account, of a symbol and at a moment that were found for it."""
    has_gross = entry.type in _HAS_GROSS
    return TransactionDraft(
        type=entry.type,
        account_id=account_id,
        at=at,
        symbol=symbol or None,
        quantity=entry.quantity,
        price=entry.price,
        gross=entry.amount if has_gross else None,
        fees=entry.fees,
        taxes=entry.taxes,
        currency=entry.currency or None,
        settlement_currency=entry.settlement_currency or None,
        settlement_rate=entry.settlement_rate,
        settlement_amount=entry.settlement_amount,
        amount=None if has_gross else entry.amount,
        counter_amount=entry.counter_amount,
        counter_currency=entry.counter_currency or None,
        split_new=entry.split_new,
        split_old=entry.split_old,
        ex_date=entry.ex_date,
        note=entry.note or None,
    )


def moment_of(at: datetime | date, *, kind: TransactionType, zone: ZoneInfo, instrument: Instrument | None) -> datetime:
    """When an entry counts, in UTC. A day without a time is read as the forms read one that is typed.

    A trade counts at the close of its exchange's session, and at the end of the person's day where none is known; cash comes
    in at the start of the day and goes out at its end; a split is effective before anybody trades.
    """
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    match kind:
        case TransactionType.BUY | TransactionType.SELL | TransactionType.DIVIDEND:
            return _close(at, instrument) or _local(at, END_OF_DAY, zone)
        case TransactionType.WITHDRAWAL | TransactionType.FEE:
            return _local(at, END_OF_DAY, zone)
        case TransactionType.DEPOSIT | TransactionType.CURRENCY_EXCHANGE:
            return _local(at, time(), zone)
        case TransactionType.SPLIT:
            return _local(at, time(), _zone(instrument) or zone)
        case _:
            assert_never(kind)


def _close(day: date, instrument: Instrument | None) -> datetime | None:
    try:
        session = None if instrument is None else exchange_calendar(instrument.mic).session_on(day)
    except InvalidValue:  # an exchange whose sessions do not ship
        return None
    return None if session is None else session.closes_at


def _zone(instrument: Instrument | None) -> ZoneInfo | None:
    try:
        return None if instrument is None else exchange_calendar(instrument.mic).zone
    except InvalidValue:
        return None


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
