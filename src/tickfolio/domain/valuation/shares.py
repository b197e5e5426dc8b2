"""An amount shared out in proportion to weights.

**Source**: docs/reference/definitions.md, section Rebalancing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tickfolio.domain.money import EXACT, ROUNDING, rounded
from tickfolio.domain.valuation.day_change import exact_sum


def shared_out(amount: Decimal, weights: Sequence[Decimal], *, places: int) -> tuple[Decimal, ...]:
    """`amount` in proportion to `weights`, which are not below zero, each share rounded; they sum to `amount` exactly.

    >>> shared_out(Decimal("10.00"), [Decimal(1), Decimal(1), Decimal(1)], places=2)
    (Decimal('3.33'), Decimal('3.34'), Decimal('3.33'))
    """
    shares: list[Decimal] = []
    left, of = amount, exact_sum(weights)
    for weight in weights:
        # The last one that gets something takes what is left.
        is_last = weight == of
        shares.append(left if is_last else rounded(ROUNDING.divide(EXACT.multiply(left, weight), of), places=places))
        left, of = EXACT.subtract(left, shares[-1]), EXACT.subtract(of, weight)
    return tuple(shares)
