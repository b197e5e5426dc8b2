"""What a process without pages answers to probes: whether it lives and can work, and its numbers to whom they are for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_django import Settings

from tickfolio.config import role_probes
from tickfolio.config.role_probes import may_read, probe_handlers
from tickfolio.errors import BusUnavailable
from tickfolio.runtime.probe_server import NOTHING_HERE, Answer, Asked
from tickfolio.web.views import health

TOKEN = "the-token-of-the-metrics"
HERE = Asked("127.0.0.1", {"host": "localhost:9101"})


class Campaign:
    """How it stands with the lease."""

    def __init__(self, token: int | None) -> None:
        self.token, self.terms, self.term = token, 3, None


class Bus:
    """One that answers, or not."""

    def __init__(self, *, is_there: bool = True) -> None:
        self._is_there = is_there

    async def newest_token(self) -> int:
        if not self._is_there:
            raise BusUnavailable("gone")
        return 7


async def asked(path: str, *, token: int | None = 7, is_bus_there: bool = True, by: Asked = HERE) -> Answer:
    campaign, bus = Campaign(token), Bus(is_there=is_bus_there)
    handlers = probe_handlers("worker", campaign, bus=bus)  # type: ignore[arg-type]  # as much of both as is asked
    return await handlers[path](by)


def answering(is_there: bool) -> Callable[[], Awaitable[bool]]:
    async def answer() -> bool:
        return is_there

    return answer


async def document(path: str, **how: Any) -> tuple[int, dict[str, Any]]:
    answer = await asked(path, **how)
    assert answer.content_type == "application/json"
    return answer.status.value, json.loads(answer.body)


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
async def test_it_lives_as_long_as_it_answers(path: str) -> None:
    assert await document(path, is_bus_there=False) == (200, {"status": "ok"})


@pytest.mark.parametrize(("token", "lease"), [(7, "held"), (None, "waits")])
async def test_who_works_and_who_could_take_over_is_ready(
    token: int | None, lease: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(role_probes, "database_is_there", answering(True))
    status, found = await document("/readyz", token=token)
    assert (status, found["lease"], found["role"]) == (200, lease, "worker")
    assert found["checks"] == {"database": "ok", "bus": "ok"}


@pytest.mark.parametrize("missing", ["database", "bus"])
async def test_without_its_database_or_its_bus_it_is_not_and_says_so(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(role_probes, "database_is_there", answering(missing != "database"))
    status, found = await document("/readyz", is_bus_there=missing != "bus")
    assert (status, found["status"]) == (503, "unavailable")
    assert [name for name, how in found["checks"].items() if how == "failed"] == [missing]


async def test_a_bus_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(role_probes, "database_is_there", answering(True))
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(Bus, "newest_token", hanging)
    status, found = await document("/readyz")
    assert (status, found["checks"]) == (503, {"database": "ok", "bus": "failed"})


async def hanging(_bus: Bus) -> int:
    await asyncio.Event().wait()
    return 0


@pytest.mark.django_db(transaction=True)
async def test_the_numbers_say_whether_it_works() -> None:
    text = (await asked("/metrics")).body.decode()
    assert 'tickfolio_role_works{role="worker"} 1.0' in text
    assert 'tickfolio_role_token{role="worker"} 7.0' in text
    assert 'tickfolio_role_terms_total{role="worker"} 3.0' in text
    assert "tickfolio_held_prices 0.0" in text
    waiting = (await asked("/metrics", token=None)).body.decode()
    assert 'tickfolio_role_works{role="worker"} 0.0' in waiting
    assert "tickfolio_role_token{" not in waiting


async def test_whoever_may_not_read_the_numbers_is_told_that_there_are_none() -> None:
    assert await asked("/metrics", by=Asked("203.0.113.7", {})) is NOTHING_HERE


@pytest.mark.parametrize(
    ("by", "may"),
    [
        (HERE, True),
        (Asked("::1", {"host": "[::1]:9101"}), True),
        (Asked("127.0.0.1", {"host": "elsewhere.example:9101"}), False),
        (Asked("127.0.0.1", {}), False),
        (Asked("127.0.0.1", {"host": "localhost", "x-forwarded-for": "203.0.113.7"}), False),
        (Asked("203.0.113.7", {"host": "localhost"}), False),
        (Asked("203.0.113.7", {"authorization": f"Bearer {TOKEN}"}), True),
        (Asked("203.0.113.7", {"authorization": "Bearer another"}), False),
    ],
)
def test_programs_at_this_machine_and_those_with_the_token_may_read_them(
    by: Asked, may: bool, settings: Settings
) -> None:
    settings.TICKFOLIO_METRICS_TOKEN = TOKEN
    assert may_read(by) is may


def test_an_empty_token_is_nobodys(settings: Settings) -> None:
    settings.TICKFOLIO_METRICS_TOKEN = ""
    assert not may_read(Asked("203.0.113.7", {"authorization": "Bearer "}))
