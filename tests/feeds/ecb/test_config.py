"""What the European Central Bank offers."""

from __future__ import annotations

from tickfolio.feeds.ecb.config import EcbConfig
from tickfolio.feeds.feed import Operation


def test_exchange_rates_are_offered_without_a_key_and_nothing_else() -> None:
    capabilities = EcbConfig().capabilities
    assert capabilities.operations == {Operation.EXCHANGE_RATES}
    assert not capabilities.needs_key
    assert not capabilities.classes
    assert "European Central Bank" in capabilities.terms
    assert EcbConfig().http_url.startswith("https://")
