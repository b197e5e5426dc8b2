"""Work that a person waits for: how far it is, and whether it shall stop.

It runs in the thread of the request that asked for it. What it tells is kept in this process alone, so that telling costs no
write and needs no lock of the database that it may hold itself; a process that is stopped takes it along, as it does the work.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

from tickfolio.errors import JobCancelled, TickfolioError
from tickfolio.words import phrase

KEPT_SECONDS = 600.0
"""How long one that has ended still says what came of it."""
MOST_KEPT = 500
EVERY = 64
"""After so many rows it is told how far it is, and asked whether it shall stop."""


class JobKind(StrEnum):
    """What is done."""

    READ_FILE = "read_file"
    CHOOSE = "choose"
    BOOK = "book"
    UNDO_IMPORT = "undo_import"
    UNDO_CHANGE = "undo_change"
    ACCEPT = "accept"
    EVERYTHING = "everything"


class Step(StrEnum):
    """What a job does with its rows, in this order; the last is of corporate actions and of nothing else."""

    READ = "read"
    CHECK = "check"
    PREPARE = "prepare"
    WRITE = "write"
    ACCEPT = "accept"


SHARES = {Step.READ: 15, Step.CHECK: 40, Step.PREPARE: 20, Step.WRITE: 25}
"""What part of the time each takes, of a hundred, as measured with files of 10,000 rows."""
OTHER_SHARES: Mapping[JobKind, Mapping[Step, int]] = {
    JobKind.UNDO_IMPORT: {Step.READ: 25, Step.CHECK: 25, Step.PREPARE: 20, Step.WRITE: 30},
    JobKind.UNDO_CHANGE: {Step.READ: 30, Step.CHECK: 25, Step.PREPARE: 10, Step.WRITE: 35},
    JobKind.ACCEPT: {Step.ACCEPT: 100},
}
"""The same of work that has not all of the steps, or others that weigh."""


class JobState(StrEnum):
    """How it is with a job."""

    RUNNING = "running"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"


class Progress:
    """What a service tells of its work. This one tells nobody, and is never cancelled."""

    def begin(self, step: Step, total: int = 0) -> None:
        """A step begins; `total` is the number of its rows, 0 where nobody knows it."""

    def done(self, count: int) -> None:
        """So many rows of the step are done."""

    def settle(self) -> None:
        """From here on it is too late to cancel: what comes next is the commit."""

    def round(self, number: int, rounds: int) -> None:
        """Of a job that goes through the steps several times, as for each of several files: which time it is, from 0."""

    def leads_to(self, address: str) -> None:
        """Where to look once it is done."""

    def over[T](self, rows: Sequence[T], step: Step) -> Iterator[T]:
        """The rows, one after another, each of which is done when the next is asked for."""
        self.begin(step, len(rows))
        for number, row in enumerate(rows):
            if number % EVERY == 0:
                self.done(number)
            yield row
        self.done(len(rows))


UNTOLD = Progress()


@dataclass(frozen=True, slots=True)
class JobView:
    """How far a job is.

    Attributes:
        name: what it is about, such as the name of a file.
        done, total: the rows of the step; a total of 0 where nobody knows it.
        percent: of the whole.
        address: where to look once it is over: at what came of it, or where it was begun.
        refusal: why it failed.
    """

    key: str
    name: str
    state: JobState
    step: Step
    done: int
    total: int
    percent: int
    is_stopping: bool
    address: str
    refusal: str


class LongJob(Progress):
    """One that is told of, and can be cancelled. Any thread may ask and cancel."""

    def __init__(
        self,
        key: str,
        name: str,
        address: str = "",
        *,
        shares: Mapping[Step, int] = SHARES,
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        """Takes what is called when it is settled: within the database transaction of the work, before its commit."""
        self._key, self._name = key, name
        self._shares, self._on_settled = shares, on_settled
        self._lock = threading.Lock()
        self._state, self._step = JobState.RUNNING, Step.READ
        self._done = self._total = self._percent = 0
        self._is_stopping = self._is_settled = False
        self._round, self._rounds = 0, 1
        self._address, self._refusal = address, ""
        self._ended_at: float | None = None

    def begin(self, step: Step, total: int = 0) -> None:
        """As of every progress; what begins again may be cancelled again.

        Raises:
            JobCancelled: somebody has cancelled it.
        """
        with self._lock:
            self._step, self._done, self._total, self._is_settled = step, 0, total, False
        self.done(0)

    def done(self, count: int) -> None:
        """As of every progress.

        Raises:
            JobCancelled: somebody has cancelled it.
        """
        with self._lock:
            self._refuse_cancelled()
            self._done = count
            before = sum(
                share for step, share in self._shares.items() if list(Step).index(step) < list(Step).index(self._step)
            )
            part = self._shares[self._step] * count // self._total if self._total else 0
            # One that was begun anew, since others booked meanwhile, does not run backwards.
            self._percent = max(self._percent, (100 * self._round + before + part) // self._rounds)

    def settle(self) -> None:
        """As of every progress.

        Raises:
            JobCancelled: somebody has cancelled it.
        """
        with self._lock:
            self._refuse_cancelled()
            self._is_settled = True
        self._on_settled()

    def round(self, number: int, rounds: int) -> None:
        """As of every progress.

        Raises:
            JobCancelled: somebody has cancelled it.
        """
        with self._lock:
            self._refuse_cancelled()
            self._round, self._rounds = number, rounds

    def cancel(self) -> None:
        """Has it stop at the next row. One that is over, or about to be committed, goes on as if nobody had asked.

        With rounds to come, what is about to be committed stays, and nothing comes after it.
        """
        with self._lock:
            is_last = self._round + 1 >= self._rounds
            if self._state is JobState.RUNNING and not (self._is_settled and is_last):
                self._is_stopping = True

    def leads_to(self, address: str) -> None:
        """As of every progress."""
        with self._lock:
            self._address = address

    def end(self, state: JobState, refusal: str = "") -> None:
        """Says what came of it."""
        with self._lock:
            self._state, self._refusal, self._ended_at = state, refusal, monotonic()
            if state is JobState.DONE:
                self._percent = 100

    def is_over_for(self, seconds: float) -> bool:
        """Whether it ended at least so long ago."""
        return self._ended_at is not None and monotonic() - self._ended_at >= seconds

    def view(self) -> JobView:
        """How far it is now."""
        with self._lock:
            return JobView(
                key=self._key,
                name=self._name,
                state=self._state,
                step=self._step,
                done=self._done,
                total=self._total,
                percent=self._percent,
                is_stopping=self._is_stopping,
                address=self._address,
                refusal=self._refusal,
            )

    def _refuse_cancelled(self) -> None:
        if self._is_stopping:
            raise JobCancelled(phrase("It was cancelled; nothing of it is kept."))


type Place = tuple[int, str]
"""Whose job it is, and of which portfolio; of none where that is empty."""


class JobBoard:
    """The jobs of this process, each seen by nobody but the person who began it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[tuple[Place, str], LongJob] = OrderedDict()

    @contextmanager
    def running(
        self,
        place: Place,
        key: str,
        name: str,
        address: str = "",
        *,
        shares: Mapping[Step, int] = SHARES,
        on_settled: Callable[[], None] = lambda: None,
    ) -> Iterator[LongJob]:
        """A job until the end of the block, which says what came of it. A key that is there already begins it anew."""
        job = LongJob(key, name, address, shares=shares, on_settled=on_settled)
        with self._lock:
            self._forget()
            self._jobs[place, key] = job
        try:
            yield job
        except JobCancelled:
            job.end(JobState.CANCELLED)
            raise
        except TickfolioError as refusal:
            job.end(JobState.FAILED, str(refusal))
            raise
        else:
            job.end(JobState.DONE)
        finally:
            if job.view().state is JobState.RUNNING:
                job.end(JobState.FAILED, phrase("The server could not do it. Its log says why."))

    def find(self, place: Place, key: str) -> LongJob | None:
        """A job by its key; None where there is none, or it ended long ago."""
        with self._lock:
            self._forget()
            return self._jobs.get((place, key))

    def unfinished(self, place: Place) -> tuple[JobView, ...]:
        """Those that run, the first to begin first."""
        with self._lock:
            views = [job.view() for (owner, _), job in self._jobs.items() if owner == place]
        return tuple(view for view in views if view.state is JobState.RUNNING)

    def _forget(self) -> None:
        over = [known for known, job in self._jobs.items() if job.is_over_for(KEPT_SECONDS)]
        ended = [known for known, job in self._jobs.items() if job.is_over_for(0)]
        for known in {*over, *ended[: max(0, len(ended) - MOST_KEPT)]}:
            del self._jobs[known]


board = JobBoard()
