"""Leases: one at a time, by the database's clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tickfolio.errors import LeaseLost
from tickfolio.persistence.models import Lease, MarketClockPosition
from tickfolio.services.leases import LONG_AGO, lease_holder, lease_release, lease_renew, lease_take, under_lease

pytestmark = pytest.mark.django_db
AT = datetime(2012, 5, 21, 14, tzinfo=UTC)


def take(holder: str = "one", *, seconds: float = 60, above: int = 0) -> int | None:
    return lease_take(name="feeds", holder=holder, seconds=seconds, above=above)


def expire() -> None:
    Lease.objects.update(expires_at=LONG_AGO)


def note_clock() -> str:
    MarketClockPosition.objects.create(run=1, at=AT, recorded_at=AT)
    return "written"


def test_one_has_it_and_others_wait_until_it_is_over() -> None:
    assert take("one") == 1
    assert take("two") is None
    assert lease_holder(name="feeds") == "one"
    expire()
    assert take("two") == 2
    assert lease_holder(name="feeds") == "two"


def test_a_lease_that_is_renewed_stays() -> None:
    assert take(seconds=-1) == 1
    assert lease_renew(name="feeds", token=1, seconds=60)
    assert take("two") is None


def test_nobody_renews_or_gives_back_what_another_has_taken() -> None:
    take("one", seconds=-1)
    take("two")
    assert not lease_renew(name="feeds", token=1, seconds=60)
    lease_release(name="feeds", token=1)
    assert take("three") is None


def test_what_is_given_back_can_be_had_at_once() -> None:
    take()
    lease_release(name="feeds", token=1)
    assert take("two") == 2


def test_each_name_is_a_lease_of_its_own() -> None:
    take()
    assert lease_take(name="keeping", holder="one", seconds=60) == 1
    assert lease_holder(name="nobody's") == ""


def test_token_is_above_what_was_seen_elsewhere() -> None:
    assert take(above=41) == 42
    expire()
    assert take(above=3) == 43


def test_who_holds_the_lease_writes() -> None:
    take()
    assert under_lease(note_clock, name="feeds", token=1)() == "written"
    assert MarketClockPosition.objects.exists()


def test_who_has_lost_it_writes_nothing() -> None:
    take("one", seconds=-1)
    take("two")
    with pytest.raises(LeaseLost, match="another process has taken it"):
        under_lease(note_clock, name="feeds", token=1)()
    assert not MarketClockPosition.objects.exists()


def test_a_lease_that_is_over_and_that_nobody_has_taken_still_guards_what_is_written() -> None:
    take(seconds=-1)
    assert under_lease(note_clock, name="feeds", token=1)() == "written"
