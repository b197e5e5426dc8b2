"""Answers to questions about returns, risk and benchmarks of a scenario, by the engine alone.

**Source**: docs/reference/scenario-format.md, section Returns, risk and benchmark, and docs/reference/definitions.md, sections
Returns, Risk and Benchmark.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cached_property

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.touches import counts_from
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT
from tickfolio.domain.performance import risk
from tickfolio.domain.performance.benchmark import Benchmark, in_coins, unit_events
from tickfolio.domain.performance.contribution import contributions
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.mwr import MoneyWeighted, money_weighted
from tickfolio.domain.performance.series import PortfolioSeries, ValuedDay, growth_of, portfolio_series
from tickfolio.domain.performance.span_figures import index_of
from tickfolio.domain.performance.twr import ONE, RATES, FlowValue, annualised
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan
from tickfolio.errors import InvalidValue
from tickfolio.services.scenario_spans import NoFigure, book_of
from tickfolio.statements.scenario.reading import Question, Scenario
from tickfolio.words import phrase

ZERO = Decimal(0)
MOST_DAYS = 200 * 366
_SHOWN = Context(prec=30, rounding=ROUND_HALF_EVEN)

type Flow = tuple[datetime, Decimal]
"""What came in, negative where it left, and when."""
type Index = list[tuple[date, Decimal]]


def is_a_return(figure: str) -> bool:
    """Whether `figure` is one that this module answers."""
    return figure in _FIGURES


class ScenarioReturns:
    """The days of a scenario, worked out once for all its questions."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._scopes: dict[tuple[Symbol | None, AccountId | None, bool], Scope] = {}
        self._benchmarks: dict[Symbol, Benchmark] = {}

    def figure(self, question: Question) -> Decimal:
        """What a question asks for.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
            MissingRate, NoFigure: it is not available.
        """
        found = _FIGURES[question.figure](_Span(self, question))
        if isinstance(found, NotAvailable):
            raise NoFigure(found.reason)
        return Decimal(repr(found)) if isinstance(found, float) else _SHOWN.plus(found)

    @cached_property
    def days(self) -> Days:
        """From the first transaction to the last day that anything is told or asked of."""
        scenario = self._scenario
        begins = [counts_from(each) for each in scenario.transactions]
        if not begins:
            raise NoFigure(phrase("nothing was booked"))
        ends = [self.last_told, *(self.day_of(each.at) for each in scenario.questions if each.at is not None)]
        first = self.day_of(min(begins))
        last = max(first, *ends)
        if (last - first).days > MOST_DAYS:
            raise NoFigure(phrase("from {first} to {last} are more days than are worked out", first=first, last=last))
        return Days(first, last, scenario.zone)

    @cached_property
    def last_told(self) -> date:
        """The last day with a transaction or a price."""
        return self.day_of(self._scenario.end - timedelta(days=1))

    @cached_property
    def series(self) -> PortfolioSeries:
        """All rows over all days."""
        scenario = self._scenario
        book, days = book_of(scenario), self.days
        live = LivePortfolio(book, days=OneSpan(days.begins[0]))
        live.ledgers(rates=scenario.rates, at=days.ends[-1])
        return portfolio_series(
            book,
            live,
            days,
            closes={symbol: self._closes(symbol) for symbol in scenario.prices},
            rates=scenario.rates,
            valued_flows={flow: FlowValue(value) for flow, value in scenario.flow_valuations.items()},
        )

    def day_of(self, at: datetime) -> date:
        """The day of a moment in the owner's time zone."""
        return at.astimezone(self._scenario.zone).date()

    def scope(self, question: Question, *, is_part: bool = False) -> Scope:
        """What a question is about; as a part of the portfolio a holding has its receivables with it."""
        symbol, account = question.symbol, question.account
        key = symbol, account, is_part
        if key not in self._scopes:

            def is_of_it(row: ValueRow) -> bool:
                is_asked = symbol in (None, row.symbol) and account in (None, row.account)
                return is_asked and (symbol is None or is_part or row.key.startswith("h:"))

            is_whole = symbol is None and account is None
            days = self.series.whole() if is_whole else self.series.part(is_of_it)
            self._scopes[key] = Scope(self.series, [row for row in self.series.rows if is_of_it(row)], days)
        return self._scopes[key]

    def price_days(self, symbol: Symbol) -> set[date]:
        """The days on which a price of an instrument is given."""
        return {self.day_of(point.at) for point in self._scenario.prices.get(symbol, ())}

    def benchmark(self, symbol: Symbol) -> Benchmark:
        """An instrument of the scenario, with its splits and what it paid."""
        found = self._benchmarks.get(symbol)
        if found is None:
            scenario, currency = self._scenario, self._scenario.instruments[symbol].currency
            rates = BaseRates(currency, scenario.rates)
            try:
                splits, dividends = unit_events(
                    (fact.action for fact in scenario.actions if fact.action.symbol == symbol),
                    begins_at=lambda day: datetime.combine(day, time(0), tzinfo=UTC),
                    converted=lambda amount, paid_in, at: EXACT.multiply(amount, rates.rate(paid_in, at)),
                )
            except InvalidValue as not_followed:
                raise NoFigure(str(not_followed)) from not_followed
            found = self._benchmarks[symbol] = Benchmark(
                self._closes(symbol),
                currency=currency,
                base=scenario.base,
                rates=scenario.rates,
                splits=splits,
                dividends=dividends,
            )
        return found

    def _closes(self, symbol: Symbol) -> CloseHistory:
        points = self._scenario.prices.get(symbol, ())
        return CloseHistory([point.at for point in points], [point.price for point in points])


