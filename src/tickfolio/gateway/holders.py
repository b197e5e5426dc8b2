"""Whose a program's token is: asked of the database, and not for an address that has just said many wrong ones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from tickfolio.gateway.handshake import Headers, header_values
from tickfolio.live.allowance import Allowances
from tickfolio.live.viewer import Viewer

WRONG_TOKENS_AT_ONCE = 10
"""So many tokens that do not stand may one address say at once."""
SECONDS_A_WRONG_TOKEN = 6.0
"""After them, one in so many seconds."""
COUNTED_BITS = 64
"""Of an IPv6 address: whoever has one has all that begin with these, and could say each token from another."""


class Holders:
    """Shared by the sockets of a process."""

    def __init__(
        self, holder_of: Callable[[str], Viewer | None], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`holder_of` asks the database, in a thread of its own."""
        self._holder_of = holder_of
        self._monotonic = monotonic
        self._wrong = Allowances(per_second=1 / SECONDS_A_WRONG_TOKEN, burst=WRONG_TOKENS_AT_ONCE)

    async def holder(self, token: str, *, address: str) -> Viewer | None:
        """Whose `token` is; None where nobody's, which counts against the `address` that said it.

        Each counts until the database has answered: of a thousand that come at once none is known to be wrong yet.
        """
        was_taken, is_wrong = self._wrong.takes(address, self._monotonic()), False
        try:
            viewer = await asyncio.to_thread(self._holder_of, token)
            is_wrong = viewer is None
            return viewer
        finally:
            if was_taken and not is_wrong:
                self._wrong.give_back(address)

    def wait(self, address: str) -> float:
        """In how many seconds a token that `address` says is looked at; zero where it is now."""
        return self._wrong.wait(address, self._monotonic())


def counted_address(peer: str, headers: Headers, *, trusted_proxies: int) -> str:
    """What is counted against somebody who has not signed in: behind proxies of one's own, what the outermost wrote down.

    >>> counted_address("10.0.0.1", [(b"x-forwarded-for", b"198.51.100.9, 192.0.2.7")], trusted_proxies=1)
    '192.0.2.7'
    >>> counted_address("2001:db8::1:2:3:4", [], trusted_proxies=1)
    '2001:db8::'
    """
    told = [_told(headers, trusted_proxies)] if trusted_proxies else []
    for text in (*told, peer):
        try:
            address = ip_address(text)
        except ValueError:
            continue  # none was written, or what is no address: then it counts against who connects
        if not isinstance(address, IPv6Address):
            return str(address)
        mapped = address.ipv4_mapped
        return str(mapped or IPv6Address(int(address) >> COUNTED_BITS << COUNTED_BITS))
    return peer


def _told(headers: Headers, trusted_proxies: int) -> str:
    """What the outermost of so many proxies wrote down; empty where there were fewer."""
    written = ",".join(header_values(headers, "x-forwarded-for")).split(",")
    return written[-trusted_proxies].strip() if trusted_proxies <= len(written) else ""
