"""Random numbers that repeat."""

from __future__ import annotations

from tickfolio.feeds.simulated.draws import Draws


def test_the_same_names_and_place_give_the_same_number_on_every_machine() -> None:
    draws = Draws(1, "SIMALDER", "night")
    assert [draws.below(1000, place) for place in (0, 1, 739_000)] == [2, 325, 808]
    assert [draws.normal(1000, place) for place in (0, 1, -1)] == [714, -778, 72]
    assert draws.below(10**9, 5) != Draws(2, "SIMALDER", "night").below(10**9, 5)
    assert draws.below(10**9, 5) != Draws(1, "SIMALDER", "day").below(10**9, 5)


def test_numbers_are_spread_over_their_range() -> None:
    draws = Draws(7, "spread")
    counts = [0] * 10
    for place in range(5000):
        counts[draws.below(10, place)] += 1
    assert all(400 < count < 600 for count in counts)


def test_normal_numbers_have_their_deviation_and_no_wild_ones() -> None:
    drawn = [Draws(7, "normal").normal(10_000, place) for place in range(5000)]
    mean = sum(drawn) / len(drawn)
    deviation = (sum((number - mean) ** 2 for number in drawn) / len(drawn)) ** 0.5
    assert abs(mean) < 500
    assert 9_500 < deviation < 10_500
    assert max(map(abs, drawn)) <= 35_000
