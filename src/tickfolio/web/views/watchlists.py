"""Watchlists: the page of a list, and all that is done with lists and what is on them.

Every change is a form that leads back to the page. The page's scripts send the same forms and take over the answer in place.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tickfolio.domain.instruments import MAX_SYMBOL_LENGTH, Symbol
from tickfolio.domain.valuation.valuation import Valuation
from tickfolio.errors import FeedUnavailable, InvalidDraft, NotFound, TickfolioError, VersionConflict
from tickfolio.persistence.tenancy import Person
from tickfolio.services import watchlists as service
from tickfolio.services.day_ranges import DayRange, day_ranges
from tickfolio.services.people import preferences_of
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import PortfolioView, portfolios_of
from tickfolio.services.sparks import Spark, sparks
from tickfolio.services.valuations import RecordedMarket, recorded_market
from tickfolio.services.watchlists import WatchlistView
from tickfolio.web.access import is_data
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.moments import decimal_json
from tickfolio.web.problems import problem
from tickfolio.web.rail import rail_entry
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.views.portfolios import spark_document
from tickfolio.web.watchlist_texts import Around, count_text, held_in, watch_text, watched_texts
from tickfolio.words import marked_phrase, phrase

CHANGED = marked_phrase(
    "This list was changed meanwhile, perhaps in another tab. Here it is as it is now: move it again."
)
LISTS_CHANGED = marked_phrase(
    "The lists were changed meanwhile, perhaps in another tab. Here they are as they are now: move them again."
)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something was not done, and what had been typed."""

    text: str = ""
    symbol: str = ""
    name: str = ""


NOTHING_REFUSED = Refused()


# ---------- Pages ----------


@require_http_methods(["GET", "HEAD", "POST"])
def watchlists(request: HttpRequest) -> HttpResponse:
    """Leads to the first list, or offers the first step where there is none; a POST makes another list."""
    actor = actor_of(request)
    if request.method == "POST":
        return _created(request, actor)
    lists = service.watchlists_of(actor=actor)
    return HttpResponseRedirect(_address(lists[0].id)) if lists else _empty(request)


