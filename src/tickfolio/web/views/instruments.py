"""One instrument: its price, its candles, and what a portfolio has of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tickfolio.domain.instruments import Instrument, Symbol, normalise_symbol
from tickfolio.domain.valuation.open_gains import OpenGain
from tickfolio.errors import FeedUnavailable, InvalidSymbol, InvalidValue, NotFound, VersionConflict
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services import market, people, transactions
from tickfolio.services.instrument_candles import CandleSpan, PriceCandles, actions_until, price_candles
from tickfolio.services.instrument_notes import note_of, note_write
from tickfolio.services.instrument_pages import InstrumentHeld, instrument_held
from tickfolio.services.manual_prices import PricedByHand, prices_by_hand
from tickfolio.services.permissions import MINIMUM_ROLE, Operation, require
from tickfolio.services.portfolios import PortfolioView, portfolio_view, portfolios_of
from tickfolio.services.quote_sources import quote_sources
from tickfolio.services.transactions import TransactionFilter
from tickfolio.services.valuations import RecordedMarket, recorded_market
from tickfolio.services.watchlists import watchlists_of
from tickfolio.web.actors import actor_of
from tickfolio.web.desks import calendars_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.instrument_note import NoteForm
from tickfolio.web.instrument_source_texts import actions_text, source_texts
from tickfolio.web.instrument_texts import HeadText, PriceSeen, head_text, lot_texts, position_data, position_text
from tickfolio.web.moments import decimal_json, moment_json
from tickfolio.web.own_instrument_texts import own_instrument_text
from tickfolio.web.problems import problem
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.transaction_texts import Told, moment_text, row_text
from tickfolio.web.venues import venue_name
from tickfolio.web.views.transactions import may_write
from tickfolio.web.watchlist_texts import watch_text
from tickfolio.web.what_if_choices import what_if_choices
from tickfolio.words import phrase

NEWEST = 10
"""How many transactions the page shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The instrument that is asked for, the market beside it, and where its page is."""

    actor: Person
    instrument: Instrument
    market: RecordedMarket
    address: str

    @property
    def today(self) -> date:
        """The day of the exchange by the market's clock."""
        return self.market.at.astimezone(calendar_for(self.instrument.mic).zone).date()


@require_safe
def instrument(request: HttpRequest, portfolio_id: uuid.UUID, symbol: str) -> HttpResponse:
    """The page of an instrument in a portfolio, with its figures as they were recorded last."""
    actor = actor_of(request)
    seen = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    own = _own(actor, seen, symbol)
    shown = _of_address(request, actor, symbol, own)
    if shown.instrument.symbol != symbol:
        return HttpResponseRedirect(reverse("web:instrument", args=[seen.id, shown.instrument.symbol]))
    return _page(request, shown, seen) if own is None else _own_page(request, shown, seen, own)


@require_safe
def instrument_alone(request: HttpRequest, symbol: str) -> HttpResponse:
    """The page of an instrument by itself, which leads to it in one's portfolios."""
    shown = _shown(request, symbol)
    if shown.instrument.symbol != symbol:
        return HttpResponseRedirect(reverse("web:instrument_alone", args=[shown.instrument.symbol]))
    context = {**_of_market(shown), "data": position_data(None), "portfolios": portfolios_of(actor=shown.actor)}
    return render(request, "instruments/page.html", context)


