"""The spans over which figures are asked for, in days of the owner.

The value at the start is that of the end of the day before a span's first day, so that a week has seven days.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

ONE_DAY = timedelta(days=1)


class SpanName(StrEnum):
    """A span that ends today."""

    DAY = "1d"
    WEEK = "1w"
    MONTH_TO_DATE = "mtd"
    YEAR_TO_DATE = "ytd"
    YEAR = "1y"
    THREE_YEARS = "3y"
    FIVE_YEARS = "5y"
    ALL = "all"


_YEARS = {SpanName.YEAR: 1, SpanName.THREE_YEARS: 3, SpanName.FIVE_YEARS: 5}


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive days.

    Attributes:
        first, last: both included.
        name: None where the days were chosen.
        asked: the first day that was asked for: before `first` where the portfolio is younger.
    """

    first: date
    last: date
    name: SpanName | None
    asked: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> date:
        """The day at whose end the value at the start is taken."""
        return self.first - ONE_DAY

    @property
    def is_shorter(self) -> bool:
        """Whether the portfolio is younger than what was asked for."""
        return self.name is not SpanName.ALL and self.first > self.asked


def named_span(name: SpanName, *, today: date, begun: date) -> Span:
    """The span of that name that ends today, for a portfolio whose first day was `begun`.

    >>> named_span(SpanName.YEAR, today=date(2012, 5, 21), begun=date(2010, 1, 1)).first.isoformat()
    '2011-05-22'
    """
    asked = _first_day(name, today, begun)
    return Span(max(asked, begun), today, name, asked)


def chosen_span(first: date, last: date, *, today: date, begun: date) -> Span:
    """The days from `first` to `last`.

    Raises:
        InvalidValue: it ends before it begins, lies in the future or before there was anything.
    """
    if last < first:
        raise InvalidValue(
            phrase(
                "Expected a span that ends on or after its first day, was {first} to {last}.", first=first, last=last
            )
        )
    if last > today:
        raise InvalidValue(
            phrase(
                "Expected a span that ends by {today}, the market's today, was {first} to {last}.",
                today=today,
                first=first,
                last=last,
            )
        )
    if last < begun:
        raise InvalidValue(
            phrase(
                "Expected a span that reaches {begun}, the first day of the portfolio, was to {last}.",
                begun=begun,
                last=last,
            )
        )
    return Span(max(first, begun), last, None, first)


def _first_day(name: SpanName, today: date, begun: date) -> date:
    if name is SpanName.ALL:
        return begun
    if name is SpanName.DAY:
        return today
    if name is SpanName.WEEK:
        return today - 6 * ONE_DAY
    if name is SpanName.MONTH_TO_DATE:
        return today.replace(day=1)
    if name is SpanName.YEAR_TO_DATE:
        return today.replace(month=1, day=1)
    return _years_before(today, _YEARS[name]) + ONE_DAY


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February of a year that has none
        return day.replace(year=day.year - years, day=28)
