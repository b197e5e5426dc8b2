from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from tickfolio.config.feeds import access_of, named_feeds
from tickfolio.feeds.registry import FeedAccess


def test_feeds_keep_their_order_and_stand_once() -> None:
    assert named_feeds("TICKFOLIO_FEEDS", ["Coinbase", "yahoo", "coinbase"]) == ("coinbase", "yahoo")
    assert named_feeds("TICKFOLIO_FEEDS", []) == ()


def test_an_unknown_feed_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"TICKFOLIO_FEEDS: expected names of yahoo, .* was 'bloomberg'"):
        named_feeds("TICKFOLIO_FEEDS", ["yahoo", "bloomberg"])


def test_what_is_not_set_is_the_vendors_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKFOLIO_ALPACA_KEY", " k ")
    monkeypatch.setenv("TICKFOLIO_ALPACA_WS_URL", "ws://127.0.0.1:8001/v2")
    assert access_of("alpaca") == FeedAccess(ws_url="ws://127.0.0.1:8001/v2", key="k")
    assert access_of("yahoo") == FeedAccess()


@pytest.mark.parametrize(
    "url", ["http://hunter2", "ws://", "ws://hunter2:0", "ws://hunter2:port", "hunter2", "ws://[hunter2"]
)
def test_what_is_no_address_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TICKFOLIO_YAHOO_WS_URL", url)
    with pytest.raises(
        ImproperlyConfigured, match="TICKFOLIO_YAHOO_WS_URL: expected an address such as wss://host"
    ) as no:
        access_of("yahoo")
    assert "hunter2" not in str(no.value)
