from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from tests.feeds.made_up import SetTime, settle
from tickfolio.errors import FeedDataError, FeedRejected, FeedUnavailable
from tickfolio.feeds import http
from tickfolio.feeds.http import Failure, HttpResponse, HttpxTransport, VendorHttp, keeping_reserve
from tickfolio.feeds.rate_limit import FAILURES_BEFORE_PAUSE, FIRST_PAUSE, Budget, HostGate

KEY = "hunter2-hunter2"


class Transport:
    """Answers as the test says."""

    def __init__(self) -> None:
        self.answer: HttpResponse | Exception = response()
        self.asked: list[str] = []
        self.headers: Mapping[str, str] = {}
        self.is_closed = False
        self.is_held: asyncio.Event | None = None
        """Answers once it is set."""

    async def get(self, url: str, *, headers: Mapping[str, str]) -> HttpResponse:
        self.asked.append(url)
        self.headers = headers
        if self.is_held is not None:
            await self.is_held.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def close(self) -> None:
        self.is_closed = True


def response(status: int = 200, body: bytes = b"{}", **headers: str) -> HttpResponse:
    return HttpResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def host(transport: Transport, time: SetTime, *, requests: int = 10, seconds: int = 10) -> VendorHttp:
    gate = HostGate(Budget(requests, timedelta(seconds=seconds)), at=time.utc_now())
    return VendorHttp(
        "https://user:pass@api.example/v1/",
        transport=transport,
        gate=gate,
        real_time=time,
        headers={"X-Key": KEY, "X-Empty": ""},
    )


async def test_a_question_is_the_address_the_path_and_the_query_with_the_headers() -> None:
    transport = Transport()
    vendor = host(transport, SetTime())
    assert (await vendor.get("/quote", {"symbol": "BRK.B", "q": "a&b c"})).status == 200
    assert transport.asked == ["https://user:pass@api.example/v1/quote?symbol=BRK.B&q=a%26b+c"]
    assert transport.headers["X-Key"] == KEY
    assert vendor.host == "api.example"
    await vendor.close()
    assert transport.is_closed


# ---------- What an answer means ----------


@pytest.mark.parametrize("status", [200, 400, 404])
async def test_the_caller_knows_what_these_mean(status: int) -> None:
    transport = Transport()
    transport.answer = response(status, b"text")
    assert (await host(transport, SetTime()).get("/")).body == b"text"


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_a_refused_key_is_told_with_the_vendors_words_and_without_the_key(status: int) -> None:
    transport = Transport()
    transport.answer = response(status, f"{KEY} is not valid".encode() + b"\xff" * 500)
    with pytest.raises(FeedRejected, match=f"api.example refused the request with status {status}") as refused:
        await host(transport, SetTime()).get("/")
    assert "is not valid" in str(refused.value)
    assert KEY not in str(refused.value)
    assert len(str(refused.value)) < 250
    transport.answer = response(status, b"")
    with pytest.raises(FeedRejected, match="no reason was given"):
        await host(transport, SetTime()).get("/")


@pytest.mark.parametrize("status", [201, 204, 301, 302, 304, 418])
async def test_a_status_that_nobody_expects_is_no_answer(status: int) -> None:
    transport = Transport()
    transport.answer = response(status)
    with pytest.raises(FeedDataError, match=f"Expected status 200 from api.example, was {status}"):
        await host(transport, SetTime()).get("/")


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (response(429, retry_after="120"), 120),
        (response(429, retry_after="Fri, 27 Nov 2026 15:00:30 GMT"), 30),
        (response(429, retry_after="whenever"), 60),
        (response(429), 60),
        (response(503, retry_after="90"), 90),
        (response(425, retry_after="7"), 7),
    ],
)
async def test_a_host_that_wants_to_be_left_alone_is_asked_no_sooner(answer: HttpResponse, seconds: int) -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time)
    transport.answer = answer
    with pytest.raises(FeedUnavailable) as refused:
        await vendor.get("/")
    assert refused.value.retry_after == seconds
    transport.answer = response()
    time.now_us += (seconds - 6) * 1_000_000
    with pytest.raises(FeedUnavailable, match="must not be asked for 6 s more") as early:
        await vendor.get("/")
    assert early.value.retry_after == 6
    assert len(transport.asked) == 1
    time.now_us += 6_000_000
    assert (await vendor.get("/")).status == 200


