"""Families of Prometheus' metrics from plain numbers. The library is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Metric

type Samples = Iterable[tuple[tuple[str, ...], float]]


def gauge(name: str, what: str, labels: tuple[str, ...], samples: Samples) -> Metric:
    """What goes up and down."""
    from prometheus_client.metrics_core import GaugeMetricFamily

    family = GaugeMetricFamily(name, what, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def counter(name: str, what: str, labels: tuple[str, ...], samples: Samples) -> Metric:
    """`name` without its ending ``_total``, which the format adds."""
    from prometheus_client.metrics_core import CounterMetricFamily

    family = CounterMetricFamily(name, what, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family
