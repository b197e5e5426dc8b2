"""What `tickfolio feeds` and `tickfolio worker` answer to probes: `/livez`, `/readyz` and `/metrics`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import connection

from tickfolio.errors import BusUnavailable
from tickfolio.live.bus.port import Bus
from tickfolio.runtime.campaign import Campaign
from tickfolio.runtime.feeds_engine import FeedsEngine
from tickfolio.runtime.probe_server import NOTHING_HERE, Answer, Asked, Handler
from tickfolio.web.access import is_from_here, is_metrics_token
from tickfolio.web.feed_metrics import CONTENT_TYPE, metrics_text
from tickfolio.web.metric_families import counter, gauge
from tickfolio.web.views.health import database_is_there, in_time
from tickfolio.web.views.metrics import watched_now

if TYPE_CHECKING:
    from prometheus_client import Metric


def probe_handlers(role: str, campaign: Campaign, *, bus: Bus) -> Mapping[str, Handler]:
    """By path, what answers for the process that waits for a lease and works while it has it."""
    probes = _Probes(role, campaign, bus)
    return {"/livez": probes.livez, "/healthz": probes.livez, "/readyz": probes.readyz, "/metrics": probes.metrics}


class _Probes:
    def __init__(self, role: str, campaign: Campaign, bus: Bus) -> None:
        self._role, self._campaign, self._bus = role, campaign, bus

    async def livez(self, _asked: Asked) -> Answer:
        """200 as long as the event loop turns; asks nobody else."""
        return _document({"status": "ok"})

    async def readyz(self, _asked: Asked) -> Answer:
        """200 where this process works or could take over, else 503 with what is missing."""
        term = self._campaign.term
        database, bus = await asyncio.gather(database_is_there(), in_time(self._bus_answers()))
        checks = {"database": database, "bus": bus}
        if isinstance(term, FeedsEngine):
            checks["engine"] = term.is_at_work
        is_ready = all(checks.values())
        return _document(
            {
                "status": "ok" if is_ready else "unavailable",
                "role": self._role,
                "lease": "waits" if self._campaign.token is None else "held",
                "checks": {name: "ok" if passed else "failed" for name, passed in checks.items()},
            },
            HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    async def _bus_answers(self) -> bool:
        try:
            await self._bus.newest_token()
        except BusUnavailable:
            return False
        return True

    async def metrics(self, asked: Asked) -> Answer:
        """Prometheus' text format, for programs at this machine and for those that have the token; else nothing is here."""
        if not may_read(asked):
            return NOTHING_HERE
        term = self._campaign.term
        service = term if isinstance(term, FeedsEngine) else None

        def text() -> bytes:
            try:
                return metrics_text(watched_now(service), also=self._families())
            finally:
                connection.close()

        return Answer(await asyncio.to_thread(text), content_type=CONTENT_TYPE)

    def _families(self) -> Iterator[Metric]:
        role, held = (self._role,), self._campaign.token
        yield gauge(
            "tickfolio_role_works",
            "1 where this process has the lease and works, 0 where it waits.",
            ("role",),
            [(role, float(held is not None))],
        )
        yield gauge(
            "tickfolio_role_token",
            "The token of the lease that it has.",
            ("role",),
            [] if held is None else [(role, held)],
        )
        yield counter(
            "tickfolio_role_terms",
            "How often it took the lease since the start.",
            ("role",),
            [(role, self._campaign.terms)],
        )


def may_read(asked: Asked) -> bool:
    """As for pages: a program at this machine, through no proxy, or one that has the token."""
    headers = asked.headers
    is_here = is_from_here(asked.peer, headers, host=lambda: headers.get("host", ""))
    return is_here or is_metrics_token(headers.get("authorization", ""))


def _document(document: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(json.dumps(document).encode(), status, "application/json")
