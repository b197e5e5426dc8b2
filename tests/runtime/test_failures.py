from __future__ import annotations

import psycopg
import pytest
import structlog
from django.db import OperationalError
from structlog.testing import capture_logs

from tickfolio.errors import LeaseLost
from tickfolio.runtime.failures import is_foreseen, tell


def outage() -> OperationalError:
    error = OperationalError("connection\nrefused")
    error.__cause__ = psycopg.OperationalError("refused")
    return error


@pytest.mark.parametrize("error", [outage(), LeaseLost("connection refused")])
def test_what_is_foreseen_is_one_line(error: Exception) -> None:
    with capture_logs() as lines:
        tell(structlog.get_logger(), "record.failed", error, loop="recorder")
    assert is_foreseen(error)
    assert lines == [
        {"event": "record.failed", "log_level": "warning", "reason": "connection refused", "loop": "recorder"}
    ]


@pytest.mark.parametrize("error", [OperationalError("disk I/O error"), RuntimeError("odd")])
def test_of_anything_else_the_way_to_it_is_told(error: Exception) -> None:
    with capture_logs() as lines:
        tell(structlog.get_logger(), "record.failed", error)
    assert not is_foreseen(error)
    assert lines == [{"event": "record.failed", "log_level": "error", "exc_info": error}]
