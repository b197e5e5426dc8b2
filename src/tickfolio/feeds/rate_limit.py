"""When a vendor may be asked: a budget of requests, a pause after failures, a growing wait between attempts. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES_BEFORE_PAUSE = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
TRIAL = timedelta(seconds=30)
"""For how long the one request after a pause holds the others back, where nothing is heard of it; no answer takes longer."""
LONGEST_RETRY_AFTER = timedelta(hours=6)
"""A vendor's own wish for longer is cut to this: a mistyped header must not silence a feed for a year."""


RESERVED_PART = 4
"""One in so many requests of a full budget is kept for what everybody needs."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`requests` in each `period` on average, and at most as many at once."""

    requests: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class GateState:
    """What a gate keeps over a restart, so that a process that restarts often is no way around a budget."""

    tokens: float
    filled_at: datetime
    failures: int = 0
    paused_until: datetime | None = None


class HostGate:
    """Token bucket and circuit breaker of one host. Every moment is the real clock's, UTC."""

    def __init__(self, budget: Budget, *, at: datetime, state: GateState | None = None) -> None:
        self._budget = budget
        self._tokens = float(budget.requests)
        self._filled_at = at
        self._failures = 0
        self._paused_until: datetime | None = None
        self._tried_at: datetime | None = None
        if state is not None:
            # A clock that was set back must not hold requests back until it has caught up.
            self._tokens = min(max(state.tokens, 0.0), float(budget.requests))
            self._filled_at = min(state.filled_at, at)
            self._failures = state.failures
            self._paused_until = state.paused_until

    def wait(self, at: datetime, *, keeps_reserve: bool = False) -> timedelta:
        """How long from `at` until a request may be made; zero where it may be made now.

        Args:
            keeps_reserve: it is no request that everybody needs, and must leave a part of the budget to those that are.
        """
        until = self.paused_until(at)
        if until is not None:
            return until - at
        if self._is_on_trial(at):
            assert self._tried_at is not None
            return self._tried_at + TRIAL - at
        self._fill(at)
        needed = 1 + (self._budget.requests // RESERVED_PART if keeps_reserve else 0)
        if self._tokens >= needed:
            return timedelta(0)
        return (needed - self._tokens) * self._budget.period / self._budget.requests

    @property
    def is_doubted(self) -> bool:
        """Whether so many requests failed that the host is paused, or tried by one request after the pause."""
        return self._failures >= FAILURES_BEFORE_PAUSE

    def take(self, at: datetime) -> None:
        """Notes that a request is made now."""
        self._fill(at)
        self._tokens -= 1
        self._tried_at = at if self.is_doubted else None

    def succeeded(self) -> None:
        """The host answered: the breaker closes. A pause that it asked for meanwhile, on another question, stays."""
        self._failures = 0
        self._tried_at = None

    def failed(self, at: datetime) -> None:
        """The host did not answer as it should.

        After several failures in a row it is left alone, each time for longer; one request after the pause tries it again, and
        the others wait for what becomes of it.
        """
        self._failures += 1
        self._tried_at = None
        if self.is_doubted:
            doubled = min(self._failures - FAILURES_BEFORE_PAUSE, 10)
            self.pause(at, min(FIRST_PAUSE * 2**doubled, LONGEST_PAUSE))

    def pause(self, at: datetime, length: timedelta) -> None:
        """The host asks to be left alone for `length`, as with Retry-After."""
        until = at + min(max(length, timedelta(0)), LONGEST_RETRY_AFTER)
        if self._paused_until is None or until > self._paused_until:
            self._paused_until = until

    def available(self, at: datetime) -> int:
        """How many requests may be made at once, now."""
        if self.paused_until(at) is not None or self._is_on_trial(at):
            return 0
        self._fill(at)
        most = 1 if self.is_doubted else self._budget.requests
        return max(0, min(most, int(self._tokens)))

    def paused_until(self, at: datetime) -> datetime | None:
        """Until when the host is left alone; None where it is not."""
        until = self._paused_until
        # One that seems longer than any may be was noted before the clock was set back.
        if until is None or not timedelta(0) < until - at <= LONGEST_RETRY_AFTER:
            return None
        return until

    def state(self) -> GateState:
        """What is to be kept."""
        return GateState(self._tokens, self._filled_at, self._failures, self._paused_until)

    def _is_on_trial(self, at: datetime) -> bool:
        """Whether the one request after a pause is on its way."""
        return self._tried_at is not None and timedelta(0) <= at - self._tried_at < TRIAL

    def _fill(self, at: datetime) -> None:
        passed = max(at - self._filled_at, timedelta(0))
        self._filled_at = at
        earned = passed / self._budget.period * self._budget.requests
        self._tokens = min(float(self._budget.requests), self._tokens + earned)


class Backoff:
    """The wait before the next attempt: drawn evenly from zero to a bound that doubles, from `first` to `longest`.

    Full jitter: after an outage the clients of a vendor do not all come back in one moment.
    """

    def __init__(
        self,
        draw: random.Random,
        *,
        first: timedelta = timedelta(seconds=1),
        longest: timedelta = timedelta(seconds=60),
    ) -> None:
        self._draw = draw
        self._first = first
        self._longest = longest
        self._attempts = 0

    def next(self, *, at_least: timedelta = timedelta(0)) -> timedelta:
        """The next wait, never shorter than what the vendor asked for."""
        bound = min(self._first * 2 ** min(self._attempts, 16), self._longest)
        self._attempts += 1
        drawn: timedelta = bound * self._draw.random()
        return max(drawn, min(at_least, LONGEST_RETRY_AFTER))

    def reset(self) -> None:
        """Data came: the next failure begins anew."""
        self._attempts = 0


def retry_after(header: str, *, at: datetime) -> timedelta | None:
    """What a Retry-After header asks for, in seconds or by an HTTP date; None where it cannot be read.

    >>> from datetime import UTC
    >>> retry_after("120", at=datetime(2026, 1, 1, tzinfo=UTC))
    datetime.timedelta(seconds=120)
    """
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return timedelta(seconds=int(text))
    try:
        from email.utils import parsedate_to_datetime

        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else max(moment - at, timedelta(0))
