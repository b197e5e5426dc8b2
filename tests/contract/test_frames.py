"""The golden frames as the Python client reads them; frontend/tests/live/apply.test.ts is the twin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tickfolio.live.wire.apply import ScopeState, apply
from tickfolio.live.wire.messages import ServerMessage

CASES = sorted((Path(__file__).parent / "frames").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden_frames_leave_the_expected_state(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    state = ScopeState()
    for frame in case["frames"]:
        message = _decoded(frame)
        state = state if message is None else apply(state, message)
    assert _as_json(state) == case["expected"]


def _decoded(frame: dict[str, Any]) -> ServerMessage | None:
    """The message, or None where its type is of a newer server."""
    try:
        message: ServerMessage = msgspec.convert(frame, ServerMessage)
    except msgspec.ValidationError as error:
        if "at `$.type`" not in str(error):
            raise
        return None
    return message


def _as_json(state: ScopeState) -> dict[str, Any]:
    return {
        "epoch": state.epoch,
        "sequence": state.sequence,
        "rows": msgspec.to_builtins(state.rows),
        "needs_refresh": state.needs_refresh,
    }
