from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tickfolio.runtime import body_limit
from tickfolio.runtime.body_limit import REFUSED_OVER, BodyLimit, LargerBody


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Reads the whole body as Django does, gives up when the client seems gone, and says when one was refused."""
    status = 413 if REFUSED_OVER in scope else 200
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": status, "headers": scope["headers"]})
    await send({"type": "http.response.body", "body": str(size).encode()})


async def answered(
    chunks: list[bytes], *, length: bytes | None, path: str = "/", method: str = "POST"
) -> tuple[int, int]:
    """The status, and how many chunks were taken from the client: of what is refused, those are dropped."""
    headers = [] if length is None else [(b"content-length", length)]
    sent: list[dict[str, Any]] = []
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        if taken > len(chunks):
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunks[taken - 1], "more_body": taken < len(chunks)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    limit = BodyLimit(application, limit=10, larger=[LargerBody(re.compile(r"/files/\d+/"), 20)])
    await limit({"type": "http", "headers": headers, "path": path, "method": method}, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    if sent[0]["status"] == 413:
        # The application saw nothing of the body, nor that there was one.
        assert (sent[1]["body"], sent[0]["headers"]) == (b"0", [])
    return sent[0]["status"], taken


@pytest.mark.parametrize("length", [b"10", None])
async def test_body_up_to_the_limit_passes(length: bytes | None) -> None:
    assert await answered([b"12345", b"67890"], length=length) == (200, 2)


async def test_announced_body_over_the_limit_is_refused_before_any_of_it_is_read() -> None:
    assert await answered([b"x" * 11], length=b"11") == (413, 1)


async def test_no_more_is_dropped_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "DROPPED_BYTES", 20)
    assert await answered([b"x" * 11] * 9, length=b"99") == (413, 2)


async def test_nobody_waits_long_for_what_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "DROPPED_SECONDS", 0.01)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return await asyncio.Event().wait()  # type: ignore[return-value]  # never

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"content-length", b"11")], "path": "/", "method": "POST"}
    await BodyLimit(application, limit=10)(scope, receive, send)
    assert sent[0]["status"] == 413


@pytest.mark.parametrize("length", [None, b"5", b"nonsense"])
async def test_body_that_grows_over_the_limit_is_refused(length: bytes | None) -> None:
    assert await answered([b"123456", b"123456", b"123456"], length=length) == (413, 3)


@pytest.mark.parametrize("length", [None, b"20"])
async def test_an_address_for_files_takes_more(length: bytes | None) -> None:
    assert await answered([b"x" * 15, b"x" * 5], length=length, path="/files/1/") == (200, 2)
    assert await answered([b"x" * 15, b"x" * 6], length=None, path="/files/1/") == (413, 2)
    assert await answered([b"x" * 21], length=b"21", path="/files/1/") == (413, 1)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/files/1/more/", "POST"), ("/files/x/", "POST"), ("/a/files/1/", "POST"), ("/files/1/", "PUT")],
)
async def test_no_other_address_or_method_does(path: str, method: str) -> None:
    assert await answered([b"x" * 11], length=b"11", path=path, method=method) == (413, 1)
