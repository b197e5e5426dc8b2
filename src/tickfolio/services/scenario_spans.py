"""Answers to questions about a day or another span of a scenario, by the engine alone.

**Source**: docs/reference/scenario-format.md, section Questions, and docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import EXACT, ROUNDING
from tickfolio.domain.valuation.attribution import Contribution, GainParts, summed
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.spans import SpanChange, span_change
from tickfolio.domain.valuation.valuation import Day, Worth
from tickfolio.domain.valuation.windows import report_day_start
from tickfolio.errors import TickfolioError
from tickfolio.statements.scenario.reading import Question, Scenario, in_force
from tickfolio.words import phrase


class NoFigure(TickfolioError, LookupError):
    """A figure that a scenario does not give the means for; the message is the reason."""

    code = "no_figure"


def is_of_a_span(figure: str) -> bool:
    """Whether `figure` is one that this module answers."""
    return figure in _PARTS or figure == "day_percent"


def span_figure(question: Question, scenario: Scenario) -> Decimal:
    """What a question about a span asks for: from its `from` or, without one, of the day of its `at`, all in coins.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
        InvalidValue: the span ends before it begins.
        NoFigure: a row that is asked for has no gain.
    """
    until = question.at or scenario.end
    begins = question.since if question.since is not None and question.figure not in _DAYS else None
    change = span_change(
        book_of(scenario),
        since=begins or report_day_start(until, scenario.zone),
        until=until,
        price_of=_prices(scenario),
        rates=scenario.rates,
    )
    asked = [each for each in change.contributions if _is_asked(each, question)]
    if change.left_out and question.symbol in (None, *(each.symbol for each in change.left_out)):
        raise NoFigure(change.left_out[0].reason)
    if question.figure == "day_percent":
        return _percent(change, asked, is_whole=question.symbol is None and question.account is None)
    return _PARTS[question.figure](summed(asked))


_PARTS: dict[str, Callable[[GainParts], Decimal]] = {
    "day_change": lambda parts: parts.total,
    **{
        f"{of}_{part}": attrgetter(part)
        for of in ("day", "attribution")
        for part in ("price", "trading", "currency", "income", "fees", "taxes")
    },
}
_DAYS = frozenset(name for name in (*_PARTS, "day_percent") if name.startswith("day_"))


def _percent(change: SpanChange, asked: list[Contribution], *, is_whole: bool) -> Decimal:
    """Of the value at the reference and what was bought, or what came over the border, since."""
    days = {row.key: row.worth.day for row in change.valuation.rows if isinstance(row.worth, Worth)}
    held = [day for each in asked if isinstance(day := days.get(each.key), Day)]
    of = exact_sum(day.opening if is_whole else day.reference for day in held)
    if of <= 0:
        raise NoFigure(phrase("the value at the reference is not above zero"))
    return ROUNDING.divide(EXACT.multiply(summed(asked).total, Decimal(100)), of)


def _is_asked(each: Contribution, question: Question) -> bool:
    return (
        question.account in (None, each.account)
        and question.symbol in (None, each.symbol)
        and question.currency in (None, each.currency)
    )


def book_of(scenario: Scenario) -> PortfolioBook:
    """What the scenario tells, without its prices."""
    return PortfolioBook(
        base=scenario.base,
        zone=scenario.zone,
        accounts=scenario.accounts,
        transactions=scenario.transactions,
        instruments=scenario.instruments,
    )


def _prices(scenario: Scenario) -> Callable[[Symbol, datetime], PriceInForce | None]:
    def price_of(symbol: Symbol, at: datetime) -> PriceInForce | None:
        point = in_force(scenario.prices.get(symbol, ()), at)
        return None if point is None else PriceInForce(point.price, point.at)

    return price_of
