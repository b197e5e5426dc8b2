"""What the engine hands to the database, made up for tests."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.live.market import AAPL, MONDAY, OPEN, REAL_NOW
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.runtime.ports import MarketChanges


def quote(price: str, *, symbol: Symbol = AAPL, at: datetime = OPEN) -> Quote:
    """An accepted quote of Monday."""
    return Quote(
        symbol=symbol,
        price=Decimal(price),
        previous_close=Decimal("500.00"),
        session_day=MONDAY,
        session=MarketSession.REGULAR,
        source_time=at,
        received_time=REAL_NOW,
        source="replay",
        version=1,
    )


def bar(close: str, *, at: datetime = OPEN, symbol: Symbol = AAPL) -> Bar:
    """A bar that did not move."""
    price = Decimal(close)
    return Bar(symbol, at.date(), at, price, price, price, price)


def changes(**parts: Any) -> MarketChanges:
    """Changes of the given parts and nothing else."""
    nothing = {
        "quotes": (),
        "bars": (),
        "corporate_actions": (),
        "clock": None,
        "source": "replay",
        "recorded_at": REAL_NOW,
    }
    return MarketChanges(**{**nothing, **parts})
