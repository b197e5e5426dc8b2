"""The feeds by name: each vendor is imported when it is asked for, so that nobody pays for one that is not used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import Feed
from tickfolio.feeds.vendor import Surroundings

FEED_NAMES = ("yahoo", "coinbase", "alpaca", "finnhub", "ecb", "frankfurter", "simulated", "manual")
RATE_SOURCES = ("ecb", "frankfurter")
"""The feeds that know exchange rates only, the preferred first."""


@dataclass(frozen=True, slots=True)
class FeedAccess:
    """How a vendor is reached; what is empty is the vendor's own address, or no key."""

    ws_url: str = ""
    http_url: str = ""
    key: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        """Without what is secret: settings are shown on error pages."""
        return f"FeedAccess(ws_url={bool(self.ws_url)}, http_url={bool(self.http_url)}, key={bool(self.key)})"


def make_feed(name: str, access: FeedAccess, surroundings: Surroundings) -> Feed:
    """The feed of that name, pointed to where `access` says.

    Raises:
        InvalidValue: there is no such feed, or it needs a key that is missing.
    """
    make = _MAKERS.get(name)
    if make is None:
        raise InvalidValue(f"Expected a feed of {', '.join(FEED_NAMES)}, was {name[:20]!r}.")
    return make(access, surroundings)


def _yahoo(access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.yahoo.config import YahooConfig
    from tickfolio.feeds.yahoo.feed import YahooFeed

    usual = YahooConfig()
    return YahooFeed(
        replace(usual, ws_url=access.ws_url or usual.ws_url, http_url=access.http_url or usual.http_url), surroundings
    )


def _coinbase(access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.coinbase.config import CoinbaseConfig
    from tickfolio.feeds.coinbase.feed import CoinbaseFeed

    usual = CoinbaseConfig()
    return CoinbaseFeed(
        replace(usual, ws_url=access.ws_url or usual.ws_url, http_url=access.http_url or usual.http_url), surroundings
    )


def _alpaca(access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.alpaca.config import AlpacaConfig
    from tickfolio.feeds.alpaca.feed import AlpacaFeed

    usual = AlpacaConfig(
        key=_key(access.key, "TICKFOLIO_ALPACA_KEY"), secret=_key(access.secret, "TICKFOLIO_ALPACA_SECRET")
    )
    config = replace(usual, http_url=access.http_url or usual.http_url)
    return AlpacaFeed(config.streaming(access.ws_url) if access.ws_url else config, surroundings)


def _finnhub(access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.finnhub.config import FinnhubConfig
    from tickfolio.feeds.finnhub.feed import FinnhubFeed

    usual = FinnhubConfig(key=_key(access.key, "TICKFOLIO_FINNHUB_KEY"))
    return FinnhubFeed(
        replace(usual, ws_url=access.ws_url or usual.ws_url, http_url=access.http_url or usual.http_url), surroundings
    )


def _simulated(_access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.simulated.feed import SimulatedFeed

    if surroundings.calendar_of is None:
        return SimulatedFeed(surroundings=surroundings)
    return SimulatedFeed(surroundings=surroundings, calendar_of=surroundings.calendar_of)


def _key(value: str, variable: str) -> str:
    if not value:
        raise InvalidValue(
            f"{variable}: expected the key that the vendor gave, since TICKFOLIO_FEEDS names it, was empty."
        )
    return value


def _manual(_access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.manual.feed import ManualFeed

    return ManualFeed(surroundings)


def _ecb(access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.ecb.config import EcbConfig
    from tickfolio.feeds.ecb.feed import EcbFeed

    return EcbFeed(EcbConfig(http_url=access.http_url) if access.http_url else EcbConfig(), surroundings)


def _frankfurter(access: FeedAccess, surroundings: Surroundings) -> Feed:
    from tickfolio.feeds.frankfurter.config import FrankfurterConfig
    from tickfolio.feeds.frankfurter.feed import FrankfurterFeed

    config = FrankfurterConfig(http_url=access.http_url) if access.http_url else FrankfurterConfig()
    return FrankfurterFeed(config, surroundings)


_MAKERS: Mapping[str, Callable[[FeedAccess, Surroundings], Feed]] = {
    "alpaca": _alpaca,
    "coinbase": _coinbase,
    "ecb": _ecb,
    "finnhub": _finnhub,
    "frankfurter": _frankfurter,
    "manual": _manual,
    "simulated": _simulated,
    "yahoo": _yahoo,
}
