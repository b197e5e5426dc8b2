"""THE RULES of the socket; those of addresses and services, and what a rule means, stand in rules.py."""

from __future__ import annotations

from tests.security.least import ANYBODY, VIEWER, Least

SOCKET: dict[str, Least] = {
    "hello": ANYBODY,
    "hello.resume": ANYBODY,
    "subscribe": ANYBODY,
    "subscribe.id": ANYBODY,
    "subscribe.quotes": ANYBODY,
    "subscribe.portfolios": VIEWER,
    "subscribe.totals_only": ANYBODY,
    "unsubscribe": ANYBODY,
    "unsubscribe.id": ANYBODY,
    "unsubscribe.quotes": ANYBODY,
    "unsubscribe.portfolios": ANYBODY,
    "ack": ANYBODY,
    "ack.scope": ANYBODY,
    "ack.sequence": ANYBODY,
    "ack.painted_ms": ANYBODY,
    "visibility": ANYBODY,
    "visibility.hidden": ANYBODY,
    "refresh": ANYBODY,
    "refresh.scope": VIEWER,
    "ping": ANYBODY,
    "ping.id": ANYBODY,
}
"""Every message of `tickfolio.v1`, and each of its fields: who may send it, and who gets a portfolio by naming one in it.

The handshake is by the rule QUOTES. Who is not a member is answered as if the portfolio had never been, also who is anonymous.
"""
TOKENS = {"hello.token"}
"""What says who somebody is, as the handshake does, and asks for nothing: it is tried in test_token_sockets.py."""
