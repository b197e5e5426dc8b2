"""What the live path did since the start, counted where it happens. Sans-I/O: whoever watches the process reads the numbers."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; around the beat of 0.25 they are close to one another."""
BUS_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds on the bus, which takes a part of a thousandth on one machine."""


@dataclass(slots=True)
class Histogram:
    """How many times were at most each of its bounds, and their sum.

    Attributes:
        bounds: in seconds, upwards.
        counts: by bound, those up to it and above the one before; the last is of those above all.
        total: seconds in all.
    """

    bounds: tuple[float, ...] = BOUNDS
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = self.counts or [0] * (len(self.bounds) + 1)

    def observe(self, seconds: float, *, count: int = 1) -> None:
        """Adds the same time `count` times; one below zero, by clocks that differ, is 0."""
        held = max(0.0, seconds)
        self.counts[bisect_left(self.bounds, held)] += count
        self.total += held * count

    def buckets(self) -> list[tuple[str, float]]:
        """Each bound with how many are at most that, and ``+Inf`` with all, as Prometheus wants them."""
        found, so_far = [], 0
        for bound, count in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            so_far += count
            found.append((bound, float(so_far)))
        return found


@dataclass(slots=True)
class Tally:
    """One for a process.

    Attributes:
        plain_sockets, v1_sockets: connected now, by dialect.
        frames, sent_bytes: handed to sockets, without the framing.
        skips: frames that a client was too far behind for; it gets the newest state in their place.
        withheld: how often a portfolio was no longer sent to a socket, since nobody could say whether its person still may see it.
        cut: clients that read nothing for so long that they were cut off.
        tick_to_send: seconds from the server's receipt of a frame's newest price to the frame, once for each socket.
        tick_to_paint: the same to the pixel, as pages measure it and tell.
    """

    plain_sockets: int = 0
    v1_sockets: int = 0
    frames: int = 0
    sent_bytes: int = 0
    skips: int = 0
    cut: int = 0
    withheld: int = 0
    tick_to_send: Histogram = field(default_factory=Histogram)
    tick_to_paint: Histogram = field(default_factory=Histogram)
