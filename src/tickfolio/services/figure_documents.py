"""An explanation as data for programs, with what it is of.

**Source**: docs/reference/explained-figures.md, "As data".
"""

from __future__ import annotations

from datetime import UTC, datetime

from tickfolio.domain.explain.printing import Shown, as_data
from tickfolio.services.explanations import Explanation


def document_of(found: Explanation, tree: Shown) -> dict[str, object]:
    """The figure with its parameters, what it depends on, and as much of its tree as is shown."""
    known = found.frozen.known
    return {
        "figure": found.asked.figure,
        "params": dict(found.asked.params),
        "as_of": _moment(found.frozen.at),
        "ledger": known.head,
        "actions": known.actions,
        **({} if found.frozen.known_by is None else {"known_by": _moment(found.frozen.known_by)}),
        "token": found.token,
        "tree": as_data(tree),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
