"""uvicorn's websocket protocol, hardened, with a frame writer for the live engine.

What uvicorn's own class leaves open, each measured against it: a client that never reads is not reported to the application
and keeps the process from stopping; a message may come in endless empty fragments; the kernel's send buffer hides megabytes
per stuck client. Messages are limited to 16 KiB and compression is off through uvicorn's own settings (`runtime/server.py`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from asyncio import TimerHandle
from asyncio.transports import BaseTransport, Transport
from collections.abc import Sequence

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame as IncomingFrame
from websockets.http11 import Request
from websockets.protocol import Protocol, State

from tickfolio.live.ports import FRAME_WRITER, MAX_WAITING_BYTES
from tickfolio.live.session import POLICY_VIOLATION
from tickfolio.live.wire.framing import Frame

MAX_FRAGMENTS = 64
SEND_BUFFER_BYTES = 64 * 1024
PING_ABORT_SECONDS = 2.0
SHUTDOWN_ABORT_SECONDS = 1.5
CLOSE_ABORT_SECONDS = 2.0


class FrameWriter:
    """Writes ready frames straight to the socket: one system call a socket and beat, and no waiting for anyone.

    Offered in the ASGI scope as ``extensions["tickfolio.frame_writer"]``.
    """

    __slots__ = ("_descriptor", "_protocol", "_transport")

    def __init__(self, protocol: HardenedWebSocketProtocol) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._descriptor: int | None = None
        """Held while nothing waits for the client: a frame then looks at nothing else, of thousands of sockets in a row."""

    def look_again(self) -> None:
        """Somebody else writes, a side closes, or the client falls behind: the next frame must look whether it may be written."""
        self._descriptor = None

    def write(self, frames: Sequence[Frame]) -> bool:
        """Sends `frames` in one write; False, with nothing sent, while more than 64 KiB wait for the client."""
        descriptor = self._descriptor
        if descriptor is None:
            return self._look_and_write(frames)
        wire = frames[0].wire if len(frames) == 1 else b"".join([frame.wire for frame in frames])
        try:
            sent = os.write(descriptor, wire)
        except OSError:  # full, or gone; the transport finds out which
            sent = 0
        if sent < len(wire):
            self._descriptor = None
            self._transport.write(wire[sent:])
        return True

    def waiting_bytes(self) -> int:
        """Bytes that the network has not taken yet."""
        return self._transport.get_write_buffer_size()

    def abort(self) -> None:
        """Cuts the connection at once."""
        self.look_again()
        self._transport.abort()

    def _look_and_write(self, frames: Sequence[Frame]) -> bool:
        if not self._protocol.is_writable:
            return True
        waiting = self._transport.get_write_buffer_size()
        if waiting > MAX_WAITING_BYTES:
            return False
        if not waiting:
            self._descriptor = plain_descriptor(self._transport)
            if self._descriptor is not None:
                # A transport would keep all of it, what is sent too, until the last byte is gone: for a client that stops
                # reading within its snapshot that is half of what it costs.
                return self.write(frames)
        self._transport.write(b"".join([frame.wire for frame in frames]))
        return True


def plain_descriptor(transport: Transport) -> int | None:
    """Where bytes go out just as they are; None where they are encrypted first, or the system's sockets are no files (Windows)."""
    connected = transport.get_extra_info("socket")
    if connected is None or os.name != "posix" or transport.get_extra_info("sslcontext") is not None:
        return None
    number: int = connected.fileno()
    return number if number >= 0 else None