@require_safe
def watchlist(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """A list with the last recorded prices."""
    return _page(request, service.watchlist_view(actor=actor_of(request), watchlist_id=str(watchlist_id)))


@require_safe
def watchlist_sparks_json(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """The sessions so far of what is on a list, each with the range of the day where that is known."""
    view = service.watchlist_view(actor=actor_of(request), watchlist_id=str(watchlist_id))
    market = recorded_market()
    ranges = day_ranges(view.symbols, market=market)
    found = sparks(view.symbols, market=market)
    return SpokenJson({"sparks": [_spark_document(spark, ranges.get(spark.symbol)) for spark in found]})


@require_safe
def watch_button(request: HttpRequest) -> HttpResponse:
    """The button that watches a symbol, as a part of other pages."""
    symbol = request.GET.get("symbol", "")[:MAX_SYMBOL_LENGTH].upper()
    lists = service.watchlists_of(actor=actor_of(request))
    return render(
        request, "parts/watch_button.html", {"watch": watch_text(symbol, lists, back=request.get_full_path())}
    )


# ---------- Lists ----------


@require_POST
def watchlist_rename(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """Another name."""
    actor, id_ = actor_of(request), str(watchlist_id)
    view = service.watchlist_view(actor=actor, watchlist_id=id_)
    name = request.POST.get("name", "")
    try:
        service.watchlist_rename(actor=actor, watchlist_id=id_, name=name)
    except InvalidDraft as invalid:
        return _page(request, view, Refused(_words(invalid), name=name))
    return HttpResponseRedirect(_address(id_))


@require_POST
def watchlist_delete(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """Deletes a list; the next page offers to take that back."""
    actor, id_ = actor_of(request), str(watchlist_id)
    view = service.watchlist_view(actor=actor, watchlist_id=id_)
    service.watchlist_delete(actor=actor, watchlist_id=id_)
    flash_put(
        request, Flash(phrase("Deleted {name}.", name=view.name), undo=reverse("web:watchlist_restore", args=[id_]))
    )
    return HttpResponseRedirect(reverse("web:watchlists"))


@require_POST
def watchlist_restore(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """Takes the deletion of a list back."""
    actor, id_ = actor_of(request), str(watchlist_id)
    try:
        view = service.watchlist_restore(actor=actor, watchlist_id=id_)
    except InvalidDraft as invalid:
        flash_put(request, Flash(_words(invalid)))
        return HttpResponseRedirect(reverse("web:watchlists"))
    flash_put(request, Flash(phrase("{name} is back.", name=view.name)))
    return HttpResponseRedirect(_address(id_))


@require_POST
def watchlists_order(request: HttpRequest) -> HttpResponse:
    """Another order of the lists, made of the one in `seen`; `at` is the list whose page it was made on, or the first."""
    actor = actor_of(request)
    first = next((each.id for each in service.watchlists_of(actor=actor)), "")
    shown = service.watchlist_view(actor=actor, watchlist_id=request.POST.get("at", first))
    try:
        service.watchlists_arrange(
            actor=actor, watchlist_ids=request.POST.getlist("list"), seen=request.POST.getlist("seen")
        )
    except VersionConflict:
        return _page(request, shown, Refused(LISTS_CHANGED), status=HTTPStatus.CONFLICT)
    except InvalidDraft as invalid:
        return _page(request, shown, Refused(_words(invalid)))
    return HttpResponseRedirect(_address(shown.id))


def _created(request: HttpRequest, actor: Person) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        made = service.watchlist_create(actor=actor, name=name)
    except InvalidDraft as invalid:
        refused = Refused(_words(invalid), name=name)
        lists = service.watchlists_of(actor=actor)
        return _page(request, lists[0], refused) if lists else _empty(request, refused)
    return HttpResponseRedirect(_address(made.id))


# ---------- Entries ----------


@require_POST
def watch_add(request: HttpRequest) -> HttpResponse:
    """Puts `symbol` on a `list`, or on the first one, which is made where there is none; a program is answered in JSON."""
    actor, symbol = actor_of(request), request.POST.get("symbol", "")
    try:
        added = service.entry_add(actor=actor, symbol=symbol, watchlist_id=request.POST.get("list") or None)
    except (InvalidDraft, FeedUnavailable) as refusal:
        return _not_added(request, actor, Refused(_words(refusal), symbol=symbol[: MAX_SYMBOL_LENGTH + 1]))
    there, told = (
        added.watchlist,
        phrase("{symbol} is on {name} already.", symbol=added.symbol, name=added.watchlist.name),
    )
    undo = ""
    if added.is_new:
        told = phrase("Added {symbol} to {name}.", symbol=added.symbol, name=there.name)
        undo = f"{reverse('web:watch_remove', args=[there.id])}?{urlencode({'symbol': added.symbol})}"
    if is_data(request):
        return SpokenJson({"list": there.id, "symbol": added.symbol, "is_new": added.is_new, "text": told})
    flash_put(request, Flash(told, undo=undo))
    return HttpResponseRedirect(_back(request) or _address(there.id))


@require_POST
def watch_remove(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """Takes `symbol` out of a list; the next page offers to put it back."""
    actor, id_, symbol = actor_of(request), str(watchlist_id), _symbol(request)
    view = service.watchlist_view(actor=actor, watchlist_id=id_)
    try:
        place = service.entry_remove(actor=actor, watchlist_id=id_, symbol=symbol)
    except NotFound:
        flash = Flash(phrase("{symbol} is not on {name}.", symbol=symbol[:MAX_SYMBOL_LENGTH], name=view.name))
    else:
        address = reverse("web:watch_return", args=[id_])
        undo = f"{address}?{urlencode({'symbol': symbol, 'place': place})}"
        flash = Flash(phrase("Took {symbol} off {name}.", symbol=symbol, name=view.name), undo=undo)
    flash_put(request, flash)
    return HttpResponseRedirect(_back(request) or _address(id_))


@require_POST
def watch_return(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """Puts `symbol` back to the `place` that it had."""
    actor, id_, symbol = actor_of(request), str(watchlist_id), _symbol(request)
    view = service.watchlist_view(actor=actor, watchlist_id=id_)
    typed = request.GET.get("place", "")
    place = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < len(str(10**6)) else 0
    try:
        service.entry_return(actor=actor, watchlist_id=id_, symbol=symbol, place=place)
    except (InvalidDraft, NotFound) as refusal:
        return _page(request, view, Refused(_words(refusal)))
    return HttpResponseRedirect(_address(id_))


@require_POST
def watch_order(request: HttpRequest, *, watchlist_id: uuid.UUID) -> HttpResponse:
    """Another order of a list as a whole, made of the `version` that was shown."""
    actor, id_ = actor_of(request), str(watchlist_id)
    service.watchlist_view(actor=actor, watchlist_id=id_)
    version = request.POST.get("version", "")
    refused, status = NOTHING_REFUSED, HTTPStatus.OK
    try:
        service.entries_arrange(
            actor=actor,
            watchlist_id=id_,
            symbols=request.POST.getlist("symbol"),
            expected_version=int(version) if version.isascii() and version.isdecimal() else 0,
        )
    except VersionConflict:
        refused, status = Refused(CHANGED), HTTPStatus.CONFLICT
    except InvalidDraft as invalid:
        refused = Refused(_words(invalid))
    if refused is NOTHING_REFUSED:
        return HttpResponseRedirect(_address(id_))
    return _page(request, service.watchlist_view(actor=actor, watchlist_id=id_), refused, status=status)


def _not_added(request: HttpRequest, actor: Person, refused: Refused) -> HttpResponse:
    if is_data(request):
        return problem(status=HTTPStatus.BAD_REQUEST, code="not_added", detail=refused.text)
    back = _back(request)
    if back:
        flash_put(request, Flash(refused.text))
        return HttpResponseRedirect(back)
    lists = service.watchlists_of(actor=actor)
    wanted = request.POST.get("list", "")
    shown = next((each for each in lists if each.id == wanted), lists[0] if lists else None)
    return _empty(request, refused) if shown is None else _page(request, shown, refused)


# ---------- Shown ----------


def _empty(request: HttpRequest, refused: Refused = NOTHING_REFUSED) -> HttpResponse:
    context = {**_limits(), "section": "watchlists", "refused": refused, "first_name": service.FIRST_NAME}
    return render(request, "watchlists/empty.html", context)


def _page(
    request: HttpRequest,
    view: WatchlistView,
    refused: Refused = NOTHING_REFUSED,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    actor, market = actor_of(request), recorded_market()
    valued = [(each, _valuation(actor, each, market)) for each in portfolios_of(actor=actor)]
    around = Around(
        market=market,
        ranges=day_ranges(view.symbols, market=market),
        held=held_in([(portfolio, valuation) for portfolio, valuation in valued if valuation is not None]),
        zone=preferences_of(actor.user_id).time_zone,
    )
    lists = service.watchlists_of(actor=actor)
    context = {
        **_limits(),
        "section": "watchlists",
        "rail": tuple(rail_entry(each, None if valuation is None else valuation.totals) for each, valuation in valued),
        "watchlist": view,
        "lists": [(each, count_text(len(each.symbols))) for each in lists],
        "rows": watched_texts(view, around),
        "refused": refused,
    }
    return render(request, "watchlists/page.html", context, status=status)


def _limits() -> dict[str, int]:
    return {"max_name_length": service.MAX_NAME_LENGTH, "max_symbol_length": MAX_SYMBOL_LENGTH}


def _valuation(actor: Person, portfolio: PortfolioView, market: RecordedMarket) -> Valuation | None:
    """One that cannot be valued holds nothing that could be said here; its link in the side bar has a dash."""
    try:
        return valuation_of(actor=actor, portfolio_id=portfolio.id, market=market).valuation
    except TickfolioError:
        return None


def _spark_document(spark: Spark, range_: DayRange | None) -> dict[str, object]:
    low, high = (None, None) if range_ is None else (range_.low, range_.high)
    return {**spark_document(spark), "low": decimal_json(low), "high": decimal_json(high)}


# ---------- What was sent ----------


def _symbol(request: HttpRequest) -> Symbol:
    """From the form, or from the address of an undo."""
    return Symbol((request.POST.get("symbol") or request.GET.get("symbol", "")).strip().upper()[:MAX_SYMBOL_LENGTH])


def _back(request: HttpRequest) -> str:
    """The page of this server that the form was on, where it says so."""
    back = request.POST.get("next", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


def _address(watchlist_id: str) -> str:
    return reverse("web:watchlist", args=[watchlist_id])


def _words(refusal: TickfolioError) -> str:
    return " ".join(refusal.errors.values()) if isinstance(refusal, InvalidDraft) else str(refusal)
