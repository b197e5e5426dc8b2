"""What the days of a span came to in a benchmark, and how returns follow those of it.

**Source**: docs/reference/definitions.md, sections Benchmark and Risk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from tickfolio.domain.explain.benchmark_levels import Levels
from tickfolio.domain.explain.definitions import BENCHMARK, RISK
from tickfolio.domain.explain.followed import Followed
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained, Input, Node, Unit, one, several, unexplained
from tickfolio.domain.explain.risks import session_nodes
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance import risk
from tickfolio.domain.performance.benchmark import INNER_PLACES, in_coins, index_of_worths
from tickfolio.domain.performance.span_figures import index_of
from tickfolio.domain.performance.twr import ONE, RATES
from tickfolio.words import phrase

REGRESSION = ("beta", "alpha")
_BETA = "Σ((own − mean(own)) × (other − mean(other))) ÷ Σ((other − mean(other))^2)"
_ALPHA = f"(mean(own) − beta × mean(other)) × {risk.SESSIONS_A_YEAR}"


def benchmark_return(span: Measured, followed: Followed) -> Explained:
    """What one unit of the benchmark became over the span."""
    name = phrase("Return of {symbol}, {first} to {last}", symbol=followed.symbol, first=span.first, last=span.last)
    ends, index = _ends(span), _index(span, followed)
    if isinstance(index, NotAvailable):
        return unexplained(name, index, Unit.FRACTION, BENCHMARK)
    levels = Levels(followed, ends[0])
    return Explained(
        name=name,
        value=RATES.subtract(index[-1][1], ONE),
        unit=Unit.FRACTION,
        formula="end ÷ start − 1",
        words=phrase("What one unit of it became, its dividends reinvested, by the rates in force."),
        definition=BENCHMARK,
        make_inputs=lambda: [one("end", levels.level(ends[-1])), one("start", levels.level(ends[0]))],
        is_gain=True,
    )


# ---------- The same flows ----------


def benchmark_value(span: Measured, followed: Followed) -> Explained:
    """What the flows of the span, and what was there at its start, would have come to in the benchmark."""
    name = phrase(
        "The flows of {name} in {symbol}, {first} to {last}",
        name=span.name,
        symbol=followed.symbol,
        first=span.first,
        last=span.last,
    )
    flows, until = _flows(span), _ends(span)[-1]
    dated = [(at, amount) for at, amount, _ in flows]
    value = followed.benchmark.value_of(dated, until=until)
    if isinstance(value, NotAvailable):
        return unexplained(name, value, span.base, BENCHMARK)
    places = span.standings.book.base.minor_unit
    levels = Levels(followed, min((at for at, _ in dated), default=until))
    return Explained(
        name=name,
        value=in_coins(value, places=places),
        unit=span.base,
        formula=f"round(round(units × level, {INNER_PLACES}), {places})",
        words=phrase("What they bought of it less what they sold, at its level at the end."),
        definition=BENCHMARK,
        make_inputs=lambda: [one("units", _units(followed, levels, flows)), one("level", levels.level(until))],
    )


def _units(followed: Followed, levels: Levels, flows: Sequence[_Flow]) -> Explained:
    units = followed.benchmark.units_of((at, amount) for at, amount, _ in flows)
    assert not isinstance(units, NotAvailable)
    return Explained(
        name=phrase("Units of {symbol} that the flows come to", symbol=followed.symbol),
        value=RATES.multiply(units, levels.unit),
        unit=Unit.NUMBER,
        formula="Σ(flows ÷ levels)",
        words=phrase("Each flow buys or sells it at its level of that moment."),
        definition=BENCHMARK,
        make_inputs=lambda: [
            several("flows", [node for _, _, node in flows]),
            several("levels", [levels.level(at) for at, _, _ in flows]),
        ],
    )


type _Flow = tuple[datetime, Decimal, Node]


def _flows(span: Measured) -> list[_Flow]:
    """What was there at the start, and what came and, negative, went in the order of time."""
    found: list[_Flow] = []
    if span.opening_value:
        found.append((_ends(span)[0], span.opening_value, span.whole_value(-1)))
    for number in range(len(span.days)):
        for at, transaction, amount in sorted(span.moved(number), key=lambda each: (each[0], each[2])):
            moved = span.flow(transaction, amount.copy_abs())
            found.append((at, amount, moved if amount > 0 else _negative(moved, amount, span.base)))
    return found


def _negative(moved: Node, amount: Decimal, base: str) -> Explained:
    words = phrase("What left sells the benchmark.")
    return Explained(moved.name, amount, base, "−out", words, BENCHMARK, lambda: [one("out", moved)])


# ---------- Beta and alpha ----------


def regression_figure(
    span: Measured, followed: Followed, figure: str, sessions: Collection[date] | None, *, days: int
) -> Explained:
    """Beta or alpha, of the sessions that both had.

    Args:
        figure: one of `REGRESSION`.
        sessions: the finished days with a session of something held; None: every day.
        days: how many of the span's are finished.
    """
    of = phrase(
        "of {name} beside {symbol}, {first} to {day}",
        name=span.name,
        symbol=followed.symbol,
        first=span.first,
        day=span.days[days - 1].day,
    )
    name, unit = f"{figure.capitalize()} {of}", Unit.FRACTION if figure == "alpha" else Unit.NUMBER
    index = _index(span, followed)
    if isinstance(index, NotAvailable):
        return unexplained(name, index, unit, RISK)
    own = index_of(span.days[:days])
    common = [day for day, _ in own if _counts(day, span, followed, sessions)]
    returns, other = risk.session_returns(own, common), risk.session_returns(index, common)
    found = risk.regression(returns, other)
    if isinstance(found, NotAvailable):
        return unexplained(name, found, unit, RISK)

    def inputs() -> list[Input]:
        beside = _session_nodes(span, followed, pairwise(common), {day: other[day] for day in returns})
        return [several("own", session_nodes(span, returns, common)), several("other", beside)]

    words = phrase(
        "The covariance of the returns of both from session to session, by the variance of those of the benchmark."
    )
    beta = Explained(phrase("Beta {of}", of=of), found.beta, Unit.NUMBER, _BETA, words, RISK, inputs)
    if figure == "beta":
        return beta
    words = phrase(
        "The mean return beyond what beta explains, for a year of 252 sessions; the risk-free rate is taken as 0."
    )
    return Explained(
        name, found.alpha, unit, _ALPHA, words, RISK, lambda: [*beta.inputs, one("beta", beta)], is_gain=True
    )


def _counts(day: date, span: Measured, followed: Followed, sessions: Collection[date] | None) -> bool:
    """Whether both had a session on a day; what was there before the span is where returns begin."""
    is_own = sessions is None or day in sessions
    return is_own and (day in followed.sessions or day == span.start_day)


def _session_nodes(
    span: Measured, followed: Followed, sessions: Iterable[tuple[date, date]], returns: Mapping[date, float]
) -> Iterator[Explained]:
    """The returns of the benchmark from each session to the next."""
    ends = dict(zip(_days(span), _ends(span), strict=True))
    levels = Levels(followed, ends[span.start_day])
    for before, day in sessions:
        if day in returns:
            yield _session(followed, day, returns[day], levels.level(ends[day]), levels.level(ends[before]))


def _session(followed: Followed, day: date, value: float, end: Explained, start: Explained) -> Explained:
    return Explained(
        name=phrase("Return of {symbol} on {day}", symbol=followed.symbol, day=day),
        value=value,
        unit=Unit.FRACTION,
        formula="end ÷ start − 1",
        words=phrase("What it became since the session before that both had."),
        definition=BENCHMARK,
        make_inputs=lambda: [one("end", end), one("start", start)],
        is_gain=True,
    )


# ---------- Days ----------


def _index(span: Measured, followed: Followed) -> tuple[tuple[date, Decimal], ...] | NotAvailable:
    return index_of_worths(_days(span), map(followed.benchmark.worth, _ends(span)))


def _days(span: Measured) -> list[date]:
    return [span.start_day, *(day.day for day in span.days)]


def _ends(span: Measured) -> list[datetime]:
    """The last moment of the day before the span, and that of each of its days; the day that is not over ends now."""
    first, until = span.places[0], span.standings.until
    before = first.piece.days.begins[first.number] - datetime.resolution
    return [before, *(min(place.piece.days.ends[place.number], until) for place in span.places)]
