"""What a form asks for as one types: instruments, the price of a day, the rate of a day."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import normalise_symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import NO_CURRENCY, Currency, plain
from tickfolio.errors import InvalidValue
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.services import people, suggestions
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.rate_gaps import rate_gap
from tickfolio.services.suggestions import PriceSuggestion, RateSuggestion
from tickfolio.web.actors import actor_of
from tickfolio.web.advice import gap_advice, price_advice, rate_advice, short_rate
from tickfolio.web.desks import calendar_in
from tickfolio.web.forms.moments import END_OF_DAY, DayReading, TypedDay, TypedTime, day_meant, local_moment, moment_of
from tickfolio.web.problems import problem
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.venues import venue_name
from tickfolio.words import phrase

INVALID = "invalid_query"


@require_safe
def instruments_json(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """The instruments that a few letters may mean, the best first."""
    actor = actor_of(request)
    found = suggestions.instrument_search(
        actor=actor,
        portfolio_id=str(portfolio_id),
        text=request.GET.get("text", ""),
        feeds=partial(suggestions.found_by_feeds, actor=actor),
    )
    return SpokenJson({"instruments": [_instrument(match) for match in found]})


@require_safe
def price_json(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """The price of what the portfolio means by `symbol` on the `day`, or why there is none, in a sentence."""
    actor, id_ = actor_of(request), str(portfolio_id)
    require(actor=actor, portfolio_id=id_, operation=Operation.PORTFOLIO_VIEW)
    try:
        symbol = normalise_symbol(request.GET.get("symbol", ""))
        at, on = _at(request, calendar=calendar_in(actor, id_)(symbol))
    except InvalidValue as error:
        return problem(status=HTTPStatus.BAD_REQUEST, code=INVALID, detail=str(error))
    suggestion = suggestions.price_suggestion(actor=actor, portfolio_id=id_, symbol=symbol, at=at, on=on)
    return SpokenJson({"text": price_advice(suggestion), **_price(suggestion)})


@require_safe
def rate_json(request: HttpRequest) -> HttpResponse:
    """How many `quote` one `base` cost on the `day`, or why nobody says, in a sentence; and what it means where none is known."""
    try:
        base, quote = Currency(request.GET.get("base", "")), Currency(request.GET.get("quote", ""))
        at = _rate_at(request)
    except InvalidValue as error:
        return problem(status=HTTPStatus.BAD_REQUEST, code=INVALID, detail=str(error))
    suggestion = suggestions.rate_suggestion(base=base, quote=quote, at=at)
    gap = rate_gap(currency=base, base=quote, at=at)
    told = gap_advice(gap, may_settle="settles" in request.GET)
    return SpokenJson({"text": rate_advice(suggestion), **_rate(suggestion), "gap": told or None})


def _instrument(match: InstrumentMatch) -> dict[str, str]:
    return {
        "symbol": match.symbol,
        "name": match.name,
        "venue": "" if match.is_private else venue_name(match.mic),
        "currency": "" if match.currency == NO_CURRENCY.code else match.currency,
        "contract_size": plain(match.contract_size),
        "quote_unit": plain(match.quote_unit),
    }


def _price(suggestion: PriceSuggestion | NotAvailable) -> dict[str, str | bool | None]:
    if isinstance(suggestion, NotAvailable):
        return {"price": None}
    return {
        "price": plain(suggestion.price),
        "currency": suggestion.currency.code,
        "day": suggestion.day.isoformat(),
        "is_close": suggestion.is_close,
        "source": suggestion.source,
    }


def _rate(suggestion: RateSuggestion | NotAvailable) -> dict[str, str | None]:
    if isinstance(suggestion, NotAvailable):
        return {"rate": None}
    return {
        "rate": plain(short_rate(suggestion.rate)),
        "published_on": suggestion.published_on.isoformat(),
        "source": suggestion.source,
    }


# ---------- When ----------


def _at(request: HttpRequest, *, calendar: ExchangeCalendar | None) -> tuple[datetime, date | None]:
    """The moment that a form with this day, time and type would be booked at, and the exchange's day where that is typed."""
    day, clock, zone = _typed(request)
    kind = request.GET.get("type", "")
    reading = DayReading(zone=zone, now=market_now(), calendar=calendar)
    trade = TransactionType(kind) if kind in list(TransactionType) else TransactionType.BUY
    return moment_of(day, clock, kind=trade, reading=reading), day_meant(day, clock, reading=reading)


def _rate_at(request: HttpRequest) -> datetime:
    """The moment typed, or the end of the day as far as the market has come: the rate published on it counts."""
    day, clock, zone = _typed(request)
    now = market_now()
    if clock is not None:
        return local_moment(day, clock, zone=zone)
    end = datetime.combine(day, END_OF_DAY, tzinfo=zone).astimezone(UTC)
    return min(end, now) if now.astimezone(zone).date() >= day else end


def _typed(request: HttpRequest) -> tuple[date, time | None, ZoneInfo]:
    """The day and the time of the query, and the zone of who asks."""
    try:
        day = TypedDay(label=phrase("Day")).clean(request.GET.get("day", ""))
        clock = TypedTime(label=phrase("Time")).clean(request.GET.get("time", ""))
    except forms.ValidationError as error:
        raise InvalidValue(error.messages[0]) from error
    return day, clock, people.preferences_of(actor_of(request).user_id).time_zone
