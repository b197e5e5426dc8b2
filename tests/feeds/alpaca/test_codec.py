"""Alpaca's stream, message by message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.feeds.emulators.alpaca import KEY, SECRET, trade
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.alpaca.codec import SYMBOLS_A_FRAME, AlpacaCodec
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.stream import ALIVE, Ended, Missed, Refused, Rejected, Reply, StreamEvent, Unreadable

AT = datetime(2026, 11, 27, 15, 0, 5, tzinfo=UTC)
MADE_AT = datetime(2026, 11, 27, 15, 0, 0, 123456, tzinfo=UTC)


def signed_in() -> AlpacaCodec:
    codec = AlpacaCodec(key=KEY, secret=SECRET)
    codec.opened()
    codec.received('[{"T":"success","msg":"connected"}]', at=AT)
    codec.received('[{"T":"success","msg":"authenticated"}]', at=AT)
    return codec


def heard(codec: AlpacaCodec, *messages: str) -> Sequence[StreamEvent]:
    return codec.received(f"[{','.join(messages)}]", at=AT)


def prices(events: Sequence[StreamEvent]) -> list[str]:
    return [str(event.price) for event in events if isinstance(event, FeedQuote)]


def symbols(*texts: str) -> list[Symbol]:
    return [Symbol(text) for text in texts]


# ---------- Signing in and asking ----------


def test_the_key_goes_first_and_nothing_is_asked_for_before_it_is_accepted() -> None:
    codec = AlpacaCodec(key=KEY, secret=SECRET)
    (frame,) = codec.opened()
    assert json.loads(frame) == {"action": "auth", "key": KEY, "secret": SECRET}
    was_ready = []
    for text in ("connected", "authenticated"):
        assert codec.received(f'[{{"T":"success","msg":"{text}"}}]', at=AT) == [ALIVE]
        was_ready.append(codec.is_ready)
    assert was_ready == [False, True]
    assert codec.keep_alive() == []


def test_the_difference_is_asked_for() -> None:
    frames = signed_in().change(add=symbols("AAPL", "BRK.B"), remove=symbols("IBM"))
    assert [json.loads(frame) for frame in frames] == [
        {"action": "unsubscribe", "trades": ["IBM"]},
        {"action": "subscribe", "trades": ["AAPL", "BRK.B"]},
    ]


def test_many_symbols_are_asked_for_in_parts() -> None:
    many = symbols(*(f"A{n}" for n in range(2 * SYMBOLS_A_FRAME + 1)))
    assert [len(json.loads(frame)["trades"]) for frame in signed_in().change(add=many, remove=[])] == [400, 400, 1]


def test_what_the_whole_set_lacks_after_a_request_is_refused() -> None:
    codec = signed_in()
    codec.change(add=symbols("AAPL", "NOSUCH", "BTC-USD"), remove=symbols("IBM"))
    echo = '{"T":"subscription","trades":["AAPL","MSFT"],"quotes":[],"bars":[]}'
    assert heard(codec, echo.replace("AAPL", "OTHER")) == [ALIVE]  # the answer to the request for fewer
    (refused,) = heard(codec, echo)
    assert isinstance(refused, Refused)
    assert set(refused.symbols) == {"NOSUCH", "BTC-USD"}
    assert heard(codec, echo) == [ALIVE]  # told again, and asked for by nobody


def test_a_symbol_that_cannot_be_alpacas_is_not_asked_for() -> None:
    (frame,) = signed_in().change(add=symbols("AAPL", "BTC-USD", "^GSPC"), remove=[])
    assert json.loads(frame)["trades"] == ["AAPL"]


# ---------- Trades ----------


def test_a_trade_is_told_exactly_with_its_time_cut_to_microseconds() -> None:
    frame = (
        b'[{"T":"t","S":"AAPL","i":96921,"x":"D","p":189.20,"s":1,'
        b'"t":"2026-11-27T15:00:00.123456789Z","c":["@","F"],"z":"C"}]'
    )
    (quote,) = signed_in().received(frame, at=AT)
    assert quote == FeedQuote(
        symbol=Symbol("AAPL"), price=Decimal("189.20"), source_time=MADE_AT, received_time=AT, currency="USD"
    )
    assert prices([quote]) == ["189.20"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-27T10:00:00-05:00", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("2026-11-27T15:00:00Z", datetime(2026, 11, 27, 15, tzinfo=UTC)),
        ("2026-11-27T15:00:00.1Z", datetime(2026, 11, 27, 15, 0, 0, 100000, tzinfo=UTC)),
        ("2026-11-27T15:00:00.999999999Z", datetime(2026, 11, 27, 15, 0, 0, 999999, tzinfo=UTC)),
    ],
)
def test_times_have_any_number_of_digits(written: str, read: datetime) -> None:
    (quote,) = heard(signed_in(), f'{{"T":"t","S":"IBM","p":1.5,"t":"{written}"}}')
    assert isinstance(quote, FeedQuote)
    assert quote.source_time == read


def test_several_trades_come_in_one_frame_in_their_order() -> None:
    events = heard(signed_in(), *(trade("AAPL", f"190.0{n}", MADE_AT, i=n) for n in range(5)))
    assert prices(events) == ["190.00", "190.01", "190.02", "190.03", "190.04"]


def test_one_message_that_cannot_be_read_does_not_spoil_the_others() -> None:
    events = heard(
        signed_in(),
        trade("AAPL", "190.01", MADE_AT),
        '{"T":"t","S":"AAPL","p":"dear"}',
        '{"T":"b","S":"AAPL","o":1,"h":1,"l":1,"c":1,"v":1,"t":"2026-11-27T15:00:00Z"}',
        '{"T":"q","S":"AAPL","bp":1,"c":["R"]}',
        "7",
        trade("AAPL", "190.02", MADE_AT),
    )
    assert prices(events) == ["190.01", "190.02"]
    assert [type(event) for event in events[1:-1]] == [Unreadable, type(ALIVE), type(ALIVE), Unreadable]


@pytest.mark.parametrize("price", ["0", "-1", "1e999", '"NaN"', "1e-13", "1e15"])
def test_what_is_no_price_is_not_told(price: str) -> None:
    (event,) = heard(signed_in(), trade("AAPL", price, MADE_AT))
    assert isinstance(event, Unreadable)


@pytest.mark.parametrize(
    "time", ["", "now", "2026-11-27T15:00:00", "2026-13-27T15:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_a_trade_without_a_time_is_not_told(time: str) -> None:
    (event,) = heard(signed_in(), f'{{"T":"t","S":"IBM","p":1.5,"t":"{time}"}}')
    assert isinstance(event, Unreadable)


@pytest.mark.parametrize("frame", ["", "{}", "null", "[", "<html>", b"\xff\xfe", "[[]]", '["t"]', '[{"T":7}]', "[{}]"])
def test_what_is_no_message_is_counted(frame: str | bytes) -> None:
    (event,) = signed_in().received(frame, at=AT)
    assert isinstance(event, Unreadable)


def test_an_empty_array_is_a_sign_of_life() -> None:
    assert signed_in().received("[]", at=AT) == [ALIVE]


def test_a_trade_that_makes_no_last_price_is_a_sign_of_life() -> None:
    (event,) = heard(signed_in(), trade("AAPL", "190.01", MADE_AT, c=["@", "I"]))
    assert event == ALIVE


# ---------- Corrections ----------


def cancel(symbol: str, trade_id: int, exchange: str = "V") -> str:
    return f'{{"T":"x","S":"{symbol}","i":{trade_id},"x":"{exchange}","p":1,"s":1,"a":"C","t":"x","z":"C"}}'


def correction(symbol: str, old: int, new: int, price: str, conditions: str = '["@"]') -> str:
    return (
        f'{{"T":"c","S":"{symbol}","x":"V","oi":{old},"op":1,"os":1,"oc":["@"],"ci":{new},"cp":{price},"cs":1,'
        f'"cc":{conditions},"t":"2026-11-27T15:00:04Z","z":"C"}}'
    )


def two_trades(codec: AlpacaCodec) -> None:
    heard(codec, trade("AAPL", "190.01", MADE_AT, i=1), trade("AAPL", "19.02", MADE_AT + timedelta(seconds=1), i=2))


def test_where_the_last_trade_is_cancelled_the_one_before_is_the_last_price_again() -> None:
    codec = signed_in()
    two_trades(codec)
    again, missed = heard(codec, cancel("AAPL", 2))
    assert isinstance(again, FeedQuote)
    assert (str(again.price), again.source_time) == ("190.01", MADE_AT + timedelta(seconds=1))
    assert missed == Missed(1)
    assert heard(codec, cancel("AAPL", 1)) == [Missed(1)]


def test_an_older_trade_may_be_cancelled_without_a_word() -> None:
    codec = signed_in()
    two_trades(codec)
    assert heard(codec, cancel("AAPL", 1)) == [ALIVE]
    assert heard(codec, cancel("AAPL", 2, exchange="Q")) == [ALIVE]
    assert heard(codec, cancel("AAPL", 2)) == [Missed(1)]  # nothing is left to go back to


def test_a_cancel_of_what_was_never_heard_is_made_good_by_a_snapshot() -> None:
    assert heard(signed_in(), cancel("AAPL", 7)) == [Missed(1)]


def test_a_correction_of_the_last_trade_is_told_as_of_its_moment() -> None:
    codec = signed_in()
    two_trades(codec)
    (right,) = heard(codec, correction("AAPL", 2, 3, "190.02"))
    assert isinstance(right, FeedQuote)
    assert (str(right.price), right.source_time) == ("190.02", MADE_AT + timedelta(seconds=1))
    assert prices(heard(codec, cancel("AAPL", 3))) == ["190.01"]


def test_a_correction_of_an_older_trade_changes_no_last_price() -> None:
    codec = signed_in()
    two_trades(codec)
    assert heard(codec, correction("AAPL", 1, 3, "5.00")) == [ALIVE]


def test_a_correction_to_a_trade_that_makes_no_last_price_is_a_cancel() -> None:
    codec = signed_in()
    two_trades(codec)
    assert prices(heard(codec, correction("AAPL", 2, 3, "190.02", '["I"]'))) == ["190.01"]


def test_a_correction_to_what_is_no_price_is_not_told() -> None:
    codec = signed_in()
    two_trades(codec)
    events = heard(codec, correction("AAPL", 2, 3, "0"))
    assert isinstance(events[0], Unreadable)
    assert events[1:] == [Missed(1)]


# ---------- Errors ----------


def failure(code: int, text: str = "no") -> str:
    return f'{{"T":"error","code":{code},"msg":"{text}"}}'


@pytest.mark.parametrize("code", [402, 409, 410, 411])
def test_some_errors_are_for_good(code: int) -> None:
    (event,) = heard(signed_in(), failure(code, "auth failed"))
    assert event == Rejected(f"Alpaca's error {code}: auth failed")


@pytest.mark.parametrize(("code", "seconds"), [(401, 5), (404, 5), (406, 15), (407, 1), (408, 300), (500, 5), (499, 5)])
def test_others_end_the_connection_for_a_while(code: int, seconds: int) -> None:
    (event,) = heard(signed_in(), failure(code))
    assert event == Ended(f"Alpaca's error {code}: no", after=timedelta(seconds=seconds))


@pytest.mark.parametrize("code", [400, 405])
def test_a_request_that_is_not_taken_refuses_its_symbols(code: int) -> None:
    codec = signed_in()
    codec.change(add=symbols("AAPL"), remove=[])
    codec.change(add=symbols("IBM"), remove=[])
    (refused,) = heard(codec, failure(code, "symbol limit exceeded"))
    assert refused == Refused({Symbol("AAPL"): f"Alpaca's error {code}: symbol limit exceeded"})
    assert heard(codec, '{"T":"subscription","trades":["IBM"]}') == [ALIVE]
    (stray,) = heard(codec, failure(code))
    assert isinstance(stray, Unreadable)


def test_a_request_for_too_many_is_halved_until_the_room_is_full() -> None:
    codec = signed_in()
    codec.change(add=symbols("A", "B", "C"), remove=[])
    too_many = failure(405, "symbol limit exceeded")
    (reply,) = heard(codec, too_many)
    assert isinstance(reply, Reply)
    assert [json.loads(frame)["trades"] for frame in reply.frames] == [["A"], ["B", "C"]]
    assert heard(codec, '{"T":"subscription","trades":["A"]}') == [ALIVE]
    (reply,) = heard(codec, too_many)
    assert isinstance(reply, Reply)
    assert [json.loads(frame)["trades"] for frame in reply.frames] == [["B"], ["C"]]
    assert heard(codec, '{"T":"subscription","trades":["A","B"]}') == [ALIVE]
    (refused,) = heard(codec, too_many)
    assert refused == Refused({Symbol("C"): "Alpaca's error 405: symbol limit exceeded"})


def test_what_nobody_wants_any_more_is_not_asked_for_again() -> None:
    codec = signed_in()
    codec.change(add=symbols("A", "B"), remove=[])
    codec.change(add=[], remove=symbols("A"))
    (reply,) = heard(codec, failure(405, "symbol limit exceeded"))
    assert isinstance(reply, Reply)
    assert [json.loads(frame)["trades"] for frame in reply.frames] == [["B"]]


def test_already_signed_in_is_signed_in() -> None:
    codec = AlpacaCodec(key=KEY, secret=SECRET)
    assert heard(codec, failure(403, "already authenticated")) == [ALIVE]
    assert codec.is_ready
