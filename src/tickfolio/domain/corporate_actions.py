"""Facts about an instrument that change what a holder has: splits and cash dividends.

**Source**: docs/reference/definitions.md, sections Numbers and Day change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import MAX_PRICE_PLACES, ROUNDING, Currency, decimal_places, rounded
from tickfolio.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Split:
    """From `ex_date` on, `old` units are `new` units: 2 for 1 is ``new=2, old=1``. The ratio stays two integers."""

    symbol: Symbol
    ex_date: date
    new: int
    old: int

    def __post_init__(self) -> None:
        if self.new < 1 or self.old < 1:
            raise InvalidValue(
                f"Expected a split of positive whole numbers for {self.symbol}, was {self.new}:{self.old}."
            )


@dataclass(frozen=True, slots=True)
class CashDividend:
    """A dividend of `amount` a unit, gross, for who held at the close before `ex_date`."""

    symbol: Symbol
    ex_date: date
    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount <= 0:
            raise InvalidValue(f"Expected a dividend above zero for {self.symbol}, was {self.amount}.")


type CorporateAction = Split | CashDividend


def split_adjusted(price: Decimal, splits: Iterable[Split]) -> Decimal:
    """A price of before `splits` on the basis of after them: what half-even rounding to 12 places leaves.

    The result keeps at least the places of `price`, so that 89.00 becomes 44.50 after a 2 for 1.

    >>> from tickfolio.domain.instruments import Symbol
    >>> split_adjusted(Decimal("88.99"), [Split(Symbol("AAPL"), date(2005, 2, 28), new=2, old=1)])
    Decimal('44.495')
    """
    adjusted = price
    for split in splits:
        scaled = ROUNDING.multiply(adjusted, Decimal(split.old))
        adjusted = rounded(ROUNDING.divide(scaled, Decimal(split.new)), places=MAX_PRICE_PLACES)
    return _trimmed(adjusted, places=decimal_places(price))


def _trimmed(number: Decimal, *, places: int) -> Decimal:
    """`number` without trailing zeros beyond `places`."""
    shortest = number.normalize(ROUNDING)
    return rounded(number, places=max(places, decimal_places(shortest)))
