"""What each part of a portfolio contributed to its return over a period.

A day's gain of a part counts by what was invested then, and by what the portfolio had grown to before it, so that the
contributions sum to the return of the period, however long it is.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.twr import ONE, RATES

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Contributions:
    """Fractions that sum to the time-weighted return of the period: 0.012 is 1.2 percentage points of it.

    Attributes:
        parts: by the name of the part.
        timing: of days that were cut at a flow, what is not of any part: its gains within the day are known only together.
    """

    parts: Mapping[str, Decimal]
    timing: Decimal

    @property
    def total(self) -> Decimal:
        """The return of the period."""
        total = self.timing
        for part in self.parts.values():
            total = RATES.add(total, part)
        return total


def contributions(whole: Sequence[ValuedDay], parts: Mapping[str, Sequence[ValuedDay]]) -> Contributions:
    """What each of `parts`, which together are the whole, contributed over the days of `whole`."""
    found = dict.fromkeys(parts, ZERO)
    timing, index = ZERO, ONE
    for place, day in enumerate(whole):
        earned = RATES.multiply(index, RATES.subtract(day.growth, ONE))
        invested = _invested(day)
        if not day.is_skipped and invested is not None:
            # The gains of the parts by what was invested: of a day without a cut that is all of its return.
            for name, days in parts.items():
                gain = days[place].gain
                if gain:
                    share = RATES.divide(RATES.multiply(index, gain), invested)
                    found[name] = RATES.add(found[name], share)
                    earned = RATES.subtract(earned, share)
        timing = RATES.add(timing, earned)
        index = RATES.multiply(index, day.growth)
    return Contributions(found, timing)


def _invested(day: ValuedDay) -> Decimal | None:
    invested = day.opening
    for flow in day.flows:
        if flow.amount > 0:
            invested = RATES.add(invested, flow.amount)
    return invested if invested > 0 else None
