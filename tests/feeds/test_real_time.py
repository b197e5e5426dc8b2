"""The machine's clocks."""

from __future__ import annotations

from datetime import UTC, datetime

from tickfolio.feeds.real_time import RealTime, SystemTime


async def test_sleeping_ends_no_earlier_than_asked_and_at_once_for_the_past() -> None:
    real: RealTime = SystemTime()
    before = real.monotonic_us()
    await real.sleep_until(before - 1_000_000)
    await real.sleep_until(before + 2_000)
    assert before + 2_000 <= real.monotonic_us() + 1_000


def test_the_date_is_in_utc() -> None:
    assert SystemTime().utc_now().tzinfo is UTC
    assert SystemTime().utc_now() > datetime(2020, 1, 1, tzinfo=UTC)
