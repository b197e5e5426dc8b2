from hypothesis import given
from hypothesis import strategies as st

from tickfolio.live.pacer import CALM_ROUNDS, MOST_PARTS, Pacer


def test_beats_are_a_quarter_of_a_second_apart() -> None:
    pacer = Pacer()
    assert pacer.delay(10.0) == 0.25
    assert pacer.beat(10.25).number == 1
    assert pacer.delay(10.25) == 0.25


def test_late_beat_is_followed_at_the_old_rhythm_and_never_by_a_burst() -> None:
    pacer = Pacer(interval=1.0)
    pacer.delay(0.0)
    pacer.beat(1.2)
    assert pacer.delay(1.2) == 0.8
    pacer.beat(9.9)
    assert pacer.delay(9.9) == 0.5


def test_every_eighth_beat_serves_hidden_tabs_and_every_fourth_keeps_house() -> None:
    pacer = Pacer(interval=1.0)
    beats = [pacer.beat(float(second)) for second in range(1, 17)]
    assert [beat.number for beat in beats if beat.includes_hidden] == [8, 16]
    assert [beat.number for beat in beats if beat.is_housekeeping] == [4, 8, 12, 16]


@given(st.lists(st.floats(0, 5), min_size=1, max_size=50))
def test_two_beats_are_never_closer_than_half_an_interval(sweeps: list[float]) -> None:
    pacer, now = Pacer(interval=1.0), 0.0
    previous = None
    for sweep in sweeps:
        now += pacer.delay(now)
        assert previous is None or now - previous >= 0.5 - 1e-9
        pacer.beat(now)
        previous = now
        now += sweep


def rounds(pacer: Pacer, now: float, *, seconds: float, count: int) -> float:
    """Beats of which each part takes its share of `seconds`; when the last one was."""
    number = -1
    while True:
        now += pacer.delay(now)
        beat = pacer.beat(now)
        number = beat.number if number < 0 else number
        if beat.number - number >= count and beat.part == 0:
            return now
        pacer.took(seconds / beat.parts)


def test_a_sweep_that_takes_long_is_served_in_parts_that_fill_the_interval() -> None:
    pacer = Pacer()
    now = rounds(pacer, 0.0, seconds=0.1, count=2)
    assert pacer.parts == 3
    found = []
    for _ in range(6):
        pacer.took(0.03)
        now += pacer.delay(now)
        found.append((pacer.beat(now), now))
    beats = [beat for beat, _ in found]
    assert [beat.part for beat in beats] == [1, 2, 0, 1, 2, 0]
    assert {beat.parts for beat in beats} == {3}
    assert len({beat.number for beat in beats}) == 3
    assert round(found[-1][1] - found[2][1], 6) == pacer.interval


def test_everybody_is_served_once_a_beat() -> None:
    pacer = Pacer()
    now = rounds(pacer, 0.0, seconds=10.0, count=2)
    assert pacer.parts == MOST_PARTS
    served: list[int] = []
    for _ in range(MOST_PARTS):
        now += pacer.delay(now)
        beat = pacer.beat(now)
        served += [turn for turn in range(-7, 20) if beat.serves(turn)]
    assert sorted(served) == list(range(-7, 20))


def test_parts_become_fewer_when_it_has_been_calm_for_long() -> None:
    pacer = Pacer()
    now = rounds(pacer, 0.0, seconds=0.1, count=2)
    now = rounds(pacer, now, seconds=0.01, count=CALM_ROUNDS - 2)
    assert pacer.parts == 3
    rounds(pacer, now, seconds=0.01, count=3 * CALM_ROUNDS)
    assert pacer.parts == 1
