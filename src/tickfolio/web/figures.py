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
    """A price with `places` decimals; a dash where there is none.

    >>> price_text(Decimal("12345.5"), places=2)
    '12,345.50'
    """
    if value is None:
        return DASH
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_DISPLAY)
    return f"{rounded:,f}".replace("-", MINUS)


def signed_text(value: Decimal | None, *, places: int) -> str:
    """As `price_text`, with a plus on a gain; what rounds to zero has no sign.

    >>> signed_text(Decimal("27.05"), places=2), signed_text(Decimal("-0.001"), places=2)
    ('+27.05', '0.00')
    """
    if value is None:
        return DASH
    text = price_text(abs(value), places=places)
    if not text.strip("0.,"):
        return text
    return f"{MINUS}{text}" if value < 0 else f"+{text}"


def percent_text(value: Decimal | None) -> str:
    """A signed percentage with 2 decimals.

    >>> percent_text(Decimal("5.1"))
    '+5.10 %'
    """
    return DASH if value is None else f"{signed_text(value, places=2)} %"


def direction(value: Decimal | None, *, places: int = 2) -> Direction:
    """Which arrow stands before the figure as it is shown; ``none`` where there is no figure."""
    text = signed_text(value, places=places)
    match text[0]:
        case "+":
            return "up"
        case "\N{MINUS SIGN}":
            return "down"
        case "\N{EM DASH}":
            return "none"
        case _:
            return "flat"
