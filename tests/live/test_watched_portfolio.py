from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.live.market import AAPL, IBM, OPEN, SetClock, engine, tick
from tests.live.portfolios import MINE, OTHER, USD, Library, book, buy, deposit
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.market.manual_prices import ManualPrice, ManualPrices
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.live.engine import Engine
from tickfolio.live.watched_portfolio import WatchedPortfolio

PRIVATE = Symbol("PRIVATE")


class Scene:
    """One portfolio of a small market."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.library = Library(lambda: self.clock.market)
        self.library.keep(MINE, book())
        self.market: Engine = engine(self.clock, source=self.library)
        self.market.accept(tick("501.00"))
        self.market.rows.refresh()
        self.held = WatchedPortfolio(MINE)

    def load(self, known_head: int | None = None) -> None:
        loaded = self.library.read(MINE, known_head)
        assert loaded is not None
        self.held.take(loaded)

    def value(self) -> None:
        self.held.value(self.market.market)


def test_symbol_that_no_feed_knows_has_no_quote_and_a_closed_market() -> None:
    market = Scene().market.market
    assert (market.quote(PRIVATE), market.quality(PRIVATE), market.session(PRIVATE)) == (
        None,
        Quality.UNPRICED,
        "closed",
    )
    assert (market.quality(AAPL), market.session(AAPL), market.session(None)) == (Quality.REPLAY, "regular", "closed")
    assert market.quote(IBM) is None


def test_portfolio_that_was_not_read_is_not_valued() -> None:
    scene = Scene()
    scene.value()
    assert scene.held.rows is None
    assert scene.held.is_behind
    assert not scene.held.needs_valuation(is_housekeeping=True)
    assert scene.held.symbols == frozenset()


def test_portfolio_that_was_read_is_valued_whole_once() -> None:
    scene = Scene()
    scene.load()
    assert scene.held.needs_valuation(is_housekeeping=False)
    scene.value()
    assert scene.held.rows is not None
    assert scene.held.rows.totals.value == "11010.00"
    assert not scene.held.needs_valuation(is_housekeeping=False)
    assert scene.held.needs_valuation(is_housekeeping=True)


def test_only_what_is_marked_is_valued_anew() -> None:
    scene = Scene()
    scene.load()
    scene.value()
    scene.market.accept(tick("502.00", at=OPEN.replace(second=1)))
    scene.market.rows.refresh()
    scene.value()
    assert scene.held.rows is not None
    assert scene.held.rows.version == 1
    scene.held.dirty.add(AAPL)
    scene.value()
    assert (scene.held.rows.version, scene.held.rows.totals.value) == (2, "11020.00")
    assert scene.held.dirty == set()


def test_portfolio_that_is_read_again_keeps_its_rows_and_counts_on() -> None:
    scene = Scene()
    scene.load()
    scene.value()
    rows = scene.held.rows
    scene.library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    scene.load(known_head=2)
    assert [event.sequence for event in scene.held.events] == [3]
    scene.value()
    assert scene.held.rows is rows
    assert rows is not None
    assert (rows.version, rows.ledger, rows.totals.value) == (2, 3, "11011.00")


def test_head_that_was_heard_of_and_not_read_is_known_to_be_missing() -> None:
    scene = Scene()
    scene.load()
    assert not scene.held.is_behind
    scene.held.heard_head = 3
    assert scene.held.is_behind


def test_valuation_that_is_void_leaves_nothing() -> None:
    scene = Scene()
    scene.load()
    scene.value()
    scene.held.forget_valuation()
    scene.value()
    assert (scene.held.rows, scene.held.symbols) == (None, frozenset())


def test_what_was_read_before_is_spare_once_something_newer_was_read() -> None:
    scene = Scene()
    scene.load()
    assert scene.held.lend_spare() is None
    first = scene.library.read(MINE, None)
    assert first is not None
    scene.held.take(first)
    scene.load(known_head=2)
    assert scene.held.lend_spare() is first.live
    assert scene.held.lend_spare() is None


def test_what_was_valued_in_an_earlier_run_is_spare_for_the_next() -> None:
    scene = Scene()
    loaded = scene.library.read(MINE, None)
    assert loaded is not None
    scene.held.take(loaded)
    scene.held.forget_valuation()
    assert scene.held.lend_spare() is loaded.live


def test_a_sample_is_the_last_valuation_with_what_it_rests_on() -> None:
    scene = Scene()
    assert scene.held.sample(scene.market.market) is None
    scene.load()
    assert scene.held.sample(scene.market.market) is None
    scene.value()
    sample = scene.held.sample(scene.market.market)
    assert sample is not None
    assert (sample.portfolio, sample.at, sample.book) == (MINE, OPEN, scene.library.books[MINE])
    assert (set(sample.quotes), sample.qualities) == ({AAPL}, {AAPL: Quality.REPLAY})
    assert str(sample.valuation.totals.value) == "11010.00"
    scene.held.dirty.add(AAPL)
    assert scene.held.sample(scene.market.market) is None
    scene.held.forget_valuation()
    scene.held.dirty.clear()
    assert scene.held.sample(scene.market.market) is None


def house(price: str | None) -> PortfolioBook:
    """The book with a house of the portfolio's own."""
    plain = book()
    typed = [] if price is None else [ManualPrice(OPEN.date() - timedelta(days=1), Decimal(price))]
    return replace(
        plain,
        transactions=(*plain.transactions, buy("1", "100", symbol=PRIVATE, sequence=7)),
        instruments={**plain.instruments, PRIVATE: Instrument(PRIVATE, "House", PRIVATE_MIC, USD)},
        prices={PRIVATE: ManualPrices(typed)} if typed else {},
    )


def shown(held: WatchedPortfolio) -> tuple[str | None, str | None, str]:
    """Price, value and quality of the house as pages see it."""
    assert held.rows is not None
    (row,) = (row for row in held.rows.rows().values() if row.symbol == PRIVATE)
    return row.price, row.value, row.quality


def test_a_price_that_was_typed_is_on_every_page_as_soon_as_the_ledger_is_read() -> None:
    scene = Scene()
    scene.library.keep(MINE, house(None))
    scene.load()
    scene.value()
    assert shown(scene.held) == (None, None, "unpriced")
    scene.library.keep(MINE, house("120.50"))
    scene.load()
    scene.value()
    assert shown(scene.held) == ("120.50", "120.50", "manual")
    scene.market.accept(tick("502.00", at=OPEN.replace(second=1)))
    scene.market.rows.refresh()
    scene.held.dirty.add(AAPL)
    scene.value()
    assert shown(scene.held) == ("120.50", "120.50", "manual")
    assert scene.held.sample(scene.market.market) is not None


def test_another_portfolio_with_such_an_instrument_does_not_have_its_price() -> None:
    scene = Scene()
    scene.library.keep(MINE, house("120.50"))
    scene.load()
    scene.value()
    other = WatchedPortfolio(OTHER)
    scene.library.keep(OTHER, house(None))
    loaded = scene.library.read(OTHER, None)
    assert loaded is not None
    other.take(loaded)
    other.value(scene.market.market)
    assert (shown(scene.held)[1], shown(other)) == ("120.50", (None, None, "unpriced"))
