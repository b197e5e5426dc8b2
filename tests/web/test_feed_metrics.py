import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import FeedReport
from tickfolio.runtime.audit import AuditReport
from tickfolio.services.feed_overview import FeedSeen
from tickfolio.web.feed_metrics import metrics_text

NOW = datetime(2026, 5, 21, 14, 0, tzinfo=UTC)


def seen(**parts: Any) -> FeedSeen:
    report = FeedReport(name="yahoo", **{"state": FeedState.STALE, "since": NOW, **parts})
    return FeedSeen(report, NOW - timedelta(seconds=3), None)


def samples(*feeds: FeedSeen, held: int = 0, audit: AuditReport | None = None) -> dict[tuple[str, ...], float]:
    """Values by the name and the labels, read as a watching program reads them."""
    text = metrics_text(feeds, held=held, audit=audit, at=NOW).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_feed_is_in_one_state() -> None:
    states = {key[2]: value for key, value in samples(seen()).items() if key[0] == "tickfolio_feed_state"}
    assert set(states) == {state.value for state in FeedState}
    assert [state for state, value in states.items() if value] == ["stale"]


def test_all_that_a_report_says_is_there() -> None:
    found = samples(
        seen(
            last_data_at=NOW - timedelta(seconds=8),
            wanted=40,
            refused={Symbol("X"): "unknown"},
            quotes=12_345,
            kept_out={"said twice": 7},
            errors=2,
            reconnects=1,
            budget={"a.example": 58, "b.example": 0},
            paused_until={"b.example": NOW + timedelta(seconds=90)},
        ),
        held=2,
    )
    assert {key: value for key, value in found.items() if key[0] != "tickfolio_feed_state"} == {
        ("tickfolio_feed_last_price_age_seconds", "yahoo"): 8,
        ("tickfolio_feed_report_age_seconds", "yahoo"): 3,
        ("tickfolio_feed_symbols_wanted", "yahoo"): 40,
        ("tickfolio_feed_symbols_refused", "yahoo"): 1,
        ("tickfolio_feed_quotes_total", "yahoo"): 12_345,
        ("tickfolio_feed_quotes_kept_out_total", "yahoo", "said twice"): 7,
        ("tickfolio_feed_errors_total", "yahoo"): 2,
        ("tickfolio_feed_reconnects_total", "yahoo"): 1,
        ("tickfolio_feed_budget_requests", "yahoo", "a.example"): 58,
        ("tickfolio_feed_budget_requests", "yahoo", "b.example"): 0,
        ("tickfolio_feed_paused_seconds", "yahoo", "a.example"): 0,
        ("tickfolio_feed_paused_seconds", "yahoo", "b.example"): 90,
        ("tickfolio_held_prices",): 2,
    }


def test_without_a_price_there_is_no_age_of_one() -> None:
    assert ("tickfolio_feed_last_price_age_seconds", "yahoo") not in samples(seen())


def test_the_audit_is_there_where_an_engine_runs() -> None:
    found = samples(audit=AuditReport(audited=12, days=365, mismatches=1, failures=2))
    assert found == {
        ("tickfolio_held_prices",): 0,
        ("tickfolio_audit_valuations_total",): 12,
        ("tickfolio_audit_days_total",): 365,
        ("tickfolio_audit_mismatches_total",): 1,
        ("tickfolio_audit_failures_total",): 2,
    }


def test_who_is_never_asked_for_metrics_does_not_load_their_library() -> None:
    loads = "import sys, tickfolio.web.feed_metrics; sys.exit('prometheus_client' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "tickfolio.config.settings", "TICKFOLIO_MODE": "test", "PATH": ""}
    program = f"import django; django.setup(); {loads}"
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0
