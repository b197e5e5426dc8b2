"""What was given or received for something, and how a part of it is relieved.

**Source**: docs/reference/definitions.md, sections Numbers and Cost basis and lots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from tickfolio.domain.money import EXACT, ROUNDING, Currency, Money
from tickfolio.domain.records import Record
from tickfolio.errors import InvalidValue, MissingRate
from tickfolio.words import phrase

RELIEF_PLACES = 18
_RELIEF_UNIT = Decimal(1).scaleb(-RELIEF_PLACES)
# A share has at most 18 digits before its point and 18 behind it: more digits of the quotient cost time and change nothing.
_QUOTIENT = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])


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
    share = _QUOTIENT.divide(EXACT.multiply(total, part), whole).quantize(_RELIEF_UNIT, None, _QUOTIENT)
    # A total with more than 18 places can be less than its rounded share.
    return min(share, total)


class Consideration(Record, frozen=True):
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

    @property
    def is_known(self) -> bool:
        """Whether it is known what was given; where it is not, `stated` is 0 and means nothing."""
        return True

    @property
    def is_plain(self) -> bool:
        """Whether it is one amount, and known."""
        return type(self) is Consideration and self.settled is None

    def divided(self, *, part: Decimal, whole: Decimal) -> tuple[Consideration, Consideration]:
        """What goes with `part` of `whole`, and what remains; both add up to this one, exactly."""
        at, currency, amount = self.at, self.stated.currency, self.stated.amount
        share = portion(amount, part=part, whole=whole)
        stated, left = Money(share, currency), Money(EXACT.subtract(amount, share), currency)
        if self.settled is None:
            return Consideration(at, stated), Consideration(at, left)
        settled, settled_left = _divided(self.settled, part, whole)
        return Consideration(at, stated, settled, self.rate), Consideration(at, left, settled_left, self.rate)

    def on_the_terms(self, other: Money) -> Consideration:
        """`other`, an amount of the same currency, as it would have moved at the same moment; rounded once to 18 places."""
        if self.settled is None or not self.stated.amount:
            return Consideration(self.at, other)
        moved = ROUNDING.divide(EXACT.multiply(self.settled.amount, other.amount), self.stated.amount)
        settled = Money(moved.quantize(_RELIEF_UNIT, context=ROUNDING), self.settled.currency)
        return Consideration(self.at, other, settled, self.rate)

    def plus(self, other: Consideration) -> Consideration:
        """Both together, where they moved at one moment on the same terms."""
        if self.settled is None or other.settled is None:
            return Consideration(self.at, self.stated + other.stated)
        return Consideration(self.at, self.stated + other.stated, self.settled + other.settled, self.rate)


class Unknown(Consideration, frozen=True):
    """What nobody said: the cost of units that were transferred in without it."""

    @property
    def is_known(self) -> bool:
        """It is not."""
        return False

    def divided(self, *, part: Decimal, whole: Decimal) -> tuple[Consideration, Consideration]:
        """A part of what is not known is not known."""
        del part, whole
        return self, self


class Pooled(Consideration, frozen=True):
    """Several considerations as one, in one currency; `at` is when the first was given.

    Attributes:
        base: what they were worth in the base currency, each at its own rate; None where a rate was missing.
    """

    base: Decimal | None = None

    def divided(self, *, part: Decimal, whole: Decimal) -> tuple[Consideration, Consideration]:
        """What goes with `part` of `whole`, and what remains; both add up to this one, exactly."""
        stated, left = _divided(self.stated, part, whole)
        base = base_left = None
        if self.base is not None:
            base = portion(self.base, part=part, whole=whole)
            base_left = EXACT.subtract(self.base, base)
        return Pooled(self.at, stated, base=base), Pooled(self.at, left, base=base_left)


type BaseValue = Callable[[Consideration], Decimal]
"""What a consideration was worth in the base currency; raises MissingRate where no source gives the rate."""


def no_base_value(consideration: Consideration) -> Decimal:
    """Where no base currency is known yet.

    Raises:
        MissingRate: always.
    """
    raise MissingRate(phrase("no exchange rate of {currency} is known yet", currency=consideration.stated.currency))


def pooled(first: Consideration | None, second: Consideration, base_value: BaseValue) -> Consideration:
    """Both as one.

    Raises:
        InvalidValue: they are in two currencies.
    """
    if first is None:
        return _pool_of(second, base_value)
    if not (first.is_known and second.is_known):
        return Unknown(first.at, first.stated)
    if first.stated.currency != second.stated.currency:
        raise InvalidValue(
            phrase(
                "Expected costs in {expected}, the currency of the first, where they are averaged, was one in {found}.",
                expected=first.stated.currency,
                found=second.stated.currency,
            )
        )
    one, other = _base_of(first, base_value), _base_of(second, base_value)
    base = None if one is None or other is None else EXACT.add(one, other)
    return Pooled(first.at, first.stated + second.stated, base=base)


def can_pool(pool: Consideration, cost: Consideration) -> bool:
    """Whether both can be one: where both are known they are in one currency."""
    return pool.stated.currency == cost.stated.currency or not (pool.is_known and cost.is_known)


def worth_of(amount: Money, value: Consideration, base_value: BaseValue) -> Pooled:
    """`amount`, which came in for `value`, as something that can be averaged with its like."""
    return Pooled(value.at, amount, base=_base_of(value, base_value))


def shared(consideration: Consideration, parts: Sequence[Decimal], whole: Decimal) -> list[Consideration]:
    """`consideration` divided among `parts`, which sum to `whole`; the last one takes what is left."""
    if len(parts) == 1:
        return [consideration]
    if consideration.is_plain:
        return _shared_amounts(consideration, parts, whole)
    shares = []
    left = consideration
    for part in parts:
        share, left = left.divided(part=part, whole=whole)
        whole = EXACT.subtract(whole, part)
        shares.append(share)
    return shares


def _shared_amounts(consideration: Consideration, parts: Sequence[Decimal], whole: Decimal) -> list[Consideration]:
    """The same where there is one amount: no value is made of what is left on the way."""
    at, currency, left = consideration.at, consideration.stated.currency, consideration.stated.amount
    shares = []
    for part in parts:
        amount = portion(left, part=part, whole=whole)
        left, whole = EXACT.subtract(left, amount), EXACT.subtract(whole, part)
        shares.append(Consideration(at, Money(amount, currency)))
    return shares


def nothing_in(currency: Currency, at: datetime) -> Consideration:
    """Nothing given."""
    return Consideration(at, Money(Decimal(0), currency))


def _pool_of(only: Consideration, base_value: BaseValue) -> Consideration:
    if isinstance(only, Pooled) or not only.is_known:
        return only
    return Pooled(only.at, only.stated, base=_base_of(only, base_value))


def _base_of(consideration: Consideration, base_value: BaseValue) -> Decimal | None:
    if isinstance(consideration, Pooled):
        return consideration.base
    try:
        return base_value(consideration)
    except MissingRate:
        return None


def _divided(money: Money, part: Decimal, whole: Decimal) -> tuple[Money, Money]:
    amount, currency = money.amount, money.currency
    share = portion(amount, part=part, whole=whole)
    return Money(share, currency), Money(EXACT.subtract(amount, share), currency)