@require_POST
def instrument_note(request: HttpRequest, portfolio_id: uuid.UUID, symbol: str) -> HttpResponse:
    """Writes the portfolio's note about an instrument. What cannot be taken stays in the field."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.NOTE_WRITE)
    seen = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    form = NoteForm(request.POST)
    text, version = request.POST.get("text", ""), form.cleaned_data.get("version") if form.is_valid() else None
    try:
        if version is None:
            raise InvalidValue(phrase("Expected the note with its version, was one without. Reload the page."))
        note_write(actor=actor, portfolio_id=seen.id, symbol=symbol, text=text, expected_version=version)
    except VersionConflict:
        return _note_refused(request, seen, symbol, phrase("Somebody wrote meanwhile."), HTTPStatus.CONFLICT)
    except InvalidValue as invalid:
        return _note_refused(request, seen, symbol, str(invalid), HTTPStatus.OK)
    flash_put(request, Flash(phrase("Saved the note.") if text.strip() else phrase("Took the note away.")))
    return HttpResponseRedirect(f"{reverse('web:instrument', args=[seen.id, symbol])}#note")


@require_safe
def candles_json(request: HttpRequest, symbol: str) -> HttpResponse:
    """The candles of a span. Decimals as strings, times in UTC."""
    asked = request.GET.get("span", CandleSpan.QUARTER.value)
    if asked not in {span.value for span in CandleSpan}:
        detail = phrase(
            "Expected a span of {candlespan}, was {asked}.", candlespan=", ".join(CandleSpan), asked=repr(asked[:20])
        )
        return problem(status=HTTPStatus.BAD_REQUEST, code="invalid_value", detail=detail)
    try:
        found = price_candles(normalise_symbol(symbol), span=CandleSpan(asked))
    except InvalidSymbol as invalid:
        return problem(status=HTTPStatus.BAD_REQUEST, code=invalid.code, detail=str(invalid))
    if found is None:
        detail = phrase("No instrument here has the symbol {symbol}.", symbol=symbol[:40])
        return problem(status=HTTPStatus.NOT_FOUND, code="unknown_symbol", detail=detail)
    return SpokenJson(_candles_document(found))


# ---------- The page ----------


def _shown(request: HttpRequest, asked: str) -> Shown:
    """The instrument of an address, which the feeds are asked for where nobody here knows it.

    Raises:
        NotFound: nobody knows it.
    """
    actor = actor_of(request)
    try:
        symbol = normalise_symbol(asked)
        row = market.instrument_row(symbol) or market.instrument_sought(symbol, asker=actor.user_id)
    except (InvalidSymbol, FeedUnavailable) as unknown:
        raise NotFound(str(unknown)) from unknown
    recorded = recorded_market()
    known = None if row is None else recorded.instruments.get(Symbol(row.symbol))
    if known is None:
        raise NotFound(
            phrase("Expected an instrument that is known here, was {symbol}. Check the spelling.", symbol=symbol)
        )
    return Shown(actor, known, recorded, request.path.removesuffix("note/"))


def _of_address(request: HttpRequest, actor: Person, symbol: str, own: PricedByHand | None) -> Shown:
    """The same in a portfolio, whose own instrument goes before a feed's."""
    return _shown(request, symbol) if own is None else Shown(actor, own.instrument, recorded_market(), request.path)


