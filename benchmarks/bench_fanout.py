"""CPU time per delivered message: the product's live path beside the limit and its peers, on the same prices in the same run.

`room`: 200 clients watch one symbol. `s1`: each of 500 clients watches 40 of 500 symbols. The limit is a C program that sends each
frame with a `send()` of its own and does nothing else. The server stands on one core and its clients on the other; what the clients
needed of theirs is said beside each line. Everybody has the same pace, except those who could not keep it (`SLOWER`). Rounds are
interleaved, and medians of five are told (`fanout/rounds.py`). What each peer is: `fanout/peers.py`.

The product is measured in four ways: a frame for each tick and watcher at once, which it never does but which compares it with
everybody else; batches of ticks, all of a client's messages of a batch in one write; by its beat, where the newest price replaces
those before it; and at once under a server without its protocol class.

`TICKFOLIO_FANOUT_SCENES=s1,stuck ./dev bench fanout` runs those scenes alone (`SCENES`).
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from benchmarks.bench_load import full_load
from benchmarks.fanout import edges
from benchmarks.fanout.driving import Order
from benchmarks.fanout.peers import (
    ASGI,
    LIMIT,
    NODE_WS,
    OURS,
    PICOWS,
    REDIS,
    SOCKET_IO,
    TUTORIAL,
    WEBSOCKETS,
    Program,
    programs,
    seated,
)
from benchmarks.fanout.portfolios import portfolio_figures
from benchmarks.fanout.rounds import MICRO, ROOM, S1, Scene, Turn, Window, all_connected, interleaved, window
from benchmarks.load_client import raise_file_limit
from benchmarks.report import Figure, Peer

PACES = {ROOM.name: Order(ticks=150, per_second=100, burst=10), S1.name: Order(ticks=750, per_second=500, burst=10)}
"""20,000 messages a second. Ticks come ten at a time, since what it takes to wake a process is no cost of a message."""
SLOWER = {
    (ROOM.name, TUTORIAL): Order(ticks=15, per_second=10),
    (ROOM.name, REDIS): Order(ticks=15, per_second=10),
    (S1.name, TUTORIAL): Order(ticks=6, per_second=3),
    (S1.name, REDIS): Order(ticks=45, per_second=30),
}
FAST = Order(ticks=1500, per_second=1000)
"""40,000 messages a second, tick by tick."""
CORKED = Order(ticks=1500, per_second=1000, burst=50, batch=50)
CONFLATED = Order(ticks=4000, per_second=2000, burst=10, batch=10, beat_ms=100)
TIMES = "times"

SCENES_VARIABLE = "TICKFOLIO_FANOUT_SCENES"
"""Names the scenes to run, all without it."""

type Windows = Mapping[str, Window]
type Measure = Callable[[Mapping[str, Program]], list[Figure]]


def run() -> list[Figure]:
    """The figures of the scenes that are asked for; one that breaks down leaves the others."""
    scenes = asked_scenes(os.environ.get(SCENES_VARIABLE, ""))
    raise_file_limit()
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as build, programs(Path(build)) as found:
        return [figure for scene in scenes for figure in figures_of(partial(scene, found))]


def asked_scenes(names: str) -> list[Measure]:
    """Those of the names, which commas part, in the order of a whole run; all of them of none.

    Raises:
        ValueError: there is no scene of a name.
    """
    asked = set(filter(None, names.replace(" ", "").split(",")))
    if unknown := asked.difference(SCENES):
        raise ValueError(
            f"{SCENES_VARIABLE}: expected some of {', '.join(SCENES)}, found {', '.join(sorted(unknown))}."
        )
    return [scene for name, scene in SCENES.items() if not asked or name in asked]


def figures_of(scene: Callable[[], list[Figure]]) -> list[Figure]:
    """What a scene measured; nothing when it broke down, which is shown."""
    try:
        return scene()
    except Exception:  # noqa: BLE001  whatever broke, the other scenes still have something to say
        traceback.print_exc(file=sys.stderr)
        return []


def room(found: Mapping[str, Program]) -> list[Figure]:
    """All on one symbol."""
    with all_connected(found, ROOM) as seats:
        turns = at_once(ROOM, seats)
        windows = interleaved(turns, lambda turn: window(seats[turn.seat], turn.order, watchers=ROOM.watchers))
    return cost_figures(ROOM.name, windows)


def s1(found: Mapping[str, Program]) -> list[Figure]:
    """Many symbols, and the product's other ways."""
    with all_connected(found, S1) as connected, seated(found[OURS], symbols=S1.symbols) as idle:
        seats = {**connected, "idle": idle}
        windows = interleaved(
            turns_of_s1(connected),
            lambda turn: window(seats[turn.seat], turn.order, watchers=S1.watchers, conflates=turn.conflates),
        )
    return [*cost_figures(S1.name, windows), *way_figures(windows)]


