"""`tickfolio routes` as an operator uses it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.services.feeds_told import live_instance, report, tell

pytestmark = pytest.mark.django_db


def said(*words: Any) -> str:
    out = io.StringIO()
    call_command("routes", *words, stdout=out)
    return out.getvalue()


def test_an_order_is_given_listed_and_taken_back() -> None:
    live_instance()
    tell(report("yahoo"))
    assert said() == "No instrument has an order of its own.\n"
    line = "AAPL: alpaca, yahoo. Not among the feeds of this instance now: alpaca.\n"
    assert said("--symbol", "aapl", "--order", "Alpaca, yahoo") == line
    assert said() == said("--symbol", "AAPL") == line
    assert said("--symbol", "IBM") == "IBM does not have an order of its own.\n"
    assert said("--symbol", "AAPL", "--order", "") == "AAPL: as the instance.\n"
    assert said() == "No instrument has an order of its own.\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--order", "yahoo"), "Expected --symbol with --order"),
        (
            ("--symbol", "NOPE", "--order", "yahoo"),
            "Expected an instrument that was booked or looked up here, was NOPE",
        ),
        (("--symbol", "AAPL", "--order", "nobody"), "Expected feeds of yahoo"),
        (("--symbol", "no such symbol"), "Expected a symbol"),
    ],
)
def test_what_cannot_be_is_said(words: tuple[str, ...], message: str) -> None:
    live_instance()
    with pytest.raises(CommandError, match=message):
        said(*words)
