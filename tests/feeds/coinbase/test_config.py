from __future__ import annotations

from tickfolio.feeds.coinbase.config import CAPABILITIES, CoinbaseConfig
from tickfolio.feeds.feed import Operation


def test_crypto_is_offered_without_a_key() -> None:
    assert not CAPABILITIES.needs_key
    assert CAPABILITIES.can(Operation.HISTORY)
    assert not CAPABILITIES.can(Operation.EXCHANGE_RATES)
    assert CoinbaseConfig().ws_url.startswith("wss://")
