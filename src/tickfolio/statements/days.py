"""Days and times in files. Which number of 03/04/2012 is the day is found out from all of them, and never guessed at.

A time without an offset is in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import Enum, auto

from tickfolio.errors import InvalidValue
from tickfolio.statements.rows import DayOrder, shortened
from tickfolio.words import phrase

FIRST_YEAR, LAST_YEAR = 1900, 2199
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d\d?)-(\d\d?)|/(\d\d?)/(\d\d?)|\.(\d\d?)\.(\d\d?)|(\d\d)(\d\d))\Z", re.ASCII)
_YEAR_LAST = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})\Z", re.ASCII)
_TIME = re.compile(r"\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\Z", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?\Z", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z\Z", re.ASCII)
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0{1,6})?Z\Z", re.ASCII)


class Order(Enum):
    """What a date says of the order of its file."""

    DAY_FIRST = auto()
    MONTH_FIRST = auto()
    EITHER = auto()


def orders_in(cells: Iterable[str]) -> tuple[set[Order], str]:
    """What the dates of a file say of their order, and the first that may be read in two ways."""
    found: set[Order] = set()
    example = ""
    for cell in set(cells):
        order = order_of(cell)
        if order is Order.EITHER and (not example or cell < example):
            example = cell
        if order is not None:
            found.add(order)
    return found, example


def order_of(cell: str) -> Order | None:
    """What one date says; None where it says nothing, such as 2012-04-03 or 04/04/2012. Points mean day first.

    >>> order_of("17/11/2021"), order_of("11-17-2021"), order_of("01.02.2022"), order_of("01-09-2021")
    (<Order.DAY_FIRST: 1>, <Order.MONTH_FIRST: 2>, <Order.DAY_FIRST: 1>, <Order.EITHER: 3>)
    """
    found = _YEAR_LAST.match(_day_part(cell)[0])
    if found is None:
        return None
    first, mark, second = int(found[1]), found[2], int(found[3])
    if mark == ".":
        return Order.DAY_FIRST
    if first == second or max(first, second) > 31 or min(first, second) > 12:
        return None
    if first > 12:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > 12 else Order.EITHER


def parse_moment(text: str, *, order: DayOrder | None) -> datetime | date:
    """The moment in UTC that `text` spells, or only the day where no time stands there.

    Raises:
        InvalidValue: it is no date, none between 1900 and 2199, or its order is not known.

    >>> parse_moment("2021-09-16 10:30+02:00", order=None)
    datetime.datetime(2021, 9, 16, 8, 30, tzinfo=datetime.timezone.utc)
    >>> parse_moment("17/11/2021", order=DayOrder.DAY_FIRST), parse_moment("20500606", order=None)
    (datetime.date(2021, 11, 17), datetime.date(2050, 6, 6))
    """
    if _ISO.match(text):
        try:
            written = datetime.fromisoformat(text)
        except ValueError as error:
            raise _no_moment(text) from error
        return _year_within(written, text)
    day_text, rest = _day_part(text)
    day = parse_day(day_text, order=order)
    if not rest:
        return day
    try:
        clock, offset = _clock(rest)
        moment = datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{offset}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _no_moment(text) from error
    return _year_within(moment, text)


def parse_day(text: str, *, order: DayOrder | None) -> date:
    """The day that `text` spells.

    Raises:
        InvalidValue: as `parse_moment`.
    """
    spelt = text.strip()
    if found := _YEAR_FIRST.match(spelt):
        year, month, day = (int(each) for each in found.groups() if each is not None)
    elif found := _YEAR_LAST.match(spelt):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        is_day_first = found[2] == "." or order is DayOrder.DAY_FIRST or first == second
        if order is None and not is_day_first:
            raise InvalidValue(
                phrase("Expected a date whose day is known from its month, was {spelt}.", spelt=repr(shortened(spelt)))
            )
        day, month = (first, second) if is_day_first else (second, first)
    else:
        raise _no_moment(text)
    try:
        found_day = date(year, month, day)
    except ValueError as error:
        raise _no_moment(text) from error
    return _year_within(found_day, text)


def is_midnight(text: str) -> bool:
    """Whether a moment is written as midnight in UTC, as programs do that know only the day."""
    return bool(_MIDNIGHT.search(text))


def _day_part(text: str) -> tuple[str, str]:
    """The day, and what follows it."""
    spelt = text.strip()
    head, _, rest = spelt.replace("T", " ", 1).partition(" ")
    return head, rest.strip()


def _clock(text: str) -> tuple[time, str]:
    """The time, and its offset from UTC."""
    body, offset = text, "+00:00"
    if body.endswith(("Z", "z")):
        body = body[:-1]
    elif found := _OFFSET.search(body):
        body, offset = body[: found.start()], f"{found[1]}{found[2]}:{found[3] or '00'}"
    body = body.strip().replace(",", ".")
    if not _TIME.match(body):
        raise ValueError(body)
    return time.fromisoformat(body.zfill(len(body) + (body[1] == ":"))), offset


def _year_within[D: date](day: D, text: str) -> D:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidValue(
            phrase(
                "Expected a year from {first_year} to {last_year}, was {text}.",
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
                text=repr(shortened(text)),
            )
        )
    return day


def _no_moment(text: str) -> InvalidValue:
    return InvalidValue(
        phrase(
            "Expected a date such as 2021-09-16 or a time such as 2021-09-16T14:30:00Z, was {text}.",
            text=repr(shortened(text)),
        )
    )
