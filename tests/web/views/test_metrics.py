"""`/metrics`: for programs at this machine, and for those that have the token."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests.live.market import AAPL
from tests.services.feeds_told import held, live_instance, report, tell
from tickfolio.live.tally import Tally
from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.live_report import LiveReport
from tickfolio.runtime.process_reports import ProcessReport
from tickfolio.web.views.metrics import metrics

pytestmark = pytest.mark.django_db
TOKEN = "the-token-of-the-metrics"
ELSEWHERE = {"X-Forwarded-For": "203.0.113.7"}


class Service:
    """What the server carries beside requests."""

    processes: dict[int, ProcessReport] = {}  # noqa: RUF012  # replaced, never changed

    def audit_report(self) -> AuditReport:
        return AuditReport(audited=12, mismatches=1)

    def live_report(self) -> LiveReport:
        tally = Tally()
        tally.frames = 34
        return LiveReport(tally, portfolios=2, rejected_ticks=0)

    def process_reports(self) -> dict[int, ProcessReport]:
        return self.processes


def test_a_program_at_this_machine_reads_them(client: Client) -> None:
    live_instance()
    tell(report(), quarantine={AAPL: held("5.015")})
    answer = client.get("/metrics", headers={"Host": "localhost"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    text = answer.content.decode()
    assert 'tickfolio_feed_state{feed="yahoo",state="live"} 1.0' in text
    assert "tickfolio_held_prices 1.0" in text
    assert 'tickfolio_histories{state="failed"} 0.0' in text
    assert "tickfolio_calendars_expiring 0.0" in text
    assert "tickfolio_audit" not in text


def test_the_audit_and_the_live_path_of_this_process_are_among_them(rf: RequestFactory) -> None:
    request = rf.get("/metrics", headers={"Host": "localhost"})
    request.scope = {"state": {"service": Service()}}  # type: ignore[attr-defined]  # as the server's requests have it
    text = metrics(request).content.decode()
    assert "tickfolio_audit_mismatches_total 1.0" in text
    assert "tickfolio_frames_total 34.0" in text


def test_of_several_processes_all_are_told_whichever_answers(rf: RequestFactory) -> None:
    service = Service()
    service.processes = {
        number: ProcessReport(service.live_report(), AuditReport(audited=number), {}) for number in (1, 2)
    }
    request = rf.get("/metrics", headers={"Host": "localhost"})
    request.scope = {"state": {"service": service}}  # type: ignore[attr-defined]  # as the server's requests have it
    text = metrics(request).content.decode()
    assert 'tickfolio_frames_total{process="1"} 34.0' in text
    assert 'tickfolio_frames_total{process="2"} 34.0' in text
    assert 'tickfolio_audit_valuations_total{process="2"} 2.0' in text
    assert text.count("# TYPE tickfolio_frames_total counter") == 1
    assert "tickfolio_frames_total 34.0" not in text


def test_with_the_token_they_are_read_from_elsewhere(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_METRICS_TOKEN = TOKEN
    for scheme in ("Bearer", "bearer"):
        answer = client.get("/metrics", headers={**ELSEWHERE, "Authorization": f"{scheme} {TOKEN}"})
        assert answer.status_code == 200


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ä"])
@pytest.mark.parametrize("token", [TOKEN, ""])
def test_everybody_else_finds_nothing(client: Client, settings: Settings, token: str, given: str) -> None:
    settings.TICKFOLIO_METRICS_TOKEN = token
    answer = client.get("/metrics", headers={**ELSEWHERE, "Authorization": given})
    assert answer.status_code == 404
    assert b"token" not in answer.content


def test_another_machine_and_another_name_are_elsewhere(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"Host": "localhost"}).status_code == 404
    assert client.get("/metrics", headers={"Host": "tickfolio.example.org"}).status_code == 404


def test_only_reading_is_there(client: Client) -> None:
    assert client.post("/metrics", headers={"Host": "localhost"}).status_code == 405
