"""What Frankfurter offers."""

from __future__ import annotations

from tickfolio.feeds.feed import Operation
from tickfolio.feeds.frankfurter.config import FrankfurterConfig


def test_exchange_rates_are_offered_without_a_key_and_nothing_else() -> None:
    capabilities = FrankfurterConfig().capabilities
    assert capabilities.operations == {Operation.EXCHANGE_RATES}
    assert not capabilities.needs_key
    assert not capabilities.classes
    assert "European Central Bank" in capabilities.terms
    assert FrankfurterConfig().http_url.startswith("https://")
