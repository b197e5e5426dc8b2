"""The stream without a network: what goes wrong with a vendor ends a connection, and never the stream."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.feeds.feed_under_test import symbols
from tests.feeds.made_up import SetTime, settle
from tests.feeds.made_up_vendor import KEY, SETTINGS, A, Answers, B, Codec, Shortest, Vendor, streaming, subscribed
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedUnavailable
from tickfolio.feeds.silence import LONGEST_PATIENCE
from tickfolio.feeds.sockets import ConnectionLost, HandshakeRefused
from tickfolio.feeds.statuses import CLOSED_MARKETS, UNWANTED
from tickfolio.feeds.stream import ALIVE, KEY_REFUSED, Ended, Missed, Refused, Rejected, Reply, Unreadable
from tickfolio.feeds.subscriptions import REFUSED_FOR
from tickfolio.feeds.supervisor import UNREADABLE_IN_A_ROW, SupervisedStream

# ---------- Connecting ----------


async def test_the_first_words_are_said_before_anything_is_asked_for() -> None:
    async with streaming(A, B) as told:
        assert told.line.sent == ["hello", '{"add": ["A", "B"], "remove": []}']
        assert told.state() is FeedState.CONNECTING
        await told.say("A 1")
        assert told.state() is FeedState.LIVE


async def test_nothing_is_asked_for_until_the_key_is_taken() -> None:
    async with streaming(A, new_codec=lambda: Codec({}, is_ready=False)) as told:
        assert told.line.sent == ["hello"]
        await told.say("welcome")
        assert subscribed(told.line) == [{"add": ["A"], "remove": []}]


async def test_a_vendor_that_never_takes_the_key_is_left() -> None:
    async with streaming(A, new_codec=lambda: Codec({}, is_ready=False)) as told:
        await told.time.pass_seconds(22)
        assert len(told.vendor.lines) == 2
        assert told.vendor.lines[0].is_closed
        assert "takes the key" in told.stream.report().message


@pytest.mark.parametrize(
    "fault", [ConnectionLost("no connection: OSError"), HandshakeRefused(503), ValueError(f"bad proxy for {KEY}")]
)
async def test_whatever_goes_wrong_while_connecting_is_tried_again(
    fault: Exception, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with streaming(A, fails=fault) as told:
        assert len(told.vendor.calls_at) > 1
        assert told.state() is FeedState.RECONNECTING
        assert told.stream.report().errors >= 1
        assert KEY not in f"{told.stream.report()}{caplog.text}{capsys.readouterr()}"
        told.vendor.fails = None
        await settle()
        await told.say("A 1")
        assert told.prices() == ["A 1"]


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        (HandshakeRefused(429, retry_after="90"), 90),
        (HandshakeRefused(503, retry_after="Fri, 27 Nov 2026 15:01:00 GMT"), 60),
        (HandshakeRefused(429), 30),
        (HandshakeRefused(429, retry_after="later"), 30),
    ],
)
async def test_a_refused_handshake_is_repeated_no_sooner_than_the_vendor_wants(
    refusal: HandshakeRefused, seconds: int
) -> None:
    async with streaming(A, fails=refusal) as told:
        told.vendor.fails = None
        await told.time.pass_seconds(seconds + 1)
        assert told.vendor.calls_at == [0, seconds]


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_a_handshake_that_is_refused_for_good_ends_the_stream(status: int) -> None:
    async with streaming(
        A, settings=replace(SETTINGS, fatal_statuses=KEY_REFUSED), fails=HandshakeRefused(status)
    ) as told:
        await told.time.pass_seconds(5)
        assert (told.state(), len(told.vendor.calls_at), told.has_ended) == (FeedState.REJECTED, 1, True)


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_a_vendor_without_keys_that_refuses_the_handshake_is_tried_again_after_minutes(status: int) -> None:
    async with streaming(A, fails=HandshakeRefused(status)) as told:
        await told.time.pass_seconds(299)
        assert (told.state(), told.vendor.calls_at) == (FeedState.RECONNECTING, [0])
        told.vendor.fails = None
        await told.time.pass_seconds(2)
        assert told.vendor.calls_at == [0, 300]


async def test_only_the_first_attempt_is_connecting_and_only_a_price_ends_the_failure() -> None:
    async with streaming(A, fails=ConnectionLost("no connection")) as told:
        told.vendor.fails = None
        await told.time.pass_seconds(2)
        assert (told.state(), told.stream.report().message) == (FeedState.RECONNECTING, "no connection")
        await told.say("A 1")
        assert told.state() is FeedState.LIVE
        told.stream.want(symbols())
        await told.say(ConnectionLost("cut"))
        assert (told.state(), told.stream.report().message) == (FeedState.QUIET, UNWANTED)
        told.stream.want(symbols(A))
        await settle()
        assert told.state() is FeedState.CONNECTING


async def test_the_settings_do_not_show_the_key() -> None:
    assert KEY not in repr(SETTINGS)


# ---------- What a vendor says ----------


async def test_a_vendor_that_rejects_the_key_is_not_called_again() -> None:
    async with streaming(A, events={"no": Rejected("wrong key")}) as told:
        await told.say("no")
        await told.time.pass_seconds(5)
        assert (told.state(), told.stream.report().message) == (FeedState.REJECTED, "wrong key")
        assert (len(told.vendor.lines), told.has_ended) == (1, True)


async def test_a_vendor_that_asks_to_connect_anew_is_left_alone_for_as_long_as_it_says() -> None:
    async with streaming(A, events={"bye": Ended("maintenance", after=timedelta(seconds=40))}) as told:
        await told.say("bye")
        assert (told.state(), told.stream.report().message) == (FeedState.RECONNECTING, "maintenance")
        await told.time.pass_seconds(41)
        assert told.vendor.calls_at == [0, 40]
        assert subscribed(told.line) == [{"add": ["A"], "remove": []}]


async def test_a_refused_symbol_is_given_up_until_it_is_wanted_anew() -> None:
    async with streaming(A, B, events={"no B": Refused({B: "unknown"})}) as told:
        await told.say("no B")
        assert told.stream.report().refused == {B: "unknown"}
        told.stream.want(symbols(A))
        told.stream.want(symbols(A, B))
        await settle()
        assert subscribed(told.line)[-1] == {"add": ["B"], "remove": []}
        assert not told.stream.report().refused


async def test_a_refused_symbol_is_tried_anew_on_the_next_connection_and_after_an_hour() -> None:
    async with streaming(A, B, events={"no B": Refused({B: "unknown"}), "!": ALIVE}) as told:
        await told.say("no B")
        await told.say(ConnectionLost("cut"))
        assert subscribed(told.line) == [{"add": ["A", "B"], "remove": []}]
        await told.say("no B")
        told.stream.expects_data = lambda _symbols: False
        await told.time.pass_seconds(REFUSED_FOR // timedelta(seconds=1) + 2)
        assert subscribed(told.line)[1:] == [{"add": [], "remove": ["B"]}, {"add": ["B"], "remove": []}]
        assert not told.stream.report().refused


async def test_what_a_codec_replies_is_sent_before_what_changed() -> None:
    async with streaming(A, events={"so not": Reply(["one", "two"])}) as told:
        await told.say("so not")
        assert told.line.sent[2:] == ["one", "two"]


async def test_an_answer_that_does_not_know_a_symbol_does_not_end_one_that_streams() -> None:
    answers = Answers(SetTime().utc_now)
    none = Symbol("NONE")
    async with streaming(none, take_snapshot=answers, events={"gap": Missed(1)}) as told:
        await told.say("NONE 1", "gap")
        await told.time.pass_seconds(2)
        assert answers.asked
        assert not told.stream.report().refused


async def test_frames_that_cannot_be_read_are_passed_over_unless_nothing_else_comes() -> None:
    async with streaming(A, events={"?": Unreadable("gibberish"), "!": ALIVE}) as told:
        for good in ("A 1", "!"):
            await told.say(*["?"] * (UNREADABLE_IN_A_ROW - 1), good)
        await told.say(*["?"] * (UNREADABLE_IN_A_ROW - 1))
        assert len(told.vendor.lines) == 1
        assert told.stream.report().errors == 3 * (UNREADABLE_IN_A_ROW - 1)
        await told.say("?")
        assert len(told.vendor.lines) == 2
        assert f"{UNREADABLE_IN_A_ROW} frames in a row could not be read" in told.stream.report().message


async def test_a_fault_of_the_codec_ends_the_connection_and_not_the_stream() -> None:
    async with streaming(A) as told:
        await told.say("A no price at all")
        assert len(told.vendor.lines) == 2
        assert "an unforeseen fault: ValueError" in told.stream.report().message
        await told.say("A 2")
        assert told.prices() == ["A 2"]


# ---------- Silence ----------


async def test_the_patience_with_a_vendor_that_answers_and_has_no_prices_doubles_until_one_comes() -> None:
    async with streaming(A) as told:
        await told.time.pass_seconds(700)
        waits = [
            later - earlier for earlier, later in zip(told.vendor.calls_at, told.vendor.calls_at[1:], strict=False)
        ]
        assert waits == [21, 41, 81, 161, 321]
        await told.say("A 1")
        await told.time.pass_seconds(30)
        assert told.vendor.calls_at[-1] - told.vendor.calls_at[-2] < 160


async def test_the_patience_has_an_end() -> None:
    async with streaming(A) as told:
        await told.time.pass_seconds(20 * 63 + 1300)
        longest = LONGEST_PATIENCE // timedelta(seconds=1)
        assert told.vendor.calls_at[-1] - told.vendor.calls_at[-2] == longest + 1


async def test_a_silence_is_stale_long_before_a_patient_vendor_is_called_anew_and_its_text_stays() -> None:
    settings = replace(SETTINGS, patience=timedelta(seconds=30), patience_to_reconnect=timedelta(seconds=60))
    async with streaming(A, settings=settings) as told:
        await told.say("A 1")
        await told.time.pass_seconds(32)
        text = told.stream.report().message
        assert (told.state(), text) == (FeedState.STALE, "no price since 15:00:00 UTC although its markets are open")
        await told.time.pass_seconds(26)
        assert (told.stream.report().message, len(told.vendor.lines)) == (text, 1)
        await told.time.pass_seconds(5)
        assert (told.state(), told.stream.report().message) == (FeedState.RECONNECTING, text)
        assert len(told.vendor.lines) == 2


async def test_a_silence_of_closed_markets_is_quiet_and_counts_from_the_opening() -> None:
    async with streaming(A) as told:
        told.stream.expects_data = lambda _symbols: False
        await told.time.pass_seconds(100)
        assert (told.state(), len(told.vendor.lines)) == (FeedState.QUIET, 1)
        assert told.stream.report().message == CLOSED_MARKETS
        told.stream.expects_data = lambda _symbols: True
        await told.time.pass_seconds(20)
        assert (told.state(), len(told.vendor.lines)) == (FeedState.QUIET, 1)
        await told.time.pass_seconds(2)
        assert len(told.vendor.lines) == 2


async def test_a_vendor_whose_heartbeats_end_is_left_even_while_markets_are_closed() -> None:
    settings = replace(SETTINGS, aliveness=timedelta(seconds=10))
    async with streaming(A, settings=settings, events={"beat": ALIVE}) as told:
        told.stream.expects_data = lambda _symbols: False
        for _ in range(5):
            await told.time.pass_seconds(9)
            await told.say("beat")
        assert len(told.vendor.lines) == 1
        await told.time.pass_seconds(12)
        assert len(told.vendor.lines) == 2
        assert told.stream.report().message == "nothing was heard for 10 s"


async def test_a_vendor_that_wants_to_hear_from_its_clients_does() -> None:
    async with streaming(A, settings=replace(SETTINGS, keep_alive=timedelta(seconds=5))) as told:
        await told.time.pass_seconds(16)
        assert told.line.sent.count("still here") == 3


async def test_frames_to_the_vendor_are_so_far_apart() -> None:
    async with streaming(A, settings=replace(SETTINGS, message_gap=timedelta(seconds=2))) as told:
        for wanted in (symbols(A, B), symbols(B)):
            told.stream.want(wanted)
            await settle()
        assert len(subscribed(told.line)) == 1
        await told.time.pass_seconds(2)
        # What changed meanwhile is asked for in one.
        assert subscribed(told.line)[1:] == [{"add": ["B"], "remove": ["A"]}]


# ---------- The latest prices ----------


async def test_the_latest_prices_are_asked_for_a_few_at_a_time_on_every_connection_and_after_a_loss() -> None:
    answers = Answers(SetTime().utc_now)
    settings = replace(SETTINGS, snapshot_batch=2)
    many = [Symbol(text) for text in ("A", "B", "C")]
    async with streaming(*many, settings=settings, take_snapshot=answers, events={"gap": Missed(3)}) as told:
        await told.time.pass_seconds(3)
        assert answers.asked == [["A", "B"], ["C"]]
        assert sorted(told.prices()) == ["A 5", "B 5", "C 5"]
        assert told.state() is FeedState.CONNECTING  # an answer is no sign that the stream works
        await told.say("gap")
        await told.time.pass_seconds(3)
        assert answers.asked[2:] == [["A", "B"], ["C"]]
        await told.say(ConnectionLost("cut"))
        await told.time.pass_seconds(3)
        assert answers.asked[4:] == [["A", "B"], ["C"]]
        told.stream.want(symbols(*many, "D"))
        await told.time.pass_seconds(2)
        assert answers.asked[6:] == [["D"]]


async def test_what_the_answer_refuses_is_streamed_no_longer() -> None:
    answers = Answers(SetTime().utc_now)
    async with streaming(A, Symbol("NONE"), take_snapshot=answers) as told:
        await told.time.pass_seconds(2)
        assert told.stream.report().refused == {"NONE": "unknown"}
        assert subscribed(told.line)[-1] == {"add": [], "remove": ["NONE"]}


@pytest.mark.parametrize("fault", [FeedUnavailable("busy", retry_after=9), KeyError("a fault of ours")])
async def test_a_question_that_fails_does_not_disturb_the_stream_and_is_asked_again(fault: Exception) -> None:
    answers = Answers(SetTime().utc_now)
    answers.fails = fault
    async with streaming(A, take_snapshot=answers) as told:
        await told.time.pass_seconds(2)
        answers.fails = None
        await told.say("A 1")
        assert len(answers.asked) == 1
        await told.time.pass_seconds(12)
        assert len(answers.asked) == 2
        assert (len(told.vendor.lines), told.stream.report().errors) == (1, 1)


# ---------- The end ----------


async def test_a_stream_that_was_stopped_before_it_began_says_nothing() -> None:
    time = SetTime()
    vendor = Vendor(time)
    stream = SupervisedStream(
        name="vendor",
        settings=SETTINGS,
        new_codec=lambda: Codec({}),
        connect=vendor,
        real_time=time,
        draw=Shortest(),
    )
    stream.want(symbols(A))
    await stream.stop()
    assert [quote async for quote in stream.quotes()] == []
    assert (stream.report().state, vendor.calls_at) == (FeedState.STOPPED, [])


async def test_a_stopped_stream_closes_its_connection_and_hands_out_what_it_has() -> None:
    async with streaming(A) as told:
        told.line.say("A 1")
        await settle()
        await told.stream.stop()
        await settle()
        assert (told.prices(), told.has_ended, told.line.is_closed) == (["A 1"], True, True)
