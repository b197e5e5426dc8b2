"""What it takes to go on where a client left off: versions by sequence, and audiences that outlive their last member.

A frame is never kept. Columns carry absolute values and know when they changed, so what somebody missed since a version is
made anew, in one frame.
"""

from __future__ import annotations

from collections import OrderedDict, deque

REMEMBERED_FRAMES = 240
"""A minute of them, at four a second."""
REMEMBERED_EVENTS = 1_000
LINGER_SECONDS = 60.0
MOST_LINGERING = 1_000


class Marks:
    """Which version of the rows each of the last frames was made of. Sequences are without gaps."""

    __slots__ = ("_last", "_versions")

    def __init__(self, version: int) -> None:
        """A sequence that begins at 0 with `version`."""
        self._last = 0
        self._versions = deque([version], maxlen=REMEMBERED_FRAMES)

    @property
    def oldest(self) -> int:
        """The version of the oldest frame that somebody can go on from."""
        return self._versions[0]

    def note(self, sequence: int, version: int) -> None:
        """The frame `sequence`, the next one, was made of `version`."""
        self._last = sequence
        self._versions.append(version)

    def version_at(self, sequence: int) -> int | None:
        """The version that somebody holds who has applied `sequence`; None where that is too long ago, or was never sent."""
        back = self._last - sequence
        return self._versions[-1 - back] if 0 <= back < len(self._versions) else None


class Lingering[Key, Audience]:
    """Audiences without members, each for a minute, and not more than a thousand: somebody may come back."""

    def __init__(self) -> None:
        self._left: OrderedDict[Key, tuple[float, Audience]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def put(self, key: Key, audience: Audience, *, at: float) -> None:
        """The last member left at `at` (monotonic seconds)."""
        self._left[key] = at, audience
        self._left.move_to_end(key)
        if len(self._left) > MOST_LINGERING:
            self._left.popitem(last=False)

    def get(self, key: Key) -> Audience | None:
        """The one of that key, which stays here."""
        left = self._left.get(key)
        return None if left is None else left[1]

    def take(self, key: Key) -> Audience | None:
        """The one of that key, which is there for somebody again."""
        left = self._left.pop(key, None)
        return None if left is None else left[1]

    def forget_old(self, at: float) -> None:
        """Lets go of those that nobody came back to."""
        while self._left:
            key, (since, _audience) = next(iter(self._left.items()))
            if at - since < LINGER_SECONDS:
                return
            del self._left[key]

    def clear(self) -> None:
        """What they tell is void."""
        self._left.clear()
