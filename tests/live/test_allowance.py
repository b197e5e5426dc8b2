"""How often somebody may do what costs others something."""

from __future__ import annotations

import pytest

from tickfolio.live import allowance as module
from tickfolio.live.allowance import LOOKUPS_AT_ONCE, SECONDS_A_LOOKUP, Allowance, Allowances


def test_allowance_comes_back_with_time() -> None:
    allowance = Allowance(per_second=20, burst=4)
    assert [allowance.takes(0.0) for _ in range(5)] == [True, True, True, True, False]
    assert allowance.refused == 1
    assert allowance.takes(0.05)
    assert allowance.refused == 1
    assert allowance.takes(0.2)
    assert allowance.refused == 0
    assert [allowance.takes(100.0) for _ in range(5)] == [True, True, True, True, False]


def test_how_long_the_next_one_must_wait_is_told_and_costs_nothing() -> None:
    allowance = Allowance(per_second=0.5, burst=2)
    assert (allowance.wait(0.0), allowance.is_full(0.0)) == (0.0, True)
    assert allowance.takes(0.0)
    assert allowance.takes(0.0)
    assert [allowance.wait(0.0), allowance.wait(1.5), allowance.wait(2.0)] == [2.0, 0.5, 0.0]
    assert (allowance.is_full(3.9), allowance.is_full(4.0)) == (False, True)


def test_everybody_has_an_allowance_of_their_own() -> None:
    allowances = Allowances()
    assert all(allowances.takes("192.0.2.1", 0.0) for _ in range(LOOKUPS_AT_ONCE))
    assert not allowances.takes("192.0.2.1", 0.0)
    assert (allowances.wait("192.0.2.1", 0.0), allowances.wait(1, 0.0)) == (SECONDS_A_LOOKUP, 0.0)
    assert allowances.takes(1, 0.0)
    assert allowances.takes("192.0.2.1", SECONDS_A_LOOKUP)


def test_what_is_given_back_may_be_had_again_and_never_more_than_at_once() -> None:
    everybody = Allowances(per_second=1.0, burst=2)
    everybody.give_back("nobody yet")
    assert [everybody.takes("here", 0.0) for _ in range(3)] == [True, True, False]
    everybody.give_back("here")
    assert [everybody.takes("here", 0.0) for _ in range(2)] == [True, False]
    for _ in range(5):
        everybody.give_back("here")
    assert [everybody.takes("here", 0.0) for _ in range(3)] == [True, True, False]


def test_whoever_has_been_quiet_for_long_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMEMBERED", 3)
    allowances = Allowances(per_second=1, burst=2)
    for asker, at in ((1, 0.0), (2, 9.0), (3, 9.0), (4, 9.5)):
        assert allowances.takes(asker, at)
    assert len(allowances) == 3
    assert allowances.wait(2, 9.0) == 0.0
    # More of them at once than are remembered begin anew.
    assert allowances.takes(5, 9.5)
    assert len(allowances) == 1
