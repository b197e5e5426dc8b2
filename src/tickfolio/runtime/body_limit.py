"""A bound on what a request may carry, before Django spools it to the disk."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1024 * 1024


class BodyLimit:
    """ASGI middleware: a body over `limit` bytes is answered with 413 and never read to its end."""

    def __init__(self, application: Application, *, limit: int = MAX_BODY_BYTES) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if _announced_length(scope) > self._limit:
            await self._refuse(send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            if read > self._limit:
                return {"type": "http.disconnect"}
            message = await receive()
            read += len(message.get("body", b""))
            # To the application it looks as if the client had gone, so it stops reading and writes nothing.
            return message if read <= self._limit else {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if read <= self._limit:
                await send(message)

        await self._application(scope, counted, unless_refused)
        if read > self._limit:
            await self._refuse(send)

    async def _refuse(self, send: Send) -> None:
        """A problem document (RFC 9457)."""
        detail = f"Expected a body of at most {self._limit} bytes."
        problem = {"title": "Content Too Large", "status": 413, "code": "body_too_large", "detail": detail}
        body = json.dumps(problem).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _announced_length(scope: dict[str, Any]) -> int:
    """What the header says; 0 where it is missing or no number, because then the bytes are counted."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
