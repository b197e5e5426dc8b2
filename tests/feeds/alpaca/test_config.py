"""What Alpaca offers by the plan that is chosen."""

from __future__ import annotations

from datetime import timedelta

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.alpaca.config import AlpacaConfig, Tape
from tickfolio.feeds.feed import Operation


def test_delayed_prices_say_so() -> None:
    capabilities = AlpacaConfig(tape=Tape.DELAYED_SIP, symbol_limit=None).capabilities
    assert (capabilities.delay, capabilities.symbol_limit) == (timedelta(minutes=15), None)
    assert not AlpacaConfig().capabilities.delay
    assert AlpacaConfig().capabilities.needs_key
    assert not capabilities.can(Operation.SEARCH)
    assert InstrumentClass.CRYPTO not in capabilities.classes


def test_what_is_secret_is_not_shown() -> None:
    assert "tell-nobody" not in repr(AlpacaConfig(key="tell-nobody", secret="tell-nobody"))
