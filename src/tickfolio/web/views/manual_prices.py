"""The prices that people typed of their portfolio's own instruments: set, corrected, withdrawn on one page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickfolio.domain.calendars import parse_day
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.money import plain
from tickfolio.errors import InvalidDraft, InvalidValue, KeyReused, NotFound, VersionConflict
from tickfolio.persistence.tenancy import Person
from tickfolio.services import people
from tickfolio.services.manual_prices import (
    PricedByHand,
    offered_take,
    price_add,
    price_correct,
    price_withdraw,
    prices_by_hand,
)
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import PortfolioView, portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.manual_prices import PriceForm, unit_text
from tickfolio.web.forms.numbers import decimal_mark
from tickfolio.web.stock_texts import day_text
from tickfolio.web.venues import venue_name
from tickfolio.web.views.transactions import may_write
from tickfolio.words import marked_phrase, phrase

KEY_REUSED = marked_phrase(
    "This form set another price before, and nothing was set now. Send it again to set this one too."
)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A line of the list."""

    symbol: str
    name: str
    day: date
    day_text: str
    price: str
    unit: str
    set_on: str
    is_withdrawn: bool
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class OfferText:
    """What a feed offers by the symbol of one of the portfolio's own; `differs_in` says why it cannot be taken, or is empty."""

    symbol: str
    name: str
    venue: str
    unit: str
    differs_in: str


@dataclass(frozen=True, slots=True)
class Place:
    """Whose page it is, of which portfolio, with its instruments and their prices."""

    request: HttpRequest
    actor: Person
    portfolio: PortfolioView
    priced: tuple[PricedByHand, ...]

    def form(self, data: Any = None, *, is_correction: bool = False, **initial: Any) -> PriceForm:
        """The form, empty or as it was sent."""
        return PriceForm(
            data,
            instruments=[each.instrument for each in self.priced],
            mark=decimal_mark(people.preferences_of(self.actor.user_id).locale),
            is_correction=is_correction,
            initial=initial,
        )

    def address(self) -> str:
        """Of the page."""
        return reverse("web:prices", args=[self.portfolio.id])


