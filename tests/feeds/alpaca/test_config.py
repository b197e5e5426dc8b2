"""What Alpaca offers by the plan that is chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.alpaca.config import BASIC_SYMBOLS, AlpacaConfig, Tape
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


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("wss://host", "wss://host/v2/iex"),
        ("wss://host/", "wss://host/v2/iex"),
        ("wss://host/v2", "wss://host/v2/iex"),
        ("wss://host/v2/sip", "wss://host/v2/sip"),
        ("ws://127.0.0.1:8001/v2/test/", "ws://127.0.0.1:8001/v2/test"),
    ],
)
def test_the_stream_is_found_from_the_host_the_folder_or_the_tape(given: str, asked: str) -> None:
    assert AlpacaConfig(ws_url=given).stream_url == asked


def test_an_address_that_names_its_tape_chooses_it() -> None:
    usual = AlpacaConfig()
    paid = usual.streaming("wss://stream.data.alpaca.markets/v2/sip")
    assert (paid.tape, paid.symbol_limit) == (Tape.SIP, None)
    late = usual.streaming("wss://stream.data.alpaca.markets/v2/delayed_sip")
    assert late.capabilities.delay == timedelta(minutes=15)
    assert late.symbol_limit == BASIC_SYMBOLS  # it is of the free plan
    assert usual.streaming("ws://127.0.0.1:8001").tape is Tape.IEX
