"""The moment that a day without a time stands for, by the type of the transaction; and such a day known by its moment.

**Source**: docs/how-to/record-transactions.md, section The day and the time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.ledger.transactions import TransactionType

END_OF_DAY = time(23, 59, 59)


class PartOfDay(Enum):
    """When on its day a transaction counts whose time nobody has typed."""

    NOW_OR_CLOSE = "trades: now on the market's day, else the close of the exchange's session"
    NOW_OR_START = "cash that comes in: now on the market's day, else the start of the person's day"
    NOW_OR_END = "cash that goes out: now on the market's day, else the end of the person's day"
    START = "transfers from outside and what companies do: the start of the exchange's day, before anybody trades"


_OF_PARTS = {
    PartOfDay.NOW_OR_CLOSE: (
        TransactionType.BUY,
        TransactionType.SELL,
        TransactionType.TRANSFER_OUT,
        TransactionType.DIVIDEND,
        TransactionType.DIVIDEND_REINVESTED,
        TransactionType.RETURN_OF_CAPITAL,
    ),
    PartOfDay.NOW_OR_START: (
        TransactionType.DEPOSIT,
        TransactionType.CURRENCY_EXCHANGE,
        TransactionType.INTEREST,
        TransactionType.FEE_REFUND,
        TransactionType.TAX_REFUND,
    ),
    PartOfDay.NOW_OR_END: (
        TransactionType.WITHDRAWAL,
        TransactionType.CASH_TRANSFER,
        TransactionType.FEE,
        TransactionType.TAX,
        TransactionType.INTEREST_CHARGE,
    ),
    PartOfDay.START: (
        TransactionType.TRANSFER_IN,
        TransactionType.SPLIT,
        TransactionType.STOCK_DIVIDEND,
        TransactionType.SPIN_OFF,
        TransactionType.MERGER,
        TransactionType.SYMBOL_CHANGE,
    ),
}
PART_OF_DAY = {kind: part for part, kinds in _OF_PARTS.items() for kind in kinds}


def day_without_time(
    at: datetime, *, kind: TransactionType, zone: ZoneInfo, calendar: ExchangeCalendar | None
) -> date | None:
    """The day of a transaction whose time is the one of a day that was typed alone; None where its time says something.

    What companies do begins with the exchange's day, which is in the evening before where the person is far in the west.
    """
    local = at.astimezone(zone).date()
    for day in (local, local + timedelta(days=1)):
        if usual_moment(day, kind=kind, zone=zone, calendar=calendar) == at:
            return day
    return None


def usual_moment(day: date, *, kind: TransactionType, zone: ZoneInfo, calendar: ExchangeCalendar | None) -> datetime:
    """The moment of a day without a time that is not the market's.

    It is within the day of the person's zone, but for an exchange whose close or beginning of that day is not.
    """
    match PART_OF_DAY[kind]:
        case PartOfDay.NOW_OR_CLOSE:
            close = calendar.close_on(day) if calendar else None
            return close or moment_in(day, END_OF_DAY, zone=zone)
        case PartOfDay.NOW_OR_END:
            return moment_in(day, END_OF_DAY, zone=zone)
        case PartOfDay.NOW_OR_START:
            return start_of(day, zone=zone)
        case PartOfDay.START:
            return start_of(day, zone=calendar.zone if calendar and calendar.has_own_days else zone)


def start_of(day: date, *, zone: ZoneInfo) -> datetime:
    """The first moment of a day of a zone, in UTC."""
    return moment_in(day, time(), zone=zone)


def moment_in(day: date, clock: time, *, zone: ZoneInfo) -> datetime:
    """A day and a time of a zone in UTC, whether or not clocks were put forward over it."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
