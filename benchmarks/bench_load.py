"""Two thousand sockets at once, twice.

`product`: the product as a person starts it, on its replay; each socket watches one symbol in the plain dialect, and a few
of ``tickfolio.v1`` measure the latency from a tick's arrival to a client's read, which the plain dialect cannot show there
(its `time` is the replayed market's).

`full`: the live path on a synthetic market of 2,000 ticks a second, each socket watching 25 of 100 symbols in
``tickfolio.v1``: the load that the product is built for.

Every socket is a file in the server: it needs a limit of open files above their number (``ulimit -n``, or LimitNOFILE= of a
service), which this benchmark raises for its children as far as the machine allows.
"""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from benchmarks.load_client import raise_file_limit
from benchmarks.processes import Child, cpu_seconds, crowd, product, server, usage_of
from benchmarks.report import Figure
from benchmarks.ticks import symbols

SOCKETS = 2000
SPARE_FILES = 200
PATH = "/ws/stocks/"
PLAIN, V1 = "plain", "tickfolio.v1"
REPLAYED = ("AAPL", "IBM", "MSFT", "GOOG", "FB")
PROBES = 20
WATCHED, MARKET = 25, 100
BURST_SECONDS = 0.05
WARM_UP_SECONDS = 3.0
WINDOW_SECONDS = 15.0
KIB = 1024


@dataclass(frozen=True, slots=True)
class Load:
    """One window under load."""

    connects_per_second: float
    messages_per_second: float
    megabytes_per_second: float
    cpu_share: float
    resident_bytes_per_socket: float
    p50_ms: float
    p99_ms: float
    still_open: int


def run() -> list[Figure]:
    """The figures of both loads."""
    raise_file_limit()
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < SOCKETS + SPARE_FILES:
        raise RuntimeError(f"Expected {SOCKETS + SPARE_FILES} open files to be allowed, were {soft}. Raise ulimit -n.")
    return [*figures("product", product_load()), *figures("full", full_load())]


def product_load() -> Load:
    """The product, one symbol a socket."""
    watch = [[REPLAYED[number % len(REPLAYED)]] for number in range(SOCKETS)]
    with product() as (process, port), crowd() as clients, crowd() as probes:
        probes.ask({"do": "connect", "port": port, "path": PATH, "watch": watch[:PROBES], "dialect": V1})
        return _load(process, clients, probes, port=port, watch=watch, dialect=PLAIN)


def full_load() -> Load:
    """The live path, 25 symbols a socket, 2,000 ticks a second."""
    names = symbols(MARKET)
    watch = [[names[(number + 4 * offset) % MARKET] for offset in range(WATCHED)] for number in range(SOCKETS)]
    command = ["-m", "benchmarks.live_server", str(MARKET), str(BURST_SECONDS)]
    with server(command) as (process, port), crowd() as clients:
        return _load(process, clients, clients, port=port, watch=watch, dialect=V1)


def figures(scene: str, load: Load) -> list[Figure]:
    """What is reported of a load."""
    return [
        Figure(f"load.{scene}.connects", load.connects_per_second, "a second"),
        Figure(f"load.{scene}.messages", load.messages_per_second, "a second"),
        Figure(f"load.{scene}.traffic", load.megabytes_per_second, "MB/s"),
        Figure(f"load.{scene}.cpu", load.cpu_share * 100, "% of a core"),
        Figure(f"load.{scene}.rss_per_socket", load.resident_bytes_per_socket / KIB, "KiB"),
        Figure(f"load.{scene}.p50", load.p50_ms, "ms"),
        Figure(f"load.{scene}.p99", load.p99_ms, "ms"),
        Figure(f"load.{scene}.sockets_lost", SOCKETS - load.still_open, "sockets"),
    ]


def _load(process: Child, clients: Child, probes: Child, *, port: int, watch: list[list[str]], dialect: str) -> Load:
    before = usage_of(process.pid).resident_bytes
    stride = 20 if clients is probes else 0
    connect = {"do": "connect", "port": port, "path": PATH, "watch": watch, "dialect": dialect, "stride": stride}
    connecting = clients.ask(connect)["seconds"]
    time.sleep(WARM_UP_SECONDS)
    for child in (clients, probes):
        child.ask({"do": "count"})
    began, cpu_before = time.monotonic(), cpu_seconds(process.pid)
    time.sleep(WINDOW_SECONDS)
    seconds, cpu = time.monotonic() - began, cpu_seconds(process.pid) - cpu_before
    count = clients.ask({"do": "count"})
    latencies = count[V1] if clients is probes else probes.ask({"do": "count"})[V1]
    return Load(
        connects_per_second=len(watch) / connecting,
        messages_per_second=count[dialect]["messages"] / seconds,
        megabytes_per_second=count[dialect]["bytes"] / seconds / 1e6,
        cpu_share=cpu / seconds,
        resident_bytes_per_socket=(usage_of(process.pid).resident_bytes - before) / len(watch),
        p50_ms=latencies["p50_ms"] or 0.0,
        p99_ms=latencies["p99_ms"] or 0.0,
        still_open=count["open"],
    )
