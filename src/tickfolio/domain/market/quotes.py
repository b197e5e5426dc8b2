"""Ticks, quotes and their quality.

**Source**: docs/reference/definitions.md, sections Price quality and Day change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import EXACT, MAX_PRICE_PLACES, ROUNDING, has_at_most, rounded
from tickfolio.domain.records import Record
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.words import phrase

CHANGE_PLACES = 2
_HUNDRED = Decimal(100)


SIMULATED_SOURCE = "simulated"
"""The source of prices that are invented, which must never pass for the market's."""


class MarketSession(StrEnum):
    """Which part of the trading day a price is from."""

    PRE = "pre"
    REGULAR = "regular"
    POST = "post"
    CLOSED = "closed"
    CONTINUOUS = "continuous"


class Quality(StrEnum):
    """How far a price can be trusted to be the market's of this moment.

    `REPLAY` is what `LIVE` is to a real market, for a replayed one: fresh by the market clock, and never today's price.
    `SIMULATED` is the same for a market that is invented.
    """

    LIVE = "live"
    REPLAY = "replay"
    DELAYED = "delayed"
    SIMULATED = "simulated"
    CLOSED = "closed"
    STALE = "stale"
    MANUAL = "manual"
    UNPRICED = "unpriced"


@dataclass(frozen=True, slots=True)
class Unpriced:
    """There is no price, and why. Never 0, never cost, never the last trade's price."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotAvailable:
    """A figure that cannot be computed, and why."""

    reason: str


class Tick(Record, frozen=True):
    """One price as a feed said it, not yet judged by the quote book.

    Attributes:
        price: per unit in the instrument's quote unit and currency, above zero.
        previous_close: split-adjusted close of the session before `session_day`; None where none is known.
        session_day: the exchange's day that the price belongs to.
        source_time: when the market made the price (UTC, market clock).
        received_time: when this process got it (UTC, real clock).
    """

    symbol: Symbol
    price: Decimal
    previous_close: Decimal | None
    session_day: date
    session: MarketSession
    source_time: datetime
    received_time: datetime
    source: str

    def __post_init__(self) -> None:
        _require_price(self.price, self.symbol)
        if self.previous_close is not None:
            _require_price(self.previous_close, self.symbol)
        for moment in (self.source_time, self.received_time):
            if moment.tzinfo is not UTC and moment.utcoffset() != timedelta(0):  # nearly always it is that very zone
                raise InvalidValue(
                    phrase(
                        "Expected a time in UTC for {symbol}, was {moment}.", symbol=self.symbol, moment=repr(moment)
                    )
                )


class Quote(Record, frozen=True):
    """The latest accepted price of an instrument.

    `version` counts the accepted ticks of the whole book, so a later quote has a higher one. `is_restored` marks a price
    that was kept over a restart and has not been confirmed by a tick since.
    """

    symbol: Symbol
    price: Decimal
    previous_close: Decimal | None
    session_day: date
    session: MarketSession
    source_time: datetime
    received_time: datetime
    source: str
    version: int
    is_restored: bool = False

    @property
    def change(self) -> Decimal | NotAvailable:
        """Price − previous close, exact, in the instrument's currency; negative after a fall."""
        if self.previous_close is None:
            return NotAvailable(phrase("no previous close is known"))
        return EXACT.subtract(self.price, self.previous_close)

    @property
    def change_percent(self) -> Decimal | NotAvailable:
        """The change since the previous close in percent, rounded half-even to 2 places.

        **Source**: docs/reference/definitions.md, Day change.
        """
        if self.previous_close is None:
            return NotAvailable(phrase("no previous close is known"))
        return percent_change(self.price, self.previous_close)


def percent_change(price: Decimal, reference: Decimal) -> Decimal:
    """100 × (price − reference) ÷ reference, rounded half-even to 2 places; `reference` is above zero.

    >>> percent_change(Decimal("557.43"), Decimal("530.38"))
    Decimal('5.10')
    """
    difference = EXACT.multiply(EXACT.subtract(price, reference), _HUNDRED)
    return rounded(ROUNDING.divide(difference, reference), places=CHANGE_PLACES)


def _require_price(price: Decimal, symbol: Symbol) -> None:
    if not price.is_finite() or price <= 0:
        raise InvalidNumber(
            phrase("Expected a price above zero for {symbol}, was {price}.", symbol=symbol, price=price)
        )
    if not has_at_most(MAX_PRICE_PLACES, price):
        raise InvalidNumber(
            phrase(
                "Expected a price of at most {max_price_places} places for {symbol}, was {price}.",
                max_price_places=MAX_PRICE_PLACES,
                symbol=symbol,
                price=price,
            )
        )
