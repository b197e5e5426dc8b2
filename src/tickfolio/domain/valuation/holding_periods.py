"""How long something was held, and whether that was long.

**Source**: docs/reference/definitions.md, section Holding period.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

MOST_MONTHS = 1200


class DayCount(StrEnum):
    """How the days of a holding period are counted.

    ACTUAL: the day of the closing − the day of the acquisition.
    INCLUSIVE: both of these days count.
    THIRTY_360: every month has 30 days, and a day 31 is a day 30: 30E/360 of the ISDA definitions of 2006, section 4.16 (g).
    """

    ACTUAL = "actual"
    INCLUSIVE = "inclusive"
    THIRTY_360 = "thirty_360"


@dataclass(frozen=True, slots=True)
class HoldingPeriods:
    """How a portfolio counts holding periods.

    Attributes:
        long_term_months: what is held for longer than so many months is held for long; 0: nothing is told apart.

    Raises:
        InvalidValue: the months are not between 0 and 1200.
    """

    day_count: DayCount = DayCount.ACTUAL
    long_term_months: int = 12

    def __post_init__(self) -> None:
        if not 0 <= self.long_term_months <= MOST_MONTHS:
            raise InvalidValue(
                phrase(
                    "Expected 0 to {most_months} months, was {long_term_months}.",
                    most_months=MOST_MONTHS,
                    long_term_months=self.long_term_months,
                )
            )

    @property
    def tells_terms(self) -> bool:
        """Whether short and long are told apart."""
        return self.long_term_months > 0

    def days(self, acquired: date, closed: date) -> int:
        """The days from `acquired` to `closed`.

        >>> HoldingPeriods(DayCount.THIRTY_360).days(date(2024, 1, 31), date(2024, 2, 29))
        29
        """
        match self.day_count:
            case DayCount.ACTUAL:
                return (closed - acquired).days
            case DayCount.INCLUSIVE:
                return (closed - acquired).days + 1
            case DayCount.THIRTY_360:
                return 30 * (_month(closed) - _month(acquired)) + min(closed.day, 30) - min(acquired.day, 30)
            case _:
                assert_never(self.day_count)

    def is_long_term(self, acquired: date, closed: date) -> bool:
        """Whether `closed` is later than the same day so many months after `acquired`.

        Where that month lacks the day, as of 29 February, it is the first of the next month.

        >>> HoldingPeriods().is_long_term(date(2020, 2, 29), date(2021, 3, 1))
        False
        """
        if not self.tells_terms:
            return False
        # In months and days, since the day may be after the last one that a date can be.
        month, day = _month(acquired) + self.long_term_months, acquired.day
        if day > monthrange(month // 12, month % 12 + 1)[1]:
            month, day = month + 1, 1
        return (_month(closed), closed.day) > (month, day)


DEFAULT_PERIODS = HoldingPeriods()


def _month(day: date) -> int:
    """The months before it, from the year 0 on."""
    return 12 * day.year + day.month - 1
