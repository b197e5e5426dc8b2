"""What a running instance is, and what is told of it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tickfolio.live.wire.messages import FeedReport, Limits


@dataclass(frozen=True, slots=True)
class Instance:
    """What a running instance is: the epoch that its start began, its build, and whether its prices are a replay.

    Attributes:
        lists_all: whether everybody is told of all instruments. Of a live one only those that somebody holds or has asked for
            are known, and these are nobody else's business.
    """

    epoch: str
    build: str
    is_replay: bool
    lists_all: bool = True


class Facts:
    """What the hub tells of the whole instance; the engine keeps it up to date."""

    def __init__(self, instance: Instance, *, limits: Limits, market_now: Callable[[], datetime]) -> None:
        self.epoch = instance.epoch
        self.build = instance.build
        self.is_replay = instance.is_replay
        self.lists_all = instance.lists_all
        self.limits = limits
        self.market_now = market_now
        self.feeds: list[FeedReport] = []
        self._epochs = 0

    def next_epoch(self) -> str:
        """A name for one sequence of frames that no other has had: a frame of another one never fits by accident."""
        self._epochs += 1
        return f"{self.epoch}-{self._epochs}"
