from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.feeds.rate_limit import (
    FAILURES_BEFORE_PAUSE,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_RETRY_AFTER,
    TRIAL,
    Backoff,
    Budget,
    GateState,
    HostGate,
    retry_after,
)

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TWO_A_SECOND = Budget(requests=2, period=SECOND)


def gate(*, state: GateState | None = None, at: datetime = AT) -> HostGate:
    return HostGate(TWO_A_SECOND, at=at, state=state)


# ---------- The budget ----------


def test_as_many_as_the_budget_holds_go_at_once_and_the_next_waits_for_its_share() -> None:
    host = gate()
    for _ in range(2):
        assert host.wait(AT) == timedelta(0)
        host.take(AT)
    assert host.wait(AT) == SECOND / 2
    host.take(AT)
    assert host.wait(AT) == SECOND
    assert host.available(AT) == 0
    assert host.wait(AT + SECOND) == timedelta(0)


def test_unused_budget_is_kept_up_to_its_size_only() -> None:
    host = gate()
    assert host.available(AT + timedelta(days=1)) == 2


@given(moments=st.lists(st.integers(0, 20_000), min_size=1, max_size=60))
def test_no_stretch_of_time_sees_more_than_a_budget_and_what_it_earns_meanwhile(moments: list[int]) -> None:
    host = gate()
    taken: list[int] = []
    for milliseconds in sorted(moments):
        at = AT + timedelta(milliseconds=milliseconds)
        if host.wait(at) == timedelta(0):
            host.take(at)
            taken.append(milliseconds)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            assert last - first + 1 <= 2 + 2 * (taken[last] - taken[first]) / 1000 + 1e-6


# ---------- The breaker ----------


def fail(host: HostGate, times: int, *, at: datetime = AT) -> None:
    for _ in range(times):
        host.failed(at)


def test_a_few_failures_pause_nothing() -> None:
    host = gate()
    fail(host, FAILURES_BEFORE_PAUSE - 1)
    assert host.paused_until(AT) is None
    host.succeeded()
    fail(host, FAILURES_BEFORE_PAUSE - 1)
    assert host.wait(AT) == timedelta(0)


def test_several_in_a_row_pause_the_host_and_each_further_one_for_longer() -> None:
    host = gate()
    fail(host, FAILURES_BEFORE_PAUSE)
    assert host.paused_until(AT) == AT + FIRST_PAUSE
    assert (host.wait(AT), host.available(AT)) == (FIRST_PAUSE, 0)
    later = AT + FIRST_PAUSE
    assert host.wait(later) == timedelta(0)
    fail(host, 1, at=later)
    assert host.paused_until(later) == later + 2 * FIRST_PAUSE
    fail(host, 50, at=later)
    assert host.paused_until(later) == later + LONGEST_PAUSE


def test_one_answer_after_the_pause_closes_the_breaker() -> None:
    host = gate()
    fail(host, FAILURES_BEFORE_PAUSE)
    later = AT + FIRST_PAUSE
    host.succeeded()
    fail(host, 1, at=later)
    assert host.paused_until(later) is None


def test_after_a_pause_one_request_goes_and_the_next_waits_for_what_becomes_of_it() -> None:
    host = gate()
    fail(host, FAILURES_BEFORE_PAUSE)
    later = AT + FIRST_PAUSE
    assert (host.wait(later), host.available(later)) == (timedelta(0), 1)
    host.take(later)
    assert (host.wait(later + SECOND), host.available(later + SECOND)) == (TRIAL - SECOND, 0)
    # One that nothing is heard of holds nothing back for ever.
    assert host.wait(later + TRIAL) == timedelta(0)
    host.take(later + TRIAL)
    host.succeeded()
    assert (host.wait(later + TRIAL), host.available(later + TRIAL)) == (timedelta(0), 1)
    assert not host.is_doubted


def test_an_answer_to_an_earlier_question_does_not_end_a_pause_that_the_host_asked_for() -> None:
    host = gate()
    host.pause(AT, timedelta(minutes=1))
    host.succeeded()
    assert host.paused_until(AT) == AT + timedelta(minutes=1)


