"""A websocket client that speaks ASGI straight to the application, as a plain ASGI server would."""

from __future__ import annotations

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class AsgiSocket:
    """One socket. Channels has such a class too, but importing it needs another web server."""

    def __init__(
        self,
        application: Any,
        path: str,
        *,
        headers: list[tuple[bytes, bytes]],
        subprotocols: list[str] | None = None,
        extensions: dict[str, Any] | None = None,
    ) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": subprotocols or [],
            "extensions": extensions or {},
        }
        self._application = ApplicationCommunicator(application, scope)

    async def connect(self) -> dict[str, Any]:
        """Asks for the socket; the server's first answer."""
        await self._application.send_input({"type": "websocket.connect"})
        return await self.output()

    async def send(self, text: str | None = None, *, binary: bytes | None = None) -> None:
        """Sends one message."""
        await self._application.send_input({"type": "websocket.receive", "text": text, "bytes": binary})

    async def say(self, message: dict[str, Any]) -> None:
        """Sends one message as JSON."""
        await self.send(json.dumps(message))

    async def hear(self) -> Any:
        """The next message from the server, from JSON."""
        return json.loads((await self.output())["text"])

    async def output(self) -> dict[str, Any]:
        """The next thing that the application does."""
        output: dict[str, Any] = await self._application.receive_output(timeout=30)
        return output

    async def leave(self, code: int = 1001) -> None:
        """Goes away, or the server under the application closes, and waits until the application has noticed."""
        await self._application.send_input({"type": "websocket.disconnect", "code": code})
        await self._application.wait(timeout=30)
