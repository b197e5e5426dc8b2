from tests.live.market import SetClock
from tickfolio.live.reach import PATIENCE_SECONDS, Reach


def test_a_silence_is_a_loss_after_a_while_and_ends_with_the_next_answer() -> None:
    clock = SetClock()
    reach = Reach(clock)
    clock.pass_seconds(PATIENCE_SECONDS)
    assert not reach.is_lost
    clock.pass_seconds(0.1)
    assert (reach.is_lost, reach.silence) == (True, PATIENCE_SECONDS + 0.1)
    reach.heard(clock.monotonic())
    assert (reach.is_lost, reach.silence) == (False, 0.0)


def test_an_answer_counts_from_when_it_was_asked_for_and_a_late_one_takes_nothing_back() -> None:
    clock = SetClock()
    reach = Reach(clock)
    clock.pass_seconds(10.0)
    reach.heard(3.0)
    assert (reach.is_lost, reach.silence) == (True, 7.0)
    reach.heard(9.0)
    reach.heard(5.0)
    assert reach.silence == 1.0
