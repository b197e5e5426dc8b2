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
    """One writer task a socket, so that awaiting one client's send never holds up another's."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._close_with: tuple[int, str] | None = None
        self._writer = asyncio.get_running_loop().create_task(self._write_all())

    def write(self, frames: Sequence[Frame]) -> bool:
        if self._waiting_bytes > MAX_WAITING_BYTES:
            return False
        for frame in frames:
            self._waiting.append(frame.payload)
            self._waiting_bytes += len(frame.payload)
        self._wake.set()
        return True

    def waiting_bytes(self) -> int:
        return self._waiting_bytes

    def close(self, code: int, reason: str) -> None:
        self._close_with = (code, reason)
        self._wake.set()

    def abort(self) -> None:
        """ASGI knows no abort: the close frame is all that can be asked for."""
        self._writer.cancel()
        self._writer = asyncio.get_running_loop().create_task(_close(self._send, POLICY_VIOLATION, "reads_too_slowly"))

    async def finish(self) -> None:
        """Ends the writer task."""
        self._writer.cancel()

    async def _write_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                payload = self._waiting[0]
                try:
                    await self._send({"type": "websocket.send", "text": payload.decode()})
                except OSError:
                    return  # The client is gone; the consumer hears of it through its disconnect.
                self._waiting.popleft()
                self._waiting_bytes -= len(payload)
            if self._close_with is not None:
                await _close(self._send, *self._close_with)
                return


async def _close(send: Send, code: int, reason: str) -> None:
    try:
        await send({"type": "websocket.close", "code": code, "reason": reason})
    except (OSError, RuntimeError):
        return  # Already closed by the other side, which is what was wanted.
