"""How far work is, and how it is cancelled."""

from __future__ import annotations

import pytest

from tickfolio.errors import ImportNotPossible, JobCancelled
from tickfolio.runtime import long_jobs
from tickfolio.runtime.long_jobs import EVERY, SHARES, UNTOLD, JobBoard, JobState, LongJob, Step

MINE, HERS = (1, "p"), (2, "p")


def test_a_step_says_how_many_of_its_rows_are_done_and_the_whole_only_grows() -> None:
    job = LongJob("k", "Reading trades.csv")
    percents, counts = [], []
    for step in SHARES:
        for _row in job.over(range(3 * EVERY), step):
            percents.append(job.view().percent)
            counts.append(job.view().done)
        assert (job.view().step, job.view().done, job.view().total) == (step, 3 * EVERY, 3 * EVERY)
    assert percents == sorted(percents)
    assert set(counts) == {0, EVERY, 2 * EVERY}
    assert job.view().percent == 100


def test_one_that_begins_anew_does_not_run_backwards() -> None:
    job = LongJob("k", "")
    list(job.over(range(10), Step.PREPARE))
    before = job.view().percent
    job.begin(Step.READ)
    assert (job.view().percent, job.view().total) == (before, 0)


def test_a_cancelled_job_stops_at_a_row_soon() -> None:
    job = LongJob("k", "")
    seen = 0

    def work() -> None:
        nonlocal seen
        for _row in job.over(range(10_000), Step.CHECK):
            seen += 1
            job.cancel()

    with pytest.raises(JobCancelled):
        work()
    assert seen == EVERY
    assert job.view().is_stopping
    with pytest.raises(JobCancelled):
        job.begin(Step.WRITE)
    with pytest.raises(JobCancelled):
        job.settle()


def test_what_is_settled_is_cancelled_no_more_unless_it_begins_anew() -> None:
    job = LongJob("k", "")
    job.settle()
    job.cancel()
    job.done(1)
    assert not job.view().is_stopping
    job.begin(Step.READ)
    job.cancel()
    with pytest.raises(JobCancelled):
        job.done(1)


def test_work_that_is_told_to_nobody_goes_through_all_rows() -> None:
    assert list(UNTOLD.over([1, 2, 3], Step.WRITE)) == [1, 2, 3]
    UNTOLD.settle()
    UNTOLD.leads_to("/somewhere")


def test_a_board_says_what_came_of_a_job_to_who_began_it_alone() -> None:
    board = JobBoard()
    with board.running(MINE, "a", "Reading", "/import/") as job:
        assert [view.key for view in board.unfinished(MINE)] == ["a"]
        assert board.unfinished(HERS) == ()
        assert board.find(HERS, "a") is None
        assert board.find(MINE, "a") is job
        job.leads_to("/import/1/")
    view = job.view()
    assert (view.state, view.address, view.percent) == (JobState.DONE, "/import/1/", 100)
    assert board.unfinished(MINE) == ()
    assert board.find(MINE, "a") is job


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (JobCancelled("enough"), JobState.CANCELLED, ""),
        (ImportNotPossible("Book again."), JobState.FAILED, "Book again."),
        (ZeroDivisionError("inner"), JobState.FAILED, "The server could not do it. Its log says why."),
    ],
)
def test_a_board_says_why_a_job_came_to_nothing(error: Exception, state: JobState, said: str) -> None:
    board = JobBoard()
    with pytest.raises(type(error)), board.running(MINE, "a", "", "/import/"):
        raise error
    found = board.find(MINE, "a")
    assert found is not None
    assert (found.view().state, found.view().refusal, found.view().address) == (state, said, "/import/")
    found.cancel()
    assert not found.view().is_stopping


def test_a_job_that_ended_long_ago_is_forgotten_and_one_that_runs_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    board, now = JobBoard(), [100.0]
    monkeypatch.setattr(long_jobs, "monotonic", lambda: now[0])
    with board.running(MINE, "runs", ""):
        with board.running(MINE, "ended", ""):
            pass
        now[0] += long_jobs.KEPT_SECONDS - 1
        assert board.find(MINE, "ended") is not None
        now[0] += 1
        assert board.find(MINE, "ended") is None
        assert board.find(MINE, "runs") is not None


def test_only_so_many_ended_jobs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_jobs, "MOST_KEPT", 2)
    board = JobBoard()
    for key in "abcd":
        with board.running(MINE, key, ""):
            pass
    assert [key for key in "abcd" if board.find(MINE, key)] == ["c", "d"]


def test_rounds_share_the_whole_and_what_is_cancelled_at_a_commit_stops_after_it() -> None:
    job = LongJob("k", "")
    for number in range(2):
        job.round(number, 2)
        for step in SHARES:
            list(job.over(range(3), step))
        assert job.view().percent == 50 * (number + 1)
    job.round(0, 2)
    job.settle()
    job.cancel()
    assert job.view().is_stopping
    with pytest.raises(JobCancelled):
        job.round(1, 2)
    UNTOLD.round(1, 2)
