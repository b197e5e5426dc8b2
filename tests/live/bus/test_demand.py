"""What the sockets of all processes watch."""

from __future__ import annotations

from tests.live.market import AAPL, IBM, SetClock
from tickfolio.live.bus.demand import EXPIRY_SECONDS, DemandRegistry
from tickfolio.live.bus.port import Demanded


def test_all_is_wanted_that_somebody_watches() -> None:
    registry = DemandRegistry(monotonic=SetClock().monotonic)
    assert registry.wanted() == frozenset()
    registry.note(Demanded("one", frozenset({AAPL})))
    registry.note(Demanded("two", frozenset({IBM})))
    assert registry.wanted() == {AAPL, IBM}


def test_what_a_process_says_takes_the_place_of_what_it_said_before() -> None:
    registry = DemandRegistry(monotonic=SetClock().monotonic)
    registry.note(Demanded("one", frozenset({AAPL})))
    registry.note(Demanded("one", frozenset({IBM})))
    assert registry.wanted() == {IBM}


def test_who_says_it_no_more_is_forgotten() -> None:
    clock = SetClock()
    registry = DemandRegistry(monotonic=clock.monotonic)
    registry.note(Demanded("one", frozenset({AAPL})))
    clock.seconds += EXPIRY_SECONDS - 1
    registry.note(Demanded("two", frozenset({IBM})))
    assert registry.wanted() == {AAPL, IBM}
    clock.seconds += 1
    assert registry.wanted() == {IBM}
