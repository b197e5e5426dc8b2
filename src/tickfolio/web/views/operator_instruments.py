"""What an operator decides of single instruments: an order of feeds of their own, and that they are traded no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidValue
from tickfolio.persistence.tenancy import Person
from tickfolio.services.delistings import Delisting, delisting_record, delisting_undo
from tickfolio.services.feed_orders import OwnOrder, feed_order_change, named_feeds
from tickfolio.services.single_instruments import single_instruments
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.operator import DelistForm, OrderForm
from tickfolio.web.stock_texts import day_text
from tickfolio.words import marked_phrase, phrase

WITHIN_SECONDS = marked_phrase("The engine follows within seconds.")


@require_http_methods(["GET", "HEAD", "POST"])
def instruments(request: HttpRequest) -> HttpResponse:
    """Both lists with a form each; a POST gives an instrument an order of its own, or marks one as traded no more."""
    actor = actor_of(request)
    found = single_instruments(actor=actor)
    order = OrderForm(running=found.running, possible=found.possible)
    delist = DelistForm()
    if request.method == "POST" and "since" in request.POST:
        delist = DelistForm(request.POST)
        told = _tried(delist, lambda typed: _delisted(actor, typed))
    elif request.method == "POST":
        order = OrderForm(request.POST, running=found.running, possible=found.possible)
        told = _tried(order, lambda typed: _ordered(actor, typed))
    else:
        told = ""
    if told:
        return _back(request, told)
    context = {
        "section": "operator",
        "found": found,
        "order": order,
        "delist": delist,
        "form": order if order.is_bound else delist,
        "delisted": [_delisting_line(each) for each in found.delisted],
        "suspects": [
            {"seen": each, "last_day": day_text(each.last_day), "since": day_text(each.since)}
            for each in found.suspects
        ],
    }
    return render(request, "operator/instruments.html", context)


@require_POST
def as_instance(request: HttpRequest) -> HttpResponse:
    """Takes an order of its own from an instrument: it has the feeds of the instance again."""

    def change(actor: Person, symbol: Symbol) -> str:
        feed_order_change(actor=actor, symbol=symbol, feeds=())
        return phrase(
            "{symbol} has the feeds of the instance again. {within_seconds}",
            symbol=symbol,
            within_seconds=WITHIN_SECONDS,
        )

    return _of_one(request, change)


@require_POST
def traded_again(request: HttpRequest) -> HttpResponse:
    """Takes back that an instrument is traded no more."""

    def change(actor: Person, symbol: Symbol) -> str:
        was_marked = delisting_undo(actor=actor, symbol=symbol)
        return (
            phrase("{symbol} is asked for again. {within_seconds}", symbol=symbol, within_seconds=WITHIN_SECONDS)
            if was_marked
            else phrase("{symbol} was not marked.", symbol=symbol)
        )

    return _of_one(request, change)


def _of_one(request: HttpRequest, change: Callable[[Person, Symbol], str]) -> HttpResponse:
    """Does something to the instrument that a button names, and leads back to the page, which says what came of it."""
    try:
        told = change(actor_of(request), Symbol(request.POST.get("symbol", "")[:32]))
    except InvalidValue as refusal:
        told = str(refusal)
    return _back(request, told)


def _tried(form: OrderForm | DelistForm, change: Callable[[dict[str, Any]], str]) -> str:
    """Does what the form says; a sentence that tells it, or none where the form says what is wrong."""
    if not form.is_valid():
        return ""
    try:
        return change(form.cleaned_data)
    except InvalidValue as refusal:
        form.add_error(None, str(refusal))
        return ""


def _ordered(actor: Person, typed: dict[str, Any]) -> str:
    found: OwnOrder = feed_order_change(actor=actor, symbol=typed["symbol"], feeds=named_feeds(typed["feeds"]))
    if not found.feeds:
        return phrase(
            "{symbol} has the feeds of the instance again. {within_seconds}",
            symbol=found.symbol,
            within_seconds=WITHIN_SECONDS,
        )
    unused = (
        phrase(" Not among the feeds of this instance now: {unused}.", unused=", ".join(found.unused))
        if found.unused
        else ""
    )
    return phrase(
        "{symbol} is served by {feeds}.{unused} {within_seconds}",
        symbol=found.symbol,
        feeds=phrase(", then ").join(found.feeds),
        unused=unused,
        within_seconds=WITHIN_SECONDS,
    )


def _delisted(actor: Person, typed: dict[str, Any]) -> str:
    found = delisting_record(actor=actor, symbol=typed["symbol"], since=typed["since"])
    return phrase(
        "{symbol} is traded no more since {day_text}. {within_seconds}",
        symbol=found.symbol,
        day_text=day_text(found.since),
        within_seconds=WITHIN_SECONDS,
    )


def _delisting_line(each: Delisting) -> dict[str, str]:
    return {"symbol": each.symbol, "name": each.name, "since": day_text(each.since)}


def _back(request: HttpRequest, told: str) -> HttpResponse:
    flash_put(request, Flash(told))
    return HttpResponseRedirect(reverse("web:operator_instruments"))
