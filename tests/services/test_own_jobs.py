"""Long work outside of any portfolio: seen and cancelled by nobody but who began it."""

from __future__ import annotations

import pytest

from tests.services.ledger_entries import person
from tickfolio.errors import JobCancelled
from tickfolio.runtime.long_jobs import JobKind, JobState, Step
from tickfolio.services.job_notes import Noted
from tickfolio.services.own_jobs import own_job_cancel, own_job_running, own_job_view, own_jobs_unfinished

pytestmark = pytest.mark.django_db
KEY = "8a9a4f6e-0f5e-4c0e-9d8f-2f4f1f6f9b10"
IMPORTING = Noted(JobKind.EVERYTHING, "mine.zip", "/here/")


def test_who_began_it_sees_and_cancels_it_and_nobody_else() -> None:
    alice, bob = person("alice"), person("bob")
    with own_job_running(actor=alice, key=KEY, name="Importing mine.zip", noted=IMPORTING) as job:
        assert [each.name for each in own_jobs_unfinished(actor=alice)] == ["Importing mine.zip"]
        assert own_jobs_unfinished(actor=bob) == ()
        assert own_job_view(actor=bob, key=KEY) is None
        assert own_job_cancel(actor=bob, key=KEY) is None
        job.begin(Step.READ)
        stopping = own_job_cancel(actor=alice, key=KEY)
        assert stopping is not None
        assert stopping.is_stopping
        with pytest.raises(JobCancelled):
            job.begin(Step.CHECK)
    view = own_job_view(actor=alice, key=KEY)
    assert view is not None
    assert view.state is JobState.DONE
    assert own_jobs_unfinished(actor=alice) == ()
