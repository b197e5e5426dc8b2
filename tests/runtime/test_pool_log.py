"""What is told of the pool's many complaints."""

from __future__ import annotations

import inspect
import logging

from psycopg_pool import pool
from structlog.testing import capture_logs

from tickfolio.runtime.pool_log import AGAIN_SECONDS, FAILED, POOL_LOGGER, REACHED, PoolOutages

SEVERAL_LINES = OSError("connection failed: refused\n\tIs the server running?")


class Told:
    """A filter with a time of its own."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.outages = PoolOutages(monotonic=lambda: self.now)

    def says(self, text: str, *args: object, level: int = logging.WARNING, after: float = 0.25) -> None:
        self.now += after
        record = logging.LogRecord(POOL_LOGGER, level, __file__, 1, text, args, None)
        assert not self.outages.filter(record)

    def fails(self, *, after: float = 0.25) -> None:
        self.says(FAILED, "pool-1", SEVERAL_LINES, after=after)


def test_an_outage_is_a_line_at_its_beginning_one_a_minute_and_one_at_its_end() -> None:
    told = Told()
    with capture_logs() as lines:
        told.says(REACHED, level=logging.INFO)
        for _ in range(8):
            told.fails()
            told.says("reconnection attempt in pool %r failed after %s sec", "pool-1", 2)
            told.says("discarding broken connection: %s", "it")
        assert [line["event"] for line in lines] == ["database.out_of_reach"]
        told.fails(after=AGAIN_SECONDS)
        told.says(REACHED, level=logging.INFO)
        told.says(REACHED, level=logging.INFO)
        told.fails()
    assert [line["event"] for line in lines] == [
        "database.out_of_reach",
        "database.out_of_reach",
        "database.in_reach",
        "database.out_of_reach",
    ]
    assert lines[0]["reason"] == "connection failed: refused Is the server running?"
    assert lines[2]["seconds"] >= AGAIN_SECONDS


def test_what_else_it_complains_of_is_told_once_a_minute_on_one_line() -> None:
    told = Told()
    with capture_logs() as lines:
        for _ in range(3):
            told.says("rolling back returned connection: %s", "one\n\ttwo")
        told.says("connection requested from %r", "pool-1", level=logging.INFO)
    assert [(line["event"], line["reason"]) for line in lines] == [
        ("database.connection_dropped", "rolling back returned connection: one two")
    ]


def test_the_pool_says_so_in_these_words() -> None:
    source = inspect.getsource(pool)
    assert POOL_LOGGER in source
    assert f'"{FAILED}"' in source
    assert f'"{REACHED}"' in source
