"""What was given or received for something, and how a part of it is relieved.

**Source**: docs/reference/definitions.md, sections Numbers and Cost basis and lots.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.money import EXACT, ROUNDING, Money

RELIEF_PLACES = 18
_RELIEF_UNIT = Decimal(1).scaleb(-RELIEF_PLACES)


def portion(total: Decimal, *, part: Decimal, whole: Decimal) -> Decimal:
    """The share of `total` that goes with `part` of `whole`; the caller leaves `total` − it with what remains.

    Rounded once, half-even, to 18 places, and never more than `total`; all of `total` with all of `whole`.
    Expects 0 ≤ part ≤ whole.

    >>> portion(Decimal("100.00"), part=Decimal(1), whole=Decimal(3))
    Decimal('33.333333333333333333')
    """
    if part == whole:
        return total
    if total == whole:
        return part
    share = ROUNDING.divide(EXACT.multiply(total, part), whole).quantize(_RELIEF_UNIT, context=ROUNDING)
    # A total with more than 18 places can be less than its rounded share.
    return min(share, total)


@dataclass(frozen=True, slots=True)
class Consideration:
    """What was given or received, or what is left of it: unsigned, at one moment.

    Attributes:
        stated: the amount in the currency of the trade.
        settled: what really moved instead, where that was another currency.
        rate: units of the settled currency for one of the stated, as really paid, where the broker states it.
    """

    at: datetime
    stated: Money
    settled: Money | None = None
    rate: Decimal | None = None

    @property
    def moved(self) -> Money:
        """What moved in cash."""
        return self.stated if self.settled is None else self.settled

    def divided(self, *, part: Decimal, whole: Decimal) -> tuple[Consideration, Consideration]:
        """What goes with `part` of `whole`, and what remains; both add up to this one, exactly."""
        stated, left = _divided(self.stated, part, whole)
        if self.settled is None:
            return Consideration(self.at, stated), Consideration(self.at, left)
        settled, settled_left = _divided(self.settled, part, whole)
        taken = Consideration(self.at, stated, settled, self.rate)
        return taken, Consideration(self.at, left, settled_left, self.rate)


def _divided(money: Money, part: Decimal, whole: Decimal) -> tuple[Money, Money]:
    share = portion(money.amount, part=part, whole=whole)
    return Money(share, money.currency), Money(EXACT.subtract(money.amount, share), money.currency)
