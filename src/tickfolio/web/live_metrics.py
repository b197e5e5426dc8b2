"""How the live path and the pool of the database do, as families of Prometheus' metrics.

**Source**: https://prometheus.io/docs/practices/naming/ and https://prometheus.io/docs/practices/histograms/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tickfolio.live.tally import Histogram
from tickfolio.runtime.live_report import LiveReport
from tickfolio.web.metric_families import counter, gauge

if TYPE_CHECKING:
    from prometheus_client import Metric


def live_families(report: LiveReport | None) -> Iterator[Metric]:
    """What went out of this process, how fast, and to how many; nothing where no engine runs in it."""
    if report is None:
        return
    tally = report.tally
    sockets = [(("plain",), float(tally.plain_sockets)), (("tickfolio.v1",), float(tally.v1_sockets))]
    yield gauge("tickfolio_sockets", "Sockets that are connected, by dialect.", ("dialect",), sockets)
    yield gauge("tickfolio_portfolios", "Portfolios that are in memory to be valued.", (), [((), report.portfolios)])
    yield counter("tickfolio_frames", "Messages handed to sockets since the start.", (), [((), tally.frames)])
    yield counter("tickfolio_frame_bytes", "Bytes of them, without the framing.", (), [((), tally.sent_bytes)])
    yield counter(
        "tickfolio_frames_skipped",
        "Messages that a client was too far behind for; it gets the newest state in their place.",
        (),
        [((), tally.skips)],
    )
    yield counter(
        "tickfolio_sockets_cut", "Sockets that were cut off because they read nothing.", (), [((), tally.cut)]
    )
    yield counter(
        "tickfolio_portfolios_withheld",
        "How often a socket lost a portfolio for a while, since rights could not be read.",
        (),
        [((), tally.withheld)],
    )
    yield counter("tickfolio_ticks_rejected", "Prices that the quote book refused.", (), [((), report.rejected_ticks)])
    if report.bus_lag is not None:
        yield _histogram(
            "tickfolio_bus_lag_seconds",
            "From handing a message to the bus to its being taken here, by the clocks of both.",
            report.bus_lag,
        )
    if report.leader_silence is not None:
        yield gauge(
            "tickfolio_leader_silence_seconds",
            "Since anything was heard of the process that reads the feeds; beyond 3.5 pages call all prices stale.",
            (),
            [((), report.leader_silence)],
        )
    yield _histogram(
        "tickfolio_tick_to_send_seconds",
        "From the receipt of a price to the frame, once for each socket.",
        tally.tick_to_send,
    )
    yield _histogram(
        "tickfolio_tick_to_paint_seconds",
        "From the receipt of a price to the pixel, as pages measure it; about one a second and page.",
        tally.tick_to_paint,
    )


def pool_families(counted: Mapping[str, int]) -> Iterator[Metric]:
    """How the pool of connections to PostgreSQL does; nothing where there is none."""
    if not counted:
        return
    states = {"open": "pool_size", "free": "pool_available"}
    yield gauge(
        "tickfolio_database_connections",
        "Connections of the pool, all that are open and those of them that are free.",
        ("state",),
        [((state,), counted[name]) for state, name in states.items()],
    )
    yield gauge(
        "tickfolio_database_waiting", "Who waits for a connection now.", (), [((), counted["requests_waiting"])]
    )
    yield counter("tickfolio_database_requests", "Connections asked for.", (), [((), counted["requests_num"])])
    yield counter(
        "tickfolio_database_wait_seconds", "Seconds waited for one.", (), [((), counted["requests_wait_ms"] / 1000)]
    )
    yield counter("tickfolio_database_errors", "Who got none in time.", (), [((), counted["requests_errors"])])


def _histogram(name: str, what: str, held: Histogram) -> Metric:
    from prometheus_client.metrics_core import HistogramMetricFamily

    family = HistogramMetricFamily(name, what)
    family.add_metric((), held.buckets(), held.total)
    return family
