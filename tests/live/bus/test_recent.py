"""When the bus is back, what it may have lost is said again."""

from __future__ import annotations

from datetime import timedelta

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW, tick
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.live.bus.port import AccessChanged, PortfolioChanged, RunBegan, StatusChanged, Ticks
from tickfolio.live.bus.recent import Recent

SECOND = timedelta(seconds=1)


def test_the_newest_of_each_is_said_again() -> None:
    recent = Recent()
    live = StatusChanged(FeedStatus("replay", FeedState.LIVE, REAL_NOW, ""))
    recent.note(StatusChanged(FeedStatus("replay", FeedState.CONNECTING, REAL_NOW, "")))
    recent.note(Ticks((tick("501.00"), tick("201.00", symbol=IBM))))
    recent.note(live)
    recent.note(Ticks((tick("502.00", at=OPEN + SECOND),)))
    again = list(recent.again())
    assert again == [Ticks((tick("502.00", at=OPEN + SECOND), tick("201.00", symbol=IBM))), live]


def test_ticks_of_an_old_run_are_not_said_again() -> None:
    recent = Recent()
    recent.note(Ticks((tick("501.00"),)))
    recent.note(RunBegan(2))
    assert list(recent.again()) == [RunBegan(2)]
    recent.note(Ticks((tick("499.00", symbol=AAPL),)))
    assert list(recent.again()) == [RunBegan(2), Ticks((tick("499.00"),))]


def test_who_has_said_nothing_says_nothing_again() -> None:
    recent = Recent()
    recent.note(PortfolioChanged("3d7d6a54-7a4c-4c15-9a5e-3d5f7c2f8a10", 3))
    recent.note(AccessChanged(1))
    assert list(recent.again()) == []
