"""Returns, gains and flows of a span.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from tickfolio.domain.explain.definitions import RETURNS
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Input, Unit, one, several, unexplained
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT
from tickfolio.domain.performance.mwr import DAYS_A_YEAR, MoneyWeighted
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.span_figures import SpanFigures, span_figures
from tickfolio.domain.performance.spans import ONE_DAY
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.words import phrase

ZERO = Decimal(0)
SOLVED_WITHIN = Decimal("1e-9")
"""How far from 0 the net present value at a solved rate may be, of all that was discounted."""


def figures_of(span: Measured) -> SpanFigures:
    """What the span comes to."""
    return span_figures(span.days, opening=span.opening_value)


def time_weighted(span: Measured) -> Explained:
    """The time-weighted return of the span."""
    found = figures_of(span)
    name = phrase("Time-weighted return of {name}, {dates}", name=span.name, dates=_dates(span))
    if isinstance(found.twr, NotAvailable):
        return unexplained(name, found.twr, Unit.FRACTION, RETURNS)
    return Explained(
        name=name,
        value=found.twr,
        unit=Unit.FRACTION,
        formula="Π(periods) − 1",
        words=phrase("The growths of the stretches between flows, linked."),
        definition=RETURNS,
        make_inputs=lambda: [several("periods", span.periods(0, len(span.days) - 1))],
        notes=tuple(_notes(found)),
        is_gain=True,
    )


def annual_return(span: Measured) -> Explained:
    """The time-weighted return a year."""
    found = figures_of(span)
    name = phrase("Time-weighted return a year of {name}, {dates}", name=span.name, dates=_dates(span))
    if isinstance(found.annual, NotAvailable):
        return unexplained(name, found.annual, Unit.FRACTION, RETURNS)
    return Explained(
        name=name,
        value=found.annual,
        unit=Unit.FRACTION,
        formula=f"(1 + return)^({DAYS_A_YEAR} ÷ days) − 1",
        words=phrase("What a year comes to that, year after year, comes to the return of the span."),
        definition=RETURNS,
        make_inputs=lambda: [one("return", time_weighted(span)), one("days", _count(span.first, found.days))],
        is_gain=True,
    )


def money_weighted_return(span: Measured) -> Explained:
    """The money-weighted return as it is shown: a year or, of a shorter span, for the period."""
    found = figures_of(span).mwr
    name = phrase("Money-weighted return of {name}, {dates}", name=span.name, dates=_dates(span))
    if isinstance(found, NotAvailable):
        return unexplained(name, found, Unit.FRACTION, RETURNS)
    return _solved(span, found, name)


def _solved(span: Measured, found: MoneyWeighted, name: str) -> Explained:
    is_yearly = found.days >= DAYS_A_YEAR
    whole = DAYS_A_YEAR if is_yearly else found.days
    dated = list(_dated_flows(span))
    first = min(day for day, _ in dated)
    since = [(day - first).days for day, _ in dated]
    growth = Decimal(1 + found.shown)
    worth = sum(
        abs(_decimal(flow)) / growth ** (Decimal(days) / whole) for days, (_, flow) in zip(since, dated, strict=True)
    )
    within = Decimal(f"{worth * SOLVED_WITHIN:.3g}")
    if is_yearly:
        words = phrase("The one rate a year at which all that was paid in is worth what came back and what is there.")
    else:
        words = phrase(
            "The one rate for the whole period at which all that was paid in is worth what came back and what is there."
        )

    def inputs() -> list[Input]:
        found_inputs = [
            several("flows", [flow for _, flow in dated]),
            several("days", [_count(first, days) for days in since]),
        ]
        return found_inputs if is_yearly else [*found_inputs, one("period", _count(first, whole))]

    return Explained(
        name=name,
        value=found.shown,
        unit=Unit.FRACTION,
        formula=f"Σ(flows ÷ (1 + rate)^(days ÷ {DAYS_A_YEAR if is_yearly else 'period'})) = 0 ± {within:f}",
        words=words,
        definition=RETURNS,
        make_inputs=inputs,
        is_gain=True,
    )


def _dated_flows(span: Measured) -> Iterator[tuple[date, Explained]]:
    """The value at the start, negative, what was paid in and got back, and the value at the end; as `investor_flows` has them."""
    value = span.opening_value
    before = span.first - ONE_DAY
    if value:
        yield (
            before,
            _negative(
                phrase("Value at the end of {before}", before=before), value, one("value", span.whole_value(-1)), span
            ),
        )
    for number, day in enumerate(span.days):
        paid = EXACT.subtract(EXACT.subtract(day.value, value), day.gain)
        if paid:
            yield day.day, _paid(span, number, paid)
        value = day.value
    if value:
        yield span.last, span.whole_value(len(span.days) - 1)


def _negative(name: str, value: Decimal, of: Input, span: Measured) -> Explained:
    words = phrase("What is there at the start counts as paid in then.")
    return Explained(name, value.copy_negate(), span.base, f"−{of.symbol}", words, RETURNS, lambda: [of])


def _paid(span: Measured, number: int, paid: Decimal) -> Explained:
    day = span.days[number]
    name = phrase("Paid in on {day}", day=day.day) if paid > 0 else phrase("Paid out on {day}", day=day.day)
    if exact_sum(flow.amount for flow in day.flows) == paid:
        return Explained(
            name,
            paid.copy_negate(),
            span.base,
            "out − in",
            phrase("What was paid in is negative, as an investor sees it."),
            RETURNS,
            lambda: [
                one("out", span.flow_sum([number], comes_in=False)),
                one("in", span.flow_sum([number], comes_in=True)),
            ],
        )
    return Explained(
        name,
        paid.copy_negate(),
        span.base,
        "before + gain − value",
        phrase("What rows come with whose value was not known before counts as paid in."),
        RETURNS,
        lambda: [
            one("before", span.whole_value(number - 1)),
            one("gain", stretch_gain(span, number, number)),
            one("value", span.whole_value(number)),
        ],
    )


def span_gain(span: Measured) -> Explained:
    """What was gained in the span."""
    stretches = _stretches(span.days)
    name = phrase("Gain of {name}, {dates}", name=span.name, dates=_dates(span))
    if len(stretches) == 1:
        return stretch_gain(span, 0, len(span.days) - 1, name=name, notes=tuple(_incomplete(figures_of(span))))
    return Explained(
        name=name,
        value=figures_of(span).gain,
        unit=span.base,
        formula="Σ(stretches)",
        words=phrase("The gains of the stretches over which the same rows have a value."),
        definition=RETURNS,
        make_inputs=lambda: [several("stretches", [stretch_gain(span, *each) for each in stretches])],
        notes=tuple(_incomplete(figures_of(span))),
        is_gain=True,
    )


def _stretches(days: Sequence[ValuedDay]) -> list[tuple[int, int]]:
    found = [(0, 0)]
    for number in range(1, len(days)):
        if days[number - 1].closing == days[number].opening:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def stretch_gain(span: Measured, first: int, last: int, *, name: str = "", notes: tuple[str, ...] = ()) -> Explained:
    """What was gained on consecutive days over which the same rows have a value."""
    numbers = list(range(first, last + 1))
    begins, ends = span.days[first], span.days[last]
    when = f"{begins.day}" if first == last else phrase("{first} to {last}", first=begins.day, last=ends.day)
    return Explained(
        name=name or phrase("Gain {when}", when=when),
        value=exact_sum(span.days[number].gain for number in numbers),
        unit=span.base,
        formula="closing − opening − in + out",
        words=phrase("The change in value, less what came in, and what went out."),
        definition=RETURNS,
        make_inputs=lambda: [
            one("closing", span.closing(last)),
            one("opening", span.opening(first)),
            one("in", span.flow_sum(numbers, comes_in=True)),
            one("out", span.flow_sum(numbers, comes_in=False)),
        ],
        notes=notes,
        is_gain=True,
    )


def span_flows(span: Measured) -> Explained:
    """What came over the border in the span less what left."""
    numbers = list(range(len(span.days)))
    return Explained(
        name=phrase("Flows of {name}, {dates}", name=span.name, dates=_dates(span)),
        value=figures_of(span).net_flow,
        unit=span.base,
        formula="in − out",
        words=phrase("What came over the border, less what left."),
        definition=RETURNS,
        make_inputs=lambda: [
            one("in", span.flow_sum(numbers, comes_in=True)),
            one("out", span.flow_sum(numbers, comes_in=False)),
        ],
    )


def _dates(span: Measured) -> str:
    return phrase("{first} to {last}", first=span.first, last=span.last) if span.first != span.last else f"{span.first}"


def _count(first: date, days: int) -> Fact:
    name = phrase("Days from {first} to {last}", first=first, last=first + timedelta(days=days))
    return Fact(FactKind.CALENDAR, name, Decimal(days), Unit.DAYS)


def _decimal(flow: Explained) -> Decimal:
    assert isinstance(flow.value, Decimal)
    return flow.value


def _notes(found: SpanFigures) -> Iterator[str]:
    if found.skipped:
        yield phrase(
            "Nothing was there that could earn on {ranges}; these days are skipped.",
            ranges=", ".join(_ranges(found.skipped)),
        )
    yield from _incomplete(found)


def _incomplete(found: SpanFigures) -> Iterator[str]:
    if found.incomplete:
        days = f"{found.incomplete} day{'' if found.incomplete == 1 else 's'}"
        yield phrase("On {days} a row without a value is left out.", days=days)


def _ranges(days: Iterable[date]) -> list[str]:
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] + ONE_DAY == day:
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return [
        f"{first}" if first == last else phrase("{first} to {last}", first=first, last=last) for first, last in found
    ]
