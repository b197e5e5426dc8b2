"""Bytes ↔ messages. A symbol's row is encoded once per change; a frame is a join of ready fragments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from tickfolio.domain.money import plain
from tickfolio.errors import ProtocolError
from tickfolio.live.wire.messages import ClientMessage, Hello, ServerMessage
from tickfolio.live.wire.vocabulary import ErrorCode, Scope, Stamps

_client_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)
_server_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame of a portfolio stands: its scope, its place in the sequence, and the ledger that it rests on."""

    scope: Scope
    epoch: str
    sequence: int
    ledger: int


@dataclass(frozen=True, slots=True)
class Missed:
    """That a frame holds all that a client missed since it stood at `since`, as the answer to a request."""

    since: int
    request_id: int | None


class PlainRequest(msgspec.Struct, frozen=True):
    """A message of the plain dialect; keys beside `symbol` are ignored."""

    symbol: str


class PlainQuote(msgspec.Struct, frozen=True):
    """A push of the plain dialect. `change` is the percent from the previous close.

    The numbers are ready JSON: an encoder given a Decimal writes 0.0000001 as 1E-7.
    """

    symbol: str
    price: msgspec.Raw
    change: msgspec.Raw
    currency: str
    previous_close: msgspec.Raw
    time: str | None
    quality: str
    source: str


class _PlainFault(msgspec.Struct, frozen=True):
    code: str
    message: str


class _PlainError(msgspec.Struct, frozen=True):
    symbol: str | msgspec.UnsetType
    error: _PlainFault


class _Identified(msgspec.Struct, frozen=True):
    id: int | None = None


_identified_decoder = msgspec.json.Decoder(_Identified)


def hello_token(text: str) -> str | None:
    """The token in a hello; None where the message holds none, or is another or none at all."""
    with suppress(ProtocolError):
        message = decode_client(text)
        if isinstance(message, Hello) and message.token is not msgspec.UNSET:
            return message.token
    return None


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds.

    >>> from datetime import UTC
    >>> moment(datetime(2012, 5, 21, 14, 0, 0, 250_000, tzinfo=UTC))
    '2012-05-21T14:00:00.250Z'
    """
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def number(digits: str | None) -> msgspec.Raw:
    """The JSON number that `digits` spell, its places kept; null for None.

    >>> bytes(number("189.20")), bytes(number(None))
    (b'189.20', b'null')
    """
    return msgspec.Raw(b"null" if digits is None else digits.encode())


def digits(value: Decimal | None, *, places: int) -> str | None:
    """`value` in plain digits, with at least `places` of them after the point; None for None.

    >>> digits(Decimal("189.2"), places=2), digits(Decimal("0.0625"), places=2)
    ('189.20', '0.0625')
    """
    if value is None:
        return None
    text = plain(value)
    point = text.find(".")
    missing = places - (0 if point < 0 else len(text) - point - 1)
    if missing <= 0:
        return text
    return f"{text}{'.' if point < 0 else ''}{'0' * missing}"


def decode_client(text: str) -> ClientMessage:
    """The client message in `text`.

    Raises:
        ProtocolError: ``not_json`` or ``invalid_message``, with what was expected.
    """
    try:
        return _client_decoder.decode(text)
    except msgspec.ValidationError as error:
        raise ProtocolError("invalid_message", f"Expected a tickfolio.v1 message, found: {error}.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProtocolError("not_json", "Expected a JSON object, found text that is not JSON.") from error


def request_id_in(text: str) -> int | None:
    """The id in a client's message that is refused for something else; None where there is none that could be one.

    >>> request_id_in('{"type":"nonsense","id":7}'), request_id_in('{"id":"7"}'), request_id_in("{")
    (7, None, None)
    """
    with suppress(msgspec.DecodeError, RecursionError):
        return _identified_decoder.decode(text).id
    return None


def decode_server(payload: bytes | str) -> ServerMessage:
    """The server message in `payload`; unknown fields are ignored. For clients written in Python."""
    return _server_decoder.decode(payload)


def decode_plain(text: str) -> PlainRequest:
    """The request of the plain dialect in `text`.

    Raises:
        ProtocolError: ``not_json`` or ``missing_symbol``, with what was expected.
    """
    try:
        return msgspec.json.decode(text, type=PlainRequest)
    except msgspec.ValidationError as error:
        raise ProtocolError(
            "missing_symbol", 'Expected an object with a text "symbol", such as {"symbol": "AAPL"}.'
        ) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProtocolError(
            "not_json", 'Expected JSON such as {"symbol": "AAPL"}, found text that is not JSON.'
        ) from error


def encode(message: ServerMessage | PlainQuote) -> bytes:
    """`message` as JSON."""
    return _encoder.encode(message)


def encode_plain_error(code: ErrorCode, message: str, *, symbol: str | None = None) -> bytes:
    """An error of the plain dialect, naming the symbol that it is about, if any."""
    named = msgspec.UNSET if symbol is None else symbol
    return _encoder.encode(_PlainError(error=_PlainFault(code=code, message=message), symbol=named))


def encode_entry(key: str | None, row: msgspec.Struct | Mapping[str, object]) -> bytes:
    """``"KEY":{…}``, one entry of a frame's rows; without a key the row alone."""
    return _encoder.encode(row) if key is None else _encoder.encode(key) + b":" + _encoder.encode(row)


