"""The returns of months and years, as the cells of a heat map."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.money import rounded
from tickfolio.services.performance import Performance
from tickfolio.web.figures import percent_text

_HEAT = (Decimal(1), Decimal("2.5"))
"""From how many percent on a month has the second shade, and the third."""


@dataclass(frozen=True, slots=True)
class MonthText:
    """A cell of the heat map; `shade` is empty where there is no return, and `is_now` of the month that is not over."""

    text: str
    shade: str
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class YearText:
    """A row of the heat map."""

    year: int
    months: tuple[MonthText, ...]
    whole: str
    is_now: bool


def year_texts(found: Performance) -> tuple[YearText, ...]:
    """The rows, the newest year first."""
    return tuple(_year(found, year) for year in sorted(found.years, reverse=True))


def _year(found: Performance, year: int) -> YearText:
    is_now, today = year == found.today.year, found.today
    months = tuple(
        _month(found.months.get((year, month)), is_now=is_now and month == today.month) for month in range(1, 13)
    )
    return YearText(year, months, _bare_percent(found.years[year]), is_now=is_now)


def _month(earned: Decimal | None, *, is_now: bool) -> MonthText:
    if earned is None:
        return MonthText("·", "", is_now)
    percent = rounded(earned * 100, places=2)
    if not percent:
        return MonthText(_bare_percent(earned), "h-0", is_now)
    step = 1 + sum(abs(percent) >= limit for limit in _HEAT)
    return MonthText(_bare_percent(earned), f"h-{'p' if percent > 0 else 'n'}{step}", is_now)


def _bare_percent(fraction: Decimal) -> str:
    return percent_text(fraction * 100).removesuffix(" %")
