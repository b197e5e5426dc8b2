"""What each feed is and offers, and on which terms: as its vendor's module says it, without connecting to anything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import Capabilities
from tickfolio.feeds.registry import FeedAccess, make_feed
from tickfolio.feeds.vendor import Surroundings
from tickfolio.words import marked_phrase

TITLES = {
    "alpaca": "Alpaca",
    "coinbase": "Coinbase",
    "ecb": marked_phrase("European Central Bank"),
    "finnhub": "Finnhub",
    "frankfurter": "Frankfurter",
    "manual": marked_phrase("Prices by hand"),
    "simulated": marked_phrase("Simulated market"),
    "yahoo": marked_phrase("Yahoo Finance"),
}
ANY_KEY = FeedAccess(key="none", secret="none")  # noqa: S106  # nobody is asked with it
"""A feed that needs a key is described without one."""


@dataclass(frozen=True, slots=True)
class FeedDescription:
    """A feed's name as people write it, and what its vendor offers."""

    title: str
    capabilities: Capabilities


@cache
def feed_description(name: str) -> FeedDescription | None:
    """What the feed of that name offers; None where this version has none of that name."""
    try:
        feed = make_feed(name, ANY_KEY, Surroundings())
    except InvalidValue:
        return None
    return FeedDescription(title=TITLES.get(name, name.capitalize()), capabilities=feed.capabilities)
