from __future__ import annotations

import asyncio

import pytest

from tickfolio.gateway.holders import SECONDS_A_WRONG_TOKEN, WRONG_TOKENS_AT_ONCE, Holders, counted_address
from tickfolio.live.viewer import Viewer

ALICE = Viewer(user=1, session="token:1", portfolios=(), symbols=frozenset())


class Desk:
    """Holders of one token, a clock that stands, and how often the database was asked."""

    def __init__(self) -> None:
        self.now = 100.0
        self.asked: list[str] = []
        self.holders = Holders(self._holder_of, monotonic=lambda: self.now)

    def _holder_of(self, token: str) -> Viewer | None:
        self.asked.append(token)
        if token == "tkf_unlucky":
            raise OSError("no database")
        return ALICE if token == "tkf_right" else None


async def test_address_that_said_many_wrong_tokens_waits_and_others_do_not() -> None:
    desk = Desk()
    for _ in range(WRONG_TOKENS_AT_ONCE):
        assert desk.holders.wait("192.0.2.1") == 0
        assert await desk.holders.holder("tkf_wrong", address="192.0.2.1") is None
    assert desk.holders.wait("192.0.2.1") == pytest.approx(SECONDS_A_WRONG_TOKEN)
    assert desk.holders.wait("192.0.2.2") == 0
    desk.now += SECONDS_A_WRONG_TOKEN + 0.01
    assert desk.holders.wait("192.0.2.1") == 0


async def test_right_token_costs_nothing_however_often_it_is_said() -> None:
    desk = Desk()
    for _ in range(3 * WRONG_TOKENS_AT_ONCE):
        assert await desk.holders.holder("tkf_right", address="192.0.2.1") == ALICE
    assert desk.holders.wait("192.0.2.1") == 0
    assert desk.asked == ["tkf_right"] * 3 * WRONG_TOKENS_AT_ONCE


async def test_tokens_count_until_it_is_known_that_they_stand() -> None:
    desk = Desk()
    at_once = [
        asyncio.create_task(desk.holders.holder("tkf_right", address="192.0.2.1")) for _ in range(WRONG_TOKENS_AT_ONCE)
    ]
    await asyncio.sleep(0)
    assert desk.holders.wait("192.0.2.1") == pytest.approx(SECONDS_A_WRONG_TOKEN)
    assert await asyncio.gather(*at_once) == [ALICE] * WRONG_TOKENS_AT_ONCE
    assert desk.holders.wait("192.0.2.1") == 0


async def test_token_that_could_not_be_looked_up_was_not_wrong() -> None:
    desk = Desk()
    for _ in range(WRONG_TOKENS_AT_ONCE):
        with pytest.raises(OSError, match="no database"):
            await desk.holders.holder("tkf_unlucky", address="192.0.2.1")
    assert desk.holders.wait("192.0.2.1") == 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted_proxies", "counted"),
    [
        ("192.0.2.1", [], 0, "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.9"], 0, "192.0.2.1"),
        ("10.0.0.1", ["203.0.113.5, 198.51.100.9"], 1, "198.51.100.9"),
        ("10.0.0.1", ["203.0.113.5", "198.51.100.9"], 2, "203.0.113.5"),
        ("10.0.0.1", ["203.0.113.5"], 2, "10.0.0.1"),
        ("10.0.0.1", [], 1, "10.0.0.1"),
        ("10.0.0.1", ["made up"], 1, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::"),
        ("10.0.0.1", ["2001:db8:1:2::9"], 1, "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", [], 0, "192.0.2.1"),
        ("", [], 0, ""),
    ],
)
def test_what_is_counted_is_the_address_that_nobody_can_make_up(
    peer: str, forwarded: list[str], trusted_proxies: int, counted: str
) -> None:
    headers = [(b"X-Forwarded-For", value.encode()) for value in forwarded]
    assert counted_address(peer, headers, trusted_proxies=trusted_proxies) == counted
