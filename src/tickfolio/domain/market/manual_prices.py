"""Prices that somebody typed, of an instrument that no feed prices.

**Source**: docs/reference/definitions.md, section Price quality.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.money import MAX_PRICE_PLACES, decimal_places
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.words import marked_phrase, phrase

BY_HAND = marked_phrase("by hand")
"""The source of such a price."""


@dataclass(frozen=True, slots=True, order=True)
class ManualPrice:
    """The price of a unit on a day of the portfolio's owner, in the instrument's quote unit and currency.

    It is in force until a later day has another one. Splits of that day and before are in it, later ones are not.
    """

    day: date
    price: Decimal

    def __post_init__(self) -> None:
        if not self.price.is_finite() or self.price <= 0:
            raise InvalidNumber(
                phrase("Expected a price above zero on {day}, was {price}.", day=self.day, price=self.price)
            )
        if decimal_places(self.price) > MAX_PRICE_PLACES:
            raise InvalidNumber(
                phrase(
                    "Expected a price of at most {max_price_places} places on {day}.",
                    max_price_places=MAX_PRICE_PLACES,
                    day=self.day,
                )
            )


class ManualPrices:
    """The prices of one instrument, one a day at most.

    Attributes:
        all: oldest first.
    """

    __slots__ = ("all",)

    def __init__(self, prices: Iterable[ManualPrice]) -> None:
        self.all = tuple(sorted(prices))
        for earlier, later in zip(self.all, self.all[1:], strict=False):
            if earlier.day == later.day:
                raise InvalidValue(phrase("Expected one price a day, were two on {day}.", day=later.day))

    def on(self, day: date) -> ManualPrice | None:
        """The price in force on `day`; None where there was none yet."""
        place = bisect_right(self.all, day, key=lambda each: each.day)
        return self.all[place - 1] if place else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ManualPrices) and self.all == other.all

    def __hash__(self) -> int:
        return hash(self.all)
