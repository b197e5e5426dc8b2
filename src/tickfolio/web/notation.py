"""How whoever is looking writes numbers and days: their preference, in force while their request is answered.

The twin in TypeScript is frontend/src/lib/notation.ts; a page tells it by the attribute `data-numbers` of its root.
What programs read, such as JSON values, files and the live protocol, knows nothing of this: it is plain decimals always.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.http import HttpRequest

from tickfolio.identity.models import Locale
from tickfolio.web.middlewares import answers_within
from tickfolio.words import marked_phrase, phrase


@dataclass(frozen=True, slots=True)
class Notation:
    """The marks of a number, and whether a day is written in figures alone."""

    locale: Locale
    decimal: str
    group: str
    has_days_in_figures: bool

    def marked(self, text: str) -> str:
        """A number that Python has grouped by commas, with these marks.

        >>> GERMAN.marked("1,234.56"), ENGLISH.marked("1,234.56")
        ('1.234,56', '1,234.56')
        """
        return text.translate({ord(","): self.group, ord("."): self.decimal})

    def day(self, day: date, *, is_short: bool = False) -> str:
        """A day, the same in every locale of the server; a short one fits into a table.

        >>> ENGLISH.day(date(2012, 9, 3)), ENGLISH.day(date(2012, 9, 3), is_short=True), GERMAN.day(date(2012, 9, 3))
        ('3 September 2012', '3 Sep 2012', '03.09.2012')
        """
        if self.has_days_in_figures:
            return f"{day:%d.%m.%Y}"
        return f"{day_and_month(day, is_short=is_short)} {day.year}"


MONTHS = (
    marked_phrase("January"),
    marked_phrase("February"),
    marked_phrase("March"),
    marked_phrase("April"),
    marked_phrase("May"),
    marked_phrase("June"),
    marked_phrase("July"),
    marked_phrase("August"),
    marked_phrase("September"),
    marked_phrase("October"),
    marked_phrase("November"),
    marked_phrase("December"),
)
SHORT_MONTHS = (
    marked_phrase("Jan"),
    marked_phrase("Feb"),
    marked_phrase("Mar"),
    marked_phrase("Apr"),
    marked_phrase("May"),
    marked_phrase("Jun"),
    marked_phrase("Jul"),
    marked_phrase("Aug"),
    marked_phrase("Sep"),
    marked_phrase("Oct"),
    marked_phrase("Nov"),
    marked_phrase("Dec"),
)
WEEKDAYS = (
    marked_phrase("Monday"),
    marked_phrase("Tuesday"),
    marked_phrase("Wednesday"),
    marked_phrase("Thursday"),
    marked_phrase("Friday"),
    marked_phrase("Saturday"),
    marked_phrase("Sunday"),
)


def day_and_month(day: date, *, is_short: bool = True) -> str:
    """A day without its year, its month by name in the reader's language.

    >>> day_and_month(date(2012, 9, 3)), day_and_month(date(2012, 9, 3), is_short=False)
    ('3 Sep', '3 September')
    """
    names = SHORT_MONTHS if is_short else MONTHS
    return phrase("{day} {month}", day=day.day, month=names[day.month - 1])


ENGLISH = Notation(Locale.ENGLISH, decimal=".", group=",", has_days_in_figures=False)
GERMAN = Notation(Locale.GERMAN, decimal=",", group=".", has_days_in_figures=True)
_NOTATIONS = {each.locale.value: each for each in (ENGLISH, GERMAN)}

_WRITTEN_DAY = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")

# Who is looking is asked for only when a figure is written: most answers, such as those of health checks, have none.
_in_force: ContextVar[Callable[[], Notation]] = ContextVar("notation", default=lambda: ENGLISH)


def notation() -> Notation:
    """What is in force here; English where nobody is known, as on the public pages."""
    return _in_force.get()()


def short_day(day: date) -> str:
    """A day as whoever is looking writes it, short enough for a sentence of figures."""
    return notation().day(day, is_short=True)


def with_days(text: str) -> str:
    """A text whose days are written as whoever is looking writes them; below here nobody knows who that is.

    >>> with_days("Cost of the lot of 2012-05-21"), with_days("Note 9999-99-99")
    ('Cost of the lot of 21 May 2012', 'Note 9999-99-99')
    """
    return _WRITTEN_DAY.sub(_day_of, text)


def _day_of(found: re.Match[str]) -> str:
    try:
        return short_day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


@contextmanager
def written_as(wanted: Notation) -> Iterator[None]:
    """Writes figures and days so, as long as the block lasts."""
    with _asked(lambda: wanted):
        yield


@contextmanager
def _asked(asked: Callable[[], Notation]) -> Iterator[None]:
    token = _in_force.set(asked)
    try:
        yield
    finally:
        _in_force.reset(token)


def notation_of(request: HttpRequest) -> Notation:
    """As the person of `request` prefers it; English for a visitor."""
    user = getattr(request, "user", None)
    locale = user.locale if user is not None and user.is_authenticated else ""
    return notation_by(locale)


def _once(request: HttpRequest) -> Callable[[], Notation]:
    """A page has ten thousand figures and one reader, who is asked for at most once."""
    return cache(lambda: notation_of(request))


def notation_by(locale: str) -> Notation:
    """That of a locale; English for one that there is none of."""
    return _NOTATIONS.get(locale, ENGLISH)


@answers_within
def person_notation(request: HttpRequest) -> AbstractContextManager[None]:
    """Lets every answer be written as its person prefers."""
    return _asked(_once(request))
