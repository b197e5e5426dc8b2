"""ASGI's lifespan: the engine starts before the first request and stops after the last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog

from tickfolio.errors import TickfolioError

log = structlog.get_logger(__name__)


class Service(Protocol):
    """What lives as long as the server."""

    def start(self) -> Awaitable[None]: ...

    def stop(self) -> Awaitable[None]: ...


class Lifespan:
    """Starts and stops `service`, which requests find as ``scope["state"]["service"]``.

    **Source**: the ASGI specification, Lifespan Protocol 2.0.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        await receive()
        try:
            await self._service.start()
        except TickfolioError as refusal:
            log.critical("start.refused", reason=str(refusal))
            await send({"type": "lifespan.startup.failed", "message": str(refusal)})
            return
        except Exception as error:  # whatever it is, the server must hear that there is no start
            log.exception("start.failed")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        if "state" in scope:
            scope["state"]["service"] = self._service
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._service.stop()
        await send({"type": "lifespan.shutdown.complete"})
