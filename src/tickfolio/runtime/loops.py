"""What runs for as long as the process does its work, and is begun again after an error that nobody foresaw."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from tickfolio.runtime.failures import is_foreseen, tell

RESTART_SECONDS = 1.0
AGAIN_SECONDS = 60.0
"""So long nothing more is said of an outage, which is tried again every second."""

type Loop = tuple[str, Callable[[], Coroutine[Any, Any, None]]]
"""Its name for the log, and what it does."""

log = structlog.get_logger(__name__)


async def supervised(name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Keeps a loop running: what it did not foresee is logged, and it begins again. Ends where the loop does."""
    told_at = float("-inf")
    while True:
        try:
            return await run()
        except Exception as error:  # noqa: BLE001  the supervisor is where unforeseen errors end
            now = time.monotonic()
            if not is_foreseen(error) or now - told_at >= AGAIN_SECONDS:
                tell(log, "loop.failed", error, loop=name)
                told_at = now
            await asyncio.sleep(RESTART_SECONDS)
