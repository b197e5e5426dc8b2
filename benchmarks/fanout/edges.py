"""What `./dev bench fanout` measures beside messages: connections, clients that never read, and the bus between."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from benchmarks.fanout.driving import Order
from benchmarks.fanout.peers import OURS, PATH, TUTORIAL, Program, Seat, python, seated, tell
from benchmarks.fanout.rounds import ROUNDS, S1, Turn, Window, connect, connected, interleaved, window
from benchmarks.processes import CLIENT_CORE, Child, cpu_seconds, crowd, usage_of
from benchmarks.report import Figure, Peer
from benchmarks.ticks import symbols
from tests.servers.valkey import any_valkey

KIB, MIB = 1024, 1024 * 1024
START_SECONDS = 30.0
SETTLE_SECONDS = 0.5

CONNECTS = 500
HELD = 2000
HELD_TICKS = Order(ticks=2, per_second=1, beat_ms=100)
STUCK = 200
STUCK_FILL = Order(ticks=1000, per_second=1000, beat_ms=250)
"""A whole snapshot of all symbols is larger than what may wait; after it nothing more is taken."""
STUCK_WINDOW = Order(ticks=500, per_second=500)
STUCK_ROUNDS = 3
BUS_ORDER = Order(ticks=4000, per_second=2000, burst=40, batch=40, beat_ms=100)


# ---------- Connections ----------


def connect_figures(found: Mapping[str, Program]) -> list[Figure]:
    """Connects a second of the server's core, and what each connection holds, beside the stock edge of Channels."""
    both = {name: found[name] for name in (OURS, TUTORIAL)}
    with seated(both[OURS], symbols=1) as ours, seated(both[TUTORIAL], symbols=1) as stock:
        seats = {OURS: ours, TUTORIAL: stock}
        for seat in seats.values():
            connects_a_second(seat, count=10)  # what the very first sockets make a server load
        rates: dict[str, list[float]] = {name: [] for name in seats}
        for number in range(ROUNDS):
            for name in seats if number % 2 == 0 else reversed(seats):
                rates[name].append(connects_a_second(seats[name], count=CONNECTS))
        held = {name: held_bytes(seat, both[name], count=HELD) / KIB for name, seat in seats.items()}
    for name, measured in rates.items():
        tell(f"{name}: {', '.join(f'{rate:.0f}' for rate in measured)} connects a second, {held[name]:.1f} KiB each")
    mine, theirs = (statistics.median(rates[name]) for name in (OURS, TUTORIAL))
    return [
        Figure("fanout.connects.product", mine, "a second of CPU", Peer(TUTORIAL, theirs)),
        Figure("fanout.connects", mine / theirs, "times as many", Peer(TUTORIAL, theirs)),
        Figure("fanout.memory", held[OURS], "KiB", Peer(TUTORIAL, held[TUTORIAL])),
    ]


def connects_a_second(seat: Seat, *, count: int) -> float:
    """How many sockets a second of the server's CPU opens. They leave again, outside of that time."""
    before = cpu_seconds(seat.process.pid)
    seat.clients.ask({"do": "connect", "port": seat.port, "path": PATH, "watch": [[]] * count, "dialect": "driven"})
    time.sleep(SETTLE_SECONDS)
    used = cpu_seconds(seat.process.pid) - before
    seat.clients.ask({"do": "leave"})
    time.sleep(SETTLE_SECONDS)
    return count / used


def held_bytes(seat: Seat, program: Program, *, count: int) -> float:
    """Resident memory of each of `count` connections that watch one symbol and have been sent some ticks."""
    before = usage_of(seat.process.pid).resident_bytes
    connect(seat, program, [symbols(1)] * count, stride=0)
    seat.order(HELD_TICKS)
    seat.clients.ask({"do": "wait", "messages": count, "seconds": 10})
    return (usage_of(seat.process.pid).resident_bytes - before) / count


# ---------- Clients that never read ----------


def stuck_figures(program: Program) -> list[Figure]:
    """What 200 of them hold, and what the others notice."""
    with connected(program, S1) as seat, crowd() as never_reading:
        measure = partial(window, seat, STUCK_WINDOW, watchers=S1.watchers)
        window(seat, STUCK_FILL, watchers=S1.watchers, conflates=True)
        without = [measure() for _ in range(STUCK_ROUNDS)]
        before = usage_of(seat.process.pid)
        never_reading.ask(
            {
                "do": "connect",
                "port": seat.port,
                "path": program.path,
                "watch": [symbols(S1.symbols)] * STUCK,
                "dialect": "stuck",
                "stride": 0,
            }
        )
        window(seat, STUCK_FILL, watchers=S1.watchers, conflates=True)
        beside = [measure() for _ in range(STUCK_ROUNDS)]
        after = usage_of(seat.process.pid)
    return told_of_stuck(without, beside, held=(after.resident_bytes - before.resident_bytes) / STUCK / MIB)


def told_of_stuck(without: list[Window], beside: list[Window], *, held: float) -> list[Figure]:
    """The figures, of the medians."""
    calm, pressed = (statistics.median(one.p99_ms for one in windows) for windows in (without, beside))
    costs = [statistics.median(one.us_per_message for one in windows) for windows in (without, beside)]
    tell(f"stuck: p99 {calm:.2f} and {pressed:.2f} ms, {costs[0]:.2f} and {costs[1]:.2f} µs a message")
    return [
        Figure("fanout.stuck.memory", held, "MiB"),
        Figure("fanout.stuck.p99", pressed / calm, "times", Peer("none stuck", calm)),
    ]


# ---------- The bus between ----------


def bus_figures() -> list[Figure]:
    """CPU of the web process where another process brings the ticks over the bus, against where it makes them itself."""
    with any_valkey() as url, feeder(url) as feeds:
        alone, behind = python("hub_server", "{symbols}"), python("hub_server", "{symbols}", url)
        with connected(alone, S1) as near, connected(behind, S1) as far:
            seats = {"near": near, "far": replace(far, feeds=feeds)}
            turns = [Turn(f"bus {name}", name, BUS_ORDER, conflates=True) for name in seats]
            windows = interleaved(
                turns, lambda turn: window(seats[turn.seat], turn.order, watchers=S1.watchers, conflates=True)
            )
    without, between = windows["bus near"].cpu_seconds, windows["bus far"].cpu_seconds
    sent = [windows[name].messages for name in ("bus near", "bus far")]
    tell(f"bus: {without:.3f} and {between:.3f} s of CPU for {sent[0]} and {sent[1]} messages")
    return [Figure("fanout.bus", between / without, "times", Peer("without", without))]


@contextmanager
def feeder(url: str) -> Iterator[Child]:
    """A process that publishes, where the clients are."""
    child = Child(["-m", "benchmarks.fanout.feeder", str(S1.symbols), url])
    child.pin(CLIENT_CORE)
    try:
        child.line(seconds=START_SECONDS)
        yield child
    finally:
        child.stop()
