"""A bound on what a request may carry, before Django spools it to the disk."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LargerBody:
    """An address that takes more than others do, as files need it."""

    path: re.Pattern[str]
    limit: int


class BodyLimit:
    """ASGI middleware: a body over `limit` bytes is answered with 413 and never read to its end.

    The addresses of `larger` have limits of their own, for a POST.
    """

    def __init__(
        self, application: Application, *, limit: int = MAX_BODY_BYTES, larger: Sequence[LargerBody] = ()
    ) -> None:
        self._application = application
        self._limit = limit
        self._larger = tuple(larger)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        limit = self._limit_of(scope)
        if _announced_length(scope) > limit:
            await _refuse(send, limit)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            if read > limit:
                return {"type": "http.disconnect"}
            message = await receive()
            read += len(message.get("body", b""))
            # To the application it looks as if the client had gone, so it stops reading and writes nothing.
            return message if read <= limit else {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if read <= limit:
                await send(message)

        await self._application(scope, counted, unless_refused)
        if read > limit:
            await _refuse(send, limit)

    def _limit_of(self, scope: dict[str, Any]) -> int:
        larger = [each for each in self._larger if scope["method"] == "POST" and each.path.fullmatch(scope["path"])]
        return larger[0].limit if larger else self._limit


async def _refuse(send: Send, limit: int) -> None:
    """A problem document (RFC 9457)."""
    detail = f"Expected a body of at most {limit} bytes."
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
