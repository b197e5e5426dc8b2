"""Numbers at the door: what a vendor wrote becomes a Decimal or is refused; a binary number never becomes one by itself."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from tickfolio.domain.money import MAX_PRICE_PLACES, decimal_places
from tickfolio.errors import FeedDataError

LARGEST = Decimal(10) ** 15
"""What no price and no volume of a market reaches."""


def number(value: str | int | Decimal, *, of: str) -> Decimal:
    """A finite number below `LARGEST` in size, exactly as it was written; `of` names it in the error.

    Raises:
        FeedDataError: it is none.

    >>> number("189.20", of="price of AAPL")
    Decimal('189.20')
    """
    try:
        found = Decimal(value)
    except (InvalidOperation, ValueError):
        raise FeedDataError(f"Expected a number as {of}, was {value!r:.60}.") from None
    if not found.is_finite() or abs(found) >= LARGEST or found.adjusted() < -MAX_PRICE_PLACES * 2:
        raise FeedDataError(f"Expected a finite number below {LARGEST:E} as {of}, was {str(value)[:40]}.")
    return found


def price(value: str | int | Decimal, *, of: str) -> Decimal:
    """A price above zero of at most `MAX_PRICE_PLACES` places; `of` names it in the error.

    Raises:
        FeedDataError: it is none.

    >>> price("0", of="price of AAPL")
    Traceback (most recent call last):
    ...
    tickfolio.errors.FeedDataError: Expected a price above zero as price of AAPL, was 0.
    """
    found = number(value, of=of)
    if found <= 0:
        raise FeedDataError(f"Expected a price above zero as {of}, was {str(value)[:40]}.")
    if decimal_places(found) > MAX_PRICE_PLACES:
        raise FeedDataError(f"Expected at most {MAX_PRICE_PLACES} places as {of}, was {str(value)[:40]}.")
    return found
