from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from tickfolio.live.tally import BUS_BOUNDS, Histogram, Tally
from tickfolio.runtime.live_report import LiveReport
from tickfolio.web.live_metrics import live_families, pool_families


def samples(families: Iterable[Metric]) -> dict[tuple[str, ...], float]:
    """Values by the name and the labels, read as a watching program reads them."""
    held = list(families)

    class Collected(Collector):
        def collect(self) -> Iterable[Metric]:
            return held

    registry = CollectorRegistry()
    registry.register(Collected())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(generate_latest(registry).decode())
        for sample in family.samples
    }


def test_what_went_out_is_told() -> None:
    tally = Tally()
    tally.plain_sockets, tally.v1_sockets = 2, 3
    tally.frames, tally.sent_bytes, tally.skips, tally.cut = 10, 1_000, 4, 1
    tally.withheld = 6
    tally.tick_to_send.observe(0.2, count=3)
    tally.tick_to_paint.observe(0.26)
    bus_lag = Histogram(BUS_BOUNDS)
    bus_lag.observe(0.0007)
    found = samples(
        live_families(LiveReport(tally, portfolios=7, rejected_ticks=5, bus_lag=bus_lag, leader_silence=2.5))
    )
    assert found["tickfolio_leader_silence_seconds",] == 2.5
    assert found["tickfolio_bus_lag_seconds_bucket", "0.0005"] == 0
    assert found["tickfolio_bus_lag_seconds_bucket", "0.001"] == 1
    assert found["tickfolio_sockets", "plain"] == 2
    assert found["tickfolio_sockets", "tickfolio.v1"] == 3
    assert found["tickfolio_portfolios",] == 7
    assert found["tickfolio_frames_total",] == 10
    assert found["tickfolio_frame_bytes_total",] == 1_000
    assert found["tickfolio_frames_skipped_total",] == 4
    assert found["tickfolio_sockets_cut_total",] == 1
    assert found["tickfolio_portfolios_withheld_total",] == 6
    assert found["tickfolio_ticks_rejected_total",] == 5
    assert found["tickfolio_tick_to_send_seconds_count",] == 3
    assert found["tickfolio_tick_to_send_seconds_bucket", "0.15"] == 0
    assert found["tickfolio_tick_to_send_seconds_bucket", "0.2"] == 3
    assert found["tickfolio_tick_to_paint_seconds_sum",] == 0.26


def test_a_single_process_without_a_bus_of_its_own_tells_of_no_lag() -> None:
    found = samples(live_families(LiveReport(Tally(), portfolios=0, rejected_ticks=0)))
    assert not [name for name, *_labels in found if "bus_lag" in name or "leader" in name]


def test_where_there_is_no_engine_and_no_pool_nothing_is_told() -> None:
    assert samples([*live_families(None), *pool_families({})]) == {}


def test_the_pool_is_told() -> None:
    counted = {
        "pool_size": 4,
        "pool_available": 3,
        "requests_waiting": 1,
        "requests_num": 90,
        "requests_wait_ms": 1_500,
        "requests_errors": 2,
    }
    assert samples(pool_families(counted)) == {
        ("tickfolio_database_connections", "open"): 4,
        ("tickfolio_database_connections", "free"): 3,
        ("tickfolio_database_waiting",): 1,
        ("tickfolio_database_requests_total",): 90,
        ("tickfolio_database_wait_seconds_total",): 1.5,
        ("tickfolio_database_errors_total",): 2,
    }
