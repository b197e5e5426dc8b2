"""Questions to a vendor over HTTP: one budget and one breaker a host, and every fault told as a `FeedError`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.rate_limit import HostGate, retry_after
from tickfolio.feeds.real_time import RealTime

LONGEST_WAIT = timedelta(seconds=5)
"""For how long a question waits for its turn; one that would wait longer is refused at once, and says when to come back."""
MOST_BYTES = 32 * 1024 * 1024
SECONDS_TO_ANSWER = 15.0
"""How long a host may be silent."""
SECONDS_IN_ALL = 30.0
"""How long an answer may take from the question to its last byte, however steadily it comes."""
_ASK_LATER = {408, 425, 429}
_REFUSED = {401, 402, 403}
_STUMBLED = 500


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A vendor's answer; the names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """What the last question to a host failed with, and when (UTC)."""

    at: datetime
    reason: str


class HttpTransport(Protocol):
    """What carries a request: httpx, or another client where a vendor wants to see a browser."""

    async def get(self, url: str, *, headers: Mapping[str, str]) -> HttpResponse:
        """One GET request, redirects not followed, of at most `MOST_BYTES`.

        Raises:
            FeedUnavailable: there is no answer, or not in time.
            FeedDataError: the answer is larger than that.
        """
        ...

    async def close(self) -> None:
        """Closes what is open."""
        ...


_keeps_reserve: ContextVar[bool] = ContextVar("keeps_reserve", default=False)


@contextmanager
def keeping_reserve() -> Iterator[None]:
    """What is asked meanwhile, one person wants to know: a part of each budget stays for the prices and histories of everybody."""
    token = _keeps_reserve.set(True)
    try:
        yield
    finally:
        _keeps_reserve.reset(token)


class VendorHttp:
    """One host of a vendor.

    The budget is spent before the request and the breaker told after it, whatever becomes of it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        transport: HttpTransport,
        gate: HostGate,
        real_time: RealTime,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._transport = transport
        self.gate = gate
        self._real_time = real_time
        self._headers = dict(headers or {})
        self._sick: set[str] = set()
        """The questions that the host failed at since it answered last."""
        self.failure: Failure | None = None
        """What the last question failed with; None where it was answered, or none was asked."""
        self.failures = 0

    @property
    def host(self) -> str:
        """The host as reports name it, never with a key."""
        return urlsplit(self._base_url).netloc.rpartition("@")[2]

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> HttpResponse:
        """The answer to ``GET path?query``: of status 200, or 404 or 400, whose meaning the caller knows.

        Raises:
            FeedUnavailable: no answer, a fault of the host, or it must not be asked now.
            FeedRejected: the key is refused, or what was asked is not in the subscription.
            FeedDataError: an answer that is too large, or a status that nobody expects.
        """
        await self._turn()
        question = path + (f"?{urlencode(query)}" if query else "")
        with self.judging():
            response = self._judged(await self._answer(question), question)
        self.failure = None
        return response

    @contextmanager
    def judging(self) -> Iterator[None]:
        """Keeps as the host's failure what is raised while an answer is fetched or read."""
        try:
            yield
        except FeedError as error:
            self.failure = Failure(self._real_time.utc_now(), str(error))
            self.failures += 1
            raise

    async def close(self) -> None:
        """Closes connections."""
        await self._transport.close()

    async def _answer(self, question: str) -> HttpResponse:
        try:
            async with asyncio.timeout(SECONDS_IN_ALL):
                return await self._transport.get(self._base_url + question, headers=self._headers)
        except TimeoutError:
            self.gate.failed(self._real_time.utc_now())
            raise FeedUnavailable(f"{self.host} did not answer in full within {SECONDS_IN_ALL:.0f} s.") from None
        except FeedUnavailable:
            self.gate.failed(self._real_time.utc_now())
            raise
        except FeedDataError:
            self.gate.succeeded()  # too much of an answer is one
            raise

    async def _turn(self) -> None:
        """Takes the next turn and waits for it; a question that comes meanwhile gets a later one."""
        now = self._real_time.utc_now()
        wait = self.gate.wait(now, keeps_reserve=_keeps_reserve.get())
        if wait > LONGEST_WAIT:
            raise self._not_now(wait)
        self.gate.take(now)
        if wait:
            await self._real_time.sleep_until(self._real_time.monotonic_us() + wait // timedelta(microseconds=1))
            now = self._real_time.utc_now()
            until = self.gate.paused_until(now)  # the answer to a question before this one may have asked for a pause
            if until is not None:
                raise self._not_now(until - now)

    def _not_now(self, wait: timedelta) -> FeedUnavailable:
        seconds = wait.total_seconds()
        return FeedUnavailable(f"{self.host} must not be asked for {seconds:.0f} s more.", retry_after=seconds)

    def _judged(self, response: HttpResponse, question: str) -> HttpResponse:
        now = self._real_time.utc_now()
        status = response.status
        if status in _ASK_LATER or status >= 500:
            asked = retry_after(response.headers.get("retry-after", ""), at=now)
            # One question at which a host stumbles each time is no failure of the host: the breaker is for all of them.
            if status != _STUMBLED or question not in self._sick or self.gate.is_doubted:
                self.gate.failed(now)
            self._sick.add(question)
            if asked is not None or status == 429:
                self.gate.pause(now, timedelta(seconds=60) if asked is None else asked)
            wait = self.gate.wait(now).total_seconds()
            raise FeedUnavailable(f"{self.host} answered with status {status}.", retry_after=wait or None)
        if status == 200 and _is_page(response.body):
            self.gate.failed(now)
            raise FeedUnavailable(f"{self.host} answered with a page for people instead of data.")
        self.gate.succeeded()
        self._sick.clear()
        if status in _REFUSED:
            raise FeedRejected(f"{self.host} refused the request with status {status}: {self._shown(response.body)}")
        if status not in (200, 400, 404):
            raise FeedDataError(f"Expected status 200 from {self.host}, was {status}.")
        return response

    def _shown(self, body: bytes) -> str:
        """The beginning of what a host says of a refusal, without a key that it may repeat."""
        text = body.decode(errors="replace")
        for secret in self._headers.values():
            text = text.replace(secret, "…") if secret else text
        return text[:120].strip() or "no reason was given."


def _is_page(body: bytes) -> bool:
    """Whether it is what a host in front of a vendor shows while the vendor is out of order."""
    return body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


class HttpxTransport:
    """httpx, imported when the first request is made: it costs a tenth of a second."""

    def __init__(self) -> None:
        self._client: object | None = None

    async def get(self, url: str, *, headers: Mapping[str, str]) -> HttpResponse:
        """One GET request through a pool of kept connections."""
        import httpx

        if self._client is None:
            self._client = httpx.AsyncClient(timeout=SECONDS_TO_ANSWER, follow_redirects=False)
        assert isinstance(self._client, httpx.AsyncClient)
        host = urlsplit(url).netloc.rpartition("@")[2]
        try:
            async with self._client.stream("GET", url, headers=dict(headers)) as response:
                body = bytearray()
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise FeedDataError(f"Expected at most {MOST_BYTES} bytes from {host}.")
                return HttpResponse(response.status_code, dict(response.headers), bytes(body))
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            # The text of an httpx error may hold the address, and that a key.
            raise FeedUnavailable(f"{host} did not answer: {type(error).__name__}.") from None

    async def close(self) -> None:
        """Closes kept connections."""
        client, self._client = self._client, None
        if client is not None:
            import httpx

            assert isinstance(client, httpx.AsyncClient)
            await client.aclose()
