import json
import subprocess
import sys

SCRIPT = """
import logging, structlog
from threading import Thread
from tickfolio.runtime.logs import configure_logs, mark_lines
configure_logs({log_format!r})
mark_lines(web=2)
structlog.get_logger("ours").info("engine.started", instruments=5)
logging.getLogger("theirs").warning("something %s", "odd")
logging.getLogger("uvicorn.error").info("chatter")
logging.getLogger("uvicorn.error").error("ASGI callable returned without completing handshake.")
password = "hunter2"
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("ours").exception("record.failed")
thread = Thread(target=lambda: logging.getLogger("pool").warning("from a thread"))
thread.start()
thread.join()
print("an answer")
"""


def logged(log_format: str) -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(log_format=log_format)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)


def test_json_logs_are_one_object_a_line_whoever_wrote_them() -> None:
    result = logged("json")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["engine.started", "something odd", "record.failed", "from a thread"]
    assert lines[0]["instruments"] == 5
    assert [line["web"] for line in lines] == [2] * len(lines)
    assert lines[2]["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert "hunter2" not in result.stderr
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_logs_go_to_standard_error_and_answers_to_standard_output() -> None:
    result = logged("console")
    assert result.stdout == "an answer\n"
    assert "engine.started" in result.stderr
    assert "ZeroDivisionError" in result.stderr
    assert "hunter2" not in result.stderr
    assert "chatter" not in result.stderr


OUTAGE = """
import logging
import psycopg
from django.db import OperationalError
from tickfolio.runtime.logs import configure_logs
configure_logs("json")
requests = logging.getLogger("django.request")
for error in (OperationalError("refused"), OperationalError("disk I/O error"), ValueError("odd")):
    if "refused" in str(error):
        error.__cause__ = psycopg.OperationalError("refused")
    requests.error("%s: %s", "Service Unavailable", "/", exc_info=(type(error), error, None))
requests.error("%s: %s", "Service Unavailable", "/readyz")
requests.error("%s: %s", "Internal Server Error", "/readyz", exc_info=(ValueError, error, None))
"""


def test_a_request_that_failed_for_want_of_the_database_is_one_line_and_other_failures_have_their_trace() -> None:
    result = subprocess.run([sys.executable, "-c", OUTAGE], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    events = [*["Service Unavailable: /"] * 3, "Internal Server Error: /readyz"]
    assert [line["event"] for line in lines] == events
    assert ["exception" in line for line in lines] == [False, True, True, True]
