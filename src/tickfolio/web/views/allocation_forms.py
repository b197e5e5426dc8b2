"""The targets of a portfolio, and what its instruments are: said by those who may change it, seen by all who see it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidDraft, NotFound, VersionConflict
from tickfolio.runtime.countries import countries, country_name
from tickfolio.services.allocation_parts import CASH, DUE, LABEL, UNKNOWN, Dimension, PartName
from tickfolio.services.allocation_targets import targets_change
from tickfolio.services.allocations import Allocation, allocation_of
from tickfolio.services.classifications import (
    SECTORS,
    Classification,
    classification_change,
    classifications_of,
)
from tickfolio.services.people import preferences_of
from tickfolio.services.permissions import MINIMUM_ROLE, Operation, require
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.allocation_texts import DIMENSION_NAMES, part_name
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.allocation import ClassificationForm, TargetsForm
from tickfolio.web.forms.numbers import decimal_mark
from tickfolio.web.named_values import named
from tickfolio.web.views.allocation import dimension_asked
from tickfolio.words import marked_phrase, phrase

CHANGED_MEANWHILE = marked_phrase(
    "Somebody changed this meanwhile. Below stands what you typed; sending it again puts it in the place of theirs."
)


@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The target weights of the dimension that the address names; a POST sets them."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.TARGETS_CHANGE)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    by = dimension_asked(request)
    if not by.has_targets:
        return HttpResponseRedirect(f"{reverse('web:allocation', args=[portfolio.id])}?by={by.value}")
    found = allocation_of(actor=actor, portfolio_id=portfolio.id, dimension=by)
    parts = [(part, part_name(part, by)) for part in _parts(found)]
    mark = decimal_mark(preferences_of(actor.user_id).locale)
    offered = _offered(by, {name for _, name in parts})
    form = TargetsForm(request.POST or None, targets=found.targets, parts=parts, offered=offered, mark=mark)
    if form.is_valid():
        try:
            targets_change(
                actor=actor,
                portfolio_id=portfolio.id,
                dimension=by,
                targets=form.targets(),
                tolerance=form.cleaned_data["tolerance"],
                expected_version=form.cleaned_data["version"],
            )
        except InvalidDraft as invalid:
            form.refuse(invalid.errors)
        except VersionConflict as conflict:
            # The same form, which replaces that version when it is sent again.
            data = request.POST.copy()
            data["version"] = str(conflict.current_version)
            form = TargetsForm(data, targets=found.targets, parts=parts, offered=offered, mark=mark)
            form.add_error(None, CHANGED_MEANWHILE)
        else:
            flash_put(request, Flash(phrase("Saved the targets by {value}.", value=named(by.value))))
            return HttpResponseRedirect(f"{reverse('web:allocation', args=[portfolio.id])}?by={by.value}")
    context = {
        "section": "allocation",
        "portfolio": portfolio,
        "form": form,
        "by": by.value,
        "name": DIMENSION_NAMES[by],
        "offered": sorted(offered),
    }
    return render(request, "allocation/targets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def instruments(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """What the instruments are, and with a symbol in the address a form for one of them; a POST says what it is."""
    actor, id_ = actor_of(request), str(portfolio_id)
    if request.method == "POST":
        require(actor=actor, portfolio_id=id_, operation=Operation.CLASSIFICATION_CHANGE)
    portfolio = portfolio_view(actor=actor, portfolio_id=id_)
    found = classifications_of(actor=actor, portfolio_id=id_)
    may_change = portfolio.role.covers(MINIMUM_ROLE[Operation.CLASSIFICATION_CHANGE])
    symbol = (request.POST if request.method == "POST" else request.GET).get("symbol", "")[:32]
    chosen = found.get(Symbol(symbol))
    if request.method == "POST" and symbol and chosen is None:
        raise NotFound(phrase("Expected an instrument of the portfolio, found none of that symbol."))
    form = None if chosen is None or not may_change else _form(request, chosen)
    if chosen is not None and form is not None and form.is_valid():
        try:
            classification_change(
                actor=actor,
                portfolio_id=id_,
                symbol=chosen.symbol,
                chosen=form.chosen(),
                expected_version=form.cleaned_data["version"],
            )
        except InvalidDraft as invalid:
            form.refuse(invalid.errors)
        except VersionConflict as conflict:
            data = request.POST.copy()
            data["version"] = str(conflict.current_version)
            form = _form(request, chosen, data)
            form.add_error(None, CHANGED_MEANWHILE)
        else:
            flash_put(request, Flash(phrase("Saved what {symbol} is.", symbol=chosen.symbol)))
            return HttpResponseRedirect(reverse("web:allocation_instruments", args=[portfolio.id]))
    context = {
        "section": "allocation",
        "portfolio": portfolio,
        "rows": [_line(each) for each in found.values()],
        "may_change": may_change,
        "chosen": chosen,
        "form": form,
        "classes": sorted(
            {*CLASS_NAMES.values(), *(each.class_label for each in found.values())} - {"", phrase("Cash")}
        ),
        "sectors": sorted({*SECTORS, *(each.sector for each in found.values())} - {""}),
        "tags": sorted({each.tag for each in found.values()} - {""}),
    }
    return render(request, "allocation/instruments.html", context)


def _parts(found: Allocation) -> list[PartName]:
    """What can have a target: the parts that there are, and those that have one."""
    parts = {part.name.key: part.name for part in found.parts if part.name.key != DUE}
    parts |= {each.part.key: each.part for each in found.targets.targets if each.part.key not in parts}
    if found.dimension is not Dimension.CURRENCY:
        parts.setdefault(CASH, PartName(CASH))
    if found.dimension is Dimension.HOLDING:
        parts.pop(UNKNOWN, None)
    return list(parts.values())


def _offered(by: Dimension, there: set[str]) -> dict[str, PartName]:
    """Further parts that there can be, by what pages call them."""
    offered: dict[str, PartName] = {}
    if by is Dimension.CLASS:
        offered = {name: PartName(key) for key, name in CLASS_NAMES.items()}
    elif by is Dimension.SECTOR:
        offered = {name: PartName(f"{LABEL}{name.casefold()}", name) for name in SECTORS}
    elif by is Dimension.COUNTRY:
        offered = {name: PartName(code) for code, name in countries().items()}
    return {name: part for name, part in offered.items() if name not in there}


def _form(request: HttpRequest, chosen: Classification, data: object = None) -> ClassificationForm:
    known = {"class_label": CLASS_NAMES.get(chosen.instrument_class.value, "")}
    if not chosen.said.sector:
        known["sector"] = chosen.sector
    if not chosen.said.country and chosen.country:
        known["country"] = country_name(chosen.country)
    return ClassificationForm(data or request.POST or None, of=chosen, known=known)


def _line(each: Classification) -> dict[str, str]:
    return {
        "symbol": each.symbol,
        "name": "" if each.name == each.symbol else each.name,
        "class": each.class_label or CLASS_NAMES.get(each.instrument_class.value, each.instrument_class.value),
        "sector": each.sector,
        "country": country_name(each.country) if each.country else "",
        "currency": each.currency,
        "tag": each.tag,
    }
