"""Who may look at the work that somebody waits for, and cancel it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.security.least import EDITOR, SIGNED_IN, Rule, ServiceRule
from tests.security.world import World
from tickfolio.services.long_jobs import JobKind, Noted

_KEY = "8a9a4f6e-0f5e-4c0e-9d8f-2f4f1f6f9b10"


def _keyed(_world: World) -> Mapping[str, Any]:
    return {"job_key": _KEY}


def _noted(_world: World) -> Mapping[str, Any]:
    return {"note_id": _KEY}


def _asked(_world: World) -> Mapping[str, Any]:
    return {"key": _KEY}


def _begun(_world: World) -> Mapping[str, Any]:
    return {"key": _KEY, "name": "Reading trades.csv", "noted": Noted(JobKind.READ_FILE, "trades.csv", "/")}


_JOB = "portfolios/<uuid:portfolio_id>/jobs/<uuid:job_key>/"
_OWN = "preferences/import/jobs/<uuid:job_key>/"
JOB_ADDRESSES = {
    _JOB: Rule(get=EDITOR, ids=_keyed),
    f"{_JOB}cancel/": Rule(post=EDITOR, ids=_keyed, writes=False),
    _OWN: Rule(get=SIGNED_IN, ids=_keyed),
    "jobs/<uuid:note_id>/dismiss/": Rule(post=SIGNED_IN, ids=_noted, writes=False),
    f"{_OWN}cancel/": Rule(post=SIGNED_IN, ids=_keyed, writes=False),
}
JOB_SERVICES = {
    "long_jobs.job_running": ServiceRule(EDITOR, "IMPORT_BOOK", _begun),
    "long_jobs.job_view": ServiceRule(EDITOR, "IMPORT_BOOK", _asked),
    "long_jobs.job_cancel": ServiceRule(EDITOR, "IMPORT_BOOK", _asked),
    "long_jobs.jobs_unfinished": ServiceRule(EDITOR, "IMPORT_BOOK"),
}
