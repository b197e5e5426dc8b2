"""What the processes of one `tickfolio web` came to, so that whichever of them is asked tells of all.

The parent makes a file without a name and hands it down. Each child writes its figures into a place of its own every second;
one that is asked reads the places of the others. Nobody waits for anybody, and who has died or hangs is told of no longer.
"""

from __future__ import annotations

import os
import struct
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.live_report import LiveReport

TELL_SECONDS = 1.0
OLDEST_SECONDS = 10.0
"""Who has told nothing for so long is stuck: its figures would stand still, as if nothing went on."""
PLACE_BYTES = 16 * 1024
TRIES = 5
_HEAD = struct.Struct("!II")


@dataclass(frozen=True, slots=True)
class ProcessReport:
    """What one process came to since its start.

    Attributes:
        live: the live path; None before its engine runs.
        audit: the running audit; None where none runs.
        pool: what the pool of the database counts; empty where there is none.
    """

    live: LiveReport | None
    audit: AuditReport | None
    pool: Mapping[str, int]


class _Told(msgspec.Struct, frozen=True):
    at: float
    report: ProcessReport


class ReportBoard:
    """The places of processes 1, 2, …, in a file that all of them have open; times are of the machine's monotonic clock."""

    def __init__(self, descriptor: int, *, processes: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.descriptor = descriptor
        self.processes = processes
        self._monotonic = monotonic
        self._decoder = msgspec.json.Decoder(_Told)

    def tell(self, process: int, report: ProcessReport) -> None:
        """Puts the figures of `process` in the place of those before.

        Raises:
            OSError: the file cannot be written.
        """
        body = msgspec.json.encode(_Told(self._monotonic(), report))
        os.pwrite(self.descriptor, _HEAD.pack(len(body), zlib.crc32(body)) + body, process * PLACE_BYTES)

    def clear(self, process: int) -> None:
        """Forgets the figures of a process that has ended."""
        os.pwrite(self.descriptor, bytes(_HEAD.size), process * PLACE_BYTES)

    def heard(self) -> dict[int, ProcessReport]:
        """By process, in their order, what was told lately."""
        oldest = self._monotonic() - OLDEST_SECONDS
        told = {number: self._read(number) for number in range(1, self.processes + 1)}
        return {number: one.report for number, one in told.items() if one is not None and one.at >= oldest}

    def _read(self, process: int) -> _Told | None:
        """None where nothing is told; a place that is being written this moment is read again."""
        for _ in range(TRIES):
            place = os.pread(self.descriptor, PLACE_BYTES, process * PLACE_BYTES)
            if len(place) < _HEAD.size:
                return None
            length, check = _HEAD.unpack_from(place)
            if not length:
                return None
            body = place[_HEAD.size : _HEAD.size + length]
            if zlib.crc32(body) == check:
                return self._decoder.decode(body)
        return None


def new_board(folder: Path, *, processes: int) -> ReportBoard:
    """An empty board, on the disk of `folder`; it goes when the last process that has it open has ended."""
    with tempfile.TemporaryFile(dir=folder) as file:
        return ReportBoard(os.dup(file.fileno()), processes=processes)
