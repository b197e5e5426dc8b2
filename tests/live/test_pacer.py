from hypothesis import given
from hypothesis import strategies as st

from tickfolio.live.pacer import Pacer


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
