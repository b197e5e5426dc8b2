"""Who comes back goes on where they left off, and holds what a fresh snapshot would say."""

from __future__ import annotations

from datetime import timedelta
from itertools import batched
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.market import AAPL, IBM, OPEN, RecordingOutlet, SetClock, beat, engine, tick
from tests.live.portfolios import ALICE, MINE, Library, book, buy, deposit, header_mismatches, sell, visible
from tickfolio.client.conversation import Conversation
from tickfolio.live.conflation import MAX_CONTROL_FRAMES
from tickfolio.live.engine import Engine
from tickfolio.live.resuming import (
    LINGER_SECONDS,
    MOST_LINGERING,
    REMEMBERED_EVENTS,
    REMEMBERED_FRAMES,
    Lingering,
    Marks,
)
from tickfolio.live.viewer import Viewer

SECOND = timedelta(seconds=1)


class Reader:
    """A client that keeps what it holds over its connections."""

    def __init__(self, market: Engine, *, portfolios: tuple[str, ...] = ()) -> None:
        self.market = market
        self.conversation = Conversation()
        self.conversation.subscribe(["AAPL", "IBM"], portfolios=portfolios)
        self.viewer = Viewer(ALICE, "session", (visible(),)) if portfolios else None
        self.connect()

    def connect(self) -> None:
        """A new connection, on which it says where it stands."""
        self.outlet = RecordingOutlet()
        self.connection = self.market.hub.join(self.outlet, is_plain=False, viewer=self.viewer)
        for message in self.conversation.greeting():
            self.market.hub.receive_text(self.connection, msgspec.json.encode(message).decode())

    def cut(self) -> None:
        """The connection is gone, with all that was on its way."""
        self.outlet.take()
        self.market.hub.leave(self.connection)

    def read(self) -> list[dict[str, Any]]:
        """Takes in all that came; asks where something is missing."""
        read = []
        while payloads := self.outlet.take():
            for payload in payloads:
                message, answers = self.conversation.heard(payload)
                read.append(msgspec.json.decode(payload))
                for answer in answers:
                    self.market.hub.receive_text(self.connection, msgspec.json.encode(answer).decode())
                assert message is not None
        return read

    def rows(self) -> object:
        return self.conversation.quotes.rows


@pytest.fixture
def market(clock: SetClock) -> Engine:
    return engine(clock)


def moved(market: Engine, number: int) -> None:
    market.accept(tick(f"{500 + number}.00", at=OPEN + number * SECOND))
    market.beat(beat(number))


def test_what_was_missed_comes_in_one_frame_that_answers_the_request(market: Engine) -> None:
    stays, leaves = Reader(market), Reader(market)
    moved(market, 1)
    stays.read()
    leaves.read()
    leaves.cut()
    for number in (2, 3, 5):
        moved(market, number)
    stays.read()
    leaves.connect()
    welcome, missed = leaves.read()
    assert welcome["type"] == "welcome"
    assert (missed["type"], missed["since"], missed["sequence"], missed["id"]) == ("delta", 1, 4, 3)
    assert missed["rows"].keys() == {"AAPL"}
    assert leaves.rows() == stays.rows()
    moved(market, 6)
    stays.read()
    assert [frame["type"] for frame in leaves.read()] == ["delta"]
    assert leaves.rows() == stays.rows()


def test_who_was_alone_is_waited_for_a_minute(market: Engine, clock: SetClock) -> None:
    reader = Reader(market)
    moved(market, 1)
    reader.read()
    for seconds, kind in ((LINGER_SECONDS - 1, "delta"), (LINGER_SECONDS + 1, "snapshot")):
        reader.cut()
        clock.pass_seconds(seconds)
        moved(market, 4)
        reader.connect()
        assert reader.read()[1]["type"] == kind
        fresh = Reader(market)
        fresh.read()
        assert reader.rows() == fresh.rows()
        fresh.cut()


def test_who_missed_nothing_is_told_so(market: Engine) -> None:
    reader = Reader(market)
    moved(market, 1)
    reader.read()
    reader.cut()
    reader.connect()
    _welcome, answer = reader.read()
    assert (answer["type"], answer["since"], answer["sequence"], answer["rows"]) == ("delta", 1, 1, {})


def test_too_many_frames_an_unknown_sequence_and_another_epoch_lead_to_a_snapshot(market: Engine) -> None:
    stays, leaves = Reader(market), Reader(market)
    moved(market, 1)
    leaves.read()
    leaves.cut()
    for number in range(2, REMEMBERED_FRAMES + 3):
        moved(market, number)
    leaves.connect()
    assert leaves.read()[1]["type"] == "snapshot"
    stays.read()
    assert leaves.rows() == stays.rows()
    leaves.cut()
    market.begin_epoch("epoch-2")
    leaves.connect()
    assert leaves.read()[1]["type"] == "snapshot"


def test_only_the_first_request_goes_on_from_there(market: Engine) -> None:
    reader = Reader(market)
    moved(market, 1)
    reader.read()
    reader.cut()
    reader.connect()
    reader.read()
    reader.market.hub.receive_text(reader.connection, '{"type":"subscribe","id":9,"quotes":["AAPL"]}')
    (answer,) = reader.read()
    assert (answer["type"], answer["id"]) == ("snapshot", 9)


