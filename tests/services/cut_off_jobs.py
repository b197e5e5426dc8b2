"""Work whose process was killed, as it left its note."""

from __future__ import annotations

from datetime import datetime

from tickfolio.persistence.models import JobNote
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.job_notes import Noted, job_note

KILLED = "0 of-a-process-that-is-gone"


def cut_off(actor: Person, portfolio_id: str, noted: Noted, *, at: datetime | None = None) -> str:
    """Leaves a note of a process of this machine that is gone; gives its id."""
    note = job_note(actor=actor, portfolio_id=portfolio_id, noted=noted)
    rows = JobNote.objects.for_actor(actor).filter(pk=note)
    mark = rows.get().process.split(" ", 2)[2]
    rows.update(process=f"{KILLED} {mark}", begun_at=at or SystemClock().now())
    return note
