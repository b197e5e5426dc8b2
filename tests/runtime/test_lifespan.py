from typing import Any

import pytest

from tickfolio.errors import BusUnavailable
from tickfolio.runtime.lifespan import Lifespan


class Service:
    """What starts and stops, or fails to."""

    def __init__(self, *, fails_with: Exception | None = None) -> None:
        self.story: list[str] = []
        self._fails_with = fails_with

    async def start(self) -> None:
        if self._fails_with is not None:
            raise self._fails_with
        self.story.append("started")

    async def stop(self) -> None:
        self.story.append("stopped")


async def lived(service: Service) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[dict[str, Any]] = []
    scope: dict[str, Any] = {"type": "lifespan", "state": {}}

    async def receive() -> dict[str, str]:
        return next(messages)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await Lifespan(service)(scope, receive, send)
    return sent, scope["state"]


async def test_service_lives_as_long_as_the_server_and_requests_find_it() -> None:
    service = Service()
    sent, state = await lived(service)
    assert service.story == ["started", "stopped"]
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert state == {"service": service}


@pytest.mark.parametrize("error", [RuntimeError("no feed"), BusUnavailable("no feed")])
async def test_failed_start_is_told_to_the_server_with_its_reason(error: Exception) -> None:
    sent, _state = await lived(Service(fails_with=error))
    assert sent == [{"type": "lifespan.startup.failed", "message": "no feed"}]