def join_snapshot(
    *, epoch: str, sequence: int, stamps: Stamps, fragments: Iterable[bytes], request_id: int | None
) -> bytes:
    """A snapshot of the scope ``quotes`` from ready fragments: the same bytes as encoding the whole message."""
    head = b'{"type":"snapshot","scope":"quotes","epoch":%b,"sequence":%d,"stamps":%b,"rows":{' % (
        _encoder.encode(epoch),
        sequence,
        _encoder.encode(stamps),
    )
    return b'%b%b},"id":%b}' % (head, b",".join(fragments), _encoder.encode(request_id))


def join_delta(
    *, epoch: str, sequence: int, stamps: Stamps, fragments: Iterable[bytes], missed: Missed | None = None
) -> bytes:
    """A delta of the scope ``quotes`` from ready fragments: the same bytes as encoding the whole message."""
    return b'{"type":"delta","scope":"quotes","epoch":%b,"sequence":%d,"stamps":%b,"rows":{%b}%b}' % (
        _encoder.encode(epoch),
        sequence,
        _encoder.encode(stamps),
        b",".join(fragments),
        _missed(missed),
    )


def join_portfolio_snapshot(
    place: Place, *, stamps: Stamps, totals: bytes, rows: Iterable[bytes], request_id: int | None
) -> bytes:
    """A snapshot of a portfolio from ready pieces: the same bytes as encoding the whole message."""
    return b'{"type":"portfolio_snapshot",%b,"stamps":%b,"totals":%b,"rows":{%b},"id":%b}' % (
        _place(place),
        _encoder.encode(stamps),
        totals,
        b",".join(rows),
        _encoder.encode(request_id),
    )


def join_portfolio_delta(
    place: Place,
    *,
    stamps: Stamps,
    totals: bytes,
    rows: Iterable[bytes],
    added: Iterable[bytes],
    removed: list[str],
    missed: Missed | None = None,
) -> bytes:
    """A delta of a portfolio from ready pieces: the same bytes as encoding the whole message."""
    return b'{"type":"portfolio_delta",%b,"stamps":%b,"totals":%b,"rows":{%b},"added":{%b},"removed":%b%b}' % (
        _place(place),
        _encoder.encode(stamps),
        totals,
        b",".join(rows),
        b",".join(added),
        _encoder.encode(removed),
        _missed(missed),
    )


def _missed(missed: Missed | None) -> bytes:
    return b"" if missed is None else b',"since":%d,"id":%b' % (missed.since, _encoder.encode(missed.request_id))


def _place(place: Place) -> bytes:
    scope, epoch = _encoder.encode(place.scope), _encoder.encode(place.epoch)
    return b'"scope":%b,"epoch":%b,"sequence":%d,"ledger":%d' % (scope, epoch, place.sequence, place.ledger)
