"""What the processes at one port tell one another: through a real file, at times that the tests say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.live.market import SetClock
from tickfolio.live.tally import BUS_BOUNDS, Histogram, Tally
from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.live_report import LiveReport
from tickfolio.runtime.process_reports import OLDEST_SECONDS, PLACE_BYTES, ProcessReport, ReportBoard, new_board


def report(frames: int) -> ProcessReport:
    tally = Tally(v1_sockets=3, frames=frames)
    tally.tick_to_send.observe(0.2, count=5)
    lag = Histogram(BUS_BOUNDS)
    lag.observe(0.0007)
    return ProcessReport(LiveReport(tally, 2, 1, lag), AuditReport(audited=4), {"pool_size": 3})


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def board(tmp_path: Path, clock: SetClock) -> ReportBoard:
    made = new_board(tmp_path, processes=3)
    return ReportBoard(made.descriptor, processes=3, monotonic=clock.monotonic)


def test_what_was_told_last_is_heard_as_it_was(board: ReportBoard) -> None:
    assert board.heard() == {}
    for number in (1, 3):
        board.tell(number, report(99))
        board.tell(number, report(number))
    assert board.heard() == {1: report(1), 3: report(3)}


def test_who_is_silent_and_who_has_died_are_told_of_no_longer(board: ReportBoard, clock: SetClock) -> None:
    board.tell(1, report(1))
    clock.pass_seconds(OLDEST_SECONDS - 1)
    board.tell(2, report(2))
    board.tell(3, report(3))
    assert list(board.heard()) == [1, 2, 3]
    clock.pass_seconds(2)
    assert list(board.heard()) == [2, 3]
    board.clear(3)
    assert list(board.heard()) == [2]


def test_a_place_that_was_written_in_part_is_passed_over(board: ReportBoard) -> None:
    board.tell(1, report(1))
    board.tell(2, report(2))
    os.pwrite(board.descriptor, b"9", PLACE_BYTES + 100)
    assert list(board.heard()) == [2]


def test_the_longest_figures_fit_their_place(board: ReportBoard) -> None:
    most = 2**53
    counts = dict.fromkeys(("plain_sockets", "v1_sockets", "frames", "sent_bytes", "skips", "cut", "withheld"), most)
    times = [Histogram(counts=[most] * 14, total=1 / 3) for _ in range(2)]
    tally = Tally(**counts, tick_to_send=times[0], tick_to_paint=times[1])
    lag = Histogram(BUS_BOUNDS, [most] * 15, 1 / 3)
    names = ("pool_size", "pool_available", "requests_waiting", "requests_num", "requests_wait_ms", "requests_errors")
    whole = ProcessReport(LiveReport(tally, most, most, lag), AuditReport(*[most] * 4), dict.fromkeys(names, most))
    board.tell(1, whole)
    board.tell(2, whole)
    assert board.heard() == {1: whole, 2: whole}


def test_the_file_has_no_name(tmp_path: Path) -> None:
    new_board(tmp_path, processes=2)
    assert list(tmp_path.iterdir()) == []
