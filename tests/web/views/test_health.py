import asyncio
import json

import pytest
from django.test import AsyncClient
from django.test.client import AsyncRequestFactory

from tickfolio.runtime.audit import AuditReport
from tickfolio.web.views.health import readyz


class Service:
    """What the server carries beside requests."""

    def __init__(self, *, ready: bool, has_bus: bool = True) -> None:
        self._ready, self._has_bus = ready, has_bus

    async def is_bus_reachable(self) -> bool:
        return self._has_bus

    @property
    def is_at_work(self) -> bool:
        return self._ready

    def audit_report(self) -> AuditReport:
        return AuditReport(audited=12, days=365, mismatches=1)


@pytest.mark.parametrize("address", ["/healthz", "/livez"])
async def test_process_that_answers_lives(async_client: AsyncClient, address: str) -> None:
    answer = await async_client.get(address)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.django_db(transaction=True)
async def test_server_without_an_engine_is_not_ready(async_client: AsyncClient) -> None:
    answer = await async_client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "checks": {"database": "ok", "bus": "failed", "engine": "failed"},
        "audit": None,
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
async def test_server_is_as_ready_as_its_engine(
    async_rf: AsyncRequestFactory,
    ready: bool,
    status: int,
) -> None:
    request = async_rf.get("/readyz")
    request.scope = {**request.scope, "state": {"service": Service(ready=ready)}}
    answer = await readyz(request)
    assert answer.status_code == status
    assert json.loads(answer.content)["audit"] == {"audited": 12, "days": 365, "mismatches": 1, "failures": 0}


@pytest.mark.django_db(transaction=True)
async def test_a_bus_that_is_away_is_named_and_not_the_engine(async_rf: AsyncRequestFactory) -> None:
    request = async_rf.get("/readyz")
    request.scope = {**request.scope, "state": {"service": Service(ready=True, has_bus=False)}}
    answer = await readyz(request)
    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"] == {"database": "ok", "bus": "failed", "engine": "ok"}


@pytest.mark.django_db(transaction=True)
async def test_a_bus_that_says_nothing_is_not_waited_for(
    async_rf: AsyncRequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hanging(_service: Service) -> bool:
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(Service, "is_bus_reachable", hanging)
    request = async_rf.get("/readyz")
    request.scope = {**request.scope, "state": {"service": Service(ready=True)}}
    answer = await readyz(request)
    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"] == {"database": "ok", "bus": "failed", "engine": "ok"}


@pytest.mark.parametrize("address", ["/healthz", "/livez", "/readyz"])
async def test_probes_only_read(async_client: AsyncClient, address: str) -> None:
    assert (await async_client.post(address)).status_code == 405
