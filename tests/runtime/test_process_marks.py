"""Whether the process that a mark names may still do what it was about."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tickfolio.runtime.process_marks import LONGEST, MAX_MARK, mark_here, may_live

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)


def of(number: object, host: str | None = None) -> str:
    """The mark of another process."""
    return f"{number} another {mark_here().split(' ', 2)[2] if host is None else host}"


def test_what_this_process_does_goes_on_however_long_it_takes() -> None:
    assert len(mark_here()) <= MAX_MARK
    assert may_live(mark_here(), since=NOW - timedelta(days=1), now=NOW)


def test_a_process_of_this_machine_that_is_gone_does_nothing_any_more() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert not may_live(of(child.pid), since=NOW, now=NOW)
    # After a restart in a container this one has the number of the one before.
    assert not may_live(of(os.getpid()), since=NOW, now=NOW)
    assert not may_live(of("?"), since=NOW, now=NOW)


def test_a_number_that_is_taken_and_another_machine_are_believed_for_a_while() -> None:
    for mark in (of(os.getppid()), of(1, "elsewhere")):
        assert may_live(mark, since=NOW - LONGEST + timedelta(seconds=1), now=NOW)
        assert not may_live(mark, since=NOW - LONGEST, now=NOW)


def test_a_process_of_somebody_else_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_number: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refused)
    assert may_live(of(os.getppid()), since=NOW, now=NOW)
