"""What each part of a portfolio contributed to its return over a period.

A day's gain of a part counts by what was invested then, and by what the portfolio had grown to before it, so that the
contributions sum to the return of the period, however long it is.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tickfolio.domain.money import EXACT
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.twr import ONE, RATES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Contributions:
    """Fractions that sum to the time-weighted return of the period: 0.012 is 1.2 percentage points of it.

    Attributes:
        parts: by the name of the part.
        timing: of days that were cut at a flow, what is not of any part: its gains within the day are known only together.
        weight: what one more unit of money gained on the last day adds to a part.
    """

    parts: Mapping[str, float]
    timing: float
    weight: float

    @property
    def total(self) -> float:
        """The return of the period."""
        return math.fsum((*self.parts.values(), self.timing))


def contributions(
    whole: Sequence[ValuedDay], gains: Mapping[str, NDArray[np.int64]], *, minor_unit: int
) -> Contributions:
    """What each part contributed over the days of `whole`.

    Args:
        gains: of each part on each of the days, in coins of which one has `minor_unit` places; together those of the whole.
    """
    import numpy as np

    weights = np.zeros(len(whole))
    index = ONE
    for place, day in enumerate(whole):
        if not day.is_skipped:
            invested = day.opening
            for flow in day.flows:
                if flow.amount > 0:
                    invested = EXACT.add(invested, flow.amount)
            if invested > 0:
                weights[place] = RATES.divide(index, invested)
            index = RATES.multiply(index, day.growth)
    summed = np.array(list(gains.values()), dtype=np.float64).reshape(len(gains), len(whole)) @ weights
    parts = dict(zip(gains, (summed * 10.0**-minor_unit).tolist(), strict=True))
    earned = float(RATES.subtract(index, ONE))
    timing = math.fsum((earned, *(-part for part in parts.values())))
    return Contributions(parts, timing, weight=float(weights[-1]))
