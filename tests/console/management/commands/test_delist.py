"""`tickfolio delist` as an operator uses it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.services.feeds_told import live_instance

pytestmark = pytest.mark.django_db


def said(*words: Any) -> str:
    out = io.StringIO()
    call_command("delist", *words, stdout=out)
    return out.getvalue()


def test_a_mark_is_set_listed_and_taken_back() -> None:
    live_instance()
    assert said() == "No instrument is marked as delisted.\n"
    line = "AAPL: traded no more since 2026-11-20 (AAPL Inc.).\n"
    assert said("--symbol", "aapl", "--since", "2026-11-20") == line
    assert said() == said("--symbol", "AAPL") == line
    assert said("--symbol", "IBM") == "IBM is not marked.\n"
    assert said("--symbol", "AAPL", "--undo") == "AAPL: traded again.\n"
    assert said("--symbol", "AAPL", "--undo") == "AAPL: was not marked.\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--since", "2026-11-20"), "Expected --symbol with --since or --undo"),
        (("--undo",), "Expected --symbol with --since or --undo"),
        (("--symbol", "AAPL", "--since", "yesterday"), "Expected a day as in 2026-11-20, was 'yesterday'"),
        (("--symbol", "NOPE", "--undo"), "Expected an instrument that was booked or looked up here, was NOPE"),
        (("--symbol", "AAPL", "--since", "2026-11-20", "--undo"), "not allowed with"),
    ],
)
def test_what_cannot_be_is_said(words: tuple[str, ...], message: str) -> None:
    live_instance()
    with pytest.raises(CommandError, match=message):
        said(*words)
