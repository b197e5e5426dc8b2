"""How the feeds, the histories, the calendars, the running audit and the live path do, in Prometheus' text format.

**Source**: https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tickfolio.domain.market.status import FeedState
from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.live_report import LiveReport
from tickfolio.runtime.process_reports import ProcessReport
from tickfolio.services.feed_overview import FeedSeen
from tickfolio.services.history_progress import HistoryCounts
from tickfolio.web.live_metrics import live_families, pool_families
from tickfolio.web.metric_families import counter, gauge, of_processes

if TYPE_CHECKING:
    from prometheus_client import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
EXPIRING_DAYS = 90
"""A calendar with no more days than these is counted as one that expires."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands in the database.

    Attributes:
        held: how many prices are in quarantine.
        histories: how many histories are in which state.
        calendars: the exchanges whose table of hours runs out before long, with its last day.
        today: the market's day, from which the days of a calendar are counted.
    """

    feeds: Sequence[FeedSeen]
    held: int
    histories: HistoryCounts
    calendars: Mapping[str, date]
    today: date


@dataclass(frozen=True, slots=True)
class Watched:
    """What there is to tell at the real moment `at`.

    Attributes:
        recorded: what stands in the database; None where it is out of reach.
        audit: what the running audit came to; None where no engine runs in this process.
        live: the live path of this process; None where no engine runs in it.
        pool: what the pool of the database counts; empty where there is none.
        processes: by number, what all processes at one port came to, which is then told in place of the three of this one.
    """

    at: datetime
    recorded: Recorded | None
    audit: AuditReport | None
    live: LiveReport | None = None
    pool: Mapping[str, int] = field(default_factory=dict)
    processes: Mapping[int, ProcessReport] = field(default_factory=dict)


def metrics_text(watched: Watched, *, also: Iterable[Metric] = ()) -> bytes:
    """All metrics, and those of the caller.

    Those of the audit and of the live path are there only where an engine runs in this process, and what stands in the database
    only where that is within reach.
    """
    # Imported when it is first asked for: not every instance is watched.
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    recorded = watched.recorded
    families = [
        gauge(
            "tickfolio_database_reachable",
            "1 where the database answers, 0 where it is out of reach and what stands in it is left out here.",
            (),
            [((), float(recorded is not None))],
        ),
        *([] if recorded is None else _recorded(recorded, watched.at)),
        *(
            of_processes({number: _process(report) for number, report in watched.processes.items()})
            if watched.processes
            else _process(ProcessReport(watched.live, watched.audit, watched.pool))
        ),
        *also,
    ]

    class Collected(Collector):
        def collect(self) -> Iterable[Metric]:
            return families

    registry = CollectorRegistry()
    registry.register(Collected())
    return generate_latest(registry)


def _recorded(recorded: Recorded, at: datetime) -> Iterator[Metric]:
    yield from _states(recorded.feeds, at)
    yield from _counts(recorded.feeds)
    yield from _hosts(recorded.feeds, at)
    yield from _histories(recorded.histories)
    yield from _calendars(recorded.calendars, recorded.today)
    yield gauge("tickfolio_held_prices", "Prices in quarantine.", (), [((), recorded.held)])


def _states(feeds: Sequence[FeedSeen], at: datetime) -> Iterator[Metric]:
    yield gauge(
        "tickfolio_feed_state",
        "1 for the state that the feed is in, 0 for the others.",
        ("feed", "state"),
        (((seen.report.name, state.value), float(seen.report.state is state)) for seen in feeds for state in FeedState),
    )
    yield gauge(
        "tickfolio_feed_last_price_age_seconds",
        "Seconds since the last price of the stream arrived; without a sample before the first one.",
        ("feed",),
        (
            ((seen.report.name,), _seconds(seen.report.last_data_at, at))
            for seen in feeds
            if seen.report.last_data_at is not None
        ),
    )
    yield gauge(
        "tickfolio_feed_report_age_seconds",
        "Seconds since the engine reported how the feed does; beyond 30 no engine runs.",
        ("feed",),
        (((seen.report.name,), _seconds(seen.reported_at, at)) for seen in feeds),
    )
    yield gauge(
        "tickfolio_feed_symbols_wanted",
        "Symbols that the feed is to stream.",
        ("feed",),
        (((seen.report.name,), seen.report.wanted) for seen in feeds),
    )
    yield gauge(
        "tickfolio_feed_symbols_refused",
        "Symbols that the vendor will not stream.",
        ("feed",),
        (((seen.report.name,), len(seen.report.refused)) for seen in feeds),
    )


def _counts(feeds: Sequence[FeedSeen]) -> Iterator[Metric]:
    yield counter(
        "tickfolio_feed_quotes",
        "Prices received since the start, those kept out included.",
        ("feed",),
        (((seen.report.name,), seen.report.quotes) for seen in feeds),
    )
    yield counter(
        "tickfolio_feed_quotes_kept_out",
        "Prices kept out at the door since the start, by reason.",
        ("feed", "reason"),
        (
            ((seen.report.name, reason), count)
            for seen in feeds
            for reason, count in sorted(seen.report.kept_out.items())
        ),
    )
    yield counter(
        "tickfolio_feed_quotes_clamped",
        "Prices since the start whose time was ahead of our clock and was cut to it.",
        ("feed",),
        (((seen.report.name,), seen.report.clamped) for seen in feeds),
    )
    yield counter(
        "tickfolio_feed_quotes_held",
        "Prices held back since the start, by what is doubted, each time that one was said.",
        ("feed", "doubt"),
        (((seen.report.name, doubt), count) for seen in feeds for doubt, count in sorted(seen.report.held.items())),
    )
    yield counter(
        "tickfolio_feed_errors",
        "Faults of the connection and frames that could not be read, since the start.",
        ("feed",),
        (((seen.report.name,), seen.report.errors) for seen in feeds),
    )
    yield counter(
        "tickfolio_feed_reconnects",
        "Connections after the first one, since the start.",
        ("feed",),
        (((seen.report.name,), seen.report.reconnects) for seen in feeds),
    )


def _hosts(feeds: Sequence[FeedSeen], at: datetime) -> Iterator[Metric]:
    yield gauge(
        "tickfolio_feed_budget_requests",
        "Requests that may be made to the host at once.",
        ("feed", "host"),
        (((seen.report.name, host), left) for seen in feeds for host, left in sorted(seen.report.budget.items())),
    )
    yield gauge(
        "tickfolio_feed_paused_seconds",
        "For how long the host is still left alone; 0 where it may be asked.",
        ("feed", "host"),
        (
            ((seen.report.name, host), max(0.0, -_seconds(seen.report.paused_until.get(host, at), at)))
            for seen in feeds
            for host in sorted(seen.report.budget)
        ),
    )


def _histories(counts: HistoryCounts) -> Iterator[Metric]:
    states = ("waiting", "done", "failed", "cancelled")
    yield gauge(
        "tickfolio_histories",
        "Instruments by how far their finished days have been fetched.",
        ("state",),
        (((state,), getattr(counts, state)) for state in states),
    )
    yield gauge(
        "tickfolio_history_days", "Finished days of all instruments that are recorded.", (), [((), counts.days)]
    )


def _calendars(calendars: Mapping[str, date], today: date) -> Iterator[Metric]:
    left = {mic: (last - today).days for mic, last in calendars.items()}
    yield gauge(
        "tickfolio_calendar_days_left",
        "Days until the table of an exchange's hours runs out; of known instruments, and only where that is before long.",
        ("exchange",),
        (((mic,), days) for mic, days in sorted(left.items())),
    )
    yield gauge(
        "tickfolio_calendars_expiring",
        f"Exchanges whose table of hours runs out within {EXPIRING_DAYS} days.",
        (),
        [((), sum(days <= EXPIRING_DAYS for days in left.values()))],
    )


def _process(report: ProcessReport) -> Iterator[Metric]:
    """What each process counts for itself."""
    yield from _audit(report.audit)
    yield from live_families(report.live)
    yield from pool_families(report.pool)


def _audit(audit: AuditReport | None) -> Iterator[Metric]:
    if audit is None:
        return
    yield counter("tickfolio_audit_valuations", "Valuations that were worked out once more.", (), [((), audit.audited)])
    yield counter(
        "tickfolio_audit_days", "Finished days that were compared with the stored ones.", (), [((), audit.days)]
    )
    yield counter(
        "tickfolio_audit_mismatches", "Rows and days that were not the same; must be 0.", (), [((), audit.mismatches)]
    )
    yield counter("tickfolio_audit_failures", "Audits that came to no end.", (), [((), audit.failures)])


def _seconds(since: datetime, at: datetime) -> float:
    return (at - since).total_seconds()