def _page(
    request: HttpRequest,
    shown: Shown,
    seen: PortfolioView,
    *,
    note_form: NoteForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    actor, symbol = shown.actor, shown.instrument.symbol
    zone = people.preferences_of(actor.user_id).time_zone
    held = instrument_held(actor=actor, portfolio_id=seen.id, symbol=symbol, market=shown.market)
    context = {
        **_of_market(shown),
        **_of_portfolio(shown, seen, held, zone),
        **_of_note(shown, seen, note_form, zone),
    }
    return render(request, "instruments/page.html", context, status=status)


def _own(actor: Person, seen: PortfolioView, symbol: str) -> PricedByHand | None:
    """The instrument of that symbol that only this portfolio knows, which goes before a feed's; None where it has none."""
    own = prices_by_hand(actor=actor, portfolio_id=seen.id)
    return next((each for each in own if each.instrument.symbol == symbol.strip().upper()), None)


def _own_page(
    request: HttpRequest,
    shown: Shown,
    seen: PortfolioView,
    own: PricedByHand,
    *,
    note_form: NoteForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page of an instrument that no feed knows: what was typed of its price stands where else the candles are."""
    actor, known = shown.actor, shown.instrument
    zone = people.preferences_of(actor.user_id).time_zone
    held = instrument_held(
        actor=actor, portfolio_id=seen.id, symbol=known.symbol, market=shown.market, instrument=known
    )
    context = {
        **_of_portfolio(shown, seen, held, zone),
        **_of_note(shown, seen, note_form, zone),
        "instrument": known,
        "typed": own_instrument_text(own),
    }
    return render(request, "instruments/own.html", context, status=status)


def _of_portfolio(shown: Shown, seen: PortfolioView, held: InstrumentHeld, zone: ZoneInfo) -> dict[str, Any]:
    """What a portfolio has of an instrument, whoever else knows it."""
    return {
        "section": "instrument",
        "portfolio": seen,
        "position": position_text(held),
        "lots": lot_texts(held, zone=zone),
        "what_if": what_if_choices(_gains(held), seen, may_book=may_write(seen)),
        "data": position_data(held),
        "base": held.base.code,
        "transactions": _transactions(shown, seen),
        "may_write": may_write(seen),
    }


def _of_note(shown: Shown, seen: PortfolioView, form: NoteForm | None, zone: ZoneInfo) -> dict[str, Any]:
    """The note, with the form for who may write it. `Any`: a part of a template context."""
    note = note_of(actor=shown.actor, portfolio_id=seen.id, symbol=shown.instrument.symbol)
    may_note = seen.role.covers(MINIMUM_ROLE[Operation.NOTE_WRITE])
    initial = {"text": note.text, "version": note.version}
    return {
        "note": note,
        "may_note": may_note,
        "note_form": form or NoteForm(initial=initial, may_write=may_note),
        "note_changed": moment_text(note.changed_at, zone=zone) if note.changed_at else "",
    }


def _gains(held: InstrumentHeld) -> list[OpenGain]:
    """What is held of it, by account."""
    return [part.gain for part in held.parts if part.gain is not None]


def _of_market(shown: Shown) -> dict[str, Any]:
    """What the page says of the instrument itself, whoever holds it. `Any`: Django's own type of a template context."""
    known, recorded = shown.instrument, shown.market
    zone = people.preferences_of(shown.actor.user_id).time_zone
    quote, places = recorded.quotes.get(known.symbol), known.price_places
    reference = None if quote is None else _reference_day(known, quote.session_day)
    head = HeadText()
    if quote is not None:
        quality = recorded.quality(known.symbol)
        head = head_text(quote, quality, PriceSeen(zone, recorded.at, places), reference_day=reference)
    return {
        "section": "stocks",
        "instrument": known,
        "venue": venue_name(known.mic),
        "watch": watch_text(known.symbol, watchlists_of(actor=shown.actor), back=shown.address),
        "unit": known.quoted_in,
        "head": head,
        "reference_day": "" if reference is None else reference.isoformat(),
        "session_day": "" if quote is None else quote.session_day.isoformat(),
        "zone": zone.key,
        "sources": source_texts(quote_sources(known.symbol, recorded), places=places, now=recorded.at, zone=zone),
        "actions": actions_text(actions_until(known.symbol, shown.today), today=shown.today),
        "spans": [span.value for span in CandleSpan],
        "span": CandleSpan.QUARTER.value,
    }


def _reference_day(known: Instrument, day: date) -> date | None:
    """The session whose close is the previous one of `day`."""
    calendar = calendar_for(known.mic)
    session = calendar.session_on(day)
    before = None if session is None else calendar.previous_session(session)
    return None if before is None else before.day


def _transactions(shown: Shown, seen: PortfolioView) -> dict[str, Any]:
    """The newest ones of the instrument. `Any`: a part of a template context."""
    known = shown.instrument
    page = transactions.transactions_page(
        actor=shown.actor,
        portfolio_id=seen.id,
        wanted=TransactionFilter(symbol=known.symbol),
        page_size=NEWEST,
    )
    zone = people.preferences_of(shown.actor.user_id).time_zone
    told = Told(zone, calendar_of=calendars_of({known.symbol: known}))
    return {"rows": [row_text(view, told, names={}) for view in page.rows], "total": page.total}


def _note_refused(request: HttpRequest, seen: PortfolioView, symbol: str, why: str, status: HTTPStatus) -> HttpResponse:
    """The page with what was typed, on top of what stands now."""
    actor = actor_of(request)
    own = _own(actor, seen, symbol)
    shown = _of_address(request, actor, symbol, own)
    note = note_of(actor=actor, portfolio_id=seen.id, symbol=shown.instrument.symbol)
    form = NoteForm({"text": request.POST.get("text", ""), "version": str(note.version)})
    form.refuse({"text": why})
    if own is not None:
        return _own_page(request, shown, seen, own, note_form=form, status=status)
    return _page(request, shown, seen, note_form=form, status=status)


# ---------- The candles ----------


def _candles_document(found: PriceCandles) -> dict[str, object]:
    candles = [
        [each.first.isoformat(), *map(decimal_json, (each.open, each.high, each.low, each.close, each.volume))]
        for each in found.candles
    ]
    bars = [
        [moment_json(bar.starts_at), *map(decimal_json, (bar.open, bar.high, bar.low, bar.close)), None]
        for bar in found.bars
    ]
    return {
        "symbol": found.symbol,
        "price_places": found.price_places,
        "zone": found.zone,
        "span": found.span.value,
        "step": found.step.value,
        "day": found.day.isoformat() if found.day else None,
        "opens_at": moment_json(found.opens_at),
        "closes_at": moment_json(found.closes_at),
        "before": decimal_json(found.before),
        "candles": candles or bars,
        "marks": [{"day": mark.day.isoformat(), "kind": mark.kind} for mark in found.marks],
    }
