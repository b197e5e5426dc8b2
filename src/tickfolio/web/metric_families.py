"""Families of Prometheus' metrics from plain numbers. The library is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


def of_processes(by_process: Mapping[int, Iterable[Metric]]) -> Iterator[Metric]:
    """The families of several processes as one of each name, whose samples say by `process` whose they are."""
    from prometheus_client import Metric

    told: dict[str, Metric] = {}
    for process, families in by_process.items():
        for family in families:
            whole = told.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            whole.samples += [one._replace(labels={"process": str(process), **one.labels}) for one in family.samples]
    yield from told.values()
