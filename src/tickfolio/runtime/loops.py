"""What runs for as long as the process does its work, and is begun again after an error that nobody foresaw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

RESTART_SECONDS = 1.0

type Loop = tuple[str, Callable[[], Coroutine[Any, Any, None]]]
"""Its name for the log, and what it does."""

log = structlog.get_logger(__name__)


async def supervised(name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Keeps a loop running: what it did not foresee is logged, and it begins again. Ends where the loop does."""
    while True:
        try:
            return await run()
        except Exception:  # the supervisor is where unforeseen errors end
            log.exception("loop.failed", loop=name)
            await asyncio.sleep(RESTART_SECONDS)
