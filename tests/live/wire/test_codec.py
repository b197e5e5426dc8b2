import json
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.market import AAPL, IBM, OPEN, SetClock, engine, tick
from tickfolio.errors import ProtocolError
from tickfolio.live.audience import Audience
from tickfolio.live.engine import Engine
from tickfolio.live.wire.codec import (
    decode_client,
    decode_plain,
    decode_server,
    encode,
    encode_plain_error,
    hello_token,
    number,
)
from tickfolio.live.wire.messages import Bye, Delta, Error, QuoteDelta, Snapshot
from tickfolio.live.wire.vocabulary import Stamps


def watching(market: Engine) -> Audience:
    return Audience(epoch='e"1', symbols=frozenset({AAPL, IBM}), is_hidden=False, version=market.rows.refresh())


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ('{"type":"hello","token":"tkf_x"}', "tkf_x"),
        ('{"type":"hello","resume":{},"\\u0074oken":"tkf_x"}', "tkf_x"),
        ('{"type":"hello"}', None),
        ('{"type":"hello","token":null}', None),
        ('{"type":"ping","id":1,"token":"tkf_x"}', None),
        ('{"type":"ping","id":1}', None),
        ("tkf_x", None),
    ],
)
def test_token_is_found_in_a_hello_and_nowhere_else(text: str, token: str | None) -> None:
    assert hello_token(text) == token


def test_joined_snapshot_is_the_same_bytes_as_the_encoded_message() -> None:
    market = engine(SetClock())
    market.accept(tick("501.00"))
    audience = watching(market)
    frame = audience.snapshot(market.rows, sent_at="2026-01-02T03:04:05.678Z", request_id=3)
    message = decode_server(frame.payload)
    assert isinstance(message, Snapshot)
    assert (message.epoch, message.id) == ('e"1', 3)
    assert encode(message) == frame.payload


def test_joined_delta_is_the_same_bytes_as_the_encoded_message() -> None:
    market = engine(SetClock())
    audience = watching(market)
    market.accept(tick("501.00", at=OPEN + timedelta(milliseconds=1)))
    market.rows.refresh()
    frame = audience.delta(market.rows, sent_at="2026-01-02T03:04:05.678Z")
    assert frame is not None
    message = decode_server(frame.payload)
    assert isinstance(message, Delta)
    assert set(message.rows) == {AAPL}
    assert encode(message) == frame.payload


def test_delta_where_nothing_changed_is_no_frame_and_no_sequence() -> None:
    market = engine(SetClock())
    audience = watching(market)
    assert audience.delta(market.rows, sent_at="x") is None
    assert audience.sequence == 0


def test_absent_columns_are_absent_on_the_wire() -> None:
    delta = Delta(
        scope="quotes",
        epoch="e1",
        sequence=1,
        stamps=Stamps(source=None, received=None, sent="x"),
        rows={"AAPL": QuoteDelta(price=None)},
    )
    assert json.loads(encode(delta))["rows"] == {"AAPL": {"price": None}}


@pytest.mark.parametrize("message", [Error(code="binary", message="no", id=None), Bye(code="x", retry_after_ms=None)])
def test_message_survives_the_wire(message: Error | Bye) -> None:
    assert decode_server(encode(message)) == message


def test_client_ignores_fields_of_a_newer_server() -> None:
    assert decode_server(b'{"type":"bye","code":"x","retry_after_ms":1,"newer":true}') == Bye("x", 1)


def test_plain_error_without_a_symbol_has_no_such_key() -> None:
    assert json.loads(encode_plain_error("binary", "no")) == {"error": {"code": "binary", "message": "no"}}


@pytest.mark.parametrize("digits", ["189.20", "0.0000001", "-3", "100000000000000000000"])
def test_number_keeps_its_digits(digits: str) -> None:
    assert msgspec.json.encode({"price": number(digits)}) == b'{"price":' + digits.encode() + b"}"


@given(st.text(max_size=200))
def test_any_text_is_a_message_or_a_protocol_error(text: str) -> None:
    for decode in (decode_client, decode_plain):
        assert code_of(decode, text) in {None, "not_json", "invalid_message", "missing_symbol"}


def code_of(decode: Callable[[str], object], text: str) -> str | None:
    try:
        decode(text)
    except ProtocolError as error:
        return error.code
    return None


@pytest.mark.parametrize("text", ["[" * 16000, '{"symbol":' * 1500, '{"type":"hello","resume":' + "{" * 3000])
def test_deep_nesting_is_refused_and_does_not_exhaust_the_stack(text: str) -> None:
    for decode in (decode_client, decode_plain):
        with pytest.raises(ProtocolError):
            decode(text)


def test_lone_surrogate_is_refused_as_not_json() -> None:
    with pytest.raises(ProtocolError):
        decode_plain('{"symbol":"\\ud800"')