def test_a_portfolio_goes_on_with_rows_that_came_and_went_and_the_events(peopled: Engine, library: Library) -> None:
    stays, leaves = Reader(peopled, portfolios=(MINE,)), Reader(peopled, portfolios=(MINE,))
    library.answer()
    stays.read()
    leaves.read()
    library.book(MINE, buy("2", "30.00", symbol=IBM, at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    peopled.beat(beat(1))
    leaves.read()
    leaves.cut()
    library.book(MINE, deposit("7.00", at=OPEN, sequence=4))
    peopled.hub.portfolios.head_heard(MINE, 4)
    library.answer()
    peopled.beat(beat(2))
    stays.read()
    leaves.connect()
    frames = [frame for frame in leaves.read() if frame["type"] not in {"welcome", "delta"}]
    assert [frame["type"] for frame in frames] == ["portfolio_delta", "event"]
    assert (frames[0]["since"], frames[0]["ledger"], frames[1]["ledger"]) == (1, 4, 4)
    assert leaves.conversation.portfolios[MINE] == stays.conversation.portfolios[MINE]


@pytest.mark.parametrize(
    ("events", "answer"), [(REMEMBERED_EVENTS - 1, "portfolio_delta"), (1000, "portfolio_snapshot")]
)
def test_a_thousand_events_are_replayed_in_one_write_and_more_lead_to_a_snapshot(
    peopled: Engine, library: Library, events: int, answer: str
) -> None:
    reader, stays = Reader(peopled, portfolios=(MINE,)), Reader(peopled, portfolios=(MINE,))
    library.answer()
    reader.read()
    reader.cut()
    first = library.heads[MINE]
    for number, some in enumerate(batched(range(events), MAX_CONTROL_FRAMES)):
        for _ in some:
            library.note(MINE, "portfolio_changed")
        peopled.hub.portfolios.head_heard(MINE, library.heads[MINE])
        library.answer()
        peopled.beat(beat(number))
    stays.read()
    reader.connect()
    frames = [frame for frame in reader.read() if frame.get("scope", "").startswith("portfolio")]
    assert frames[0]["type"] == answer
    told = range(first + 1, first + events + 1) if answer == "portfolio_delta" else []
    assert [frame["ledger"] for frame in frames[1:]] == list(told)
    assert reader.conversation.portfolios[MINE] == stays.conversation.portfolios[MINE]


def test_rows_that_were_folded_anew_are_not_gone_on_from(peopled: Engine, library: Library) -> None:
    reader = Reader(peopled, portfolios=(MINE,))
    library.answer()
    reader.read()
    reader.cut()
    peopled.hub.portfolios.shelf.begin_run()
    library.answer()
    reader.connect()
    library.answer()
    assert "portfolio_snapshot" in {frame["type"] for frame in reader.read()}


STEPS = st.lists(
    st.tuples(st.sampled_from(["tick", "beat", "book", "sell", "cut", "connect", "read", "second"]), st.integers(0, 9)),
    max_size=40,
)


@given(STEPS)
def test_law_whenever_it_was_cut_it_holds_what_a_fresh_snapshot_says(steps: list[tuple[str, int]]) -> None:
    clock = SetClock()
    library = Library(lambda: clock.market)
    library.keep(MINE, book())
    library.admit(ALICE, visible())
    market = engine(clock, source=library)
    library.market = market
    market.accept(tick("501.00"))
    other = Reader(market, portfolios=(MINE,))
    reader = Reader(market, portfolios=(MINE,))
    library.answer()
    other.read()
    is_connected, beats, sequence = True, 0, 2
    for step, number in steps:
        match step:
            case "tick":
                symbol = IBM if number % 2 else AAPL
                market.accept(tick(f"{400 + number}.00", symbol=symbol, at=OPEN + clock.seconds * SECOND))
            case "beat":
                beats += 1
                market.beat(beat(beats))
            case "book" | "sell":
                sequence += 1
                done = sell("1", "2.00", at=OPEN, sequence=sequence) if step == "sell" and number < 5 else None
                library.book(MINE, done or buy("1", "30.00", symbol=IBM, at=OPEN, sequence=sequence))
                market.hub.portfolios.head_heard(MINE, library.heads[MINE])
                library.answer()
            case "cut" if is_connected:
                reader.cut()
                is_connected = False
            case "connect" if not is_connected:
                reader.connect()
                library.answer()
                is_connected = True
            case "read" if is_connected:
                reader.read()
            case _:
                clock.pass_seconds(1 + 20 * (number == 9))
    if not is_connected:
        reader.connect()
    library.check_rights(ALICE)  # as every few seconds: rights that are old count no more
    library.answer()
    for _ in range(4):
        beats += 1
        market.beat(beat(beats))
        reader.read()
    fresh = Reader(market, portfolios=(MINE,))
    library.answer()
    fresh.read()
    assert reader.rows() == fresh.rows()
    held, wanted = reader.conversation.portfolios[MINE], fresh.conversation.portfolios[MINE]
    assert (held.rows, held.totals, held.ledger) == (wanted.rows, wanted.totals, wanted.ledger)
    assert header_mismatches(held) == []


def test_marks_know_the_last_frames_only() -> None:
    marks = Marks(7)
    assert [marks.version_at(sequence) for sequence in (-1, 0, 1)] == [None, 7, None]
    for sequence in range(1, REMEMBERED_FRAMES + 1):
        marks.note(sequence, 7 + 2 * sequence)
    assert (marks.version_at(0), marks.version_at(1), marks.oldest) == (None, 9, 9)
    assert marks.version_at(REMEMBERED_FRAMES) == 7 + 2 * REMEMBERED_FRAMES


def test_no_more_audiences_linger_than_a_thousand() -> None:
    lingering: Lingering[int, str] = Lingering()
    for number in range(MOST_LINGERING + 1):
        lingering.put(number, f"{number}", at=float(number))
    assert (len(lingering), lingering.take(0), lingering.take(1)) == (MOST_LINGERING, None, "1")
    lingering.forget_old(MOST_LINGERING - 1 + LINGER_SECONDS)
    assert (len(lingering), lingering.get(MOST_LINGERING)) == (1, f"{MOST_LINGERING}")