def test_a_shorter_pause_does_not_shorten_a_longer_one_and_none_is_endless() -> None:
    host = gate()
    host.pause(AT, timedelta(minutes=2))
    host.pause(AT, timedelta(minutes=1))
    assert host.paused_until(AT) == AT + timedelta(minutes=2)
    host.pause(AT, timedelta(days=365))
    assert host.paused_until(AT) == AT + LONGEST_RETRY_AFTER
    host = gate()
    host.pause(AT, timedelta(seconds=-5))
    assert host.paused_until(AT) is None


# ---------- Over a restart ----------


def test_what_was_used_before_a_restart_stays_used() -> None:
    before = gate()
    for _ in range(2):
        before.take(AT)
    fail(before, FAILURES_BEFORE_PAUSE)
    after = gate(state=before.state(), at=AT + SECOND / 4)
    assert after.paused_until(AT + SECOND / 4) == AT + FIRST_PAUSE
    assert after.state() == GateState(0.0, AT, FAILURES_BEFORE_PAUSE, AT + FIRST_PAUSE)
    assert after.wait(AT + FIRST_PAUSE) == timedelta(0)
    fail(after, 1, at=AT + FIRST_PAUSE)
    assert after.paused_until(AT + FIRST_PAUSE) == AT + 3 * FIRST_PAUSE


@pytest.mark.parametrize(("kept", "waits"), [(-3.0, SECOND / 2), (99.0, timedelta(0))])
def test_a_kept_budget_is_within_what_a_budget_can_be(kept: float, waits: timedelta) -> None:
    assert gate(state=GateState(kept, AT)).wait(AT) == waits


def test_a_clock_that_was_set_back_holds_nothing_back() -> None:
    kept = GateState(0.0, AT + timedelta(days=3), failures=2, paused_until=AT + timedelta(days=3))
    host = gate(state=kept)
    assert host.paused_until(AT) is None
    assert host.wait(AT) == SECOND / 2
    assert host.wait(AT + SECOND / 2) == timedelta(0)


def test_a_clock_that_is_set_back_while_it_runs_holds_nothing_back() -> None:
    host = gate()
    host.take(AT)
    host.take(AT)
    host.pause(AT, timedelta(minutes=1))
    earlier = AT - timedelta(days=2)
    assert host.wait(earlier) == SECOND / 2
    assert host.wait(earlier + SECOND / 2) == timedelta(0)


# ---------- The wait between attempts ----------


class Highest(random.Random):
    """Draws what is next to the bound."""

    def random(self) -> float:
        return 1.0


def test_the_wait_doubles_up_to_its_longest_and_begins_anew_when_data_comes() -> None:
    backoff = Backoff(Highest())
    assert [backoff.next().total_seconds() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    backoff.reset()
    assert backoff.next() == SECOND


@given(seed=st.integers(), attempts=st.integers(1, 40))
def test_a_wait_is_drawn_between_nothing_and_the_bound(seed: int, attempts: int) -> None:
    backoff = Backoff(random.Random(seed), first=SECOND, longest=10 * SECOND)
    for _ in range(attempts):
        assert timedelta(0) <= backoff.next() <= 10 * SECOND


def test_a_vendors_wish_is_obeyed_within_reason() -> None:
    assert Backoff(random.Random(1)).next(at_least=timedelta(minutes=5)) == timedelta(minutes=5)
    assert Backoff(random.Random(1)).next(at_least=timedelta(days=9)) == LONGEST_RETRY_AFTER


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("0", timedelta(0)),
        (" 120 ", timedelta(minutes=2)),
        ("Fri, 27 Nov 2026 15:00:30 GMT", timedelta(seconds=30)),
        ("Friday, 27-Nov-26 15:00:30 GMT", timedelta(seconds=30)),
        ("Fri, 27 Nov 2026 14:59:00 GMT", timedelta(0)),
        ("Fri, 27 Nov 2026 16:00:30 +0100", timedelta(seconds=30)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("1e3", None),
        ("٣", None),
        ("9999999999", None),
        ("Fri, 27 Nov 2026 15:00:30 -0000", None),
        ("Fri, 99 Nov 2026 15:00:30 GMT", None),
    ],
)
def test_retry_after_is_in_seconds_or_a_date(header: str, asked: timedelta | None) -> None:
    assert retry_after(header, at=AT) == asked


@given(header=st.text(max_size=40))
def test_no_header_makes_it_fail(header: str) -> None:
    asked = retry_after(header, at=AT)
    assert asked is None or asked >= timedelta(0)
