"""What a person is asked before something unusual is booked, and whether they have said yes to just that."""

from __future__ import annotations

import hashlib
import json

from tickfolio.services.booking_doubts import Doubts, FarPrice, Overdraft, doubts_of
from tickfolio.services.drafts import TransactionDraft
from tickfolio.web.figures import price_text
from tickfolio.web.first_trade import is_first, says_paid_in
from tickfolio.web.forms.moments import day_meant
from tickfolio.web.forms.transactions import TransactionForm
from tickfolio.web.named_values import named
from tickfolio.web.stock_texts import day_text
from tickfolio.web.transaction_place import Place
from tickfolio.words import phrase

CONFIRMED = "anyway"
"""The field of a form with what was confirmed."""
_NOT_ASKED_ABOUT = frozenset({"note", "lots", "key", "version", "files", "another", "book", CONFIRMED})


def ask(place: Place, form: TransactionForm, draft: TransactionDraft) -> bool:
    """Whether the person has to be asked first; what, stands in the form then.

    What was confirmed is what was typed then: with another figure in it they are asked anew.
    """
    reading, typed = form.desk.reading, form.cleaned_data
    doubts = doubts_of(
        actor=place.actor,
        portfolio_id=place.portfolio.id,
        draft=draft,
        on=day_meant(typed["day"], typed.get("time"), reading=reading),
        replaces=None if place.view is None else place.view.id,
        is_paid_in=is_first(place.request) and says_paid_in(place.request),
    )
    texts = doubt_texts(doubts, place)
    if not texts:
        return False
    sign = _sign(form, doubts)
    if place.request.POST.get(CONFIRMED) == sign:
        return False
    form.doubts, form.confirmation = texts, sign
    return True


def doubt_texts(doubts: Doubts, place: Place) -> tuple[str, ...]:
    """What is unusual, each in a sentence with the figures that tell it."""
    price = () if doubts.price is None else (_price(doubts.price),)
    return (*price, *(_overdraft(each, place) for each in doubts.overdrafts))


def _price(doubt: FarPrice) -> str:
    known = doubt.known
    was = phrase("closed at") if known.is_close else phrase("is at")
    return phrase(
        "The price of {typed} is far from the market’s: {symbol} {was} {price} on {day} ({source}).",
        typed=f"{price_text(doubt.typed, places=2)} {known.currency}",
        symbol=known.symbol,
        was=was,
        price=f"{price_text(known.price, places=2)} {known.currency}",
        day=day_text(known.day),
        source=named(known.source),
    )


def _overdraft(doubt: Overdraft, place: Place) -> str:
    return phrase(
        "The {currency} cash of {account} falls to {balance} on {day}.",
        currency=doubt.currency,
        account=doubt.account.name,
        balance=f"{price_text(doubt.balance, places=doubt.currency.minor_unit)} {doubt.currency}",
        day=day_text(doubt.at.astimezone(place.desk.reading.zone).date()),
    )


def _sign(form: TransactionForm, doubts: Doubts) -> str:
    """What stands for the figures that were typed and for what was asked about them; the market may move meanwhile."""
    asked = [doubts.price is not None, *(f"{each.account.id} {each.currency}" for each in doubts.overdrafts)]
    figures = {name: str(form.cleaned_data.get(name)) for name in form.fields if name not in _NOT_ASKED_ABOUT}
    return hashlib.sha256(json.dumps([form.kind.value, asked, figures]).encode()).hexdigest()[:32]
