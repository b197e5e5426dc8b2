"""Where the figures of the performance page are explained."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlencode

from tickfolio.services.performance import Asked, PartBy, Performance, Scope
from tickfolio.services.performance_parts import CASH
from tickfolio.web.month_texts import MonthText, YearText
from tickfolio.web.performance_texts import PartText

OF_THE_SPAN = (
    *("twr", "annual", "mwr", "gain", "flows", "volatility", "downside", "sharpe", "sortino", "var", "es", "drawdown"),
)
BESIDE_A_BENCHMARK = ("beta", "alpha", "benchmark", "benchmark-value")
_MONTHS = 12


def explained(found: Performance, *, portfolio_id: str) -> Mapping[str, str]:
    """The address of each figure's explanation, by its name with no other signs than letters and _."""
    part, span, asked = _part(found.asked.scope), found.span, found.asked
    query = _span(asked) | part
    links = {figure: _address(portfolio_id, figure, query) for figure in OF_THE_SPAN}
    if found.benchmark is not None:
        beside = query | {"against": found.benchmark.symbol}
        links |= {name.replace("-", "_"): _address(portfolio_id, name, beside) for name in BESIDE_A_BENCHMARK}
    if span.first > found.begun:
        links["opening"] = _address(portfolio_id, "value", {"as_of": span.before.isoformat()} | part)
    as_of = {} if span.last == found.today else {"as_of": span.last.isoformat()}
    links["closing"] = _address(portfolio_id, "value", as_of | part)
    return links


# ---------- Months and years ----------

type LinkedMonth = tuple[MonthText, str]
type LinkedYear = tuple[YearText, list[LinkedMonth], str]


def linked_years(years: Iterable[YearText], found: Performance, *, portfolio_id: str) -> list[LinkedYear]:
    """The rows of the heat map, and where each cell that has a return is explained."""

    def return_of(first: date, last: date, so_far: str) -> str:
        span = {"span": so_far} if last >= found.today else {"from": first.isoformat(), "to": last.isoformat()}
        return _address(portfolio_id, "twr", span | _part(found.asked.scope))

    def month(year: int, number: int) -> str:
        last = date(year, number, monthrange(year, number)[1])
        return return_of(last.replace(day=1), last, "mtd") if (year, number) in found.months else ""

    return [
        (
            each,
            [(text, month(each.year, number)) for number, text in enumerate(each.months, start=1)],
            return_of(date(each.year, 1, 1), date(each.year, _MONTHS, 31), "ytd"),
        )
        for each in years
    ]


# ---------- Parts ----------


def linked_parts(
    parts: Iterable[PartText], found: Performance, *, portfolio_id: str
) -> list[tuple[PartText, str, str]]:
    """The rows of what made the return, and where the points and the gain of each are explained.

    A point is of the return of the whole portfolio: those of a part's own parts are not explained.
    """
    scope, by = found.asked.scope, found.asked.by
    linked = []
    for part in parts:
        query = _span(found.asked) | _part(scope) | _part(Scope(by, part.key))
        is_whole = scope.by is None
        points = _address(portfolio_id, "contribution", query) if part.is_part and is_whole else ""
        linked.append((part, points, _address(portfolio_id, "gain", query) if part.is_part else ""))
    return linked


# ---------- Addresses ----------


def _address(portfolio_id: str, figure: str, query: Mapping[str, str]) -> str:
    return f"/portfolios/{portfolio_id}/explain/{figure}/?{urlencode(query)}"


def _span(asked: Asked) -> dict[str, str]:
    if asked.first is not None and asked.last is not None:
        return {"from": asked.first.isoformat(), "to": asked.last.isoformat()}
    return {"span": asked.name.value}


def _part(scope: Scope) -> dict[str, str]:
    if scope.by is None:
        return {}
    if scope.by is PartBy.HOLDING:
        currency, _, cash = scope.key.partition(" ")
        return {"class": CASH, "currency": currency} if cash == CASH else {"symbol": scope.key}
    return {scope.by.value: scope.key}
