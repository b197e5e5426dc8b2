"""How the feeds, the histories, the audit, the live path and the database's pool do, for a program that watches: `/metrics`."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.database_pool import pool_stats
from tickfolio.runtime.database_reach import is_out_of_reach
from tickfolio.services.feed_overview import feeds_seen, held_seen
from tickfolio.services.history_progress import history_progress
from tickfolio.services.market_hours import hours_running_out
from tickfolio.services.market_time import market_now
from tickfolio.web.access import may_read_metrics
from tickfolio.web.feed_metrics import CONTENT_TYPE, Recorded, Watched, metrics_text
from tickfolio.words import phrase


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for programs at this machine and for those that have the token; else there is nothing here."""
    if not may_read_metrics(request):
        raise Http404(phrase("Expected a program at this machine, or one with the token of the metrics."))
    return HttpResponse(metrics_text(watched_now(_service(request))), content_type=CONTENT_TYPE)


def watched_now(service: Any) -> Watched:
    """What there is to tell now. `Any`: the engine of this process, or None where none runs in it."""
    return Watched(
        at=SystemClock().now(),
        recorded=_recorded(),
        audit=None if service is None else service.audit_report(),
        live=None if service is None else service.live_report(),
        pool=pool_stats(),
        processes={} if service is None else service.process_reports(),
    )


def _recorded() -> Recorded | None:
    try:
        return Recorded(
            feeds=feeds_seen(),
            held=len(held_seen()),
            histories=history_progress().counts,
            calendars=hours_running_out(),
            today=market_now().date(),
        )
    except OperationalError as error:
        if is_out_of_reach(error):
            return None
        raise


def _service(request: HttpRequest) -> Any:
    """The engine of this process; None where none runs in it. `Any`: what the server carries along."""
    return getattr(request, "scope", {}).get("state", {}).get("service")