@pytest.mark.parametrize(
    "answer",
    [response(502), response(408), response(200, b"\n<!DOCTYPE html><p>Back soon"), FeedUnavailable("silence")],
)
async def test_a_host_that_fails_again_and_again_is_left_alone_and_then_tried_once(
    answer: HttpResponse | Exception,
) -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time)
    transport.answer = answer
    for _ in range(FAILURES_BEFORE_PAUSE):
        with pytest.raises(FeedUnavailable):
            await vendor.get("/")
    with pytest.raises(FeedUnavailable, match="must not be asked"):
        await vendor.get("/")
    assert len(transport.asked) == FAILURES_BEFORE_PAUSE
    time.now_us += FIRST_PAUSE // timedelta(microseconds=1)
    with pytest.raises(FeedUnavailable):
        await vendor.get("/")
    with pytest.raises(FeedUnavailable, match="must not be asked for 60 s more"):
        await vendor.get("/")
    time.now_us += 2 * FIRST_PAUSE // timedelta(microseconds=1)
    transport.answer = response()
    assert (await vendor.get("/")).status == 200
    assert vendor.gate.state().failures == 0


async def test_one_question_at_which_a_host_stumbles_is_no_failure_of_the_host_and_many_are() -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time, requests=100)
    transport.answer = response(500)
    for _ in range(4 * FAILURES_BEFORE_PAUSE):
        with pytest.raises(FeedUnavailable):
            await vendor.get("/chart/SICK")
    assert vendor.gate.state().failures == 1
    for number in range(FAILURES_BEFORE_PAUSE - 1):
        with pytest.raises(FeedUnavailable):
            await vendor.get(f"/chart/{number}")
    assert vendor.gate.paused_until(time.utc_now()) is not None
    time.now_us += FIRST_PAUSE // timedelta(microseconds=1)
    with pytest.raises(FeedUnavailable):
        await vendor.get("/chart/SICK")
    assert vendor.gate.state().failures == FAILURES_BEFORE_PAUSE + 1


async def test_after_a_pause_one_question_is_asked_and_the_others_wait_for_what_becomes_of_it() -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time)
    transport.answer = FeedUnavailable("silence")
    for _ in range(FAILURES_BEFORE_PAUSE):
        with pytest.raises(FeedUnavailable):
            await vendor.get("/")
    time.now_us += FIRST_PAUSE // timedelta(microseconds=1)
    transport.answer, transport.is_held = response(), asyncio.Event()
    first = asyncio.create_task(vendor.get("/first"))
    await settle()
    with pytest.raises(FeedUnavailable, match="must not be asked for 30 s more"):
        await vendor.get("/second")
    transport.is_held.set()
    assert (await first).status == 200
    assert (await vendor.get("/second")).status == 200


async def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SECONDS_IN_ALL", 0.01)
    transport, time = Transport(), SetTime()
    vendor = host(transport, time)
    transport.is_held = asyncio.Event()
    with pytest.raises(FeedUnavailable, match=r"api\.example did not answer in full within"):
        await vendor.get("/")
    assert vendor.gate.state().failures == 1


async def test_what_failed_last_is_kept_until_the_host_answers() -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time)
    transport.answer = response(502)
    with pytest.raises(FeedUnavailable):
        await vendor.get("/")
    assert vendor.failure == Failure(time.utc_now(), "api.example answered with status 502.")
    transport.answer = FeedDataError("Expected at most 100 bytes from api.example.")
    with pytest.raises(FeedDataError):
        await vendor.get("/")
    assert (vendor.failures, vendor.gate.state().failures) == (2, 0)
    transport.answer = response()
    await vendor.get("/")
    assert vendor.failure is None


# ---------- Turns ----------