@dataclass(frozen=True, slots=True)
class Scope:
    """Some rows of a portfolio, with their days."""

    series: PortfolioSeries
    rows: Sequence[ValueRow]
    days: Sequence[ValuedDay]

    def value(self, place: int) -> Decimal:
        """At the end of a day; nothing before the first.

        Raises:
            NoFigure: something has no value then.
        """
        if place < 0:
            return ZERO
        if any(not row.is_known[place] for row in self.rows):
            raise NoFigure(_unknown(self.days[place].day))
        return self.days[place].value

    def flows(self, first: int, last: int) -> list[Flow]:
        """All that crossed the border from one day to another, in order, also of rows without a price.

        Raises:
            NoFigure: something did whose value is not known.
        """
        rows, net = {row.key: row for row in self.rows}, dict[tuple[datetime, str], Decimal]()
        for place in range(first, last + 1):
            for leg in self.series.legs.get(place, ()):
                row = rows.get(leg.key)
                if row is not None:
                    if not leg.value and not row.is_known[place]:
                        raise NoFigure(_unknown(self.days[place].day))
                    of = leg.at, leg.transaction
                    net[of] = EXACT.add(net.get(of, ZERO), leg.value)
        ordered = sorted(net.items(), key=lambda each: each[0][0])
        return [(at, amount) for (at, _), amount in ordered if amount]

    def covered(self, first: int, last: int) -> Sequence[ValuedDay]:
        """The days from one to another, all of which must be known.

        Raises:
            NoFigure: one is not.
        """
        days = self.days[first : last + 1]
        for day in days:
            if day.left_out:
                raise NoFigure(_unknown(day.day))
        return days


def _unknown(day: date) -> str:
    return phrase("a price or an exchange rate is not given by the end of {day}", day=day)


