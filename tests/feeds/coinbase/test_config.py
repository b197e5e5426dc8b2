from __future__ import annotations

from datetime import timedelta

from tickfolio.feeds.coinbase.config import CAPABILITIES, CoinbaseConfig
from tickfolio.feeds.feed import Operation


def test_crypto_is_offered_without_a_key() -> None:
    assert not CAPABILITIES.needs_key
    assert CAPABILITIES.can(Operation.HISTORY)
    assert not CAPABILITIES.can(Operation.EXCHANGE_RATES)
    assert CoinbaseConfig().ws_url.startswith("wss://")


def test_no_second_sees_more_questions_or_messages_than_coinbase_takes() -> None:
    config = CoinbaseConfig()
    assert config.budget.requests * (1 + timedelta(seconds=1) / config.budget.period) <= 10
    assert timedelta(seconds=1) / config.message_gap <= 8
