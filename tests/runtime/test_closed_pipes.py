"""Output whose reader has seen enough."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

import pytest

from tickfolio.runtime.closed_pipes import until_nobody_reads


@contextmanager
def unread() -> Iterator[TextIO]:
    """The standard output as a pipe whose reader is gone; within a test, as pytest puts its own in place between phases."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out, redirect_stdout(out):
        yield out


def test_a_command_that_writes_into_a_closed_pipe_ends_as_by_its_signal() -> None:
    with unread() as out:

        def write() -> int:
            out.write("a line\n" * 100_000)
            return 0

        assert until_nobody_reads(write) == 141
        out.write("nothing is said of what comes after")


def test_what_was_kept_back_to_the_end_is_no_error_either() -> None:
    with unread() as out:

        def write() -> int:
            out.write("a short line\n")
            raise SystemExit(1)

        assert until_nobody_reads(write) == 141


def test_an_exit_code_is_handed_on_where_all_is_read() -> None:
    assert until_nobody_reads(lambda: 2) == 2
    with pytest.raises(SystemExit):
        until_nobody_reads(lambda: sys.exit(1))
