"""How a message of the bus travels: as JSON. What waits too long is said in fewer messages."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import msgspec

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.live.bus.port import (
    OF_LEADER,
    AccessChanged,
    Answered,
    Asked,
    BusMessage,
    Demanded,
    InstrumentKnown,
    LeaderBeat,
    PortfolioChanged,
    RunBegan,
    StatusChanged,
    Ticks,
)


class _Batch(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one message on the wire holds: ticks, or one of the others."""

    ticks: tuple[Tick, ...] = ()
    status: StatusChanged | None = None
    run: int | None = None
    portfolio: PortfolioChanged | None = None
    access: AccessChanged | None = None
    beat: LeaderBeat | None = None
    instrument: InstrumentKnown | None = None
    demand: Demanded | None = None
    asked: Asked | None = None
    answered: Answered | None = None
    token: int = 0
    sent: float = 0.0
    """When it was handed to the server, in seconds since 1970 by the clock of who said it."""


def _decode_hook(kind: type, value: object) -> object:
    return Symbol(str(value)) if kind is Symbol else value


_FIELDS: dict[type, str] = {
    StatusChanged: "status",
    PortfolioChanged: "portfolio",
    AccessChanged: "access",
    LeaderBeat: "beat",
    InstrumentKnown: "instrument",
    Demanded: "demand",
    Asked: "asked",
    Answered: "answered",
}
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Batch, dec_hook=_decode_hook)
_tick_decoder = msgspec.json.Decoder(Tick, dec_hook=_decode_hook)


def encode_message(message: BusMessage, *, sent: float = 0.0) -> bytes:
    """`message` as it travels, with the moment at which it sets out."""
    return _encoder.encode(msgspec.structs.replace(_batch(message), sent=sent))


def _batch(message: BusMessage) -> _Batch:
    match message:
        case Ticks():
            return _Batch(ticks=message.ticks, token=message.token)
        case RunBegan():
            return _Batch(run=message.run, token=message.token)
        case _:
            return msgspec.structs.replace(_Batch(), **{_FIELDS[type(message)]: message})


def decode_message(payload: bytes) -> BusMessage:
    """The message in `payload`. Raises as `decode_sent`."""
    return decode_sent(payload)[0]


def decode_sent(payload: bytes) -> tuple[BusMessage, float]:
    """The message in `payload`, and when it set out; 0 where it does not say.

    Raises:
        msgspec.DecodeError: `payload` is no message of this version.
    """
    batch = _decoder.decode(payload)
    return _message(batch), batch.sent


def _message(batch: _Batch) -> BusMessage:
    wake = batch.status or batch.portfolio or batch.access or batch.beat or batch.instrument
    other = wake or batch.demand or batch.asked or batch.answered
    if other is not None:
        return other
    return RunBegan(batch.run, batch.token) if batch.run is not None else Ticks(batch.ticks, batch.token)


def encode_tick(tick: Tick) -> bytes:
    """`tick` as it is kept."""
    return _encoder.encode(tick)


def decode_tick(payload: bytes | str) -> Tick:
    """The tick in `payload`.

    Raises:
        msgspec.DecodeError: `payload` is no tick of this version.
    """
    return _tick_decoder.decode(payload)


def token_of(message: BusMessage) -> int:
    """The token of what the feeds say; 0 of all else."""
    return message.token if isinstance(message, OF_LEADER) else 0


def conflated(messages: Iterable[BusMessage]) -> deque[BusMessage]:
    """The same news in fewer messages: of ticks the newest of each symbol, of states and heads the last of each one.

    Prices go before states, since who hears that a feed is live again calls the prices so that it has. Questions and answers are
    left out: by now nobody waits for them. So are the beats of a leader, who says the next one within a second: one that waited
    would tell a moment of the market at which other prices held.
    """
    kept: deque[BusMessage] = deque()
    newest: dict[Symbol, Tick] = {}
    token = 0
    last: dict[type, dict[object, BusMessage]] = {kind: {} for kind in _FIELDS}
    for message in messages:
        match message:
            case Ticks():
                if message.token != token:  # of another lease: what was said under the one before is void
                    newest.clear()
                    token = message.token
                newest |= {tick.symbol: tick for tick in message.ticks}
            case RunBegan():
                # What was said of the old run is void.
                newest.clear()
                kept = deque([message])
            case Asked() | Answered() | LeaderBeat():
                pass
            case _:
                last[type(message)][_subject(message)] = message
    kept.extend(last.pop(InstrumentKnown).values())
    if newest:
        kept.append(Ticks(tuple(newest.values()), token))
    kept.extend(message for messages_of_kind in last.values() for message in messages_of_kind.values())
    return kept


def _subject(message: BusMessage) -> object:
    """What a message is about: a later one about the same says all that the one before did."""
    match message:
        case StatusChanged():
            return message.status.feed
        case PortfolioChanged():
            return message.portfolio
        case AccessChanged():
            return message.user
        case InstrumentKnown():
            return message.instrument.symbol
        case Demanded():
            return message.process
        case _:
            return None
