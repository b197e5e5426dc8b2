import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import FeedReport
from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.database_pool import TOLD
from tickfolio.services.feed_overview import FeedSeen
from tickfolio.services.history_progress import HistoryCounts
from tickfolio.web.feed_metrics import Recorded, Watched, metrics_text

NOW = datetime(2026, 5, 21, 14, 0, tzinfo=UTC)


def seen(**parts: Any) -> FeedSeen:
    report = FeedReport(name="yahoo", **{"state": FeedState.STALE, "since": NOW, **parts})
    return FeedSeen(report, NOW - timedelta(seconds=3), None)


def samples(*feeds: FeedSeen, **parts: Any) -> dict[tuple[str, ...], float]:
    """Values by the name and the labels, read as a watching program reads them."""
    usual: dict[str, Any] = {"held": 0, "histories": HistoryCounts(0, 0, 0, 0, 0), "calendars": {}}
    told = {name: parts.pop(name, value) for name, value in usual.items()}
    recorded = Recorded(feeds=feeds, today=NOW.date(), **told)
    return read(Watched(at=NOW, **{"recorded": recorded, "audit": None, **parts}))


def read(watched: Watched) -> dict[tuple[str, ...], float]:
    """Values by the name and the labels."""
    text = metrics_text(watched).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of_feeds(found: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """Without what is of histories and calendars."""
    return {
        key: value for key, value in found.items() if not key[0].startswith(("tickfolio_histor", "tickfolio_calendar"))
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
            kept_out={"said twice": 7, "from the future": 1},
            clamped=5,
            held={"split": 2, "jump": 3},
            errors=2,
            reconnects=1,
            budget={"a.example": 58, "b.example": 0},
            paused_until={"b.example": NOW + timedelta(seconds=90)},
        ),
        held=2,
    )
    assert {key: value for key, value in of_feeds(found).items() if key[0] != "tickfolio_feed_state"} == {
        ("tickfolio_database_reachable",): 1,
        ("tickfolio_feed_last_price_age_seconds", "yahoo"): 8,
        ("tickfolio_feed_report_age_seconds", "yahoo"): 3,
        ("tickfolio_feed_symbols_wanted", "yahoo"): 40,
        ("tickfolio_feed_symbols_refused", "yahoo"): 1,
        ("tickfolio_feed_quotes_total", "yahoo"): 12_345,
        ("tickfolio_feed_quotes_kept_out_total", "yahoo", "said twice"): 7,
        ("tickfolio_feed_quotes_kept_out_total", "yahoo", "from the future"): 1,
        ("tickfolio_feed_quotes_clamped_total", "yahoo"): 5,
        ("tickfolio_feed_quotes_held_total", "jump", "yahoo"): 3,
        ("tickfolio_feed_quotes_held_total", "split", "yahoo"): 2,
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
    assert of_feeds(found) == {
        ("tickfolio_database_reachable",): 1,
        ("tickfolio_held_prices",): 0,
        ("tickfolio_audit_valuations_total",): 12,
        ("tickfolio_audit_days_total",): 365,
        ("tickfolio_audit_mismatches_total",): 1,
        ("tickfolio_audit_failures_total",): 2,
    }


def test_histories_are_counted_by_how_far_they_have_come() -> None:
    found = samples(histories=HistoryCounts(waiting=3, done=40, failed=2, cancelled=1, days=50_000))
    assert {key[1:]: value for key, value in found.items() if key[0].startswith("tickfolio_histor")} == {
        ("waiting",): 3,
        ("done",): 40,
        ("failed",): 2,
        ("cancelled",): 1,
        (): 50_000,
    }


def test_calendars_that_run_out_are_told_with_their_days_and_counted_within_ninety() -> None:
    days = {"XNYS": 120, "XLON": 91, "XETR": 90, "XTKS": -2}
    found = samples(calendars={mic: NOW.date() + timedelta(days=left) for mic, left in days.items()})
    told = {key[1]: value for key, value in found.items() if key[0] == "tickfolio_calendar_days_left"}
    assert (told, found["tickfolio_calendars_expiring",]) == (days, 2)


def test_who_is_never_asked_for_metrics_does_not_load_their_library() -> None:
    loads = "import sys, tickfolio.web.feed_metrics; sys.exit('prometheus_client' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "tickfolio.config.settings", "TICKFOLIO_MODE": "test", "PATH": ""}
    program = f"import django; django.setup(); {loads}"
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0


def test_without_the_database_the_rest_is_told_and_that_it_is_out_of_reach() -> None:
    counted = dict.fromkeys(TOLD, 3)
    found = read(Watched(at=NOW, recorded=None, audit=AuditReport(audited=12), pool=counted))
    assert found["tickfolio_database_reachable",] == 0
    assert (found["tickfolio_audit_valuations_total",], found["tickfolio_database_waiting",]) == (12, 3)
    stored = {name for name, *_labels in samples(seen())} - {"tickfolio_database_reachable"}
    assert {"tickfolio_held_prices", "tickfolio_feed_state"} <= stored
    assert not stored & {name for name, *_labels in found}
    assert samples(seen())["tickfolio_database_reachable",] == 1
