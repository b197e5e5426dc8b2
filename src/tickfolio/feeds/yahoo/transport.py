"""How Yahoo is asked: as a browser would. It answers 429 to programs that look like programs.

curl_cffi, which comes with the extra ``yahoo``, shakes hands as Chrome does; without it httpx at least says that it is a
browser. Neither is imported before the first request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol
from urllib.parse import urlsplit

from tickfolio.errors import FeedDataError, FeedUnavailable
from tickfolio.feeds.http import MOST_BYTES, SECONDS_TO_ANSWER, HttpResponse, HttpTransport, HttpxTransport

IMITATED = "chrome"
BROWSER_HEADERS = {
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    ),
    "Accept": "application/json,text/plain,*/*",
    "Accept-Language": "en-US,en;q=0.9",
}
_NOT_TAKEN = 0xFFFF_FFFF
"""What a receiver of curl's returns to end the transfer (CURL_WRITEFUNC_ERROR)."""


def browser_transport() -> HttpTransport:
    """The one that looks most like a browser of those that are installed."""
    return HttpxTransport() if find_spec("curl_cffi") is None else CurlTransport()


def browser_headers() -> Mapping[str, str]:
    """What has to be said for `browser_transport`: nothing where curl_cffi says all that Chrome says."""
    return BROWSER_HEADERS if find_spec("curl_cffi") is None else {}


class _Answer(Protocol):
    status_code: int

    @property
    def headers(self) -> Mapping[str, str | None]: ...


class _Session(Protocol):
    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109  curl's own
        allow_redirects: bool,
        content_callback: Callable[[bytes], int],
    ) -> _Answer: ...

    async def close(self) -> None: ...


class _Body:
    """What has come of an answer."""

    def __init__(self) -> None:
        self.taken = bytearray()
        self.is_too_large = False

    def take(self, part: bytes) -> int:
        """Takes a part, as curl wants it: how much was taken is answered."""
        self.is_too_large = len(self.taken) + len(part) > MOST_BYTES
        if self.is_too_large:
            return _NOT_TAKEN
        self.taken += part
        return len(part)


class CurlTransport:
    """curl_cffi, which imitates the handshakes of a browser down to the ciphers."""

    def __init__(self) -> None:
        self._session: _Session | None = None

    async def get(self, url: str, *, headers: Mapping[str, str]) -> HttpResponse:
        """One GET request through a pool of kept connections."""
        host = urlsplit(url).netloc.rpartition("@")[2]
        body = _Body()
        try:
            answer = await self._opened().get(
                url, headers=headers, timeout=SECONDS_TO_ANSWER, allow_redirects=False, content_callback=body.take
            )
        except OSError as error:  # as all errors of curl_cffi are
            if body.is_too_large:
                raise FeedDataError(f"Expected at most {MOST_BYTES} bytes from {host}.") from None
            raise FeedUnavailable(f"{host} did not answer: {type(error).__name__}.") from None
        small = {name.lower(): value for name, value in answer.headers.items() if value is not None}
        return HttpResponse(answer.status_code, small, bytes(body.taken))

    async def close(self) -> None:
        """Closes kept connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> _Session:
        if self._session is None:
            # By name: it is not installed everywhere, so the type checker could not follow an import.
            session: _Session = import_module("curl_cffi").AsyncSession(impersonate=IMITATED)
            self._session = session
        return self._session
