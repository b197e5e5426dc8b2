"""Sends every message of the protocol as everybody, naming Alice's portfolio and one that never was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec

from tests.security.address_matrix import Row
from tests.security.least import Least
from tests.security.probes import NO_SUCH_ID, Outcome, expected
from tests.security.sockets import LiveWorld, Socket
from tests.security.world import Who, World
from tickfolio.live.wire.messages import ClientMessage

type Message = dict[str, Any]


def message_parts() -> Iterator[str]:
    """Every message that a client may send, and each of its fields."""
    for struct in get_args(ClientMessage.__value__):
        tag = msgspec.inspect.type_info(struct).tag  # type: ignore[attr-defined]  # of a struct there is one
        yield str(tag)
        yield from (f"{tag}.{field.name}" for field in msgspec.structs.fields(struct))


def _subscribe(portfolio: str, **more: Any) -> Message:
    return {"type": "subscribe", "id": 1, "portfolios": [portfolio], **more}


def _scope(portfolio: str) -> str:
    return f"portfolio:{portfolio}"


SAMPLES: dict[str, Callable[[str], list[Message]]] = {
    "hello": lambda _portfolio: [{"type": "hello"}],
    "hello.resume": lambda portfolio: [
        {"type": "hello", "resume": {_scope(portfolio): {"epoch": "epoch-1-1", "sequence": 1}}}
    ],
    "subscribe": lambda _portfolio: [{"type": "subscribe", "id": 1}],
    "subscribe.id": lambda _portfolio: [{"type": "subscribe", "id": 7}],
    "subscribe.quotes": lambda _portfolio: [{"type": "subscribe", "id": 1, "quotes": ["AAPL"]}],
    "subscribe.portfolios": lambda portfolio: [_subscribe(portfolio)],
    "subscribe.totals_only": lambda _portfolio: [{"type": "subscribe", "id": 1, "totals_only": True}],
    "unsubscribe": lambda _portfolio: [{"type": "unsubscribe", "id": 1}],
    "unsubscribe.id": lambda _portfolio: [{"type": "unsubscribe", "id": 7}],
    "unsubscribe.quotes": lambda _portfolio: [{"type": "unsubscribe", "id": 1, "quotes": ["AAPL"]}],
    "unsubscribe.portfolios": lambda portfolio: [{"type": "unsubscribe", "id": 1, "portfolios": [portfolio]}],
    "ack": lambda _portfolio: [{"type": "ack", "scope": "quotes", "sequence": 1}],
    "ack.scope": lambda portfolio: [{"type": "ack", "scope": _scope(portfolio), "sequence": 1}],
    "ack.sequence": lambda portfolio: [{"type": "ack", "scope": _scope(portfolio), "sequence": 10**9}],
    "ack.painted_ms": lambda portfolio: [{"type": "ack", "scope": _scope(portfolio), "sequence": 1, "painted_ms": 80}],
    "visibility": lambda _portfolio: [{"type": "visibility", "hidden": False}],
    "visibility.hidden": lambda _portfolio: [{"type": "visibility", "hidden": True}],
    "refresh": lambda _portfolio: [{"type": "refresh", "scope": "quotes"}],
    "refresh.scope": lambda portfolio: [_subscribe(portfolio), {"type": "refresh", "scope": _scope(portfolio)}],
    "ping": lambda _portfolio: [{"type": "ping", "id": 1}],
    "ping.id": lambda _portfolio: [{"type": "ping", "id": 7}],
}
"""What is sent for each part; what names a portfolio names the one that is given."""


def try_part(world: World, part: str, least: Least) -> Row:
    """One row: the part as everybody, of Alice's portfolio and of none."""
    row = Row(part, least.value)
    for who in Who:
        live = LiveWorld(world)
        heard = _answers(live.open(who), SAMPLES[part](world.alices.portfolio))
        missing = _answers(LiveWorld(world).open(who), SAMPLES[part](NO_SUCH_ID))
        row.outcomes[who] = _outcome(heard, least)
        wanted = Outcome.ALLOWED if who.is_member or expected(least, who) is Outcome.ALLOWED else Outcome.MISSING
        if row.outcomes[who] is not wanted:
            row.faults.append(f"{who}: expected {wanted}, was {row.outcomes[who]}")
        if not who.is_member and _plain(heard, world.alices.portfolio) != _plain(missing, NO_SUCH_ID):
            row.faults.append(f"{who}: another’s portfolio is not answered as one that never was")
        if not who.is_member and (leaked := _later(live, world)):
            row.faults.append(f"{who}: gets frames of another’s portfolio afterwards: {leaked}")
    return row


def _answers(socket: Socket, messages: list[Message]) -> list[Message]:
    return [heard for message in messages for heard in socket.ask(message)]


def _outcome(heard: list[Message], least: Least) -> Outcome:
    """Whether a portfolio came; of a part that is open to anybody, whether it was taken without an error."""
    if any(message["type"] == "error" for message in heard):
        return Outcome.MISSING
    has_snapshot = any(message["type"] == "portfolio_snapshot" for message in heard)
    return Outcome.ALLOWED if has_snapshot or least is Least.ANYBODY else Outcome.BROKEN


def _plain(heard: list[Message], portfolio: str) -> str:
    return json.dumps(heard, sort_keys=True).replace(portfolio, "…")


def _later(live: LiveWorld, world: World) -> list[str]:
    """The frames of a portfolio that come when a price moves and when something is booked in it."""
    live.booked(world.alices.portfolio, 10**6)
    frames = [payload for socket in live.sockets for payload in socket.outlet.take()]
    return [frame.decode() for frame in frames if world.alices.portfolio.encode() in frame]
