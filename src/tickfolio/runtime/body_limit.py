"""A bound on what a request may carry, before Django spools it to the disk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1024 * 1024
REFUSED_OVER = "tickfolio.refused_over"
"""The key of a scope whose body was over this many bytes: the application sees none of it, and says so to who asked."""
DROPPED_BYTES = 32 * 1024 * 1024
DROPPED_SECONDS = 10.0
"""How much of a refused body is taken and dropped: a browser that is cut off while it sends may never show the answer."""
_OF_A_BODY = {b"content-length", b"content-type", b"transfer-encoding"}


@dataclass(frozen=True, slots=True)
class LargerBody:
    """An address that takes more than others do, as files need it."""

    path: re.Pattern[str]
    limit: int


class BodyLimit:
    """ASGI middleware: a body over `limit` bytes never reaches the application, which is asked for the refusal instead.

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
            await _drop(receive)
            await self._refuse(scope, send, limit)
            return
        read, has_more = 0, True

        async def counted() -> Message:
            nonlocal read, has_more
            if read > limit:
                return {"type": "http.disconnect"}
            message = await receive()
            read, has_more = read + len(message.get("body", b"")), bool(message.get("more_body"))
            # To the application it looks as if the client had gone, so it stops reading and writes nothing.
            return message if read <= limit else {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if read <= limit:
                await send(message)

        await self._application(scope, counted, unless_refused)
        if read > limit:
            if has_more:
                await _drop(receive)
            await self._refuse(scope, send, limit)

    async def _refuse(self, scope: dict[str, Any], send: Send, limit: int) -> None:
        """Has the application say it, as with a request without a body, so that its answer is like its others."""
        headers = [(name, value) for name, value in scope["headers"] if name not in _OF_A_BODY]
        refused = {**scope, "headers": headers, REFUSED_OVER: limit}
        messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def nothing() -> Message:
            message = next(messages, None)
            return message if message is not None else await asyncio.Event().wait()  # type: ignore[return-value]  # never

        await self._application(refused, nothing, send)

    def _limit_of(self, scope: dict[str, Any]) -> int:
        larger = [each for each in self._larger if scope["method"] == "POST" and each.path.fullmatch(scope["path"])]
        return larger[0].limit if larger else self._limit


async def _drop(receive: Receive) -> None:
    """Takes what is still being sent, up to a bound, and keeps none of it."""
    dropped = 0
    try:
        async with asyncio.timeout(DROPPED_SECONDS):
            while dropped <= DROPPED_BYTES:
                message = await receive()
                dropped += len(message.get("body", b""))
                if not message.get("more_body"):
                    return
    except TimeoutError:
        return


def _announced_length(scope: dict[str, Any]) -> int:
    """What the header says; 0 where it is missing or no number, because then the bytes are counted."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
