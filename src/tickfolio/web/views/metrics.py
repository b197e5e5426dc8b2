"""How the feeds, the histories, the calendars and the running audit do, for a program that watches: `/metrics`."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.feed_overview import feeds_seen, held_seen
from tickfolio.services.history_progress import history_progress
from tickfolio.services.market_hours import hours_running_out
from tickfolio.services.market_time import market_now
from tickfolio.web.access import may_read_metrics
from tickfolio.web.feed_metrics import CONTENT_TYPE, Watched, metrics_text
from tickfolio.words import phrase


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for programs at this machine and for those that have the token; else there is nothing here."""
    if not may_read_metrics(request):
        raise Http404(phrase("Expected a program at this machine, or one with the token of the metrics."))
    watched = Watched(
        at=SystemClock().now(),
        feeds=feeds_seen(),
        held=len(held_seen()),
        audit=_audit(request),
        histories=history_progress().counts,
        calendars=hours_running_out(),
        today=market_now().date(),
    )
    return HttpResponse(metrics_text(watched), content_type=CONTENT_TYPE)


def _audit(request: HttpRequest) -> AuditReport | None:
    """What the audit of this process came to; None where no engine runs in it. `Any`: what the server carries along."""
    service: Any = getattr(request, "scope", {}).get("state", {}).get("service")
    return None if service is None else service.audit_report()
