from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from tickfolio.errors import FeedDataError, FeedUnavailable
from tickfolio.feeds.http import MOST_BYTES, HttpxTransport
from tickfolio.feeds.yahoo.transport import CurlTransport, browser_headers, browser_transport

URL = "https://key@query1.finance.yahoo.com/v8/finance/chart/AAPL"


class Answered:
    status_code = 404
    headers: Mapping[str, str | None] = {"Content-Type": "application/json", "X-Empty": None}


class Session:
    """What the transport uses of curl_cffi's session."""

    parts: tuple[bytes, ...] = (b'{"chart":', b"{}}")
    error: OSError | None = None

    def __init__(self, *, impersonate: str) -> None:
        self.impersonate = impersonate
        self.asked: list[tuple[str, Mapping[str, str], bool]] = []
        self.is_closed = False
        sessions.append(self)

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109
        allow_redirects: bool,
        content_callback: Callable[[bytes], int],
    ) -> Answered:
        assert timeout > 0
        self.asked.append((url, headers, allow_redirects))
        if self.error is not None:
            raise self.error
        for part in self.parts:
            if content_callback(part) != len(part):
                raise OSError("Failed to write to the receiver")
        return Answered()

    async def close(self) -> None:
        self.is_closed = True


sessions: list[Session] = []


@pytest.fixture(autouse=True)
def _no_sessions() -> None:
    sessions.clear()


@pytest.fixture
def curl(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("curl_cffi")
    module.__spec__ = ModuleSpec("curl_cffi", None)
    monkeypatch.setattr(module, "AsyncSession", Session, raising=False)
    monkeypatch.setitem(sys.modules, "curl_cffi", module)


def test_without_curl_httpx_says_that_it_is_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickfolio.feeds.yahoo.transport.find_spec", lambda _name: None)
    assert isinstance(browser_transport(), HttpxTransport)
    assert browser_headers()["User-Agent"].startswith("Mozilla/5.0")


@pytest.mark.usefixtures("curl")
def test_with_curl_nothing_is_said_besides_what_chrome_says() -> None:
    assert isinstance(browser_transport(), CurlTransport)
    assert browser_headers() == {}
    assert not sessions


@pytest.mark.usefixtures("curl")
async def test_an_answer_of_curl_is_one_of_ours() -> None:
    transport = CurlTransport()
    response = await transport.get(URL, headers={"A": "b"})
    assert (response.status, response.headers, response.body) == (
        404,
        {"content-type": "application/json"},
        b'{"chart":{}}',
    )
    await transport.get(URL, headers={})
    (session,) = sessions
    assert session.impersonate == "chrome"
    assert session.asked == [(URL, {"A": "b"}, False), (URL, {}, False)]
    await transport.close()
    await transport.close()
    assert session.is_closed


@pytest.mark.usefixtures("curl")
async def test_no_answer_is_told_without_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "error", ConnectionResetError(f"reset by {URL}"))
    with pytest.raises(FeedUnavailable, match=r"^query1\.finance\.yahoo\.com did not answer: ConnectionResetError\.$"):
        await CurlTransport().get(URL, headers={})


@pytest.mark.usefixtures("curl")
async def test_an_answer_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "parts", (bytes(MOST_BYTES), b"x"))
    with pytest.raises(FeedDataError, match="Expected at most"):
        await CurlTransport().get(URL, headers={})
