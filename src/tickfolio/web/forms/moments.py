"""Days and times as people type them, and the moment that a day without a time stands for.

**Source**: docs/how-to/record-transactions.md, section The day and the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django import forms

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.web.booked_days import (
    END_OF_DAY,
    PART_OF_DAY,
    PartOfDay,
    day_without_time,
    moment_in,
    start_of,
    usual_moment,
)
from tickfolio.web.stock_texts import day_text
from tickfolio.words import marked_phrase, phrase

__all__ = [
    "END_OF_DAY",
    "FIRST_DAY",
    "LAST_DAY",
    "PART_OF_DAY",
    "DayReading",
    "PartOfDay",
    "TypedDay",
    "TypedTime",
    "day_meant",
    "is_shown_so",
    "local_moment",
    "local_parts",
    "moment_of",
    "shown_parts",
    "start_of",
]

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)


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
    return usual_moment(day, kind=kind, zone=reading.zone, calendar=reading.calendar)


def day_meant(day: date, clock: time | None, *, reading: DayReading) -> date | None:
    """The exchange's day that a typed day stands for; None where its moment tells it: with a time, and on the market's day.

    The end of a person's day may be in the exchange's next one, as it is in the west of what is traded in days of UTC.
    """
    return None if clock is not None or day == reading.today else day


def local_moment(day: date, clock: time, *, zone: ZoneInfo) -> datetime:
    """A time of a zone in UTC; of an hour that came twice, when clocks were put back, the first.

    Raises:
        InvalidValue: the time never was.

    >>> local_moment(date(2012, 5, 21), time(15, 30), zone=ZoneInfo("Europe/Berlin")).hour
    13
    """
    moment = moment_in(day, clock, zone=zone)
    local = moment.astimezone(zone)
    if (local.date(), local.time()) != (day, clock):
        raise InvalidValue(
            phrase(
                "Expected a time that there was on {day_text}, was {clock:%H:%M}: clocks were put forward over it.",
                day_text=day_text(day),
                clock=clock,
            )
        )
    return moment


class TypedDay(forms.DateField):
    """A day in a field of the browser's own kind for days."""

    def __init__(self, *, label: str, is_needed: bool = True, hint: str = "") -> None:
        super().__init__(
            label=label,
            required=is_needed,
            help_text=hint,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"}),
            error_messages={"required": marked_phrase("Expected a day such as 2012-05-21; the field is empty.")},
        )

    def to_python(self, value: str | datetime | date | None) -> date | None:
        """The day."""
        try:
            day: date | None = super().to_python(value)
        except forms.ValidationError as error:
            text = str(value)[:40]
            raise forms.ValidationError(phrase("Expected a day such as 2012-05-21, was {text}.", text=text)) from error
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            span = phrase("{first} to {last}", first=day_text(FIRST_DAY), last=day_text(LAST_DAY))
            raise forms.ValidationError(
                phrase("Expected a day from {span}, was {day_text}.", span=span, day_text=day_text(day))
            )
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
            raise forms.ValidationError(
                phrase("Expected a time such as 15:30, was {value}.", value=str(value)[:40])
            ) from error
        return clock


def local_parts(at: datetime, *, zone: ZoneInfo) -> tuple[date, time]:
    """The day and the time to the second that `at` is in a zone, as the fields show them."""
    local = at.astimezone(zone)
    return local.date(), local.time().replace(microsecond=0)


def shown_parts(at: datetime, *, kind: TransactionType, reading: DayReading) -> tuple[date, time | None]:
    """The day and the time of what is booked at `at`, as its form shows them: no time where nobody has typed one."""
    alone = day_without_time(at, kind=kind, zone=reading.zone, calendar=reading.calendar)
    return local_parts(at, zone=reading.zone) if alone is None else (alone, None)


def is_shown_so(day: date, clock: time | None, *, at: datetime, kind: TransactionType, reading: DayReading) -> bool:
    """Whether a day and a time are those of `at`, with or without a time that nobody has typed."""
    shown = (local_parts(at, zone=reading.zone), shown_parts(at, kind=kind, reading=reading))
    return (day, clock) in shown
