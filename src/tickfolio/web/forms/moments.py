"""Days and times as people type them, and the moment that a day without a time stands for.

**Source**: docs/how-to/record-transactions.md, section The day and the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from django import forms

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.web.stock_texts import day_text

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
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


@dataclass(frozen=True, slots=True)
class DayReading:
    """What a typed day is read against: the person's zone, the market's moment, the exchange where there is one."""

    zone: ZoneInfo
    now: datetime
    calendar: ExchangeCalendar | None = None

    @property
    def today(self) -> date:
        """The market's day in the person's zone: in a replay, a day of the past."""
        return self.now.astimezone(self.zone).date()


def moment_of(day: date, clock: time | None, *, kind: TransactionType, reading: DayReading) -> datetime:
    """The moment in UTC of a transaction that was typed with this day and this time, or with the day alone.

    Raises:
        InvalidValue: clocks were put forward over that time, so that it never was.
    """
    if clock is not None:
        return local_moment(day, clock, zone=reading.zone)
    if PART_OF_DAY[kind] is not PartOfDay.START and day == reading.today:
        return reading.now.replace(microsecond=0)
    return _usual_moment(day, kind=kind, zone=reading.zone, calendar=reading.calendar)


def day_without_time(
    at: datetime, *, kind: TransactionType, zone: ZoneInfo, calendar: ExchangeCalendar | None
) -> date | None:
    """The day of a transaction whose time is the one of a day that was typed alone; None where its time says something.

    What companies do begins with the exchange's day, which is in the evening before where the person is far in the west.
    """
    local = at.astimezone(zone).date()
    for day in (local, local + timedelta(days=1)):
        if _usual_moment(day, kind=kind, zone=zone, calendar=calendar) == at:
            return day
    return None


def _usual_moment(day: date, *, kind: TransactionType, zone: ZoneInfo, calendar: ExchangeCalendar | None) -> datetime:
    """The moment of a day without a time that is not the market's."""
    match PART_OF_DAY[kind]:
        case PartOfDay.NOW_OR_CLOSE:
            session = calendar.session_on(day) if calendar else None
            return session.closes_at if session else _local(day, END_OF_DAY, zone=zone)
        case PartOfDay.NOW_OR_END:
            return _local(day, END_OF_DAY, zone=zone)
        case PartOfDay.NOW_OR_START:
            return start_of(day, zone=zone)
        case PartOfDay.START:
            return start_of(day, zone=calendar.zone if calendar else zone)


def local_moment(day: date, clock: time, *, zone: ZoneInfo) -> datetime:
    """A time of a zone in UTC; of an hour that came twice, when clocks were put back, the first.

    Raises:
        InvalidValue: the time never was.

    >>> local_moment(date(2012, 5, 21), time(15, 30), zone=ZoneInfo("Europe/Berlin")).hour
    13
    """
    moment = _local(day, clock, zone=zone)
    local = moment.astimezone(zone)
    if (local.date(), local.time()) != (day, clock):
        raise InvalidValue(
            f"Expected a time that there was on {day_text(day)}, was {clock:%H:%M}: clocks were put forward over it."
        )
    return moment


def start_of(day: date, *, zone: ZoneInfo) -> datetime:
    """The first moment of a day of a zone, in UTC."""
    return _local(day, time(), zone=zone)


def _local(day: date, clock: time, *, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


class TypedDay(forms.DateField):
    """A day in a field of the browser's own kind for days."""

    def __init__(self, *, label: str, is_needed: bool = True, hint: str = "") -> None:
        super().__init__(
            label=label,
            required=is_needed,
            help_text=hint,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"}),
            error_messages={"required": "Expected a day such as 2012-05-21, was nothing."},
        )

    def to_python(self, value: str | datetime | date | None) -> date | None:
        """The day."""
        try:
            day: date | None = super().to_python(value)
        except forms.ValidationError as error:
            text = str(value)[:40]
            raise forms.ValidationError(f"Expected a day such as 2012-05-21, was {text}.") from error
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            span = f"{day_text(FIRST_DAY)} to {day_text(LAST_DAY)}"
            raise forms.ValidationError(f"Expected a day from {span}, was {day_text(day)}.")
        return day


class TypedTime(forms.TimeField):
    """A time of day in a field of the browser's own kind for times; it may stay empty."""

    def __init__(self, *, label: str, hint: str = "") -> None:
        super().__init__(
            label=label,
            required=False,
            help_text=hint,
            input_formats=["%H:%M", "%H:%M:%S"],
            widget=forms.TimeInput(format="%H:%M:%S", attrs={"type": "time", "step": "1", "class": "input"}),
        )

    def to_python(self, value: str | time | None) -> time | None:
        """The time."""
        try:
            clock: time | None = super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(f"Expected a time such as 15:30, was {str(value)[:40]}.") from error
        return clock


def local_parts(at: datetime, *, zone: ZoneInfo) -> tuple[date, time]:
    """The day and the time to the second that `at` is in a zone, as the fields show them."""
    local = at.astimezone(zone)
    return local.date(), local.time().replace(microsecond=0)
