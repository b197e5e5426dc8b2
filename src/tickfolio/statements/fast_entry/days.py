"""The days and times of a line. A day without a year is the last such day; a day that may be two is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from tickfolio.statements.fast_entry.tokens import Token
from tickfolio.statements.fast_entry.words import MONTHS, TODAY, WEEKDAYS
from tickfolio.words import phrase

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?\Z", re.ASCII)
_LED_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(\d{4}|\d{2})?\Z", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\Z", re.ASCII)
_DAY = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\Z", re.ASCII | re.IGNORECASE)
_YEAR = re.compile(r"(19|20|21)\d\d\Z", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?(am|pm)?\Z", re.ASCII | re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})(am|pm)\Z", re.ASCII | re.IGNORECASE)
LEAP_YEARS_APART = 8


@dataclass(frozen=True, slots=True)
class Found[T]:
    """What the first `count` words say; None with its fault where that cannot be."""

    count: int
    value: T | None
    fault: str = ""


def read_day(words: Sequence[Token], *, today: date, is_led: bool) -> Found[date] | None:
    """The day that the first words say; None where they say none.

    Args:
        is_led: a word such as "on" stands before them, so that ``16.4`` is a day and no number.
    """
    if not words or words[0].is_quoted:
        return None
    first = words[0]
    if first.word in TODAY:
        return Found(1, today - timedelta(days=TODAY[first.word]))
    if first.word in WEEKDAYS:
        return Found(1, today - timedelta(days=(today.weekday() - WEEKDAYS[first.word]) % 7))
    return _in_figures(first.text, today=today, is_led=is_led) or _in_words(words, today=today, is_led=is_led)


def _in_figures(text: str, *, today: date, is_led: bool) -> Found[date] | None:
    if found := _ISO.match(text):
        return _day(1, text, int(found[3]), int(found[2]), found[1], today=today)
    if found := (_LED_POINTS if is_led else _POINTS).match(text):
        return _day(1, text, int(found[1]), int(found[2]), found[3], today=today)
    if found := _SLASHES.match(text):
        first, second, year = int(found[1]), int(found[2]), found[3]
        if first <= 12 and second <= 12 and first != second:
            return Found(
                1, None, phrase("Expected a day such as 2012-05-21, was {text}, which may be two days.", text=text)
            )
        day, month = (first, second) if second <= 12 else (second, first)
        return _day(1, text, day, month, year, today=today)
    return None


def _in_words(words: Sequence[Token], *, today: date, is_led: bool) -> Found[date] | None:
    """``16 Apr 2012``, ``Apr 16, 2012``, ``16. April``; a month in capitals may be a symbol and needs "on" before it."""
    if len(words) < 2:
        return None
    for number, name in ((words[0], words[1]), (words[1], words[0])):
        day, month = _DAY.match(number.text), MONTHS.get(name.word)
        if day is None or month is None or (name.is_capital and not is_led):
            continue
        year = words[2].text if len(words) > 2 and _YEAR.match(words[2].text) else None
        text = " ".join(word.text for word in words[: 3 if year else 2])
        return _day(3 if year else 2, text, int(day[1]), month, year, today=today)
    return None


def _day(count: int, text: str, day: int, month: int, year: str | None, *, today: date) -> Found[date]:
    try:
        if year is None:
            found = _last_such(day, month, today=today)
        else:
            found = date(int(year) if len(year) == 4 else _century(int(year), today=today), month, day)
    except ValueError:
        return Found(count, None, phrase("Expected a day that there is, was {text}.", text=text))
    return Found(count, found)


def _last_such(day: int, month: int, *, today: date) -> date:
    """The last one up to today; of 29 February, that of the last leap year."""
    for year in range(today.year, today.year - LEAP_YEARS_APART - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError(day, month)


def _century(year: int, *, today: date) -> int:
    """A year of two figures: of this century, unless that is more than a year away."""
    century = today.year - today.year % 100
    return century + year if century + year <= today.year + 1 else century - 100 + year


def read_time(words: Sequence[Token]) -> Found[time] | None:
    """The time that the first word says; None where it says none."""
    if not words or words[0].is_quoted:
        return None
    text = words[0].text
    found = _TIME.match(text)
    hour, minute, second, half = (found[1], found[2], found[3], found[4]) if found else (None, "0", None, None)
    if found is None and (short := _HOUR.match(text)):
        hour, half = short[1], short[2]
    if hour is None:
        return None
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0) if 1 <= hours <= 12 else 24
    try:
        return Found(1, time(hours, int(minute), int(second or 0)))
    except ValueError:
        return Found(1, None, phrase("Expected a time such as 15:30, was {text}.", text=text))