def at_once(scene: Scene, names: Iterable[str]) -> list[Turn]:
    """A frame for each tick and watcher, by everyone."""
    return [Turn(name, name, SLOWER.get((scene.name, name), PACES[scene.name])) for name in names]


def turns_of_s1(names: Iterable[str]) -> list[Turn]:
    """What is measured there; latencies of the limit and the product lie side by side."""
    fast = [Turn(f"fast {name}", name, FAST) for name in (LIMIT, OURS) if name in names]
    return [
        *at_once(S1, names),
        Turn("corked", OURS, CORKED),
        *fast,
        Turn("conflated", OURS, CONFLATED, conflates=True),
        Turn("ingest", "idle", CONFLATED, conflates=True),
    ]


# ---------- What is told ----------


def cost_figures(scene: str, windows: Windows) -> list[Figure]:
    """What a message costs everyone, and what that is against the product."""
    costs = {name: windows[name].us_per_message for name in (LIMIT, OURS, *PEERS) if name in windows}
    ours = costs[OURS]
    figures = [Figure(f"fanout.{scene}.us.{name}", cost, "µs CPU") for name, cost in costs.items()]
    if LIMIT in costs:
        figures.append(against(f"fanout.{scene}.limit", ours, LIMIT, costs))
    figures.append(
        Figure(f"fanout.{scene}.tutorial", costs[TUTORIAL] / ours, "times less CPU", Peer(TUTORIAL, costs[TUTORIAL]))
    )
    figures += [against(f"fanout.{scene}.{peer}", ours, peer, costs) for peer in PEERS[1:] if peer in costs]
    if LIMIT in costs and ASGI in windows:
        figures.append(against(f"fanout.{scene}.asgi", windows[ASGI].us_per_message, LIMIT, costs))
    delivered = [windows[name] for name in (OURS, ASGI) if name in windows]
    share = min(100 * one.messages / one.expected for one in delivered)
    return [*figures, Figure(f"fanout.{scene}.delivered", share, "%")]


PEERS = (TUTORIAL, REDIS, WEBSOCKETS, PICOWS, NODE_WS, SOCKET_IO)


def way_figures(windows: Windows) -> list[Figure]:
    """The product's other ways, against the limit or against its own frames at once."""
    figures = [Figure("fanout.conflated", conflated_share(windows), TIMES)]
    if LIMIT in windows:
        costs = {LIMIT: windows[LIMIT].us_per_message}
        limit, ours = windows[f"fast {LIMIT}"].p99_ms, windows[f"fast {OURS}"].p99_ms
        figures += [
            against("fanout.s1.corked", windows["corked"].us_per_message, LIMIT, costs),
            Figure("fanout.latency.p99", ours, "ms", Peer(LIMIT, limit)),
            Figure("fanout.latency", ours / limit, TIMES, Peer(LIMIT, limit)),
        ]
    return figures


def conflated_share(windows: Windows) -> float:
    """CPU of a tick by the beat against that of one at once, what it takes to take a tick in left out of both."""
    ingest = windows["ingest"].cpu_seconds / CONFLATED.ticks
    by_beat = windows["conflated"].cpu_seconds / CONFLATED.ticks
    return (by_beat - ingest) / (windows[OURS].us_per_message * S1.watchers / MICRO - ingest)


def against(name: str, ours: float, peer: str, costs: Mapping[str, float]) -> Figure:
    """How many times the peer's CPU."""
    return Figure(name, ours / costs[peer], TIMES, Peer(peer, costs[peer]))


def r1() -> list[Figure]:
    """2,000 sockets on 25 symbols each at 2,000 ticks a second, by the product's own beat: the scene `full` of `./dev bench load`."""
    load = full_load()
    return [Figure("fanout.r1.p50", load.p50_ms, "ms"), Figure("fanout.r1.p99", load.p99_ms, "ms")]


SCENES: dict[str, Measure] = {
    "room": room,
    "s1": s1,
    "connects": edges.connect_figures,
    "stuck": lambda found: edges.stuck_figures(found[OURS]),
    "bus": lambda _found: edges.bus_figures(),
    "portfolios": lambda _found: portfolio_figures(),
    "r1": lambda _found: r1(),
}
