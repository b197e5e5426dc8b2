"""What the processes of an instance are made of."""

from __future__ import annotations

import pytest

from tests.live.market import OPEN, REAL_NOW
from tickfolio.config.role_composition import FEEDS, compose_web, fenced_memory, lease_memory, remote_market
from tickfolio.errors import LeaseLost
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.replay.followed_clock import FollowedClock
from tickfolio.persistence.models import Lease, MarketClockPosition
from tickfolio.runtime.embedded import Remembered
from tickfolio.runtime.ports import FeedsNow, MarketChanges
from tickfolio.services.leases import LONG_AGO

pytestmark = pytest.mark.django_db
NOTHING = MarketChanges((), (), (), ClockPosition(1, OPEN), "replay", REAL_NOW)
QUIET = FeedsNow(REAL_NOW, (), {}, (), ())


def test_a_replays_clock_stands_where_it_stood_last() -> None:
    market = remote_market(Remembered(ClockPosition(1, OPEN)))
    assert isinstance(market.clock, FollowedClock)
    assert (market.clock.now(), market.is_replay, market.position) == (OPEN, True, None)


def test_a_web_process_has_no_hub_before_its_start() -> None:
    assert compose_web().hub_now() is None


def test_who_holds_the_lease_records_and_who_lost_it_does_not() -> None:
    lease = lease_memory(FEEDS)
    first = lease.take(0)
    assert first is not None
    fenced_memory(first).record(NOTHING)
    assert MarketClockPosition.objects.get().at == OPEN
    Lease.objects.update(expires_at=LONG_AGO)
    second = lease.take(0)
    assert second == first + 1
    assert not lease.renew(first)
    assert lease.renew(second)
    for write in (
        lambda: fenced_memory(first).record(NOTHING),
        lambda: fenced_memory(first).keep_feeds(QUIET),
        lambda: fenced_memory(first).propose((), "yahoo"),
        lambda: fenced_memory(first).register(()),
    ):
        with pytest.raises(LeaseLost):
            write()
    lease.release(second)
    assert lease.take(0) == second + 1
