"""A market of people with portfolios, which several tests begin with."""

from __future__ import annotations

import pytest

from tests.live.market import SetClock, engine, tick
from tests.live.portfolios import ALICE, BOB, MINE, OTHER, Library, book, deposit, visible
from tickfolio.live.engine import Engine


@pytest.fixture
def clock() -> SetClock:
    """Clocks that stand until a test moves them."""
    return SetClock()


@pytest.fixture
def library(clock: SetClock) -> Library:
    """Alice owns a portfolio of 10,000 dollars and 10 AAPL, Bob another one."""
    library = Library(lambda: clock.market)
    library.keep(MINE, book())
    library.keep(OTHER, book(deposit("5.00")))
    library.admit(ALICE, visible())
    library.admit(BOB, visible(OTHER, name="Other"))
    return library


@pytest.fixture
def peopled(clock: SetClock, library: Library) -> Engine:
    """A market in which AAPL costs 501.00, and whose people and portfolios are in the library."""
    market = engine(clock, source=library)
    library.market = market
    market.accept(tick("501.00"))
    return market
