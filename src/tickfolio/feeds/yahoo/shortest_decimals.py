"""Decimals out of Yahoo's binary numbers: the shortest one that Yahoo's own rounding makes into the number that was sent.

Yahoo keeps prices as binary numbers of 32 bits. The stream sends them so; HTTP answers write them out as numbers of 64 bits,
so that 189.20 reads 189.1999969482422. In a history they were divided by the ratios of later splits before that.

All numbers here are finite and below `feeds.numbers.LARGEST`.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from struct import Struct

from tickfolio.domain.money import MAX_PRICE_PLACES, ROUNDING, decimal_places, has_at_most, rounded, trimmed

PLACES_OF_AMOUNTS = 6
"""To how many places Yahoo rounds what it does not keep in 32 bits, such as dividends that splits divided."""
DIGITS_AS_MEANT = 12
"""A number of 64 bits that is written with no more digits is what Yahoo means; one with more carries noise."""
_CERTAIN_DIGITS = 6
"""Decimals of up to so many digits are told apart by 32 bits, so no shorter one need be tried."""
_FLOAT32 = Struct("<f")
_AS_FLOAT32 = _FLOAT32.pack
_SIGNIFICANT = [Context(prec=max(1, digits)) for digits in range(18)]


@lru_cache(maxsize=8192)
def decimal_of_float32(value: float) -> Decimal:
    """The shortest decimal that is nearer to `value`, a finite number of 32 bits, than to any other such number.

    It has `MAX_PRICE_PLACES` places at most. Every decimal of up to 6 digits comes back as it was written; 9 digits tell any
    two such numbers apart.

    >>> decimal_of_float32(190.1199951171875), decimal_of_float32(94745.078125)
    (Decimal('190.12'), Decimal('94745.08'))
    """
    wire = _AS_FLOAT32(value)
    text = ""
    for form in (".6g", ".7g", ".8g", ".9g"):
        text = format(value, form)
        if _AS_FLOAT32(float(text)) == wire:
            break
    return _bounded(Decimal(text))


def without_noise(number: Decimal, *, places: int) -> Decimal:
    """What Yahoo means by a number of an HTTP answer; noise is rounded to `places`, but no coarser than to 6 places.

    >>> without_noise(Decimal("189.1999969482422"), places=2), without_noise(Decimal("189.20000000000002"), places=2)
    (Decimal('189.2'), Decimal('189.20'))
    >>> without_noise(Decimal("90147.6171875"), places=2), without_noise(Decimal("90147.617"), places=2)
    (Decimal('90147.62'), Decimal('90147.617'))
    """
    value = float(number)
    if Decimal(value) == number and _is_float32(value):
        # Written out to its last digit, which of large numbers are few.
        return min(decimal_of_float32(value), number, key=decimal_places)
    if len(number.as_tuple().digits) <= DIGITS_AS_MEANT:
        return number
    if _is_float32(value):
        return decimal_of_float32(value)
    finest = min(max(places, PLACES_OF_AMOUNTS, _CERTAIN_DIGITS - 1 - number.adjusted()), MAX_PRICE_PLACES)
    return trimmed(rounded(number, places=finest), places=places)


def as_paid(number: Decimal, ratio: Fraction, *, places: int) -> Decimal:
    """A price or an amount as it was before Yahoo divided it by `ratio`: new units for one old, of all later splits.

    It is the shortest decimal that, divided by the ratio, is the number that Yahoo wrote: 37.75 was divided by 112, and
    came as 0.3370535671710968; multiplied back, that is 37.74999952.

    >>> as_paid(Decimal("0.3370535671710968"), Fraction(112), places=2), as_paid(Decimal("0.094643"), Fraction(28), places=2)
    (Decimal('37.75'), Decimal('2.65'))
    """
    if ratio == 1:
        return without_noise(number, places=places)
    new, old = Decimal(ratio.numerator), Decimal(ratio.denominator)
    exact = ROUNDING.divide(ROUNDING.multiply(number, new), old)
    value = float(number)
    if not _is_float32(value):
        return _shortest_near(exact, within=ROUNDING.divide(ROUNDING.multiply(_half_a_unit(number, places), new), old))
    wire = _AS_FLOAT32(value)
    for digits in range(_CERTAIN_DIGITS, 9):
        paid = _SIGNIFICANT[digits].plus(exact)
        if _AS_FLOAT32(float(ROUNDING.divide(ROUNDING.multiply(paid, old), new))) == wire:
            return _bounded(paid.normalize(ROUNDING))
    return _bounded(_SIGNIFICANT[9].plus(exact).normalize(ROUNDING))


def _half_a_unit(number: Decimal, places: int) -> Decimal:
    """By how much a number of 64 bits may be off: half of the last place that Yahoo writes."""
    last = min(max(decimal_places(number), PLACES_OF_AMOUNTS), max(places, PLACES_OF_AMOUNTS))
    return Decimal(5).scaleb(-last - 1)


def _shortest_near(exact: Decimal, *, within: Decimal) -> Decimal:
    for context in _SIGNIFICANT[1:]:
        paid = context.plus(exact)
        if abs(paid - exact) <= within:
            return _bounded(paid.normalize(ROUNDING))
    return _bounded(exact)


def _bounded(number: Decimal) -> Decimal:
    return number if has_at_most(MAX_PRICE_PLACES, number) else rounded(number, places=MAX_PRICE_PLACES)


def _is_float32(value: float) -> bool:
    return bool(_FLOAT32.unpack(_AS_FLOAT32(value)) == (value,))