@require_http_methods(["GET", "HEAD", "POST"])
def prices(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """What was typed, and a form for another price; with a symbol and a day in the address, for a correction of that one.

    A POST sets a price, corrects the one whose version it names, or withdraws it; or it takes what a feed offers by a symbol.
    """
    actor, id_ = actor_of(request), str(portfolio_id)
    if request.method == "POST":
        require(actor=actor, portfolio_id=id_, operation=Operation.PRICE_SET)
    portfolio = portfolio_view(actor=actor, portfolio_id=id_)
    place = Place(request, actor, portfolio, prices_by_hand(actor=actor, portfolio_id=id_))
    if request.method != "POST":
        return _asked(place)
    return _taken(place, request.POST["take"]) if "take" in request.POST else _sent(place)


# ---------- Shown ----------


def _asked(place: Place) -> HttpResponse:
    asked = place.request.GET
    symbol = asked.get("symbol", "")[:32]
    there = _price_on(place, symbol, asked.get("day", ""))
    if there is not None:
        day, price, version = there
        form = place.form(is_correction=True, symbol=symbol, day=day, price=price, version=version)
        return _page(place, form, correcting=day)
    today = max((each.today for each in place.priced), default=None)
    return _page(place, place.form(symbol=symbol, day=today, key=str(uuid.uuid4())))


def _price_on(place: Place, symbol: str, day: str) -> tuple[date, Decimal, int] | None:
    """The price that the address names; None where it names none that is there."""
    try:
        wanted = parse_day(day)
    except InvalidValue:
        return None
    return next(
        (
            (wanted, typed.price, typed.version)
            for each in place.priced
            if each.instrument.symbol == symbol
            for typed in each.prices
            if typed.day == wanted
        ),
        None,
    )


def _page(place: Place, form: PriceForm, *, correcting: date | None = None) -> HttpResponse:
    zone = people.preferences_of(place.actor.user_id).time_zone
    context = {
        "section": "holdings",
        "portfolio": place.portfolio,
        "form": form,
        "instruments": place.priced,
        "rows": [_line(each, number, zone) for each in place.priced for number in range(len(each.prices))],
        "offers": [_offer(each, each.offered) for each in place.priced if each.offered is not None],
        "may_write": may_write(place.portfolio),
        "correcting": correcting and day_text(correcting),
        "of": form["symbol"].value(),
    }
    return render(place.request, "portfolios/prices.html", context)


def _line(priced: PricedByHand, number: int, zone: ZoneInfo) -> PriceLine:
    typed, instrument = priced.prices[number], priced.instrument
    recorded = typed.recorded_at.astimezone(zone)
    return PriceLine(
        symbol=instrument.symbol,
        name="" if instrument.name == instrument.symbol else instrument.name,
        day=typed.day,
        day_text=day_text(typed.day),
        price=plain(typed.price),
        unit=unit_text(instrument),
        set_on=f"{day_text(recorded.date())}, {recorded:%H:%M}",
        is_withdrawn=typed.is_withdrawn,
        is_corrected=typed.version > 1 and not typed.is_withdrawn,
    )


def _offer(priced: PricedByHand, offered: Instrument) -> OfferText:
    return OfferText(
        symbol=offered.symbol,
        name=offered.name,
        venue=venue_name(offered.mic),
        unit=unit_text(offered),
        differs_in=phrase(" and ").join(str(each) for each in priced.differs_in),
    )


# ---------- Sent ----------


def _taken(place: Place, symbol: str) -> HttpResponse:
    try:
        offered_take(actor=place.actor, portfolio_id=place.portfolio.id, symbol=symbol[:32])
    except InvalidDraft as invalid:
        flash = Flash(" ".join(invalid.errors.values()))
    except NotFound as error:
        flash = Flash(str(error))
    else:
        flash = Flash(
            phrase(
                "Took what a feed offers by {symbol}. Its prices count from now on, for past days too.", symbol=symbol
            )
        )
    flash_put(place.request, flash)
    return HttpResponseRedirect(place.address())


def _sent(place: Place) -> HttpResponse:
    is_correction = bool(place.request.POST.get("version", "").strip())
    form = place.form(place.request.POST, is_correction=is_correction)
    is_valid, day = form.is_valid(), form.cleaned_data.get("day")
    if not is_valid:
        return _page(place, form, correcting=day if is_correction else None)
    try:
        told = _changed(place, form, is_correction=is_correction)
    except InvalidDraft as invalid:
        form.refuse(invalid.errors)
    except KeyReused:
        form = place.form({**place.request.POST.dict(), "key": str(uuid.uuid4())})
        form.add_error(None, KEY_REUSED)
    except (VersionConflict, NotFound) as error:
        form.add_error(None, str(error))
    else:
        flash_put(place.request, Flash(told))
        return HttpResponseRedirect(place.address())
    return _page(place, form, correcting=day if is_correction else None)


def _changed(place: Place, form: PriceForm, *, is_correction: bool) -> str:
    """Does what the form says; a sentence that tells it."""
    typed, portfolio_id = form.cleaned_data, place.portfolio.id
    symbol, day, price = typed["symbol"], typed["day"], typed["price"]
    if not is_correction:
        price_add(
            actor=place.actor,
            portfolio_id=portfolio_id,
            symbol=symbol,
            day=day,
            price=price,
            idempotency_key=form.sending(),
        )
        return phrase(
            "Set the price of {symbol} on {day_text}: {plain}.",
            symbol=symbol,
            day_text=day_text(day),
            plain=plain(price),
        )
    if "withdraw" in place.request.POST:
        price_withdraw(
            actor=place.actor, portfolio_id=portfolio_id, symbol=symbol, day=day, expected_version=typed["version"]
        )
        return phrase("Withdrew the price of {symbol} on {day_text}.", symbol=symbol, day_text=day_text(day))
    price_correct(
        actor=place.actor,
        portfolio_id=portfolio_id,
        symbol=symbol,
        day=day,
        price=price,
        expected_version=typed["version"],
    )
    return phrase(
        "Corrected the price of {symbol} on {day_text}: {plain}.",
        symbol=symbol,
        day_text=day_text(day),
        plain=plain(price),
    )