class _Span:
    """What a question is about, over its days."""

    def __init__(self, returns: ScenarioReturns, question: Question) -> None:
        self._returns, self._question = returns, question
        days = returns.days
        until = returns.last_told if question.at is None else returns.day_of(question.at)
        since = days.days[0] if question.since is None else max(returns.day_of(question.since), days.days[0])
        if until < since:
            raise NoFigure(phrase("the span ends before it begins, or before anything was booked"))
        self._first, self._last = bisect_left(days.days, since), bisect_left(days.days, until)
        self._scope = returns.scope(question)

    # ---------- Returns ----------

    def twr(self) -> Decimal:
        return RATES.subtract(self._growth(), ONE)

    def twr_annualised(self) -> Decimal | NotAvailable:
        found = annualised(self._growth(), days=self._last - self._first + 1)
        return NotAvailable(phrase("a span of less than 365 days is not annualised")) if found is None else found

    def mwr(self) -> float | NotAvailable:
        found = self._money_weighted()
        return found if isinstance(found, NotAvailable) else found.shown

    def mwr_annual(self) -> float | NotAvailable:
        found = self._money_weighted()
        return found if isinstance(found, NotAvailable) else found.annual

    def contribution(self) -> float:
        question = self._question
        if question.symbol is None and question.account is None:
            raise NoFigure(phrase("a contribution is of a symbol or an account"))
        whole = self._returns.scope(replace(question, symbol=None, account=None)).covered(self._first, self._last)
        rows = {row.key for row in self._returns.scope(question, is_part=True).rows}
        series, place = self._returns.series, slice(self._first, self._last + 1)
        gains = {key: of_row[place] for key, of_row in series.gains().items() if key in rows}
        return math.fsum(contributions(whole, gains, minor_unit=series.base.minor_unit).parts.values())

    def _growth(self) -> Decimal:
        days = self._scope.covered(self._first, self._last)
        if all(day.is_skipped for day in days):
            raise NoFigure(phrase("nothing was there that could earn"))
        return growth_of(days)

    def _money_weighted(self) -> MoneyWeighted | NotAvailable:
        days, scope = self._returns.days, self._scope
        flows = [(days.days[self._first] - timedelta(days=1), scope.value(self._first - 1).copy_negate())]
        for at, amount in scope.flows(self._first, self._last):
            flows.append((self._returns.day_of(at), amount.copy_negate()))
        flows.append((days.days[self._last], scope.value(self._last)))
        return money_weighted(flows)

    # ---------- Risk ----------

    def max_drawdown(self) -> Decimal | NotAvailable:
        found = risk.max_drawdown(self._index())
        return found if isinstance(found, NotAvailable) else found.depth

    def volatility(self) -> float | NotAvailable:
        return risk.volatility(self._session_returns())

    def downside_deviation(self) -> float | NotAvailable:
        return risk.downside_deviation(self._session_returns())

    def sharpe(self) -> float | NotAvailable:
        return risk.sharpe(self._session_returns(), risk_free=self._risk_free)

    def sortino(self) -> float | NotAvailable:
        return risk.sortino(self._session_returns(), risk_free=self._risk_free)

    def value_at_risk(self) -> float | NotAvailable:
        return risk.value_at_risk(self._session_returns())

    def expected_shortfall(self) -> float | NotAvailable:
        return risk.expected_shortfall(self._session_returns())

    @property
    def _risk_free(self) -> float:
        return float(self._question.risk_free)

    def _index(self) -> Index:
        """What 1 became by the end of each day, beginning with the day before the span."""
        return index_of(self._scope.covered(self._first, self._last))

    def _session_returns(self) -> list[float]:
        return list(risk.session_returns(self._index(), self._sessions()).values())

    def _sessions(self) -> set[date]:
        """The days with a price of what is held, and the day before the span where something was there already."""
        days = self._scope.days
        found = set(self._priced_days())
        if days[self._first].opening:
            found.add(days[self._first].day - timedelta(days=1))
        return found

    def _priced_days(self) -> Iterator[date]:
        for row in self._scope.rows:
            if row.key.startswith("h:") and row.symbol is not None:
                given = self._returns.price_days(row.symbol)
                for place in range(self._first, self._last + 1):
                    is_held = row.values[max(place - 1, 0) : place + 1].any()
                    if is_held and self._scope.days[place].day in given:
                        yield self._scope.days[place].day

    # ---------- Benchmark ----------

    def beta(self) -> float | NotAvailable:
        found = self._regression()
        return found if isinstance(found, NotAvailable) else found.beta

    def alpha(self) -> float | NotAvailable:
        found = self._regression()
        return found if isinstance(found, NotAvailable) else found.alpha

    def benchmark_twr(self) -> Decimal | NotAvailable:
        since = self._began_at()
        grown = self._benchmark().growth(since, self._returns.days.ends[self._last])
        return grown if isinstance(grown, NotAvailable) else RATES.subtract(grown, ONE)

    def benchmark_value(self) -> Decimal | NotAvailable:
        flows = self._scope.flows(self._first, self._last)
        opening = self._scope.value(self._first - 1)
        if opening:
            flows.insert(0, (self._start, opening))
        value = self._benchmark().value_of(flows, until=self._returns.days.ends[self._last])
        places = self._returns.series.base.minor_unit
        return value if isinstance(value, NotAvailable) else in_coins(value, places=places)

    @property
    def _start(self) -> datetime:
        return self._returns.days.begins[self._first] - datetime.resolution

    def _began_at(self) -> datetime:
        """The end of the day before the span or, where nothing was there yet, the first flow in it."""
        if self._scope.value(self._first - 1):
            return self._start
        flows = self._scope.flows(self._first, self._last)
        if not flows:
            raise NoFigure(phrase("nothing was there that could earn"))
        return flows[0][0]

    def _regression(self) -> risk.Regression | NotAvailable:
        benchmark, own = self._benchmark(), self._index()
        sessions = self._sessions()
        common = {day for day in sessions if day < own[1][0]} | (sessions & self._benchmark_days())
        ends = dict(zip(self._returns.days.days, self._returns.days.ends, strict=True))
        other: Index = []
        for day in sorted(common):
            worth = benchmark.worth(ends.get(day, self._start))
            if isinstance(worth, NotAvailable):
                return worth
            other.append((day, worth))
        return risk.regression(
            risk.session_returns(own, common), risk.session_returns(other, common), risk_free=self._risk_free
        )

    def _benchmark_days(self) -> set[date]:
        symbol = self._question.benchmark
        return set() if symbol is None else self._returns.price_days(symbol)

    def _benchmark(self) -> Benchmark:
        if self._question.benchmark is None:
            raise NoFigure(phrase("no benchmark is named"))
        return self._returns.benchmark(self._question.benchmark)


_FIGURES: dict[str, Callable[[_Span], Decimal | float | NotAvailable]] = {
    name: getattr(_Span, name)
    for name in (
        *("twr", "twr_annualised", "mwr", "mwr_annual", "contribution"),
        *("max_drawdown", "volatility", "downside_deviation", "sharpe", "sortino"),
        *("value_at_risk", "expected_shortfall"),
        *("beta", "alpha", "benchmark_twr", "benchmark_value"),
    )
}
