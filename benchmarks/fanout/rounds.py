"""Scenes, and rounds in which all that take part have their turn: each a window of ticks, and the CPU time that it took.

All servers run the whole time with their own clients connected; who is not asked does nothing but answer pings. The CPU time is
the whole process's, of the kernel and of itself, by its own clock. A window ends when all messages have arrived, or no more do.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.fanout.driving import Order
from benchmarks.fanout.peers import Program, Seat, seated, tell
from benchmarks.processes import cpu_seconds
from benchmarks.ticks import SEED, symbols

ROUNDS = 5
SETTLE_SECONDS = 90.0
WINDOW_SECONDS = 60.0
MICRO = 1e6


@dataclass(frozen=True, slots=True)
class Scene:
    """How many clients watch how many of how many symbols."""

    name: str
    clients: int
    watched: int
    symbols: int

    @property
    def watchers(self) -> int:
        """Of each symbol."""
        return self.clients * self.watched // self.symbols

    def watch_sets(self) -> list[list[str]]:
        """What each client watches: no two the same where there is a choice, and every symbol has as many watchers."""
        names = symbols(self.symbols)
        offsets = random.Random(SEED).sample(range(self.symbols), self.watched)
        return [[names[(client + offset) % self.symbols] for offset in offsets] for client in range(self.clients)]


ROOM = Scene("room", clients=200, watched=1, symbols=1)
S1 = Scene("s1", clients=500, watched=40, symbols=500)


@dataclass(frozen=True, slots=True)
class Window:
    """What one server did in one window; the order took it so many `seconds`."""

    messages: int
    expected: int
    cpu_seconds: float
    p50_ms: float
    p99_ms: float
    client_share: float
    seconds: float

    @property
    def us_per_message(self) -> float:
        """CPU time of each message that arrived."""
        return self.cpu_seconds / max(1, self.messages) * MICRO


@dataclass(frozen=True, slots=True)
class Turn:
    """One measured quantity: who is asked for what.

    Attributes:
        conflates: whether fewer messages arrive than ticks have watchers.
    """

    name: str
    seat: str
    order: Order
    conflates: bool = False


@contextmanager
def connected(program: Program, scene: Scene, *, stride: int = 10) -> Iterator[Seat]:
    """A server with all clients of the scene, each of which has had its first quotes."""
    with seated(program, symbols=scene.symbols) as seat:
        connect(seat, program, scene.watch_sets(), stride=stride)
        yield seat


def connect(seat: Seat, program: Program, watch: list[list[str]], *, stride: int = 10) -> None:
    """Connects one client for each entry of `watch` and waits for the answers."""
    seat.clients.ask(
        {
            "do": "connect",
            "port": seat.port,
            "path": program.path,
            "watch": watch,
            "dialect": program.dialect,
            "stride": stride,
        }
    )
    answers = sum(map(len, watch))
    arrived = messages_of(seat.clients.ask({"do": "wait", "messages": answers, "seconds": SETTLE_SECONDS}))
    if arrived < answers:
        tell(f"{program.command}: expected {answers} answers, were {arrived}")


@contextmanager
def all_connected(found: Mapping[str, Program], scene: Scene) -> Iterator[dict[str, Seat]]:
    """Every program with all clients of the scene."""
    with ExitStack() as stack:
        seats: dict[str, Seat] = {}
        for name, program in found.items():
            began = time.monotonic()
            seats[name] = stack.enter_context(connected(program, scene))
            tell(f"{scene.name}: {name} has its {scene.clients} clients after {time.monotonic() - began:.1f} s")
        yield seats


def interleaved(turns: list[Turn], measure: Callable[[Turn], Window], *, rounds: int = ROUNDS) -> dict[str, Window]:
    """`rounds` rounds of all turns, every other one backwards; the medians by name."""
    measured: dict[str, list[Window]] = {turn.name: [] for turn in turns}
    for number in range(rounds):
        for turn in turns if number % 2 == 0 else reversed(turns):
            measured[turn.name].append(measure(turn))
    return {name: told(name, windows) for name, windows in measured.items()}


def window(seat: Seat, order: Order, *, watchers: int, conflates: bool = False) -> Window:
    """Has the ticks made and waits until they have arrived."""
    seat.clients.ask({"do": "spin", "is_on": True})
    seat.clients.ask({"do": "count"})
    began = time.monotonic()
    cpu, client_cpu = cpu_seconds(seat.process.pid), cpu_seconds(seat.clients.pid)
    seat.order(order)
    expected = order.ticks * watchers
    seconds = time.monotonic() - began
    client_share = (cpu_seconds(seat.clients.pid) - client_cpu) / seconds
    wait = {"do": "count"} if conflates else {"do": "wait", "messages": expected, "seconds": WINDOW_SECONDS}
    counted = seat.clients.ask(wait)
    seat.clients.ask({"do": "spin", "is_on": False})
    tallies = [tally for tally in counted.values() if isinstance(tally, dict)]
    return Window(
        messages=messages_of(counted),
        expected=expected,
        cpu_seconds=cpu_seconds(seat.process.pid) - cpu,
        p50_ms=max((tally["p50_ms"] or 0.0 for tally in tallies), default=0.0),
        p99_ms=max((tally["p99_ms"] or 0.0 for tally in tallies), default=0.0),
        client_share=client_share,
        seconds=seconds,
    )


def messages_of(counted: Mapping[str, object]) -> int:
    """How many messages a count tells of, in all dialects."""
    return sum(tally["messages"] for tally in counted.values() if isinstance(tally, dict))


def median(windows: list[Window]) -> Window:
    """The medians of each quantity."""
    return Window(
        messages=statistics.median_low(one.messages for one in windows),
        expected=windows[0].expected,
        cpu_seconds=statistics.median(one.cpu_seconds for one in windows),
        p50_ms=statistics.median(one.p50_ms for one in windows),
        p99_ms=statistics.median(one.p99_ms for one in windows),
        client_share=statistics.median(one.client_share for one in windows),
        seconds=statistics.median(one.seconds for one in windows),
    )


def told(name: str, windows: list[Window]) -> Window:
    """The medians, which are said together with the range that they come from."""
    one = median(windows)
    costs = sorted(each.us_per_message for each in windows)
    tell(
        f"{name}: {one.us_per_message:.2f} µs a message ({costs[0]:.2f} to {costs[-1]:.2f}), {one.messages} of"
        f" {one.expected}, p50 {one.p50_ms:.2f} ms, p99 {one.p99_ms:.2f} ms, clients at {100 * one.client_share:.0f} %"
    )
    return one
