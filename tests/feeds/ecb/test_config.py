"""What the European Central Bank offers."""

from __future__ import annotations

import pytest

from tickfolio.feeds.ecb.config import EcbConfig
from tickfolio.feeds.feed import Operation


def test_exchange_rates_are_offered_without_a_key_and_nothing_else() -> None:
    capabilities = EcbConfig().capabilities
    assert capabilities.operations == {Operation.EXCHANGE_RATES}
    assert not capabilities.needs_key
    assert not capabilities.classes
    assert "European Central Bank" in capabilities.terms
    assert EcbConfig().http_url.startswith("https://")


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001/stats/eurofxref"),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001/stats/eurofxref"),
        ("https://mirror.example.org/rates/", "https://mirror.example.org/rates"),
    ],
)
def test_the_files_are_found_from_the_host_or_their_folder(given: str, asked: str) -> None:
    assert EcbConfig(http_url=given).folder_url == asked
