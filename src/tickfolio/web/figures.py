"""Figures as text, the same way as the page's scripts write them: grouped by thousands, fixed decimals, a true minus.

The marks are those of whoever is looking (notation.py); the examples are what an English reader sees.
The twin in TypeScript is frontend/src/lib/decimal.ts; both read tests/contract/figures.json.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal

from tickfolio.web.notation import notation

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EM DASH}"
# Wide enough that rounding for display is the only loss.
_DISPLAY = Context(prec=100, rounding=ROUND_HALF_EVEN)

type Direction = Literal["up", "down", "flat", "none"]


def price_text(value: Decimal | None, *, places: int) -> str:
    """A price with at least `places` decimals, and with all that it has; a dash where there is none.

    >>> price_text(Decimal("12345.5"), places=2), price_text(Decimal("44.495"), places=2)
    ('12,345.50', '44.495')
    """
    if value is None:
        return DASH
    return _written(_rounded(value, places=max(places, _places_needed(value))))


def signed_text(value: Decimal | None, *, places: int) -> str:
    """As `price_text`, with a plus on a gain; zero has no sign.

    >>> signed_text(Decimal("27.05"), places=2), signed_text(Decimal("-0.00"), places=2)
    ('+27.05', '0.00')
    """
    if value is None:
        return DASH
    text = price_text(abs(value), places=places)
    if not value:
        return text
    return f"{MINUS}{text}" if value < 0 else f"+{text}"


def percent_text(value: Decimal | None) -> str:
    """A signed percentage with 2 decimals; what rounds to zero has no sign.

    >>> percent_text(Decimal("5.1")), percent_text(Decimal("-0.001"))
    ('+5.10 %', '0.00 %')
    """
    return DASH if value is None else f"{signed_text(_rounded(value, places=2), places=2)} %"


def rounded_text(value: Decimal | None, *, places: int) -> str:
    """Rounded half-even to `places`, where a figure need not be whole, such as an exchange rate.

    >>> rounded_text(Decimal("0.786101721563"), places=5)
    '0.78610'
    """
    return DASH if value is None else _written(_rounded(value, places=places))


def money_text(value: Decimal | None) -> str:
    """An amount with the places that it has, which are those of its currency's smallest coin; a dash where there is none.

    >>> money_text(Decimal("145479.20")), money_text(Decimal("-1234"))
    ('145,479.20', '−1,234')
    """
    return DASH if value is None else _written(value or abs(value))


def money_pieces(value: Decimal | None) -> tuple[str, str]:
    """As `money_text`, in two pieces: the digits before the decimal mark, and those from it on, which can be dimmed.

    >>> money_pieces(Decimal("145479.20")), money_pieces(Decimal("-1234"))
    (('145,479', '.20'), ('−1,234', ''))
    """
    whole, mark, cents = money_text(value).partition(notation().decimal)
    return whole, f"{mark}{cents}"


def percent_of(fraction: float) -> Decimal:
    """A fraction in percent, with all digits that the binary number shows.

    >>> percent_of(0.1234)
    Decimal('12.3400')
    """
    return Decimal(repr(fraction)) * 100


def count_text(count: int) -> str:
    """How many, grouped.

    >>> count_text(12345)
    '12,345'
    """
    return notation().marked(f"{count:,}").replace("-", MINUS)


def signed_money_text(value: Decimal | None) -> str:
    """As `money_text`, with a plus on a gain; zero has no sign.

    >>> signed_money_text(Decimal("623.44")), signed_money_text(Decimal("0.00"))
    ('+623.44', '0.00')
    """
    return f"+{money_text(value)}" if value is not None and value > 0 else money_text(value)


def money_direction(value: Decimal | None) -> Direction:
    """Which arrow stands before an amount."""
    if value is None:
        return "none"
    return "up" if value > 0 else "down" if value < 0 else "flat"


def part_of(value: Decimal | None, whole: Decimal | None, *, places: int = 2) -> Decimal | None:
    """100 × `value` ÷ `whole`, rounded half-even to `places`; None where `whole` is not above zero.

    >>> part_of(Decimal("1"), Decimal("8"), places=1), part_of(Decimal("1"), Decimal("0"))
    (Decimal('12.5'), None)
    """
    if value is None or whole is None or whole <= 0:
        return None
    return _half_even_quotient(value * 100, whole, places=places)


def quotient_of(numerator: Decimal | None, denominator: Decimal | None, *, places: int) -> Decimal | None:
    """`numerator` ÷ `denominator`, rounded half-even to `places`; None where either is not known or the second is zero.

    >>> quotient_of(Decimal("-10"), Decimal("-4"), places=2), quotient_of(Decimal("1"), Decimal("0"), places=2)
    (Decimal('2.50'), None)
    """
    if numerator is None or denominator is None or denominator == 0:
        return None
    sign = 1 if denominator > 0 else -1
    return _half_even_quotient(sign * numerator, abs(denominator), places=places)


def weight_text(value: Decimal | None, whole: Decimal | None) -> str:
    """What part of the whole `value` is, with 1 decimal; a dash where either is not known.

    Every page shows every weight by this, each rounded for itself: the same value has the same weight wherever it stands.
    The twin is `weightText` in frontend/src/lib/decimal.ts.

    >>> weight_text(Decimal("34213.40"), Decimal("145479.20"))
    '23.5 %'
    """
    part = part_of(value, whole, places=1)
    return DASH if part is None else f"{money_text(part)} %"


def _written(value: Decimal) -> str:
    return notation().marked(f"{value:,f}").replace("-", MINUS)


def _half_even_quotient(numerator: Decimal, denominator: Decimal, *, places: int) -> Decimal:
    """`numerator` ÷ `denominator`, rounded once, half-even, by whole numbers; the denominator is above zero."""
    scale = max(_places_of(numerator), _places_of(denominator))
    dividend = int(numerator.scaleb(scale, context=_DISPLAY)) * 10**places
    divisor = int(denominator.scaleb(scale, context=_DISPLAY))
    quotient, rest = divmod(abs(dividend), divisor)
    quotient += 2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1)
    rounded = Decimal(quotient if dividend >= 0 else -quotient)
    return rounded.scaleb(-places, context=_DISPLAY)


def _places_of(value: Decimal) -> int:
    _, _, exponent = value.as_tuple()
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounded(value: Decimal, *, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_DISPLAY)


def _places_needed(value: Decimal) -> int:
    """How many decimals tell `value` whole: zeros at its end are not among them."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not any(digits):
        return 0
    zeros = next(count for count, digit in enumerate(reversed(digits)) if digit)
    return max(0, -exponent - zeros)


def direction(value: Decimal | None) -> Direction:
    """Which arrow stands before a percentage as it is shown; ``none`` where there is no figure."""
    text = percent_text(value)
    match text[0]:
        case "+":
            return "up"
        case "\N{MINUS SIGN}":
            return "down"
        case "\N{EM DASH}":
            return "none"
        case _:
            return "flat"
