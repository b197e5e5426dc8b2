from tests.live.market import AAPL, IBM, OPEN, SetClock, engine, tick
from tests.live.portfolios import MINE, OTHER, Library, book, buy, deposit
from tickfolio.live.engine import Engine
from tickfolio.live.portfolio_shelf import LINGER_SECONDS, PortfolioShelf
from tickfolio.live.ports import Standing


class Scene:
    """A shelf beside a small market, with two portfolios in the library."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.library = Library(lambda: self.clock.market)
        self.library.keep(MINE, book())
        self.library.keep(OTHER, book(deposit("9.00"), buy("1", "5.00", symbol=IBM)))
        self.market: Engine = engine(self.clock, source=self.library)
        self.shelf = PortfolioShelf(source=self.library, market=self.market.market)

    def load(self, portfolio: str = MINE) -> None:
        self.shelf.want(portfolio)
        self.library.asked_portfolios.clear()
        loaded = self.library.read(portfolio, None)
        assert loaded is not None
        held = self.shelf.loaded(loaded)
        assert held is not None
        self.shelf.value(held)


def test_portfolio_is_asked_for_once_while_its_answer_is_awaited() -> None:
    scene = Scene()
    first = scene.shelf.want(MINE)
    assert scene.shelf.want(MINE) is first
    assert scene.library.asked_portfolios == [(MINE, None)]


def test_tick_marks_only_the_portfolios_that_hold_its_symbol() -> None:
    scene = Scene()
    scene.load(MINE)
    scene.load(OTHER)
    scene.market.accept(tick("501.00"))
    scene.shelf.mark_changed()
    mine, other = scene.shelf.get(MINE), scene.shelf.get(OTHER)
    assert mine is not None
    assert other is not None
    assert (mine.dirty, other.dirty) == ({AAPL}, set())
    scene.shelf.mark_changed()
    assert mine.dirty == {AAPL}


def test_answer_that_nobody_waits_for_any_more_is_dropped() -> None:
    scene = Scene()
    loaded = scene.library.read(MINE, None)
    assert loaded is not None
    assert scene.shelf.loaded(loaded) is None
    assert len(scene.shelf) == 0


def test_symbols_of_a_ledger_that_was_read_again_replace_the_earlier_ones() -> None:
    scene = Scene()
    scene.load()
    scene.library.books[MINE] = book(deposit("9.00"), buy("1", "5.00", symbol=IBM))
    scene.library.note(MINE, "import_undone")
    loaded = scene.library.read(MINE, 2)
    assert loaded is not None
    scene.shelf.loaded(loaded)
    scene.market.accept(tick("501.00"))
    scene.market.accept(tick("34.00", symbol=IBM))
    scene.shelf.mark_changed()
    held = scene.shelf.get(MINE)
    assert held is not None
    assert held.dirty == {IBM}


def test_portfolio_that_could_not_be_read_is_tried_again_with_the_next_look() -> None:
    scene = Scene()
    scene.shelf.want(MINE)
    scene.library.asked_portfolios.clear()
    scene.shelf.failed(MINE)
    scene.shelf.standings_read({MINE: Standing(2, "Europe/Berlin")})
    assert scene.library.asked_portfolios == [(MINE, None)]


def test_database_that_went_back_is_believed_and_does_not_lead_to_reading_for_ever() -> None:
    scene = Scene()
    scene.load()
    scene.library.keep(MINE, book(deposit("9.00")))
    scene.shelf.head_heard(MINE, 9)
    assert scene.library.asked_portfolios == [(MINE, 2)]
    scene.library.asked_portfolios.clear()
    loaded = scene.library.read(MINE, 2)
    assert loaded is not None
    scene.shelf.loaded(loaded)
    scene.shelf.standings_read(scene.library.standings())
    assert scene.library.asked_portfolios == []


def test_run_that_begins_voids_what_is_held_and_what_is_being_read() -> None:
    scene = Scene()
    scene.load(MINE)
    scene.shelf.want(OTHER)
    scene.library.asked_portfolios.clear()
    scene.shelf.begin_run()
    assert scene.library.asked_portfolios == [(MINE, 2)]
    early = scene.library.read(OTHER, None)
    assert early is not None
    assert scene.shelf.loaded(early) is None
    assert scene.library.asked_portfolios == [(MINE, 2), (OTHER, None)]
    again = scene.library.read(OTHER, None)
    assert again is not None
    assert scene.shelf.loaded(again) is not None


def test_idle_portfolio_stays_for_a_while_and_leaves_nothing() -> None:
    scene = Scene()
    scene.load()
    held = scene.shelf.get(MINE)
    assert held is not None
    held.idle_since = 5.0
    scene.shelf.forget_idle(5.0 + LINGER_SECONDS - 0.1)
    assert scene.shelf.ids() == {MINE}
    scene.shelf.forget_idle(5.0 + LINGER_SECONDS)
    assert scene.shelf.ids() == frozenset()
    scene.market.accept(tick("501.00", at=OPEN))
    scene.shelf.mark_changed()
    assert held.dirty == set()
