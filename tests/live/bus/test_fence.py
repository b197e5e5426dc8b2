"""Of two that say they read the feeds the one with the higher token is heard."""

from __future__ import annotations

from tests.live.market import tick
from tickfolio.live.bus.fence import Fence
from tickfolio.live.bus.port import AccessChanged, LeaderBeat, Reconnected, RunBegan, Ticks


def test_a_higher_token_shuts_out_all_lower_ones() -> None:
    fence = Fence()
    heard = [fence.lets_pass(event) for event in (Ticks((tick("1"),), 3), LeaderBeat(4), RunBegan(2, 3), Ticks((), 4))]
    assert heard == [True, True, False, True]
    assert fence.token == 4


def test_what_is_not_said_of_the_feeds_has_no_token() -> None:
    fence = Fence()
    fence.lets_pass(LeaderBeat(9))
    assert fence.lets_pass(AccessChanged(1))
    assert fence.lets_pass(Reconnected())


def test_a_single_process_has_no_lease() -> None:
    fence = Fence()
    assert fence.lets_pass(Ticks((tick("1"),)))
    assert fence.lets_pass(RunBegan(1))
