"""One sentence about what was just done, shown once on the next page; with a way back where there is one."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest

_KEY = "flash"


@dataclass(frozen=True, slots=True)
class Flash:
    """What the next page says.

    Attributes:
        text: one sentence.
        undo: the address that takes it back by a POST; empty where it cannot be taken back.
        version: what is taken back, so that a later change of somebody else is not.
        has_amounts: whether its figures are amounts, which privacy mode hides, and not how many there are of something.
        is_long: whether the way back may take a while, and tells scripts how far it is.
        is_fault: whether it says what could not be done: such a sentence stays until it is read.
    """

    text: str
    undo: str = ""
    version: int = 0
    has_amounts: bool = False
    is_long: bool = False
    is_fault: bool = False


def flash_put(request: HttpRequest, flash: Flash) -> None:
    """Keeps it for the next page that this person opens."""
    request.session[_KEY] = asdict(flash)


def flash_taken(request: HttpRequest) -> Flash | None:
    """What there is to say, once."""
    session = getattr(request, "session", None)
    kept = session.pop(_KEY, None) if session is not None and _KEY in session else None
    return Flash(**kept) if isinstance(kept, dict) else None
