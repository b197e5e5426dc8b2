"""Entries of files on their way into the ledger: as they are kept with a preview, and as the drafts that they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import assert_never
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.drafts import LotDraft, TransactionDraft
from tickfolio.statements.lot_cells import lots_from, lots_text
from tickfolio.statements.rows import Entry
from tickfolio.words import phrase

END_OF_DAY = time(23, 59, 59)

type Document = dict[str, str | int]

_NUMBERS = frozenset(
    {
        "quantity",
        "price",
        "amount",
        "fees",
        "taxes",
        "settlement_amount",
        "settlement_rate",
        "counter_amount",
        "cost_share",
        "cash_in_lieu",
    }
)
_WHOLE = frozenset({"order", "price_places", "split_new", "split_old"})
_NAMES = tuple(field.name for field in fields(Entry))
HAS_GROSS = frozenset(
    {
        TransactionType.BUY,
        TransactionType.SELL,
        TransactionType.DIVIDEND,
        TransactionType.DIVIDEND_REINVESTED,
        TransactionType.INTEREST,
    }
)
"""The types whose amount is a gross one."""


# ---------- Kept ----------


def document_of(entry: Entry) -> Document:
    """What a database keeps of `entry`; what it does not have is left out."""
    document: Document = {}
    for name in _NAMES:
        value: object = getattr(entry, name)
        if value is None or value in ("", ()):
            continue
        if name == "lots":
            document[name] = lots_text(entry.lots)
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
                raise TypeError(
                    phrase("Expected a field of an entry, was {name} as {kind}.", name=name, kind=type(value).__name__)
                )
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
        case "lots":
            return lots_from(str(value))
        case _:
            return int(value) if name in _WHOLE else str(value)


# ---------- As drafts ----------


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for an entry: its account, its symbols, its moment, the other account, and its lots."""

    account_id: str
    at: datetime
    symbol: str = ""
    to_account_id: str | None = None
    new_symbol: str = ""
    lots: tuple[LotDraft, ...] = ()


def draft_of(entry: Entry, found: Found) -> TransactionDraft:
    """The draft that `entry` is."""
    has_gross = entry.type in HAS_GROSS
    return TransactionDraft(
        type=entry.type,
        account_id=found.account_id,
        at=found.at,
        symbol=found.symbol or None,
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
        to_account_id=found.to_account_id,
        new_symbol=found.new_symbol or None,
        cost_share=entry.cost_share,
        cash_in_lieu=entry.cash_in_lieu,
        lots=found.lots,
    )


def moment_of(at: datetime | date, *, kind: TransactionType, zone: ZoneInfo, instrument: Instrument | None) -> datetime:
    """When an entry counts, in UTC. A day without a time is read as the forms read one that is typed.

    A trade counts at the close of its exchange's session, and at the end of the person's day where nothing closes; cash comes
    in at the start of the day and goes out at its end; what a company does is effective before anybody trades.
    """
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    match kind:
        case (
            TransactionType.BUY
            | TransactionType.SELL
            | TransactionType.TRANSFER_OUT
            | TransactionType.DIVIDEND
            | TransactionType.DIVIDEND_REINVESTED
            | TransactionType.RETURN_OF_CAPITAL
        ):
            return _close(at, instrument) or _local(at, END_OF_DAY, zone)
        case (
            TransactionType.WITHDRAWAL
            | TransactionType.CASH_TRANSFER
            | TransactionType.FEE
            | TransactionType.TAX
            | TransactionType.INTEREST_CHARGE
        ):
            return _local(at, END_OF_DAY, zone)
        case (
            TransactionType.DEPOSIT
            | TransactionType.CURRENCY_EXCHANGE
            | TransactionType.INTEREST
            | TransactionType.FEE_REFUND
            | TransactionType.TAX_REFUND
        ):
            return _local(at, time(), zone)
        case (
            TransactionType.TRANSFER_IN
            | TransactionType.SPLIT
            | TransactionType.STOCK_DIVIDEND
            | TransactionType.SPIN_OFF
            | TransactionType.MERGER
            | TransactionType.SYMBOL_CHANGE
        ):
            return _local(at, time(), _zone(instrument) or zone)
        case _:
            assert_never(kind)


def _close(day: date, instrument: Instrument | None) -> datetime | None:
    calendar = _calendar(instrument)
    return None if calendar is None else calendar.close_on(day)


def _zone(instrument: Instrument | None) -> ZoneInfo | None:
    calendar = _calendar(instrument)
    return calendar.zone if calendar is not None and calendar.has_own_days else None


def _calendar(instrument: Instrument | None) -> ExchangeCalendar | None:
    try:
        return None if instrument is None else exchange_calendar(instrument.mic)
    except InvalidValue:  # an exchange whose sessions do not ship
        return None


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
