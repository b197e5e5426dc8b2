"""What runs for ever is begun again after an error that nobody foresaw."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from tests.runtime.test_failures import outage
from tickfolio.errors import LeaseLost
from tickfolio.runtime import loops
from tickfolio.runtime.loops import supervised


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """It begins again at once."""
    monkeypatch.setattr(loops, "RESTART_SECONDS", 0.0)


async def test_an_unforeseen_error_is_logged_and_the_loop_begins_again_until_it_ends_by_itself() -> None:
    errors = [RuntimeError("first"), KeyError("second")]

    async def run() -> None:
        if errors:
            raise errors.pop(0)

    with capture_logs() as lines:
        await supervised("beat", run)
    assert [(line["event"], line["loop"]) for line in lines] == 2 * [("loop.failed", "beat")]


async def test_an_outage_is_said_once_in_one_line_however_often_it_is_tried() -> None:
    errors = [outage(), outage(), LeaseLost("another\thas it"), RuntimeError("odd"), outage()]

    async def run() -> None:
        if errors:
            raise errors.pop(0)

    with capture_logs() as lines:
        await supervised("rights", run)
    assert [(line["log_level"], line.get("reason")) for line in lines] == [
        ("warning", "connection refused"),
        ("error", None),
    ]


async def test_who_stops_it_is_obeyed() -> None:
    task = asyncio.create_task(supervised("beat", _for_ever))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _for_ever() -> None:
    await asyncio.Event().wait()
