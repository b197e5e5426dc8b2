"""Percentages of a whole as they are shown: rounded so that they add up.

**Source**: docs/reference/definitions.md, section Allocation. The twin of frontend/src/cells/weights.ts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, ROUNDING, rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.words import phrase

PLACES = 1
_HUNDRED = Decimal(100)


def shown_weights(values: Sequence[Decimal], whole: Decimal) -> tuple[Decimal, ...] | NotAvailable:
    """100 × each of `values` ÷ `whole`, with 1 decimal, so that what is shown sums to what all of them are of the whole.

    Each is cut to its places, and what is lost goes to those that lost the most, the first ones first. Values that sum to the
    whole have weights that sum to 100.0; what is below zero has one below zero.

    >>> shown_weights([Decimal(1), Decimal(1), Decimal(1)], Decimal(3))
    (Decimal('33.4'), Decimal('33.3'), Decimal('33.3'))
    """
    if whole <= 0:
        return NotAvailable(phrase("the value of the whole is not above zero"))
    exact = [ROUNDING.divide(EXACT.multiply(value, _HUNDRED), whole) for value in values]
    step = Decimal(1).scaleb(-PLACES)
    cut = [each.quantize(step, rounding=ROUND_FLOOR, context=ROUNDING) for each in exact]
    together = rounded(ROUNDING.divide(EXACT.multiply(exact_sum(values), _HUNDRED), whole), places=PLACES)
    missing = int(EXACT.divide(EXACT.subtract(together, exact_sum(cut)), step))
    by_loss = sorted(range(len(cut)), key=lambda place: (-ROUNDING.subtract(exact[place], cut[place]), place))
    raised = set(by_loss[:missing])
    return tuple(EXACT.add(each, step) if place in raised else each for place, each in enumerate(cut))


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
