"""For probes: does the process live, and can it serve?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATIENCE_SECONDS = 1.5
"""A database or a bus that has not answered a question by then does not answer it to people either."""


@require_safe
@never_cache
async def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the event loop turns; asks nobody else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
async def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, bus and engine work, 503 otherwise, with what is missing; and what the running audit found."""
    service = getattr(request, "scope", {}).get("state", {}).get("service")
    database, bus = await asyncio.gather(database_is_there(), in_time(_bus_is_there(service)))
    checks = {
        "database": database,
        "bus": bus,
        "engine": service is not None and service.is_at_work,
    }
    is_ready = all(checks.values())
    audit = None if service is None else service.audit_report()
    document = {
        "status": "ok" if is_ready else "unavailable",
        "checks": {name: "ok" if passed else "failed" for name, passed in checks.items()},
        "audit": None if audit is None else asdict(audit),
    }
    return JsonResponse(document, status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)


async def in_time(answer: Awaitable[bool]) -> bool:
    """What is answered; False where that takes longer than a probe waits."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await answer
    except TimeoutError:
        return False


async def _bus_is_there(service: Any) -> bool:
    """`Any`: the engine of the process, of whatever role; None before there is one."""
    return service is not None and await service.is_bus_reachable()


async def database_is_there() -> bool:
    """Whether the database answers a question at once. It is asked in a thread, which is left to its waiting where it must wait."""
    return await in_time(asyncio.to_thread(database_answers))


def database_answers() -> bool:
    """Whether the database answers a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    finally:
        connection.close()  # a probe leaves nothing open in the thread that it happened to run in
    return True
