"""Files read in: handed in, previewed, decided about, booked, undone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tickfolio.errors import ImportNotPossible, InvalidValue, JobCancelled, StatementError
from tickfolio.persistence.tenancy import Person
from tickfolio.services import import_bookings, imports, people, portfolios
from tickfolio.services.import_besides import Standing
from tickfolio.services.import_bookings import Booking
from tickfolio.services.imports import Fate, Preview
from tickfolio.services.long_jobs import JobKind, Noted
from tickfolio.services.portfolios import PortfolioView
from tickfolio.statements.archives import Archive, is_archive
from tickfolio.web.actors import actor_of
from tickfolio.web.beside_texts import beside_lines
from tickfolio.web.figures import count_text
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.imports import ChoicesForm, UploadForm
from tickfolio.web.import_texts import FATES, FORMAT_NAMES, batch_text, cash_texts, chips, row_text
from tickfolio.web.long_jobs import job_panel, led, told
from tickfolio.web.page_numbers import page_number
from tickfolio.words import phrase


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """The place to hand in a file; a POST reads it and leads to its preview."""
    actor, portfolio = _place(request, portfolio_id)
    if request.method != "POST":
        return _upload_page(request, actor, portfolio, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, actor, portfolio, form)
    file = form.cleaned_data["file"]
    beginning = file.read(4)
    file.seek(0)
    here, name = reverse("web:import_file", args=[portfolio.id]), imports.shown_name(file.name or "")
    noted = Noted(JobKind.READ_FILE, name, here)
    try:
        with told(request, actor=actor, portfolio_id=portfolio.id, noted=noted) as progress:
            batch_id = imports.import_preview(
                actor=actor,
                portfolio_id=portfolio.id,
                content=Archive(file) if is_archive(beginning) else file.read(),
                file_name=name,
                reading=form.reading(),
                progress=progress,
            )
            progress.leads_to(_batch_address(portfolio, batch_id))
    except JobCancelled:
        flash_put(request, Flash(phrase("Cancelled: nothing of {file_name} is kept.", file_name=name)))
        return led(request, here)
    except (StatementError, ImportNotPossible) as refusal:
        form.add_error("file", str(refusal))
        return _upload_page(request, actor, portfolio, form)
    return led(request, _batch_address(portfolio, batch_id))


@require_safe
def import_batch(request: HttpRequest, portfolio_id: uuid.UUID, batch_id: uuid.UUID) -> HttpResponse:
    """A file with the fate of every row: what will become of it, or what has."""
    actor, portfolio = _place(request, portfolio_id)
    preview = imports.import_view(actor=actor, portfolio_id=portfolio.id, batch_id=str(batch_id))
    return _batch_page(request, actor, portfolio, preview)


@require_POST
def import_choices(request: HttpRequest, portfolio_id: uuid.UUID, batch_id: uuid.UUID) -> HttpResponse:
    """Decides what the file leaves open, and shows what becomes of its rows then."""
    actor, portfolio = _place(request, portfolio_id)
    preview = imports.import_view(actor=actor, portfolio_id=portfolio.id, batch_id=str(batch_id))
    form = ChoicesForm(request.POST, preview=preview, portfolio=portfolio)
    if not form.is_valid():
        return _batch_page(request, actor, portfolio, preview, form=form)
    here, name = _batch_address(portfolio, preview.batch.id), preview.batch.file_name
    noted = Noted(JobKind.CHOOSE, name, here)
    try:
        with told(request, actor=actor, portfolio_id=portfolio.id, noted=noted) as progress:
            imports.import_choose(
                actor=actor,
                portfolio_id=portfolio.id,
                batch_id=preview.batch.id,
                choices=form.choices(),
                progress=progress,
            )
    except JobCancelled:
        flash_put(request, Flash(phrase("Cancelled: the preview of {file_name} is as it was.", file_name=name)))
        return led(request, here)
    except (InvalidValue, StatementError, ImportNotPossible) as refusal:
        form.add_error(None, str(refusal))
        return _batch_page(request, actor, portfolio, preview, form=form)
    return led(request, here)


@require_POST
def import_book(request: HttpRequest, portfolio_id: uuid.UUID, batch_id: uuid.UUID) -> HttpResponse:
    """Books what was shown; where that is no longer what would be booked, shows the difference and asks again."""
    actor, portfolio = _place(request, portfolio_id)
    preview = imports.import_view(actor=actor, portfolio_id=portfolio.id, batch_id=str(batch_id))
    here, name = _batch_address(portfolio, preview.batch.id), preview.batch.file_name
    noted = Noted(JobKind.BOOK, name, here)
    try:
        with told(request, actor=actor, portfolio_id=portfolio.id, noted=noted) as progress:
            booking = import_bookings.import_book(
                actor=actor,
                portfolio_id=portfolio.id,
                batch_id=preview.batch.id,
                digest=request.POST.get("digest", "")[:64],
                progress=progress,
            )
    except JobCancelled:
        flash_put(request, Flash(phrase("Cancelled: nothing of {file_name} is booked.", file_name=name)))
        return led(request, here)
    except ImportNotPossible as refusal:
        return _batch_page(request, actor, portfolio, preview, refusal=str(refusal))
    if booking.changed:
        renewed = imports.import_view(actor=actor, portfolio_id=portfolio.id, batch_id=preview.batch.id)
        return _batch_page(request, actor, portfolio, renewed, booking=booking, status=HTTPStatus.CONFLICT)
    undo = reverse("web:import_undo", args=[portfolio.id, preview.batch.id])
    flash_put(
        request,
        Flash(
            phrase("Booked {rows} of {file_name}.", rows=_rows(booking.booked), file_name=name),
            undo=undo,
            is_long=True,
        ),
    )
    return led(request, here)


@require_POST
def import_undo(request: HttpRequest, portfolio_id: uuid.UUID, batch_id: uuid.UUID) -> HttpResponse:
    """Takes back everything that was booked of a file."""
    actor, portfolio = _place(request, portfolio_id)
    preview = imports.import_view(actor=actor, portfolio_id=portfolio.id, batch_id=str(batch_id))
    here, name = _batch_address(portfolio, preview.batch.id), preview.batch.file_name
    noted = Noted(JobKind.UNDO_IMPORT, name, here)
    try:
        with told(request, actor=actor, portfolio_id=portfolio.id, noted=noted) as progress:
            import_bookings.import_undo(
                actor=actor, portfolio_id=portfolio.id, batch_id=preview.batch.id, progress=progress
            )
    except JobCancelled:
        flash_put(request, Flash(phrase("Cancelled: the import of {file_name} stays booked.", file_name=name)))
        return led(request, here)
    except ImportNotPossible as refusal:
        return _batch_page(request, actor, portfolio, preview, refusal=str(refusal))
    flash_put(request, Flash(phrase("Undone: the import of {file_name}.", file_name=name)))
    return led(request, here)


@require_POST
def import_drop(request: HttpRequest, portfolio_id: uuid.UUID, batch_id: uuid.UUID) -> HttpResponse:
    """Forgets a preview; of a file that is booked there is nothing to forget."""
    actor, portfolio = _place(request, portfolio_id)
    try:
        imports.import_drop(actor=actor, portfolio_id=portfolio.id, batch_id=str(batch_id))
    except ImportNotPossible:
        return HttpResponseRedirect(_batch_address(portfolio, str(batch_id)))
    return HttpResponseRedirect(reverse("web:import_file", args=[portfolio.id]))


# ---------- Pages ----------


def _upload_page(request: HttpRequest, actor: Person, portfolio: PortfolioView, form: UploadForm) -> HttpResponse:
    zone = people.preferences_of(actor.user_id).time_zone
    batches = imports.imports_of(actor=actor, portfolio_id=portfolio.id)
    context = {
        "section": "import",
        "portfolio": portfolio,
        "form": form,
        "batches": [batch_text(batch, zone=zone) for batch in batches],
        "was_stopped": "stopped" in request.GET,
        **job_panel(actor, portfolio.id),
    }
    return render(request, "imports/upload.html", context)


def _batch_page(
    request: HttpRequest,
    actor: Person,
    portfolio: PortfolioView,
    preview: Preview,
    *,
    form: ChoicesForm | None = None,
    booking: Booking | None = None,
    refusal: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page of a batch, whatever its state, with what stands in the way of what was asked for."""
    zone, state = people.preferences_of(actor.user_id).time_zone, preview.batch.state
    wanted = _fate(request)
    page = imports.import_rows(
        actor=actor, portfolio_id=portfolio.id, batch_id=preview.batch.id, fate=wanted, page=page_number(request)
    )
    chosen = form or (ChoicesForm(preview=preview, portfolio=portfolio) if state == "previewed" else None)
    context = {
        "section": "import",
        "portfolio": portfolio,
        "preview": preview,
        "batch": batch_text(preview.batch, zone=zone),
        "state": state,
        "format": FORMAT_NAMES.get(preview.batch.format, preview.batch.format),
        "rows_found": sum(preview.counts.values()),
        "total": count_text(sum(preview.counts.values())),
        "rows_new": preview.counts[Fate.NEW],
        "new": count_text(preview.counts[Fate.NEW]),
        "open": preview.counts[Fate.ASKS] + preview.counts[Fate.REFUSED],
        # What an undo has taken back moves nothing any more.
        "cash": () if state == "undone" else cash_texts(preview.cash),
        "chips": chips(preview.counts, wanted=wanted, state=state),
        "rows": [row_text(row, zone=zone, state=state) for row in page.rows],
        "beside": beside_lines(preview.beside, is_preview=state == "previewed"),
        "is_bookable": any(each.standing is Standing.NEW for each in preview.beside) or preview.counts[Fate.NEW] > 0,
        "page": page,
        "last": page.first + len(page.rows) - 1,
        "newer": _query(wanted, page.number - 1) if page.number > 1 else "",
        "older": _query(wanted, page.number + 1) if page.number < page.pages else "",
        "form": chosen if chosen is not None and chosen.fields else None,
        "refusal": refusal,
        "changed": booking.changed if booking else 0,
        "differences": _differences(booking.differences if booking else ()),
        "was_stopped": "stopped" in request.GET,
        **job_panel(actor, portfolio.id),
    }
    return render(request, "imports/batch.html", context, status=status)


def _differences(found: Sequence[import_bookings.Difference]) -> list[dict[str, Any]]:
    return [
        {"line": each.line, "before": FATES[each.before].word, "now": FATES[each.now].word, "reason": each.reason}
        for each in found
    ]


# ---------- What they share ----------


def _place(request: HttpRequest, portfolio_id: uuid.UUID) -> tuple[Person, PortfolioView]:
    """Who asks, and where; whether they may do it is asked by each service.

    Raises:
        NotFound: there is no such portfolio for them.
    """
    actor = actor_of(request)
    return actor, portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))


def _batch_address(portfolio: PortfolioView, batch_id: str) -> str:
    return reverse("web:import_batch", args=[portfolio.id, batch_id])


def _fate(request: HttpRequest) -> Fate | None:
    asked = request.GET.get("fate", "")
    return Fate(asked) if asked in list(Fate) else None


def _query(fate: Fate | None, page: int) -> str:
    return f"?page={page}" if fate is None else f"?fate={fate.value}&page={page}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else phrase("{count} rows", count=count_text(count))
