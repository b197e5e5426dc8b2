"""Beats that are served in parts: everybody gets what they would get at once."""

from __future__ import annotations

from datetime import timedelta

from tests.live.market import AAPL, IBM, OPEN, SetClock, engine, tick
from tests.live.portfolios import ALICE, MINE, Library, book, visible, watching
from tests.live.test_hub import plain, v1
from tickfolio.live.pacer import Beat


def in_parts(number: int, parts: int) -> list[Beat]:
    """One beat in so many parts."""
    return [Beat(number, number % 8 == 0, number % 4 == 0, part=part, parts=parts) for part in range(parts)]


def test_every_socket_has_one_frame_a_beat_however_many_parts_it_has() -> None:
    market = engine(SetClock())
    clients = [v1(market, "AAPL"), v1(market, "IBM"), v1(market, "AAPL", "IBM"), plain(market)]
    for number in (1, 4, 8):
        for symbol in (AAPL, IBM):
            market.accept(tick(f"{500 + number}.00", symbol=symbol, at=OPEN + number * timedelta(seconds=1)))
        for beat in in_parts(number, 3):
            market.beat(beat)
        for client in clients:
            frames = [frame for frame in client.take() if frame.get("type", "delta") == "delta"]
            assert len(frames) == 1, number


def test_a_portfolio_is_valued_in_its_part_of_every_beat() -> None:
    clock = SetClock()
    library = Library(lambda: clock.market)
    library.keep(MINE, book())
    library.admit(ALICE, visible())
    market = engine(clock, source=library)
    library.market = market
    market.accept(tick("501.00"))
    page = watching(market, library)
    for number in (1, 2, 3):
        market.accept(tick(f"{510 + number}.00", at=OPEN + number * timedelta(seconds=1)))
        for beat in in_parts(number, 5):
            market.beat(beat)
        assert page.kinds() == ["portfolio_delta"]
