"""Where Yahoo is reached, how often it may be asked, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.feed import Capabilities, Operation
from tickfolio.feeds.rate_limit import Budget

NAME = "yahoo"
CAPABILITIES = Capabilities(
    operations=frozenset(Operation) - {Operation.EXCHANGE_RATES},
    classes=frozenset(InstrumentClass),
    terms=(
        "Unofficial: Yahoo offers this to its own pages, not to programs, and its terms do not allow for one. No key and no "
        "contract; it may change, refuse or end at any time, and prices of some exchanges are 15 minutes old or more. It is "
        "off until you switch it on with TICKFOLIO_FEEDS=yahoo."
    ),
)

POLITE = Budget(60, timedelta(minutes=1))
"""Yahoo names no limit; this is what one busy reader of its pages might ask."""


@dataclass(frozen=True, slots=True)
class YahooConfig:
    """How Yahoo is used.

    Attributes:
        budget: requests over HTTP.
        keep_alive: how often the subscriptions are sent again; Yahoo drops viewers that are silent for some 20 minutes.
        patience: how long no price may come while a market is open, before the connection counts as stale.
    """

    ws_url: str = "wss://streamer.finance.yahoo.com/?version=2"
    http_url: str = "https://query1.finance.yahoo.com"
    budget: Budget = POLITE
    keep_alive: timedelta = timedelta(seconds=15)
    patience: timedelta = timedelta(seconds=20)

    @property
    def stream_url(self) -> str:
        """`ws_url`, which asks for version 2 of the frames where it names no version."""
        parts = urlsplit(self.ws_url)
        query = parse_qsl(parts.query, keep_blank_values=True)
        if "version" not in dict(query):
            query.append(("version", "2"))
        return urlunsplit(parts._replace(path=parts.path or "/", query=urlencode(query)))
