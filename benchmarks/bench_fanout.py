"""CPU time per delivered message: the product's live path beside the tutorial's way, on the same prices in the same run.

`room`: all clients watch one symbol. `s1`: each client watches several of many symbols, at a rate that the tutorial can
just about keep up with. `rush`: the same at about the rate of the product's own replay, which is beyond the tutorial: one round.

Prices change in bursts further apart than the product's beat, so that nothing is conflated and both servers have the same
messages to deliver; `delivered` says how many of them arrived within the window, and the CPU time is per message that did.
It is the whole server process's, its idle work, keep-alive pings and ticks included. The rounds alternate between the two,
the server on one core and the clients on another, and the median round is reported. The product waits for its beat (up to
250 ms) where the tutorial sends at once, which the latencies show; they are from the tick to the client's read.

The product's database is left out, since the tutorial has none (see `live_server`). Neither compresses. The tutorial pings
its clients every 20 s, the product every 10 s.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass

from benchmarks.processes import Child, cpu_seconds, crowd, server
from benchmarks.report import Figure, Peer
from benchmarks.ticks import next_burst, symbols

OURS, TUTORIAL = "product", "tutorial"
MODULES = {OURS: "benchmarks.live_server", TUTORIAL: "benchmarks.tutorial_server"}
PATH = "/ws/stocks/"
WARM_UP_SECONDS = 1.0
QUIET_SHARE = 0.1
"""A window opens this share of an interval before a burst, when the burst before has long been delivered."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How many clients watch how many of how many symbols, how often all of those tick, and what is measured of it.

    A window of `bursts` is about as long as the time between two keep-alive pings of the product, so that each holds one.
    """

    name: str
    clients: int
    watched: int
    symbols: int
    interval: float
    bursts: int
    rounds: int = 3

    @property
    def expected_messages(self) -> int:
        """What all clients together receive in a window."""
        return self.clients * self.watched * self.bursts

    def watch_sets(self) -> list[list[str]]:
        """What each client watches: every symbol has the same number of watchers."""
        names = symbols(self.symbols)
        return [
            [names[(client * self.watched + offset) % self.symbols] for offset in range(self.watched)]
            for client in range(self.clients)
        ]


# Intervals are no multiple of the beat, so that ticks fall into all phases of it.
ROOM = Scene("room", clients=200, watched=1, symbols=1, interval=0.41, bursts=25)
S1 = Scene("s1", clients=500, watched=6, symbols=12, interval=5.1, bursts=2)
RUSH = Scene("rush", clients=500, watched=6, symbols=12, interval=0.41, bursts=25, rounds=1)


@dataclass(frozen=True, slots=True)
class Measured:
    """One window of one server."""

    messages: int
    cpu_us_per_message: float
    p50_ms: float
    p99_ms: float


def run() -> list[Figure]:
    """The figures of all scenes."""
    return [figure for scene in (ROOM, S1, RUSH) for figure in figures(scene, compare(scene))]


def compare(scene: Scene) -> dict[str, list[Measured]]:
    """Alternating rounds of both servers; every other round begins with the other one."""
    measured: dict[str, list[Measured]] = {OURS: [], TUTORIAL: []}
    for number in range(scene.rounds):
        for which in (OURS, TUTORIAL) if number % 2 == 0 else (TUTORIAL, OURS):
            measured[which].append(measure(scene, module=MODULES[which]))
            _tell(scene, which, measured[which][-1])
    return measured


def measure(scene: Scene, *, module: str) -> Measured:
    """One server, its clients, and one window of whole bursts."""
    with server(["-m", module, str(scene.symbols), str(scene.interval)]) as (process, port), crowd() as clients:
        clients.ask({"do": "connect", "port": port, "path": PATH, "watch": scene.watch_sets()})
        time.sleep(WARM_UP_SECONDS)
        _sleep_until_quiet(scene.interval)
        return _window(scene, process, clients)


def figures(scene: Scene, measured: dict[str, list[Measured]]) -> list[Figure]:
    """The medians, and how many times less CPU a message takes than the tutorial's way."""
    ours, theirs = (_median(measured[which]) for which in (OURS, TUTORIAL))
    us_per_message = Peer(TUTORIAL, theirs.cpu_us_per_message)
    return [
        Figure(f"fanout.{scene.name}.us_per_message", ours.cpu_us_per_message, "µs CPU", us_per_message),
        Figure(
            f"fanout.{scene.name}.tutorial",
            theirs.cpu_us_per_message / ours.cpu_us_per_message,
            "times less CPU",
            us_per_message,
        ),
        Figure(
            f"fanout.{scene.name}.delivered",
            100 * ours.messages / scene.expected_messages,
            "%",
            Peer(TUTORIAL, 100 * theirs.messages / scene.expected_messages),
        ),
        Figure(f"fanout.{scene.name}.p50", ours.p50_ms, "ms", Peer(TUTORIAL, theirs.p50_ms)),
        Figure(f"fanout.{scene.name}.p99", ours.p99_ms, "ms", Peer(TUTORIAL, theirs.p99_ms)),
    ]


def _window(scene: Scene, process: Child, clients: Child) -> Measured:
    clients.ask({"do": "count"})
    began, cpu_before = time.monotonic(), cpu_seconds(process.pid)
    time.sleep(scene.bursts * scene.interval - (time.monotonic() - began))
    cpu = cpu_seconds(process.pid) - cpu_before
    count = clients.ask({"do": "count"})["plain"]
    return Measured(
        messages=count["messages"],
        cpu_us_per_message=cpu / max(1, count["messages"]) * 1e6,
        p50_ms=count["p50_ms"] or 0.0,
        p99_ms=count["p99_ms"] or 0.0,
    )


def _sleep_until_quiet(interval: float) -> None:
    opens_at = next_burst(time.time() + QUIET_SHARE * interval, interval=interval) - QUIET_SHARE * interval
    time.sleep(opens_at - time.time())


def _median(windows: list[Measured]) -> Measured:
    return Measured(
        messages=statistics.median_low(window.messages for window in windows),
        cpu_us_per_message=statistics.median(window.cpu_us_per_message for window in windows),
        p50_ms=statistics.median(window.p50_ms for window in windows),
        p99_ms=statistics.median(window.p99_ms for window in windows),
    )


def _tell(scene: Scene, which: str, window: Measured) -> None:
    print(f"{scene.name} {which}: {window}", file=sys.stderr)
