"""Many sockets for many minutes against the product as a process: does anything grow, and does anything stay behind?

`TICKFOLIO_SOAK_MINUTES` (2) and `TICKFOLIO_SOAK_SOCKETS` (200) say how long and how many. Half of the sockets speak the
plain dialect and half ``tickfolio.v1``; beside them ten visitors come and go every ten seconds. The slope of a run shorter
than twenty minutes says little: `soak.rss_slope` is then missing, and its goal not met.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass

from benchmarks.processes import Child, Usage, cpu_seconds, crowd, product, usage_of
from benchmarks.report import Figure

MIB = 1024 * 1024
SYMBOLS = ("AAPL", "IBM", "MSFT", "GOOG", "FB")
PATH = "/ws/stocks/"
SAMPLE_SECONDS = 10.0
SETTLE_SECONDS = 5.0
VISITORS = 10
WARM_UP_SHARE = 0.2
MINUTES_FOR_A_SLOPE = 20.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What the server held `at` seconds after the sockets had connected."""

    at: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class Soak:
    """One run: before the first socket, while they were there, after the last."""

    sockets: int
    minutes: float
    before: Usage
    samples: tuple[Sample, ...]
    after: Usage
    cpu_share: float
    messages_per_second: float
    still_open: int


def run() -> list[Figure]:
    """The figures of one soak."""
    return figures(
        soak(
            sockets=int(os.environ.get("TICKFOLIO_SOAK_SOCKETS") or 200),
            minutes=float(os.environ.get("TICKFOLIO_SOAK_MINUTES") or 2),
        )
    )


def soak(*, sockets: int, minutes: float) -> Soak:
    """Runs the product under `sockets` sockets for `minutes`."""
    with product() as (server, port), crowd() as stayers, crowd() as visitors:
        _connect(visitors, port, count=1)
        visitors.ask({"do": "leave"})  # what the very first socket makes the server load is no leak
        time.sleep(SETTLE_SECONDS)
        before = usage_of(server.pid)
        _connect(stayers, port, count=sockets)
        stayers.ask({"do": "count"})
        cpu_before, began = cpu_seconds(server.pid), time.monotonic()
        samples = _samples(server, visitors, port, minutes=minutes)
        seconds = time.monotonic() - began
        cpu_share = (cpu_seconds(server.pid) - cpu_before) / seconds
        count = stayers.ask({"do": "count"})
        stayers.ask({"do": "leave"})
        time.sleep(SETTLE_SECONDS)
        return Soak(
            sockets=sockets,
            minutes=minutes,
            before=before,
            samples=samples,
            after=usage_of(server.pid),
            cpu_share=cpu_share,
            messages_per_second=sum(count[dialect]["messages"] for dialect in ("plain", "tickfolio.v1")) / seconds,
            still_open=count["open"],
        )


def figures(soak: Soak) -> list[Figure]:
    """What is reported of a soak; a short one has no slope, which leaves the slope's goal unmet."""
    first, last = soak.samples[0].usage, soak.samples[-1].usage
    is_long = soak.minutes >= MINUTES_FOR_A_SLOPE
    return [
        *([Figure("soak.rss_slope", slope_mib_per_hour(soak.samples), "MiB/h")] if is_long else []),
        Figure("soak.rss_start", first.resident_bytes / MIB, "MiB"),
        Figure("soak.rss_end", last.resident_bytes / MIB, "MiB"),
        Figure("soak.descriptors_grown", growth([sample.usage.descriptors for sample in soak.samples]), "files"),
        Figure("soak.descriptors_left", soak.after.descriptors - soak.before.descriptors, "files"),
        Figure("soak.threads_grown", growth([sample.usage.threads for sample in soak.samples]), "threads"),
        Figure("soak.sockets_lost", soak.sockets - soak.still_open, "sockets"),
        Figure("soak.cpu", soak.cpu_share * 100, "% of a core"),
        Figure("soak.messages", soak.messages_per_second, "a second"),
    ]


def slope_mib_per_hour(samples: tuple[Sample, ...]) -> float:
    """The least-squares slope of resident memory after the first fifth of the run; 0 of fewer than two samples.

    >>> slope_mib_per_hour(tuple(Sample(at, Usage(int(at) * MIB, 0, 0)) for at in (0.0, 10.0, 20.0, 30.0)))
    3600.0
    """
    warm = [sample for sample in samples if sample.at >= WARM_UP_SHARE * samples[-1].at]
    if len(warm) < 2:
        return 0.0
    slope = statistics.linear_regression(
        [sample.at for sample in warm], [sample.usage.resident_bytes for sample in warm]
    ).slope
    return slope * 3600 / MIB


def growth(values: list[int]) -> int:
    """How much higher the second half's lowest value is than the first half's highest, at least 0.

    A steady rise shows, a passing one does not.

    >>> growth([5, 6, 5, 6]), growth([5, 6, 7, 8])
    (0, 1)
    """
    half = len(values) // 2
    return max(0, min(values[half:]) - max(values[:half], default=values[0]))


def _connect(child: Child, port: int, *, count: int) -> None:
    for half, dialect in enumerate(("plain", "tickfolio.v1")):
        watch = [[SYMBOLS[number % len(SYMBOLS)]] for number in range(half, count, 2)]
        child.ask({"do": "connect", "port": port, "path": PATH, "watch": watch, "dialect": dialect, "stride": 0})


def _samples(server: Child, visitors: Child, port: int, *, minutes: float) -> tuple[Sample, ...]:
    began = time.monotonic()
    samples: list[Sample] = []
    for number in range(int(minutes * 60 / SAMPLE_SECONDS) + 1):
        time.sleep(max(0.0, began + number * SAMPLE_SECONDS - time.monotonic()))
        samples.append(Sample(at=time.monotonic() - began, usage=usage_of(server.pid)))
        _tell(samples[-1])
        _connect(visitors, port, count=VISITORS)
        visitors.ask({"do": "leave"})
    return tuple(samples)


def _tell(sample: Sample) -> None:
    usage = sample.usage
    resident = usage.resident_bytes / MIB
    print(
        f"{sample.at:6.0f} s {resident:7.2f} MiB {usage.descriptors:4} files {usage.threads:3} threads", file=sys.stderr
    )
