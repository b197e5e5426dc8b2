"""Bars: what a price did within each minute (observations with retention) and within each day (facts)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.records import Record
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

BAR_LENGTH = timedelta(minutes=1)


class Bar(Record, frozen=True):
    """Open, high, low and close of the minute that begins at `starts_at` (UTC, market clock)."""

    symbol: Symbol
    session_day: date
    starts_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal

    def __post_init__(self) -> None:
        if not (self.low <= self.open <= self.high and self.low <= self.close <= self.high):
            raise InvalidValue(
                phrase(
                    "Expected low ≤ open, close ≤ high for {symbol} at {starts_at}, was {open} {high} {low} {close}.",
                    symbol=self.symbol,
                    starts_at=self.starts_at,
                    open=self.open,
                    high=self.high,
                    low=self.low,
                    close=self.close,
                )
            )


@dataclass(frozen=True, slots=True)
class DailyBar:
    """One finished session, per unit in the instrument's quote unit and currency, as it was paid on the day.

    Attributes:
        open, high, low: None where the source has closes only, as for funds that are priced once a day.
        volume: units traded; None where the source does not say.
    """

    day: date
    close: Decimal
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    volume: Decimal | None = None

    def __post_init__(self) -> None:
        prices = [price for price in (self.open, self.high, self.low, self.close) if price is not None]
        if any(not price.is_finite() or price <= 0 for price in prices):
            raise InvalidValue(
                phrase(
                    "Expected prices above zero on {day}, were {map}.", day=self.day, map=", ".join(map(str, prices))
                )
            )
        if self.high not in (None, max(prices)) or self.low not in (None, min(prices)):
            raise InvalidValue(
                phrase(
                    "Expected low ≤ open, close ≤ high on {day}, was {open} {high} {low} {close}.",
                    day=self.day,
                    open=self.open,
                    high=self.high,
                    low=self.low,
                    close=self.close,
                )
            )


def bar_start(moment: datetime) -> datetime:
    """The beginning of the minute that holds `moment`."""
    return moment.replace(second=0, microsecond=0)


def bar_of(tick: Tick) -> Bar:
    """The bar that `tick` alone makes."""
    return Bar(
        symbol=tick.symbol,
        session_day=tick.session_day,
        starts_at=bar_start(tick.source_time),
        open=tick.price,
        high=tick.price,
        low=tick.price,
        close=tick.price,
    )


def bars_joined(earlier: Bar, later: Bar) -> Bar:
    """One minute seen in two parts: the open of the earlier, the close of the later."""
    return later.but(open=earlier.open, high=max(earlier.high, later.high), low=min(earlier.low, later.low))


def bar_extended(bar: Bar, price: Decimal) -> Bar:
    """`bar` after one more price of its minute."""
    return Bar(
        symbol=bar.symbol,
        session_day=bar.session_day,
        starts_at=bar.starts_at,
        open=bar.open,
        high=max(bar.high, price),
        low=min(bar.low, price),
        close=price,
    )
