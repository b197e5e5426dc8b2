"""Whether PostgreSQL is within reach: known once for all, and looked after until it is back."""

from __future__ import annotations

import sqlite3
import threading

import psycopg
import pytest
from django.db import OperationalError

from tickfolio.runtime.database_reach import DatabaseReach, is_out_of_reach


def test_one_failure_says_nothing_until_somebody_waited_in_vain() -> None:
    reach = DatabaseReach(again_seconds=0)
    assert not reach.got_none(pytest.fail)  # the others had all connections
    reach.failed("too many clients")
    assert reach.lost is None
    reach.connected()
    assert not reach.got_none(pytest.fail)


def test_one_thread_tries_until_it_is_back_and_nobody_else_does() -> None:
    reach, tries = DatabaseReach(again_seconds=0.001), list[threading.Thread]()
    was_tried, may_succeed = threading.Event(), threading.Event()

    def connect() -> None:
        tries.append(threading.current_thread())
        was_tried.set()
        if may_succeed.is_set():
            reach.connected()

    reach.failed("refused")
    assert reach.got_none(connect)
    assert reach.got_none(pytest.fail)
    assert reach.lost == "refused"
    assert was_tried.wait(60)
    may_succeed.set()
    tries[0].join(60)
    assert not reach.got_none(pytest.fail)
    assert len(set(tries)) == 1


def raised(cause: Exception) -> OperationalError:
    error = OperationalError("no")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_gone"),
    [
        (raised(psycopg.OperationalError("connection refused")), True),
        (raised(psycopg.errors.AdminShutdown("terminating")), True),
        (raised(psycopg.errors.ConnectionFailure("lost")), True),
        (raised(psycopg.errors.DeadlockDetected("deadlock")), False),
        (raised(sqlite3.OperationalError("database is locked")), False),
        (OperationalError("database is locked"), False),
        (ValueError("no"), False),
        (None, False),
    ],
)
def test_what_is_no_matter_of_the_connection_is_not_taken_for_one(error: Exception | None, is_gone: bool) -> None:
    assert is_out_of_reach(error) is is_gone
