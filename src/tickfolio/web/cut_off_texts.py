"""What is done while somebody waits, in words; and what is said of it where the server was stopped before it was done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import Resolver404, resolve, reverse

from tickfolio.errors import NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.services.imports import import_view
from tickfolio.services.job_notes import CutOffJob, job_dismiss, jobs_cut_off
from tickfolio.services.long_jobs import JobKind, Noted
from tickfolio.words import marked_phrase, phrase

_DOING = {
    JobKind.READ_FILE: marked_phrase("Reading {file_name}"),
    JobKind.CHOOSE: marked_phrase("Checking {file_name}"),
    JobKind.BOOK: marked_phrase("Booking {file_name}"),
    JobKind.UNDO_IMPORT: marked_phrase("Undoing the import of {file_name}"),
    JobKind.UNDO_CHANGE: marked_phrase("Undoing a change"),
    JobKind.ACCEPT: marked_phrase("Accepting corporate actions"),
    JobKind.EVERYTHING: marked_phrase("Importing {file_name}"),
}
_LEFT = {
    JobKind.READ_FILE: marked_phrase("Nothing of it is kept or booked: hand the file in again."),
    JobKind.CHOOSE: marked_phrase("Nothing is booked, and the preview is as it was: press Apply in it again."),
    JobKind.BOOK: marked_phrase("Nothing of it is booked: open its preview and book it again."),
    JobKind.UNDO_IMPORT: marked_phrase("Nothing of it is undone: all of the import is still booked. Undo it again."),
    JobKind.UNDO_CHANGE: marked_phrase("Nothing of it is undone: the transactions are as the change left them."),
    JobKind.ACCEPT: marked_phrase("What was booked until then is booked; the others still wait. Accept all again."),
    JobKind.EVERYTHING: marked_phrase(
        "Portfolios that were in by then are in as a whole, nothing of the others is. Import the file again: what is here "
        "already stays as it is."
    ),
}
_GONE = marked_phrase("Nothing of it is booked, and its preview is over: hand the file in again.")
_NOTES = {
    JobKind.UNDO_IMPORT: marked_phrase("the server was stopped; all is still booked"),
    JobKind.UNDO_CHANGE: marked_phrase("the server was stopped; nothing is undone"),
    JobKind.ACCEPT: marked_phrase("the server was stopped; the others still wait"),
    JobKind.EVERYTHING: marked_phrase("the server was stopped; import the file again"),
}
_NOTHING_BOOKED = marked_phrase("the server was stopped; nothing of it is booked")
_PLACES = {JobKind.UNDO_CHANGE: "web:transactions", JobKind.ACCEPT: "web:actions"}


@dataclass(frozen=True, slots=True)
class CutOffText:
    """Work that went with the server.

    Attributes:
        what: that it did not come to its end.
        left: what is there now, and what to do.
        link: where it can be done, where that is another page.
    """

    id: str
    what: str
    left: str
    link: str


def doing_text(noted: Noted | CutOffJob) -> str:
    """What is done, with what."""
    return phrase(_DOING[noted.kind], file_name=noted.subject)


def cut_off_texts(actor: Person, portfolio_id: str) -> tuple[CutOffText, ...]:
    """What of this person went with the server in a portfolio, or outside of all where that is empty."""
    return tuple(_text(actor, each) for each in jobs_cut_off(actor=actor) if each.portfolio_id == portfolio_id)


def unfinished_text(job: CutOffJob) -> str:
    """That it did not come to its end, as a heading."""
    return phrase("{doing} did not finish", doing=doing_text(job))


def note_text(job: CutOffJob) -> str:
    """What is there now, in few words."""
    return phrase(_NOTES.get(job.kind, _NOTHING_BOOKED))


def told_at(job: CutOffJob) -> str:
    """The page that tells of it and has the way on: not the place where it was begun, which may be gone."""
    if not job.portfolio_id:
        return reverse("web:import_everything")
    return reverse(_PLACES.get(job.kind, "web:import_file"), args=[job.portfolio_id])


def dismissed(actor: Person, note: str) -> str:
    """Tells no more of one; the page that told of it, or Home where nothing did."""
    job = job_dismiss(actor=actor, note=note)
    return reverse("web:home") if job is None else told_at(job)


def _text(actor: Person, job: CutOffJob) -> CutOffText:
    batch_id = _batch_of(job.address)
    is_gone = bool(batch_id) and not _is_there(actor, job.portfolio_id, batch_id)
    return CutOffText(
        id=job.id,
        what=phrase("{doing} did not finish: the server was stopped meanwhile.", doing=doing_text(job)),
        left=phrase(_GONE if is_gone else _LEFT[job.kind]),
        link="" if is_gone or not batch_id else job.address,
    )


def _batch_of(address: str) -> str:
    try:
        return str(resolve(address).kwargs.get("batch_id", ""))
    except Resolver404:
        return ""


def _is_there(actor: Person, portfolio_id: str, batch_id: str) -> bool:
    try:
        import_view(actor=actor, portfolio_id=portfolio_id, batch_id=batch_id)
    except NotFound:
        return False
    return True
