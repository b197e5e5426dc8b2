"""Where Coinbase is reached, how often it may be asked, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tickfolio.domain.calendars import CONTINUOUS
from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.feed import Capabilities, Operation
from tickfolio.feeds.rate_limit import Budget

NAME = "coinbase"
CAPABILITIES = Capabilities(
    operations=frozenset(
        {Operation.STREAM, Operation.SNAPSHOT, Operation.INSTRUMENT, Operation.SEARCH, Operation.HISTORY}
    ),
    classes=frozenset({InstrumentClass.CRYPTO}),
    mics=frozenset({CONTINUOUS}),
    terms=(
        "Public market data of Coinbase Advanced Trade, without a key or an account. Coinbase's terms apply: the data are for "
        "your own use."
    ),
)

POLITE = Budget(requests=5, period=timedelta(seconds=1))
"""Five at once and five a second on average: never more than ten in any second."""


@dataclass(frozen=True, slots=True)
class CoinbaseConfig:
    """How Coinbase is used.

    Attributes:
        budget: requests over HTTP; Coinbase takes ten a second from an address.
        patience: how long no price of any wanted product may come.
        aliveness: how long no heartbeat may come; Coinbase sends one a second.
        message_gap: the time between two messages to Coinbase, which takes eight a second.
    """

    ws_url: str = "wss://advanced-trade-ws.coinbase.com"
    http_url: str = "https://api.coinbase.com"
    budget: Budget = POLITE
    patience: timedelta = timedelta(seconds=30)
    aliveness: timedelta = timedelta(seconds=10)
    message_gap: timedelta = timedelta(milliseconds=150)
