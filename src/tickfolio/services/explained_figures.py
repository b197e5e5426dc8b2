"""The figures that can be explained, by the names that addresses have for them, and what each asks for.

**Source**: docs/reference/explained-figures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from tickfolio.domain.calendars import parse_day
from tickfolio.domain.explain.benchmarks import REGRESSION, benchmark_return, benchmark_value, regression_figure
from tickfolio.domain.explain.chosen import Chosen
from tickfolio.domain.explain.closed import BESIDES, besides
from tickfolio.domain.explain.contributed import contribution
from tickfolio.domain.explain.costs import cost_of_rows, row_cost, row_unrealized, unrealized_of_rows
from tickfolio.domain.explain.day_parts import PARTS
from tickfolio.domain.explain.days import TOTAL, day_of_rows, row_day
from tickfolio.domain.explain.finished_days import SIDES, finished_day, finished_row
from tickfolio.domain.explain.gain_parts import (
    REALIZED,
    cash_currency,
    lot_figure,
    realized_figure,
    row_unrealized_currency,
    row_unrealized_price,
    unrealized_currency_of_rows,
    unrealized_price_of_rows,
)
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained
from tickfolio.domain.explain.percentages import (
    day_percent_of_rows,
    row_day_percent,
    row_unrealized_percent,
    unrealized_percent_of_rows,
)
from tickfolio.domain.explain.returns import annual_return, money_weighted_return, span_flows, span_gain, time_weighted
from tickfolio.domain.explain.risks import MEASURES, drawdown, risk_figure
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import row_value, value_of_rows
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.performance.spans import Span, SpanName, chosen_span, named_span
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.valuation import Row
from tickfolio.domain.valuation.windows import day_ends
from tickfolio.errors import InvalidValue
from tickfolio.services.explained_parts import PART, part_of
from tickfolio.services.explanation_ground import Ground
from tickfolio.words import phrase

type Params = Mapping[str, str]
PARAMS = ("as_of", "span", "from", "to", "year", *PART, "lot", "against")
_CHARACTERS_SHOWN = 40


def figure_of(ground: Ground, figure: str, params: Params) -> Explained:
    """The figure of that name.

    Raises:
        InvalidValue: there is none, or what it is asked of is not there.
    """
    if figure in _OF_A_DAY and (day := _finished(ground, params)) is not None:
        return _of_a_day(ground, day, figure, params)
    if figure in _OF_A_MOMENT:
        return _OF_A_MOMENT[figure](_standing(ground, params), params)
    if figure in _OF_A_SPAN:
        return _OF_A_SPAN[figure](_measured(ground, params))
    if figure == CONTRIBUTION:
        return contribution(_measured(ground, {**params, **dict.fromkeys(PART, "")}), _a_part(ground, params))
    if figure in MEASURES:
        return _risk(ground, figure, params)
    if figure in OF_A_BENCHMARK:
        return _of_a_benchmark(ground, figure, params)
    raise InvalidValue(
        phrase(
            "Expected one of the figures {figures}, was {figure}.",
            figures=", ".join(FIGURES),
            figure=repr(figure[:_CHARACTERS_SHOWN]),
        )
    )


# ---------- Of a moment ----------


def _standing(ground: Ground, params: Params) -> Standing:
    day = _finished(ground, params)
    return ground.now if day is None else ground.standings.at(day_ends(day, ground.book.zone))


def _finished(ground: Ground, params: Params) -> date | None:
    """The finished day that is asked for; None of now."""
    asked = params.get("as_of", "")
    day = parse_day(asked) if asked else ground.today
    if day > ground.today:
        raise InvalidValue(
            phrase("Expected a day up to {today}, the market's today, was {day}.", today=ground.today, day=day)
        )
    return None if day == ground.today else day


def _chosen(book: PortfolioBook, params: Params) -> tuple[Chosen, str]:
    """The rows that are asked for, and what they are together; a part that is not there at the moment has none."""
    _, name = part_of(book, params)
    symbol, kind, currency, account = (params.get(each, "") for each in ("symbol", "class", "currency", "account"))
    return Chosen(account, symbol, kind, currency), name


def _row(standing: Standing, key: str) -> Row:
    row = standing.row(key)
    if row is None:
        raise InvalidValue(
            phrase("Expected a row that is there at the moment, was {key}.", key=repr(key[:_CHARACTERS_SHOWN]))
        )
    return row


def _of_rows(
    of_row: Callable[[Standing, Row], Explained],
    of_rows: Callable[..., Explained],
    standing: Standing,
    params: Params,
) -> Explained:
    if key := params.get("row", ""):
        return of_row(standing, _row(standing, key))
    chosen, name = _chosen(standing.book, params)
    return of_rows(standing, chosen.rows(standing.valuation.rows), name=name)


def _day_part(part: str, standing: Standing, params: Params) -> Explained:
    return _of_rows(partial(row_day, part=part), partial(day_of_rows, part=part), standing, params)


def _of_a_day(ground: Ground, day: date, figure: str, params: Params) -> Explained:
    """What a finished day gained, as the attribution has it."""
    if figure == DAY_PERCENT:
        raise InvalidValue(
            phrase("Expected the day of now: of a finished day there is the figure twr with from= and to=.")
        )
    if ground.begun is None or day < ground.begun:
        raise InvalidValue(phrase("Expected a day since the first transaction, was {day}.", day=day))
    part, found = _OF_A_DAY[figure], ground.finished(day)
    if key := params.get("row", ""):
        if key not in found.contributions and key not in found.left_out:
            raise InvalidValue(
                phrase("Expected a row of {day}, was {key}.", day=day, key=repr(key[:_CHARACTERS_SHOWN]))
            )
        return finished_row(found, key, part)
    chosen, name = _chosen(ground.book, params)
    return finished_day(found, chosen, part, name=name)


def _side(_standing: Standing, _params: Params) -> Explained:
    raise InvalidValue(phrase("Expected a finished day with as_of=, was now."))


def _of_a_year(make: Callable[[Standing, Wanted], Explained], standing: Standing, params: Params) -> Explained:
    part_of(standing.book, params)
    account, symbol = params.get("account") or None, params.get("symbol") or None
    if params.get("class") or params.get("currency"):
        raise InvalidValue(
            phrase("Expected a sum of the gains report of an account or a symbol, was of a class or a currency.")
        )
    asked = params.get("year") or ALL_YEARS
    if asked != ALL_YEARS and not (asked.isascii() and asked.isdigit() and len(asked) == _YEAR_DIGITS):
        raise InvalidValue(
            phrase("Expected a year such as 2012, or all, was {asked}.", asked=repr(asked[:_CHARACTERS_SHOWN]))
        )
    year = None if asked == ALL_YEARS else int(asked)
    wanted = Wanted(year, account and AccountId(account), symbol and Symbol(symbol))
    return make(standing, wanted)


def _realized(figure: str, standing: Standing, params: Params) -> Explained:
    if not (key := params.get("lot", "")):
        return _of_a_year(lambda standing, wanted: realized_figure(standing, figure, wanted), standing, params)
    found = lot_figure(standing, figure, key)
    if found is None:
        raise InvalidValue(
            phrase("Expected a closed lot of the gains report, was {key}.", key=repr(key[:_CHARACTERS_SHOWN]))
        )
    return found


def _besides(figure: str) -> Callable[[Standing, Wanted], Explained]:
    return lambda standing, wanted: besides(standing, figure, wanted)


ALL_YEARS = "all"
_YEAR_DIGITS = 4
DAY_PERCENT = "day-percent"
_OF_A_DAY = {"day": TOTAL, **{f"day-{part}": part for part in (*PARTS, *SIDES)}, DAY_PERCENT: ""}
_BY_ROWS: Mapping[str, Callable[[Standing, Params], Explained]] = {
    "value": partial(_of_rows, row_value, value_of_rows),
    "cost": partial(_of_rows, row_cost, cost_of_rows),
    "unrealized": partial(_of_rows, row_unrealized, unrealized_of_rows),
    "unrealized-price": partial(_of_rows, row_unrealized_price, unrealized_price_of_rows),
    "unrealized-currency": partial(_of_rows, row_unrealized_currency, unrealized_currency_of_rows),
    "unrealized-percent": partial(_of_rows, row_unrealized_percent, unrealized_percent_of_rows),
    "day": partial(_day_part, TOTAL),
    **{f"day-{part}": partial(_day_part, part) for part in PARTS},
    DAY_PERCENT: partial(_of_rows, row_day_percent, day_percent_of_rows),
    **{f"day-{side}": _side for side in SIDES},
}
_OF_A_MOMENT: Mapping[str, Callable[[Standing, Params], Explained]] = {
    **_BY_ROWS,
    **{each: partial(_realized, each) for each in REALIZED},
    **{each: partial(_of_a_year, _besides(each)) for each in BESIDES},
    "cash-currency": partial(_of_a_year, cash_currency),
}


# ---------- Of a span ----------


def _measured(ground: Ground, params: Params) -> Measured:
    begun = ground.begun
    if begun is None:
        raise InvalidValue(
            phrase("Expected a portfolio with a transaction that the market has reached, was one with none.")
        )
    span = _span(params, today=ground.today, begun=begun)
    keep, name = part_of(ground.book, params)
    return ground.measured(span, keep=keep, name=name)


def _a_part(ground: Ground, params: Params) -> Measured:
    if part_of(ground.book, params)[0] is None:
        raise InvalidValue(
            phrase("Expected a part that contributed to the return, such as symbol=AAPL, was the whole.")
        )
    return _measured(ground, params)


def _risk(ground: Ground, measure: str, params: Params) -> Explained:
    """Of the finished days, as the page of the performance has it."""
    span = _measured(ground, params)
    sessions, days = _sessions(ground, span, params), _days_over(ground, span)
    return risk_figure(replace(span, days=span.days[:days], places=span.places[:days]), measure, sessions)


def _sessions(ground: Ground, span: Measured, params: Params) -> frozenset[date] | None:
    """The days with a session; what was there before the span is where returns begin."""
    sessions = ground.sessions(part_of(ground.book, params)[0])
    return sessions | {span.start_day} if sessions is not None and span.opening_value else sessions


def _days_over(ground: Ground, span: Measured) -> int:
    """How many days of a span are over; one counts where there are no others."""
    return max(1, len(span.days) - (span.last == ground.today))


def _of_a_benchmark(ground: Ground, figure: str, params: Params) -> Explained:
    symbol = params.get("against", "")
    if not symbol:
        raise InvalidValue(
            phrase("Expected a benchmark, as in against=AAPL, was none; the portfolio remembers none either.")
        )
    followed, span = ground.followed(symbol), _measured(ground, params)
    match figure:
        case "benchmark":
            return benchmark_return(span, followed)
        case "benchmark-value":
            return benchmark_value(span, followed)
        case _:
            sessions = _sessions(ground, span, params)
            return regression_figure(span, followed, figure, sessions, days=_days_over(ground, span))


def _span(params: Params, *, today: date, begun: date) -> Span:
    if params.get("from") or params.get("to"):
        first = parse_day(params["from"]) if params.get("from") else begun
        last = parse_day(params["to"]) if params.get("to") else today
        return chosen_span(first, last, today=today, begun=begun)
    asked = params.get("span") or SpanName.ALL.value
    if asked not in {each.value for each in SpanName}:
        names = ", ".join(each.value for each in SpanName)
        raise InvalidValue(
            phrase(
                "Expected one of the spans {names}, was {asked}.", names=names, asked=repr(asked[:_CHARACTERS_SHOWN])
            )
        )
    return named_span(SpanName(asked), today=today, begun=begun)


_OF_A_SPAN: Mapping[str, Callable[[Measured], Explained]] = {
    "twr": time_weighted,
    "annual": annual_return,
    "mwr": money_weighted_return,
    "gain": span_gain,
    "flows": span_flows,
    "drawdown": drawdown,
}
CONTRIBUTION = "contribution"
OF_A_BENCHMARK = ("benchmark", "benchmark-value", *REGRESSION)
FIGURES = (*_OF_A_MOMENT, *_OF_A_SPAN, *MEASURES, *OF_A_BENCHMARK, CONTRIBUTION)
_DEPTHS = {**dict.fromkeys(_OF_A_MOMENT, 3), "day": 4}
_DEPTH_OF_A_SPAN = 2


def usual_depth(figure: str) -> int:
    """How deep the tree of a figure is shown at first: of a span down to the values and flows that it links."""
    return _DEPTHS.get(figure, _DEPTH_OF_A_SPAN)
