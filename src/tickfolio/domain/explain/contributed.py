"""What a part of a portfolio contributed to its return.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from tickfolio.domain.explain.definitions import RETURNS
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained, Unit, one, several
from tickfolio.domain.explain.returns import stretch_gain
from tickfolio.domain.money import EXACT
from tickfolio.domain.performance.twr import ONE, RATES
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.words import phrase


def contribution(whole: Measured, part: Measured) -> Explained:
    """What `part` contributed to the return of `whole`, over the same days."""
    weighed = list(_weighed(whole, part))
    coin = 10.0**-whole.standings.book.base.minor_unit
    value = math.fsum(float(gain) / coin * float(RATES.divide(index, invested)) for _, gain, index, invested in weighed)
    numbers = [number for number, *_ in weighed]
    return Explained(
        name=phrase("Contribution of {name}, {first} to {last}", name=part.name, first=whole.first, last=whole.last),
        value=value * coin,
        unit=Unit.FRACTION,
        formula="Σ(gains × index ÷ invested)",
        words=phrase(
            "What it gained on each day, by what all had grown to before and by what was invested in all on the day."
        ),
        definition=RETURNS,
        make_inputs=lambda: [
            several("gains", [stretch_gain(part, number, number) for number in numbers]),
            several("index", [_index(whole, number, index) for number, _, index, _ in weighed]),
            several("invested", [_invested(whole, number, invested) for number, _, _, invested in weighed]),
        ],
        notes=(phrase("Days on which it gained nothing are not listed."),),
        is_gain=True,
    )


def _weighed(whole: Measured, part: Measured) -> Iterator[tuple[int, Decimal, Decimal, Decimal]]:
    """The days that count: their number, what the part gained, what all had grown to before, and what was invested."""
    index = ONE
    for number, (day, own) in enumerate(zip(whole.days, part.days, strict=True)):
        if day.is_skipped:
            continue
        invested = EXACT.add(day.opening, exact_sum(flow.amount for flow in day.flows if flow.amount > 0))
        if invested > 0 and own.gain:
            yield number, own.gain, index, invested
        index = RATES.multiply(index, day.growth)


def _index(whole: Measured, number: int, index: Decimal) -> Explained:
    return Explained(
        phrase("Growth before {day}", day=whole.days[number].day),
        index,
        Unit.NUMBER,
        "Π(periods)",
        phrase("The growths of the stretches until then, linked."),
        RETURNS,
        lambda: [several("periods", whole.periods(0, number - 1))],
    )


def _invested(whole: Measured, number: int, invested: Decimal) -> Explained:
    return Explained(
        phrase("Invested on {day}", day=whole.days[number].day),
        invested,
        whole.base,
        "opening + in",
        phrase("What was there at the start of the day, and what came in."),
        RETURNS,
        lambda: [one("opening", whole.opening(number)), one("in", whole.flow_sum([number], comes_in=True))],
    )
