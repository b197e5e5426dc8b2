"""A client of the live protocol in a thread of its own, so that a test acts while it hears."""

from __future__ import annotations

import asyncio
import threading

from tickfolio.client import LiveClient


class ClientThread:
    """Hears what comes until it is closed; who extends it says in `_read` what becomes of that, and calls `_begin` at last."""

    client: LiveClient

    def _begin(self, name: str | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._is_over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Leaves."""
        self._loop.call_soon_threadsafe(self._is_over.set)
        self._thread.join(10)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._read_until_the_end())

    async def _read_until_the_end(self) -> None:
        reading = asyncio.create_task(self._read())
        await self._is_over.wait()
        await self.client.close()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    async def _read(self) -> None:
        raise NotImplementedError
