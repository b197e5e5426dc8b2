"""Ways out to one socket: through the server's frame writer, or through plain ASGI sends under any other server."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from tickfolio.live.ports import MAX_WAITING_BYTES
from tickfolio.live.session import POLICY_VIOLATION
from tickfolio.live.wire.framing import Frame

type Send = Callable[[dict[str, object]], Awaitable[None]]


class FrameWriter(Protocol):
    """What the server offers in the scope's extensions."""

    def write(self, frames: Sequence[Frame]) -> bool: ...

    def waiting_bytes(self) -> int: ...

    def abort(self) -> None: ...


class DirectOutlet:
    """Ready frames straight to the transport."""

    def __init__(self, writer: FrameWriter, send: Send) -> None:
        self.write = writer.write
        self.waiting_bytes = writer.waiting_bytes
        self.abort = writer.abort
        self._send = send
        self._closing: asyncio.Task[None] | None = None

    def close(self, code: int, reason: str) -> None:
        self._closing = asyncio.get_running_loop().create_task(_close(self._send, code, reason))

    async def finish(self) -> None:
        """Ends what this outlet started."""
        if self._closing is not None:
            self._closing.cancel()


class AsgiOutlet:
    """One writer a socket, so that awaiting one client's send never holds up another's.

    It begins at once: a server that takes all without waiting costs no turn of the event loop. Where it waits, the rest is the
    writer's to send, as a task.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._close_with: tuple[int, str] | None = None
        self._is_over = False
        self._writer: asyncio.Task[None] | None = None

    def write(self, frames: Sequence[Frame]) -> bool:
        if self._is_over:
            return True
        if self._waiting_bytes > MAX_WAITING_BYTES:
            return False
        for frame in frames:
            self._waiting.append(frame.payload)
            self._waiting_bytes += len(frame.payload)
        self._go_on()
        return True

    def waiting_bytes(self) -> int:
        return self._waiting_bytes

    def close(self, code: int, reason: str) -> None:
        if not self._is_over:
            self._close_with = (code, reason)
            self._go_on()

    def abort(self) -> None:
        """ASGI knows no abort: the close frame is all that can be asked for."""
        self._end()
        self._writer = self._loop.create_task(_close(self._send, POLICY_VIOLATION, "reads_too_slowly"))

    async def finish(self) -> None:
        """Ends the writer."""
        self._end()

    def _go_on(self) -> None:
        if self._writer is None or self._writer.done():
            self._writer = asyncio.Task(self._write_all(), loop=self._loop, eager_start=True)

    def _end(self) -> None:
        self._is_over = True
        if self._writer is not None:
            self._writer.cancel()

    async def _write_all(self) -> None:
        while self._waiting:
            payload = self._waiting[0]
            try:
                await self._send({"type": "websocket.send", "text": payload.decode()})
            except (OSError, RuntimeError):
                self._is_over = True  # The client is gone; the consumer hears of it through its disconnect.
                return
            self._waiting.popleft()
            self._waiting_bytes -= len(payload)
        if self._close_with is not None:
            self._is_over = True
            await _close(self._send, *self._close_with)


async def _close(send: Send, code: int, reason: str) -> None:
    try:
        await send({"type": "websocket.close", "code": code, "reason": reason})
    except (OSError, RuntimeError):
        return  # Already closed by the other side, which is what was wanted.
