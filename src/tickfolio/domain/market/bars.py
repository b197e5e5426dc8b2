"""Intraday bars: what a price did within each minute. Observations with retention, never an input to a finished day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.errors import InvalidValue

BAR_LENGTH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """Open, high, low and close of the minute that begins at `starts_at` (UTC, market clock)."""

    symbol: Symbol
    session_day: date
    starts_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal

    def __post_init__(self) -> None:
        if not self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            raise InvalidValue(
                f"Expected low ≤ open, close ≤ high for {self.symbol} at {self.starts_at}, "
                f"was {self.open} {self.high} {self.low} {self.close}."
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
    return replace(later, open=earlier.open, high=max(earlier.high, later.high), low=min(earlier.low, later.low))


def bar_extended(bar: Bar, price: Decimal) -> Bar:
    """`bar` after one more price of its minute."""
    return replace(bar, high=max(bar.high, price), low=min(bar.low, price), close=price)
