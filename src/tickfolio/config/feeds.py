"""The feeds of a live instance, and where each vendor is reached, from what the environment says."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from tickfolio.feeds.registry import FEED_NAMES, FeedAccess


def named_feeds(name: str, values: list[str]) -> tuple[str, ...]:
    """The feeds that the variable `name` lists, the preferred one first, each once.

    Raises:
        ImproperlyConfigured: one of them does not exist.
    """
    feeds = tuple(dict.fromkeys(feed.lower() for feed in values))
    for feed in feeds:
        if feed not in FEED_NAMES:
            raise ImproperlyConfigured(f"{name}: expected names of {', '.join(FEED_NAMES)}, was {feed!r}.")
    return feeds


def access_of(feed: str) -> FeedAccess:
    """Where a feed's vendor is reached, and with which key; what is not set is the vendor's own address.

    Raises:
        ImproperlyConfigured: an address is none. The message names the variable and repeats nothing of its value.
    """
    prefix = f"TICKFOLIO_{feed.upper()}"
    return FeedAccess(
        ws_url=_url(f"{prefix}_WS_URL", schemes=("ws", "wss")),
        http_url=_url(f"{prefix}_HTTP_URL", schemes=("http", "https")),
        key=_text(f"{prefix}_KEY"),
        secret=_text(f"{prefix}_SECRET"),
    )


def _text(name: str) -> str:
    return os.environ.get(name, "").strip()


def _url(name: str, *, schemes: tuple[str, ...]) -> str:
    url = _text(name)
    try:
        parts = urlsplit(url)
        is_good = not url or (parts.scheme in schemes and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        is_good = False
    if not is_good:
        # It may hold a key, so nothing of it is repeated.
        raise ImproperlyConfigured(f"{name}: expected an address such as {schemes[-1]}://host, was something else.")
    return url
