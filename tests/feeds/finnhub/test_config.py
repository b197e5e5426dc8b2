from __future__ import annotations

from datetime import timedelta

import pytest

from tickfolio.feeds.feed import Operation
from tickfolio.feeds.finnhub.config import FinnhubConfig


def test_days_are_not_offered_since_they_are_paid_for() -> None:
    capabilities = FinnhubConfig(key="k").capabilities
    assert capabilities.needs_key
    assert capabilities.can(Operation.SEARCH)
    assert not capabilities.can(Operation.HISTORY)
    assert FinnhubConfig(symbol_limit=None).capabilities.symbol_limit is None


def test_no_minute_sees_more_questions_than_the_free_plan_answers() -> None:
    budget = FinnhubConfig().budget
    assert budget.requests + budget.requests * (timedelta(minutes=1) / budget.period) <= 60
    assert budget.requests <= 30


def test_the_key_is_shown_nowhere_but_in_the_address_of_the_stream() -> None:
    config = FinnhubConfig(key="hunter2")
    assert "hunter2" not in repr(config)
    assert config.stream_url == "wss://ws.finnhub.io/?token=hunter2"


@pytest.mark.parametrize(
    ("given", "key", "asked"),
    [
        ("ws://127.0.0.1:9", "k", "ws://127.0.0.1:9/?token=k"),
        ("ws://127.0.0.1:9/x?token=old&a=1", "k", "ws://127.0.0.1:9/x?token=k&a=1"),
        ("ws://127.0.0.1:9/x/", "a&b=c", "ws://127.0.0.1:9/x/?token=a%26b%3Dc"),
    ],
)
def test_the_key_takes_the_place_of_another(given: str, key: str, asked: str) -> None:
    assert FinnhubConfig(key=key, ws_url=given).stream_url == asked


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9/api/v1"),
        ("http://127.0.0.1:9/", "http://127.0.0.1:9/api/v1"),
        ("https://finnhub.io/api/v1", "https://finnhub.io/api/v1"),
        ("https://mirror.example.org/finnhub/", "https://mirror.example.org/finnhub"),
    ],
)
def test_questions_are_answered_at_the_host_or_in_its_folder(given: str, asked: str) -> None:
    assert FinnhubConfig(http_url=given).api_url == asked
