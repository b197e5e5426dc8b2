"""The law of the live protocol, for portfolios: what a page holds is what a fresh snapshot says, and its header is Σ rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.market import AAPL, IBM, OPEN, RecordingOutlet, SetClock, beat, engine, tick
from tests.live.portfolios import ALICE, EUR, MINE, SCOPE, Library, book, buy, deposit, header_mismatches, sell, visible
from tests.live.portfolios import Page as Socket
from tickfolio.domain.instruments import Symbol
from tickfolio.live.engine import Engine
from tickfolio.live.wire.apply import PortfolioState, apply_to_portfolio
from tickfolio.live.wire.codec import decode_server
from tickfolio.live.wire.portfolio_messages import Event

HAPPENINGS = [
    *("tick", "tick", "tick", "buy", "sell", "undo", "clock"),
    *("full", "new epoch", "new run", "reconnect", "hide", "show", "taken away and given back", "wake-up lost"),
]


class Page(Socket):
    """A page behind a network that loses, doubles and holds back frames. It asks for a snapshot as the protocol says."""

    def __init__(self, market: Engine) -> None:
        super().__init__(market)
        self.state = PortfolioState(SCOPE)
        self.held_back: list[bytes] = []
        self.told: list[int] = []
        self.is_watching = True
        self.watch()

    def reconnect(self) -> None:
        """A new socket; what is held stays."""
        state, told = self.state, self.told
        self.market.hub.leave(self.connection)
        self.__init__(self.market)  # type: ignore[misc]  # the very same page again
        self.state, self.told = state, told

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
            message = decode_server(frame)
            self.state = apply_to_portfolio(self.state, message)
            self.is_watching = self.is_watching and not self.state.is_lost
            assert header_mismatches(self.state) == []
            if isinstance(message, Event):
                self.told.append(message.ledger)
        if not self.is_watching:
            self.is_watching = True
            self.watch()

    def settle(self) -> None:
        """What a page does once frames come through again: a status reveals what is missing, a refresh brings it."""
        for _ in range(3):
            self.say({"type": "ping", "id": 1})
            self.receive("deliver")
            if self.state.needs_refresh or self.state.epoch is None:
                self.say({"type": "refresh", "scope": SCOPE})
                self.receive("deliver")


class Story:
    """A market with one portfolio, in which things happen."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.library = Library(lambda: self.clock.market)
        self.market = engine(self.clock, source=self.library)
        self.library.market = self.market
        self.library.keep(MINE, book(deposit("100000.00"), buy("10", "400.00"), base=EUR))
        self.library.admit(ALICE, visible())
        self.page = Page(self.market)
        self.library.answer()

    def happen(self, happening: str, *, symbol: Symbol, number: int, amount: int) -> None:
        """One thing of the market, of the ledger or of the page."""
        at = OPEN + number * timedelta(seconds=7)
        match happening:
            case "tick":
                self.market.accept(tick(f"{amount}.{number:02d}", symbol=symbol, at=at))
            case "clock":
                self.clock.market = at + timedelta(minutes=amount)
            case "new epoch":
                self.market.begin_epoch(f"epoch-{number}")
            case "new run":
                self.clock.market = OPEN
                self.market.begin_run(f"run-{number}")
            case "full" | "reconnect" | "hide" | "show" | "taken away and given back":
                self.happen_to_page(happening)
            case _:
                self.happen_to_ledger(happening, symbol=symbol, sequence=100 + number, amount=amount, at=at)

    def happen_to_page(self, happening: str) -> None:
        match happening:
            case "full":
                self.page.outlet.is_full = True
            case "reconnect":
                self.page.reconnect()
            case "hide" | "show":
                self.page.say({"type": "visibility", "hidden": happening == "hide"})
            case _:
                for portfolios in ((), (visible(),)):
                    self.library.admit(ALICE, *portfolios)
                    self.market.hub.access_changed(ALICE)
                    self.library.answer_rights()

    def happen_to_ledger(self, happening: str, *, symbol: Symbol, sequence: int, amount: int, at: datetime) -> None:
        match happening:
            case "buy" | "wake-up lost":
                self.library.book(MINE, buy(f"{amount}", "33.33", symbol=symbol, at=at, sequence=sequence))
            case "sell":
                self.library.book(MINE, sell("0.01", f"{amount}.01", at=at, sequence=sequence))
            case "undo":
                self.undo()
        if happening != "wake-up lost":
            self.market.hub.portfolios.head_heard(MINE, self.library.heads[MINE])

    def undo(self) -> None:
        """All but what was there at first goes, as an import that is undone."""
        self.library.books[MINE] = book(deposit("100000.00"), buy("10", "400.00"), base=EUR)
        self.library.note(MINE, "import_undone")

    def look(self) -> None:
        """What the lookout does every few seconds."""
        self.market.hub.portfolios.standings_read(frozenset({MINE}), self.library.standings())
        self.library.answer()


moves = st.tuples(
    st.sampled_from(["deliver", "lose", "double", "hold back"]),
    st.sampled_from(HAPPENINGS),
    st.sampled_from([AAPL, AAPL, IBM]),
    st.integers(1, 99),
    st.booleans(),
)


@given(st.lists(moves, max_size=25))
@settings(max_examples=200, deadline=None)
def test_page_equals_a_fresh_snapshot_after_any_loss_doubling_reordering_or_reconnect(
    moves: list[tuple[str, str, Symbol, int, bool]],
) -> None:
    story = Story()
    page = story.page
    for number, (fate, happening, symbol, amount, is_answered) in enumerate(moves, start=1):
        story.happen(happening, symbol=symbol, number=number, amount=amount)
        if is_answered:
            story.library.answer()
        story.market.beat(beat(number))
        page.outlet.is_full = False
        page.receive(fate)
    story.look()
    story.market.beat(beat(8 * (len(moves) + 1)))
    page.settle()
    fresh = PortfolioState(SCOPE)
    other = Page(story.market)
    for frame in other.outlet.take():
        fresh = apply_to_portfolio(fresh, decode_server(frame))
    assert (page.state.totals, page.state.rows) == (fresh.totals, fresh.rows)
    assert page.state.ledger == fresh.ledger == story.library.heads[MINE]
    assert not page.state.needs_refresh


@given(st.lists(st.sampled_from(["buy", "sell", "undo", "full", "tick"]), max_size=20))
@settings(max_examples=100, deadline=None)
def test_every_event_is_told_once_and_in_order_however_slowly_the_page_reads(happenings: list[str]) -> None:
    story = Story()
    page = story.page
    page.receive("deliver")
    for number, happening in enumerate(happenings, start=1):
        story.happen(happening, symbol=AAPL, number=number, amount=1)
        story.library.answer()
        story.market.beat(beat(number))
        if number % 3 == 0:
            page.outlet.is_full = False
            page.receive("deliver")
    page.outlet.is_full = False
    story.market.beat(beat(8))
    page.receive("deliver")
    assert page.told == list(range(3, story.library.heads[MINE] + 1))


def test_state_is_never_changed_in_place() -> None:
    story = Story()
    story.page.receive("deliver")
    before, rows = story.page.state, dict(story.page.state.rows)
    story.market.accept(tick("501.00"))
    story.market.beat(beat(1))
    story.page.receive("deliver")
    assert before.rows == rows
    assert story.page.state.rows != rows
    assert isinstance(story.page.outlet, RecordingOutlet)
