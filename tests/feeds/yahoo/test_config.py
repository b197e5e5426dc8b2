from __future__ import annotations

import pytest

from tickfolio.feeds.feed import Operation
from tickfolio.feeds.yahoo.config import CAPABILITIES, YahooConfig


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("wss://streamer.finance.yahoo.com/?version=2", "wss://streamer.finance.yahoo.com/?version=2"),
        ("wss://streamer.finance.yahoo.com", "wss://streamer.finance.yahoo.com/?version=2"),
        ("ws://127.0.0.1:8765/stream?a=b", "ws://127.0.0.1:8765/stream?a=b&version=2"),
        ("ws://127.0.0.1:8765/?version=1", "ws://127.0.0.1:8765/?version=1"),
    ],
)
def test_the_second_version_of_the_stream_is_asked_for_unless_another_is_named(given: str, asked: str) -> None:
    assert YahooConfig(ws_url=given).stream_url == asked


def test_what_is_offered_and_on_which_terms() -> None:
    assert CAPABILITIES.can(Operation.STREAM)
    assert not CAPABILITIES.can(Operation.EXCHANGE_RATES)
    assert not CAPABILITIES.needs_key
    assert "Unofficial" in CAPABILITIES.terms
