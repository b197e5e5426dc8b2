"""Whether a price can be believed before the quote book takes it. Nothing here changes a price: it is taken, or held back.

**Source**: docs/reference/definitions.md, section Price quality.

A jump beyond `jump_limit` waits for a confirmation: another feed's price near it, the same feed's answer to a question (which
comes another way than its stream), or else the same price for `APART` on end. One by a factor of `WILD` or more (pence for
pounds, a wrong symbol, an unknown split) is not confirmed by the feed that said it, since it would repeat its mistake: it
needs another feed, or the operator's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from tickfolio.domain.money import ROUNDING

LEAST_JUMP = Decimal("0.20")
DEVIATIONS = 8
CLOSES_NEEDED = 20
"""With fewer days, what is usual for an instrument is not known."""
WILD = Decimal("2.5")
NEAR = Decimal("0.05")
"""By how much a confirming price may differ from the one that it confirms."""
APART = timedelta(seconds=30)
"""For how long a feed must go on saying a price before it is believed without any other word: mistakes are said more than once."""


class Doubt(StrEnum):
    """Why a price is held back."""

    JUMP = "jump"
    WILD_JUMP = "wild jump"
    CURRENCY = "another currency"


@dataclass(frozen=True, slots=True)
class HeldPrice:
    """A price that waits for a confirmation.

    Attributes:
        reference: the price that it was compared with.
        count: how many prices of this doubt came since.
    """

    price: Decimal
    reference: Decimal
    source: str
    source_time: datetime
    doubt: Doubt
    count: int = 1


def jump_limit(closes: Sequence[Decimal]) -> Decimal:
    """How far a price may move from the last one before it is doubted, as a part of it: the larger of 20 % and 8 σ.

    σ is the standard deviation of the daily returns of `closes` (oldest first, on one basis of splits).

    >>> jump_limit([])
    Decimal('0.20')
    """
    if len(closes) < CLOSES_NEEDED:
        return LEAST_JUMP
    returns = [ROUNDING.divide(ROUNDING.subtract(later, earlier), earlier) for earlier, later in pairwise(closes)]
    mean = ROUNDING.divide(sum(returns, Decimal(0)), Decimal(len(returns)))
    squares = sum((ROUNDING.power(ROUNDING.subtract(one, mean), 2) for one in returns), Decimal(0))
    deviation = ROUNDING.sqrt(ROUNDING.divide(squares, Decimal(len(returns) - 1)))
    return max(LEAST_JUMP, ROUNDING.multiply(deviation, Decimal(DEVIATIONS)))


def doubt_of(price: Decimal, *, reference: Decimal | None, limit: Decimal) -> Doubt | None:
    """What speaks against `price`, compared with the last one that was believed; None where nothing does.

    Prices are above zero. Without a reference nothing can be said, and the price is taken.
    """
    if reference is None:
        return None
    factor = ROUNDING.divide(max(price, reference), min(price, reference))
    if factor >= WILD:
        return Doubt.WILD_JUMP
    moved = ROUNDING.divide(abs(ROUNDING.subtract(price, reference)), reference)
    return Doubt.JUMP if moved > limit else None


def confirms(price: Decimal, *, source: str, source_time: datetime, held: HeldPrice, is_answer: bool = False) -> bool:
    """Whether a further price makes a held one believable; `is_answer` where it was asked for and is none of the stream."""
    if not is_near(price, held.price):
        return False
    if source != held.source:
        return True
    return held.doubt is Doubt.JUMP and (is_answer or source_time - held.source_time >= APART)


def is_near(price: Decimal, other: Decimal, *, tolerance: Decimal = NEAR) -> bool:
    """Whether two prices differ by no more than `tolerance`, as a part of the second."""
    return ROUNDING.divide(abs(ROUNDING.subtract(price, other)), other) <= tolerance
