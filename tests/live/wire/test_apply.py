"""The law of the live protocol: what a page holds is what a fresh snapshot says, whatever was lost, doubled or reordered."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.market import AAPL, IBM, OPEN, RecordingOutlet, SetClock, beat, engine, tick
from tickfolio.domain.instruments import Symbol
from tickfolio.live.engine import Engine
from tickfolio.live.wire.apply import ScopeState, apply, merged
from tickfolio.live.wire.codec import decode_server
from tickfolio.live.wire.messages import QuoteDelta, Snapshot

SYMBOLS = (AAPL, IBM)


class Page:
    """A page behind a network that loses, doubles and holds back frames. It asks for a snapshot as the protocol says."""

    def __init__(self, market: Engine) -> None:
        self.market = market
        self.state = ScopeState()
        self.held_back: list[bytes] = []
        self.connect()

    def connect(self) -> None:
        self.outlet = RecordingOutlet()
        self.connection = self.market.hub.join(self.outlet, is_plain=False)
        self.say({"type": "hello"})
        self.say({"type": "subscribe", "id": 1, "quotes": list(SYMBOLS)})

    def reconnect(self) -> None:
        self.market.hub.leave(self.connection)
        self.held_back.clear()
        self.connect()

    def say(self, message: dict[str, object]) -> None:
        self.market.hub.receive_text(self.connection, json.dumps(message))

    def receive(self, fate: str) -> None:
        """What waits comes in, or does not, or twice, or behind what comes later."""
        frames = self.outlet.take()
        match fate:
            case "lose":
                frames = []
            case "double":
                frames = [frame for frame in frames for _ in range(2)]
            case "hold back":
                self.held_back.extend(frames)
                frames = []
            case _:
                frames, self.held_back = [*frames, *self.held_back], []
        for frame in frames:
            self.state = apply(self.state, decode_server(frame))

    def settle(self) -> None:
        """What a page does once frames come through again: a status reveals what is missing, a refresh brings it."""
        for _ in range(3):
            self.say({"type": "ping", "id": 1})
            self.receive("deliver")
            if self.state.needs_refresh or self.state.epoch is None:
                self.say({"type": "refresh", "scope": "quotes"})
                self.receive("deliver")


moves = st.tuples(
    st.sampled_from(["deliver", "lose", "double", "hold back"]),
    st.sampled_from(["tick", "tick", "tick", "nothing", "full", "new epoch", "new run", "reconnect", "hide", "show"]),
    st.sampled_from(SYMBOLS),
    st.integers(1, 99),
)


@given(st.lists(moves, max_size=30))
@settings(max_examples=300, deadline=None)
def test_page_equals_a_fresh_snapshot_after_any_loss_doubling_reordering_or_reconnect(
    story: list[tuple[str, str, Symbol, int]],
) -> None:
    market = engine(SetClock())
    page = Page(market)
    page.receive("deliver")
    for number, (fate, happening, symbol, cents) in enumerate(story, start=1):
        _happen(market, page, happening, symbol=symbol, cents=cents, number=number)
        market.beat(beat(number))
        page.outlet.is_full = False
        page.receive(fate)
    market.beat(beat(8 * (len(story) + 1)))
    page.settle()
    assert page.state.rows == _fresh(market).rows
    assert not page.state.needs_refresh


def _happen(market: Engine, page: Page, happening: str, *, symbol: Symbol, cents: int, number: int) -> None:
    match happening:
        case "tick":
            market.accept(tick(f"500.{cents:02d}", symbol=symbol, at=OPEN + number * timedelta(seconds=1)))
        case "full":
            page.outlet.is_full = True
        case "new epoch":
            market.begin_epoch(f"epoch-{number}")
        case "new run":
            market.begin_run(f"run-{number}")
        case "reconnect":
            page.reconnect()
        case "hide" | "show":
            page.say({"type": "visibility", "hidden": happening == "hide"})


def _fresh(market: Engine) -> Snapshot:
    other = Page(market)
    messages = [decode_server(frame) for frame in other.outlet.take()]
    snapshot = messages[-1]
    assert isinstance(snapshot, Snapshot)
    return snapshot


def test_state_is_never_changed_in_place() -> None:
    market = engine(SetClock())
    page = Page(market)
    page.receive("deliver")
    before, rows = page.state, dict(page.state.rows)
    market.accept(tick("501.00"))
    market.beat(beat(1))
    page.receive("deliver")
    assert before.rows == rows
    assert page.state.rows != rows


def test_merged_row_keeps_the_columns_that_the_delta_does_not_name() -> None:
    row = engine(SetClock()).rows.row(AAPL)
    changed = merged(row, QuoteDelta(price="1.00", session_day=None))
    assert (changed.price, changed.session_day, changed.name) == ("1.00", None, row.name)
