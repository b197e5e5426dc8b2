"""How messages travel."""

from __future__ import annotations

import msgspec
import pytest

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW, instrument, tick
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.live.bus.port import (
    AccessChanged,
    Answered,
    Asked,
    BusMessage,
    Demanded,
    InstrumentKnown,
    LeaderBeat,
    QuestionKind,
    ReplayMoment,
    RunBegan,
    StatusChanged,
    Ticks,
)
from tickfolio.live.bus.wire import conflated, decode_message, decode_tick, encode_message, encode_tick, token_of

STATUS = FeedStatus("replay", FeedState.LIVE, REAL_NOW, "open")


@pytest.mark.parametrize(
    "message",
    [
        Ticks((tick("501.10"),), 3),
        StatusChanged(STATUS, 3),
        RunBegan(2, 3),
        LeaderBeat(3),
        LeaderBeat(3, (STATUS,), ReplayMoment(2, OPEN, 20_000, OPEN)),
        InstrumentKnown(instrument(), 3),
        Demanded("one", frozenset({AAPL, IBM})),
        Asked("1", QuestionKind.SEARCH, "apple"),
        Answered("1", (instrument(),), token=3),
        Answered("1", failure="No feed answers.", token=3),
    ],
)
def test_message_survives_the_wire_with_its_token(message: BusMessage) -> None:
    assert decode_message(encode_message(message)) == message


def test_tick_is_kept_as_it_was() -> None:
    assert decode_tick(encode_tick(tick("501.10"))) == tick("501.10")
    with pytest.raises(msgspec.DecodeError):
        decode_tick(b"[]")


def test_only_what_is_said_of_the_feeds_has_a_token() -> None:
    assert token_of(Ticks((), 5)) == 5
    assert token_of(AccessChanged(1)) == 0


def test_of_what_waits_too_long_the_last_of_each_kind_and_subject_is_left() -> None:
    waiting: list[BusMessage] = [
        Ticks((tick("1"), tick("7", symbol=IBM)), 2),
        LeaderBeat(2),
        Asked("1", QuestionKind.FIND, "X"),
        Answered("1"),
        Demanded("one", frozenset({AAPL})),
        InstrumentKnown(instrument(), 2),
        LeaderBeat(2, (STATUS,)),
        Demanded("one", frozenset({IBM})),
        Ticks((tick("2"),), 2),
    ]
    assert set(conflated(waiting)) == {
        Demanded("one", frozenset({IBM})),
        InstrumentKnown(instrument(), 2),
        Ticks((tick("2"), tick("7", symbol=IBM)), 2),
    }


def test_ticks_of_a_lease_that_is_over_do_not_travel_under_the_next() -> None:
    assert list(conflated([Ticks((tick("7", symbol=IBM),), 2), Ticks((tick("2"),), 3)])) == [Ticks((tick("2"),), 3)]
