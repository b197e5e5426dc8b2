"""What the live path of this process came to, for whoever watches it from outside."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.live.engine import Engine
from tickfolio.live.tally import Histogram, Tally


@dataclass(frozen=True, slots=True)
class LiveReport:
    """`tally` and `bus_lag` are the live ones, which count on; `portfolios` are those in memory now.

    `bus_lag` is how long messages of the bus were on their way to this process, and `leader_silence` for how many seconds it has
    heard nothing of the one that reads the feeds; both None where it is the only one.
    """

    tally: Tally
    portfolios: int
    rejected_ticks: int
    bus_lag: Histogram | None = None
    leader_silence: float | None = None


def live_report(engine: Engine, bus_lag: Histogram | None = None) -> LiveReport:
    """What an engine came to so far. May be asked from any thread."""
    return LiveReport(engine.hub.tally, len(engine.hub.portfolios.shelf), engine.rejected_ticks, bus_lag)
