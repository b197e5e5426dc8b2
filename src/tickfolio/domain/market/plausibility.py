"""Whether a price can be believed before the quote book takes it. Nothing here changes a price: it is taken, or held back.

**Source**: docs/reference/definitions.md, section Price quality.

A jump beyond `jump_limit` waits for a confirmation: another feed's price near it, the same feed's answer to a question (which
comes another way than its stream), or else the same price for `APART` on end. Whoever is asked meanwhile and still says the
price of before contradicts it: then time alone confirms nothing, and no feed its own price against another one's.

One by a factor of `WILD` or more (pence for pounds, a wrong symbol) is not confirmed by the feed that said it, since it would
repeat its mistake: it needs another feed, or the operator's word.

One by the ratio of a common split may be right and still not be believed: if units are not split with it, every value is
wrong. No feed's word tells a split from a crash, so it waits for the time in which a split would be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import assert_never

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

SPLIT_RATIOS = tuple(map(Decimal, ("1.5", "2", "3", "4", "5", "6", "7", "8", "10", "15", "20", "25", "30", "50")))
"""New units for old ones, or the other way round, as companies choose them. Smaller ones are within what markets move."""
SPLIT_ASKED = timedelta(minutes=5)
"""For how long a price that may be a split's waits at least: for so long feeds are asked whether there was one."""
SPLIT_UNTOLD = timedelta(minutes=15)
"""After how long without a split being told the price is believed from the feed that says it; never from `WILD` on."""


class Doubt(StrEnum):
    """Why a price is held back."""

    JUMP = "jump"
    WILD_JUMP = "wild jump"
    SPLIT = "perhaps a split"
    CURRENCY = "another currency"


@dataclass(frozen=True, slots=True)
class HeldPrice:
    """A price that waits for a confirmation.

    Attributes:
        reference: the price that it was compared with.
        count: how many prices of this doubt came since.
        since: when the doubt began, by our own clock (UTC); None where only the market's time of the price is known.
        contradicted_by: the feeds that were asked, and say the price of before.
    """

    price: Decimal
    reference: Decimal
    source: str
    source_time: datetime
    doubt: Doubt
    count: int = 1
    since: datetime | None = None
    contradicted_by: frozenset[str] = frozenset()


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


def doubt_of(
    price: Decimal, *, reference: Decimal | None, limit: Decimal, split_limit: Decimal | None = None
) -> Doubt | None:
    """What speaks against `price`, compared with the last one that was believed; None where nothing does.

    Prices are above zero. Without a reference nothing can be said, and the price is taken.

    Args:
        split_limit: as `limit`, for a move by the ratio of a split; None where the instrument has none.
    """
    if reference is None:
        return None
    moved = ROUNDING.divide(abs(ROUNDING.subtract(price, reference)), reference)
    # Nearly every price of a day ends here.
    if moved <= min(LEAST_JUMP, limit):
        return None
    factor = _factor(price, reference)
    if split_limit is not None and moved > split_limit and any(is_near(factor, ratio) for ratio in SPLIT_RATIOS):
        return Doubt.SPLIT
    if factor >= WILD:
        return Doubt.WILD_JUMP
    return Doubt.JUMP if moved > limit else None


def may_confirm(held: HeldPrice, *, source: str, at: datetime, is_answer: bool = False) -> bool:
    """Whether a price of `source` that came `at` (our clock, UTC) could make a held one believable, if it is near.

    Args:
        is_answer: it was asked for, and is none of the stream.
    """
    is_another = source != held.source
    waited = at - (held.since or held.source_time)
    match held.doubt:
        case Doubt.JUMP:
            if is_another:
                return True
            if is_answer:
                return held.contradicted_by <= {source}
            return not held.contradicted_by and waited >= APART
        case Doubt.WILD_JUMP:
            return is_another
        case Doubt.SPLIT:
            is_wild = _factor(held.price, held.reference) >= WILD
            return waited >= SPLIT_ASKED if is_another else not is_wild and waited >= SPLIT_UNTOLD
        case Doubt.CURRENCY:
            return False
        case _:
            assert_never(held.doubt)


def confirms(price: Decimal, *, source: str, at: datetime, held: HeldPrice, is_answer: bool = False) -> bool:
    """Whether a further price makes a held one believable; as `may_confirm`."""
    return is_near(price, held.price) and may_confirm(held, source=source, at=at, is_answer=is_answer)


def contradicts(price: Decimal, held: HeldPrice) -> bool:
    """Whether a price is that of before, and not the one that is held back."""
    return is_near(price, held.reference) and not is_near(price, held.price)


def is_near(price: Decimal, other: Decimal, *, tolerance: Decimal = NEAR) -> bool:
    """Whether two prices differ by no more than `tolerance`, as a part of the second."""
    return ROUNDING.divide(abs(ROUNDING.subtract(price, other)), other) <= tolerance


def _factor(price: Decimal, other: Decimal) -> Decimal:
    """How many times the smaller of two prices is in the larger."""
    return ROUNDING.divide(max(price, other), min(price, other))
