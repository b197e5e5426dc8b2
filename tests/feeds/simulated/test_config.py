"""What can be chosen about the simulated market."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.feeds.simulated.config import SimulatedConfig


@pytest.mark.parametrize("speed", ["0", "-1", "51", "NaN", "Infinity"])
def test_a_speed_out_of_bounds_is_refused(speed: str) -> None:
    with pytest.raises(InvalidValue, match="ticks a second"):
        SimulatedConfig(ticks_per_second=Decimal(speed))


def test_disturbances_out_of_bounds_are_refused() -> None:
    with pytest.raises(InvalidValue, match="0 or more"):
        SimulatedConfig(gap_days=-1)
    with pytest.raises(InvalidValue, match="in 7 days or more"):
        SimulatedConfig(split_days=3)


def test_the_time_between_two_ticks() -> None:
    assert SimulatedConfig(ticks_per_second=Decimal(4)).tick == timedelta(milliseconds=250)
    assert SimulatedConfig(ticks_per_second=Decimal("0.5")).tick == timedelta(seconds=2)
