"""Where Finnhub is reached, how often it may be asked, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.feed import Capabilities, Operation
from tickfolio.feeds.rate_limit import Budget

NAME = "finnhub"
FREE_SYMBOLS = 50
"""How many symbols the free plan streams at once."""
FREE_BUDGET = Budget(requests=20, period=timedelta(seconds=30))
"""Twenty at once and forty a minute on average: never more than the free plan's sixty in any minute, nor thirty in a second."""
TERMS = (
    "Needs an account and its key. The free plan streams trades of 50 American symbols and answers 60 questions a minute; "
    "days of the past are paid for. The free plan is for personal use: do not show the data to others."
)


@dataclass(frozen=True, slots=True)
class FinnhubConfig:
    """Addresses, key and plan.

    Attributes:
        symbol_limit: how many symbols the plan streams at once; None for no limit.
        patience: how long no trade may come while a market is open, before the prices count as stale.
        patience_to_reconnect: how long before the connection is made anew; a few shares may rest for longer.
        message_gap: the time between two messages to Finnhub; each names one symbol.
    """

    key: str = field(default="", repr=False)
    ws_url: str = "wss://ws.finnhub.io"
    http_url: str = "https://finnhub.io/api/v1"
    symbol_limit: int | None = FREE_SYMBOLS
    budget: Budget = FREE_BUDGET
    patience: timedelta = timedelta(seconds=30)
    patience_to_reconnect: timedelta = timedelta(seconds=60)
    message_gap: timedelta = timedelta(milliseconds=50)

    @property
    def stream_url(self) -> str:
        """The address of the stream with the key in it, in the place of another: never to be shown."""
        parts = urlsplit(self.ws_url)
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "token"]
        told = urlencode([("token", self.key), *query])
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", told, ""))

    @property
    def api_url(self) -> str:
        """Where questions are answered: `http_url` may be the host alone, or the folder of the answers."""
        base = self.http_url.rstrip("/")
        return base if urlsplit(base).path else f"{base}/api/v1"

    @property
    def capabilities(self) -> Capabilities:
        """The stream, latest prices, instruments and the search for them."""
        return Capabilities(
            operations=frozenset({Operation.STREAM, Operation.SNAPSHOT, Operation.INSTRUMENT, Operation.SEARCH}),
            classes=frozenset({InstrumentClass.EQUITY, InstrumentClass.FUND}),
            mics=frozenset({"XNYS", "XNAS", "XASE", "ARCX", "BATS"}),
            symbol_limit=self.symbol_limit,
            needs_key=True,
            terms=TERMS,
        )
