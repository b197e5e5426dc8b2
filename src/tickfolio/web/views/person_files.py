"""Everything of a person as a file, out and in again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tickfolio.errors import ImportNotPossible, InvalidDraft, JobCancelled, StatementError
from tickfolio.persistence.tenancy import Person
from tickfolio.services import person_exports, person_imports
from tickfolio.services.imports import shown_name
from tickfolio.services.long_jobs import JobKind, Noted, Progress, Step
from tickfolio.services.person_imports import Turn
from tickfolio.statements.person_archives import PersonArchive, PortfolioOf
from tickfolio.web.actors import actor_of
from tickfolio.web.forms.person_files import PersonFileForm
from tickfolio.web.long_jobs import own_job_panel, told_of_own
from tickfolio.web.person_file_texts import Line, cancelled_line, gone_line, portfolio_line, refused_line, things_lines
from tickfolio.web.views.exports import streamed


@require_safe
def export_everything(request: HttpRequest) -> StreamingHttpResponse:
    """Everything of who asks, as a ZIP."""
    export = person_exports.export_everything(actor=actor_of(request))
    return streamed(request, export.pieces, content_type="application/zip", file_name=export.file_name)


@require_http_methods(["GET", "HEAD", "POST"])
def import_everything(request: HttpRequest) -> HttpResponse:
    """The place to hand in such a file; a POST brings in what is in it and says what became of each part."""
    if request.method != "POST":
        return _page(request, PersonFileForm())
    form = PersonFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    actor, file, here = actor_of(request), form.cleaned_data["file"], reverse("web:import_everything")
    noted = Noted(JobKind.EVERYTHING, shown_name(file.name or ""), here)
    lines: list[Line] = []
    try:
        with told_of_own(request, actor=actor, noted=noted) as progress:
            progress.begin(Step.READ)
            _bring(actor, PersonArchive(file), lines, progress)
            progress.leads_to(reverse("web:home"))
    except JobCancelled:
        return _page(request, PersonFileForm(), lines)
    except StatementError as refusal:
        form.add_error("file", str(refusal))
    except InvalidDraft as refusal:
        form.add_error("file", " ".join(refusal.errors.values()))
    else:
        return _page(request, PersonFileForm(), lines)
    return _page(request, form)


def _bring(actor: Person, archive: PersonArchive, lines: list[Line], progress: Progress) -> None:
    """Adds what became of each part; a portfolio that cannot be brought in keeps none of the others back.

    Raises:
        JobCancelled: the person does not want the rest any more, as the lines say; what was brought in before stays.
    """
    lines += things_lines(person_imports.person_things_take(actor=actor, document=archive.document))
    taken: set[str] = set()
    portfolios = archive.document.portfolios
    for number, described in enumerate(portfolios):
        try:
            lines.append(_portfolio(actor, archive, described, taken, Turn(number, len(portfolios)), progress))
        except JobCancelled:
            lines += (cancelled_line(each.name) for each in portfolios[number:])
            raise


def _portfolio(
    actor: Person, archive: PersonArchive, described: PortfolioOf, taken: set[str], turn: Turn, progress: Progress
) -> Line:
    if not archive.has(described.file):
        return gone_line(described.name)
    # Asked before a portfolio is made for it, too.
    progress.begin(Step.READ)
    try:
        with archive.portfolio(described.file) as apart:
            place = person_imports.portfolio_place(actor=actor, described=described, taken=taken)
            taken.add(place.portfolio_id)
            found = person_imports.portfolio_take(
                actor=actor, place=place, described=described, archive=apart, turn=turn, progress=progress
            )
    except (StatementError, ImportNotPossible) as refusal:
        return refused_line(described.name, str(refusal))
    except InvalidDraft as refusal:
        return refused_line(described.name, " ".join(refusal.errors.values()))
    return portfolio_line(found)


def _page(request: HttpRequest, form: PersonFileForm, lines: list[Line] | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "preferences",
        "form": form,
        "lines": lines,
        "was_stopped": "stopped" in request.GET,
        **own_job_panel(actor_of(request)),
    }
    return render(request, "people/import.html", context)
