"""Figures as text, the same way as the page's scripts write them: grouped by thousands, fixed decimals, a true minus.

The twin in TypeScript is frontend/src/lib/decimal.ts; both read tests/contract/figures.json.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal

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
    return f"{_rounded(value, places=max(places, _places_needed(value))):,f}".replace("-", MINUS)


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
