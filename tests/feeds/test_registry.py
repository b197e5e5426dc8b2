from __future__ import annotations

import subprocess
import sys

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.registry import FEED_NAMES, RATE_SOURCES, FeedAccess, make_feed
from tickfolio.feeds.vendor import Surroundings

ACCESS = FeedAccess(ws_url="ws://127.0.0.1:9/", http_url="http://127.0.0.1:9", key="k", secret="s")


@pytest.mark.parametrize("name", FEED_NAMES)
def test_every_named_feed_can_be_made_and_says_on_which_terms(name: str) -> None:
    feed = make_feed(name, ACCESS, Surroundings())
    assert feed.name == name
    assert feed.capabilities.terms
    assert feed.report().name == name


@pytest.mark.parametrize("name", FEED_NAMES)
def test_a_feed_without_a_key_is_made_unless_it_needs_one(name: str) -> None:
    if make_feed(name, ACCESS, Surroundings()).capabilities.needs_key:
        with pytest.raises(InvalidValue, match=f"TICKFOLIO_{name.upper()}_KEY: expected the key"):
            make_feed(name, FeedAccess(), Surroundings())
    else:
        assert make_feed(name, FeedAccess(), Surroundings()).name == name


def test_sources_of_rates_know_rates() -> None:
    for name in RATE_SOURCES:
        assert make_feed(name, ACCESS, Surroundings()).capabilities.can(Operation.EXCHANGE_RATES)


def test_an_unknown_feed_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"Expected a feed of yahoo, .* was 'bloomberg'"):
        make_feed("bloomberg", ACCESS, Surroundings())


def test_a_key_is_never_shown() -> None:
    access = FeedAccess(key="hunter2", secret="hunter3", ws_url="wss://host/?token=hunter4")
    assert "hunter" not in repr(access)


def test_nobody_pays_for_a_vendor_that_is_not_used() -> None:
    said = "import sys, tickfolio.feeds.registry; print([m for m in sys.modules if m in ('httpx', 'websockets')])"
    program = f"{said}; print([m for m in sys.modules if m.startswith('tickfolio.feeds.yahoo')])"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["[]", "[]"]
