"""The golden frames as the Python client reads them; frontend/tests/live/apply.test.ts is the twin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tickfolio.live.wire.apply import PortfolioState, ScopeState, apply, apply_to_portfolio
from tickfolio.live.wire.messages import ServerMessage

CASES = sorted((Path(__file__).parent / "frames").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden_frames_leave_the_expected_state(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    messages = [message for frame in case["frames"] if (message := _decoded(frame)) is not None]
    assert _held(case.get("scope", "quotes"), messages) == case["expected"]


def _decoded(frame: dict[str, Any]) -> ServerMessage | None:
    """The message, or None where its type is of a newer server."""
    try:
        message: ServerMessage = msgspec.convert(frame, ServerMessage)
    except msgspec.ValidationError as error:
        if "at `$.type`" not in str(error):
            raise
        return None
    return message


def _held(scope: str, messages: list[ServerMessage]) -> dict[str, Any]:
    """What a client holds of `scope` after `messages`, as JSON has it."""
    if scope == "quotes":
        quotes = ScopeState()
        for message in messages:
            quotes = apply(quotes, message)
        return _as_json(quotes)
    portfolio = PortfolioState(scope)
    for message in messages:
        portfolio = apply_to_portfolio(portfolio, message)
    held = _as_json(portfolio)
    del held["scope"]
    return held


def _as_json(state: ScopeState | PortfolioState) -> dict[str, Any]:
    held: dict[str, Any] = msgspec.to_builtins(state)
    return held