class HardenedWebSocketProtocol(WebSocketsSansIOProtocol):
    """See the module. Everything that is not overridden is uvicorn's."""

    _abort_timer: TimerHandle | None = None
    _frame_writer: FrameWriter | None = None
    _transport: Transport

    @property
    def transport(self) -> Transport:
        """The way out and in. Whoever asks for it may write or close, after which the next frame must not go past that."""
        self._look_again()
        return self._transport

    @transport.setter
    def transport(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def is_writable(self) -> bool:
        """Whether a frame may be written: the handshake is done and no side has begun to close."""
        return (
            self.handshake_complete
            and not self.close_sent
            and self.conn.state is State.OPEN
            and not self._transport.is_closing()
        )

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        connected = transport.get_extra_info("socket")
        if connected is not None:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        # Before all else that could fail: the system gives the number of a closed socket to the next one that somebody opens.
        self._look_again()
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)
        self._break_cycles()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.eof_sent and not self.handshake_initiated and not self.handshake_complete:
            self._end_unread_handshake()

    def begin(self, request: Request) -> None:
        """Goes on from a handshake that was read already (`runtime/first_request.py`): all that comes now are frames."""
        self.conn.parser = Protocol.parse(self.conn)
        next(self.conn.parser)
        self.handle_connect(request)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # Under uvicorn the scope exists only after its own handling, and a refused handshake has none.
        if hasattr(self, "scope"):
            extensions = self.scope.setdefault("extensions", {})
            self._frame_writer = extensions[FRAME_WRITER] = FrameWriter(self)  # type: ignore[assignment]  # uvicorn types it as closed

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "websocket.accept" and not message.get("headers") and self._may_accept():
            self._accept(message.get("subprotocol"))
        else:
            await super().send(message)

    def handle_ping(self) -> None:
        if self.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
            # A pong is owed for each ping: who sends them and never reads would make the buffer grow without end.
            self.transport.abort()
        else:
            super().handle_ping()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if not self.disconnected and self._abort_timer is None:
            # However it ended, `transport.close()` would wait for a client that never reads.
            self._abort_after(self.close_timeout + CLOSE_ABORT_SECONDS)

    def handle_cont(self, event: IncomingFrame) -> None:
        if len(self.frames) >= MAX_FRAGMENTS:
            self._refuse_fragments()
        else:
            super().handle_cont(event)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_after(PING_ABORT_SECONDS)

    def shutdown(self) -> None:
        super().shutdown()
        self._abort_after(SHUTDOWN_ABORT_SECONDS)

    def _may_accept(self) -> bool:
        """Whether nothing was answered yet, nobody is gone, and no line is wanted in uvicorn's log."""
        is_answered = self.handshake_complete or self.initial_response is not None
        return not (is_answered or self._transport.is_closing() or self.logger.isEnabledFor(logging.INFO))

    def _accept(self, subprotocol: str | None) -> None:
        """Answers as uvicorn does, which goes over the headers four times and writes a line for a log that nobody keeps."""
        headers = [pair for pair in self.response.headers.raw_items() if pair[0] != "Date"]
        headers += [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in self.default_headers]
        if subprotocol:
            headers.append(("Sec-WebSocket-Protocol", subprotocol))
        lines = ["HTTP/1.1 101 Switching Protocols", *(f"{name}: {value}" for name, value in headers), "", ""]
        self.conn.state = State.OPEN
        self.handshake_complete = True
        self.transport.write("\r\n".join(lines).encode("latin-1"))
        self.start_keepalive()

    def _end_unread_handshake(self) -> None:
        """Sends the answer to a head that is no handshake to websockets; uvicorn would keep it, and fail over it when it stops."""
        self.handshake_complete = self.close_sent = True
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    def _refuse_fragments(self) -> None:
        self.frames = []
        self.conn.fail(POLICY_VIOLATION, "too many fragments")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": POLICY_VIOLATION})
        self.transport.abort()

    def _break_cycles(self) -> None:
        """Lets go of what points back here, so that a closed socket is freed at once and not by some later collection.

        Measured: 70 objects a socket would wait for the collector, and a server with visitors that come and go would grow.
        """
        self.conn.parser.close()
        self._look_again()
        self._frame_writer = None
        if hasattr(self, "scope"):
            self.scope["extensions"].pop(FRAME_WRITER, None)

    def _look_again(self) -> None:
        if self._frame_writer is not None:
            self._frame_writer.look_again()

    def _abort_after(self, seconds: float) -> None:
        """`close()` waits for a client that reads; one that does not is cut."""
        self._abort_timer = asyncio.get_running_loop().call_later(seconds, self.transport.abort)