async def test_questions_that_come_together_take_their_turns_one_after_another() -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time, requests=10)
    asking = [asyncio.create_task(vendor.get(f"/{number}")) for number in range(13)]
    await settle()
    assert len(transport.asked) == 10
    for asked in (11, 12, 13):
        await time.pass_seconds(1)
        assert len(transport.asked) == asked
    await asyncio.gather(*asking)


async def test_what_one_person_asks_leaves_a_part_of_the_budget_to_what_everybody_needs() -> None:
    transport = Transport()
    vendor = host(transport, SetTime(), requests=8, seconds=60)
    with keeping_reserve():
        for _ in range(6):
            await vendor.get("/who")
        with pytest.raises(FeedUnavailable, match="must not be asked"):
            await vendor.get("/who")
    for _ in range(2):
        await vendor.get("/days")
    with pytest.raises(FeedUnavailable, match="must not be asked"):
        await vendor.get("/days")


async def test_a_question_that_would_wait_for_long_is_refused_at_once_and_costs_no_turn() -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time, requests=1)
    await vendor.get("/")
    with pytest.raises(FeedUnavailable, match="must not be asked for 10 s more") as refused:
        await vendor.get("/")
    assert refused.value.retry_after == 10
    time.now_us += 10_000_000
    await vendor.get("/")
    assert len(transport.asked) == 2


async def test_who_waits_for_a_turn_goes_away_when_the_host_asks_for_a_pause_meanwhile() -> None:
    transport, time = Transport(), SetTime()
    vendor = host(transport, time, requests=10)
    for _ in range(10):
        await vendor.get("/")
    waiting = asyncio.create_task(vendor.get("/late"))
    await settle()
    vendor.gate.pause(time.utc_now(), timedelta(seconds=31))
    await time.pass_seconds(1)
    with pytest.raises(FeedUnavailable, match="must not be asked for 30 s more"):
        await waiting
    assert len(transport.asked) == 10


# ---------- httpx ----------


@asynccontextmanager
async def answering(status: int, body: bytes, **headers: str) -> AsyncIterator[tuple[str, list[Request]]]:
    """A server on loopback that answers every request alike: its address, and what it was asked."""
    seen: list[Request] = []

    def answer(_connection: ServerConnection, request: Request) -> Response:
        seen.append(request)
        lines = Headers({"Content-Length": str(len(body)), "Connection": "close"})
        lines.update({name.replace("_", "-"): value for name, value in headers.items()})
        return Response(status, "As asked", lines, body)

    async def no_socket(_connection: ServerConnection) -> None: ...

    async with serve(no_socket, "127.0.0.1", 0, process_request=answer) as server:
        yield f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", seen


async def test_an_answer_comes_with_its_status_its_headers_and_its_body() -> None:
    transport = HttpxTransport()
    async with answering(429, b"slow down", retry_after="7") as (address, seen):
        found = await transport.get(f"{address}/quote?symbol=A", headers={"X-Key": KEY})
    assert (found.status, found.headers["retry-after"], found.body) == (429, "7", b"slow down")
    assert (seen[0].path, seen[0].headers["X-Key"]) == ("/quote?symbol=A", KEY)
    await transport.close()
    await transport.close()


async def test_a_redirect_is_not_followed_with_the_key() -> None:
    transport = HttpxTransport()
    async with answering(302, b"", location="/elsewhere") as (address, seen):
        assert (await transport.get(address, headers={"X-Key": KEY})).status == 302
    assert len(seen) == 1
    await transport.close()


async def test_an_answer_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 100)
    transport = HttpxTransport()
    async with answering(200, b"x" * 101) as (address, _seen):
        with pytest.raises(FeedDataError, match=r"at most 100 bytes from 127\.0\.0\.1"):
            await transport.get(address, headers={})
    await transport.close()


@pytest.mark.parametrize("url", [f"http://127.0.0.1:1/?token={KEY}", f"ftp://x/?token={KEY}"])
async def test_where_nobody_answers_no_key_is_told(url: str) -> None:
    transport = HttpxTransport()
    with pytest.raises(FeedUnavailable, match="did not answer") as silence:
        await transport.get(url, headers={"X-Key": KEY})
    assert KEY not in f"{silence.value}{silence.value.__cause__}"
    await transport.close()
