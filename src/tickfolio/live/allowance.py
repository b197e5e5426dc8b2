"""How often somebody may do what costs others something. Pure: every moment is given, in monotonic seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

LOOKUPS_AT_ONCE = 20
"""So many symbols that nobody here knows may one person, or one address where nobody signed in, have asked of the feeds at once."""
SECONDS_A_LOOKUP = 3.0
"""After them, one in so many seconds."""
MOST_REMEMBERED = 10_000

type Asker = int | str
"""The id of a person who signed in, or the address of a visitor."""


@dataclass(slots=True)
class Allowance:
    """A token bucket: `per_second` on average, `burst` at once."""

    per_second: float
    burst: float
    tokens: float = field(init=False)
    filled_at: float | None = None
    refused: int = 0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def takes(self, at: float) -> bool:
        """Whether one more message is allowed at `at`; counts the refused ones since the last pause."""
        self.tokens = self._filled(at)
        self.filled_at = at
        if self.tokens >= self.burst / 2:
            self.refused = 0  # forgiven after a pause, and not at the next message that a steady flood gets through
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        return True

    def give_back(self) -> None:
        """One that was taken is not to count."""
        self.tokens = min(self.burst, self.tokens + 1)

    def wait(self, at: float) -> float:
        """In how many seconds one more is allowed; zero where it is now."""
        return max(0.0, (1 - self._filled(at)) / self.per_second)

    def is_full(self, at: float) -> bool:
        """Whether nothing of it is spent."""
        return self._filled(at) >= self.burst

    def _filled(self, at: float) -> float:
        elapsed = 0.0 if self.filled_at is None else at - self.filled_at
        return min(self.burst, self.tokens + elapsed * self.per_second)


class Allowances:
    """One for everybody who asks. Who has been quiet for long is forgotten."""

    def __init__(self, *, per_second: float = 1 / SECONDS_A_LOOKUP, burst: float = LOOKUPS_AT_ONCE) -> None:
        self._per_second = per_second
        self._burst = burst
        self._by_asker: dict[Asker, Allowance] = {}

    def __len__(self) -> int:
        return len(self._by_asker)

    def takes(self, asker: Asker, at: float) -> bool:
        """Whether `asker` may have one more, which is spent then."""
        allowance = self._by_asker.get(asker)
        if allowance is None:
            self._make_room(at)
            allowance = self._by_asker[asker] = Allowance(per_second=self._per_second, burst=self._burst)
        return allowance.takes(at)

    def give_back(self, asker: Asker) -> None:
        """One that `asker` had is not to count."""
        if asker in self._by_asker:  # or it was forgotten meanwhile, with all that it had spent
            self._by_asker[asker].give_back()

    def wait(self, asker: Asker, at: float) -> float:
        """In how many seconds `asker` may have one more; zero where it may be now."""
        allowance = self._by_asker.get(asker)
        return 0.0 if allowance is None else allowance.wait(at)

    def _make_room(self, at: float) -> None:
        if len(self._by_asker) < MOST_REMEMBERED:
            return
        self._by_asker = {asker: one for asker, one in self._by_asker.items() if not one.is_full(at)}
        if len(self._by_asker) >= MOST_REMEMBERED:
            self._by_asker.clear()
