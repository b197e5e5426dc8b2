from typing import Any

from tickfolio.runtime.lifespan import Lifespan


class Service:
    """What starts and stops, or fails to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.story: list[str] = []
        self._fails = fails

    async def start(self) -> None:
        if self._fails:
            raise RuntimeError("no feed")
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


async def test_failed_start_is_told_to_the_server_with_its_reason() -> None:
    sent, _state = await lived(Service(fails=True))
    assert sent == [{"type": "lifespan.startup.failed", "message": "no feed"}]
