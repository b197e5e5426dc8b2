from datetime import UTC, datetime

import pytest

from benchmarks.ticks import HIGHEST_CENTS, LOWEST_CENTS, PriceWalk, next_burst, symbols

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)


def test_every_price_differs_from_the_one_before_and_stays_within_bounds() -> None:
    walk = PriceWalk(symbols(2))
    before = walk.step(AT)
    for _ in range(5000):
        after = walk.step(AT)
        assert all(old.cents != new.cents for old, new in zip(before, after, strict=True))
        assert all(LOWEST_CENTS <= price.cents <= HIGHEST_CENTS for price in after)
        before = after


def test_the_same_seed_gives_the_same_prices() -> None:
    one, other = PriceWalk(symbols(3)), PriceWalk(symbols(3))
    assert [one.step(AT) for _ in range(50)] == [other.step(AT) for _ in range(50)]


@pytest.mark.parametrize(("now", "expected"), [(0.0, 0.5), (0.49, 0.5), (0.5, 1.0)])
def test_bursts_come_at_multiples_of_the_interval(now: float, expected: float) -> None:
    assert next_burst(now, interval=0.5) == expected
