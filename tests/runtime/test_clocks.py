from datetime import timedelta

from tickfolio.runtime.clocks import SystemClock


def test_real_clock_is_in_utc_and_the_monotonic_one_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
