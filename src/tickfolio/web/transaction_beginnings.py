"""What stands in the form of a new transaction before somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services import transactions
from tickfolio.services.ledgers import book_of
from tickfolio.statements.fast_entry.line import PartKind
from tickfolio.statements.fast_entry.writing import written
from tickfolio.web.fast_entry import LONGEST_LINE, TRADES, ground_of, understood
from tickfolio.web.forms.action_values import values_of_action
from tickfolio.web.forms.asked_values import asked_lots, asked_numbers
from tickfolio.web.forms.lot_picker import CHOOSING
from tickfolio.web.forms.transaction_values import filled_form
from tickfolio.web.transaction_place import Place


def _beginning(place: Place) -> dict[str, Any]:
    """What stands in a new form: what a corporate action says, or the market's day, and what the address names."""
    asked, accounts = place.request.GET, place.portfolio.accounts
    chosen = next((each for each in accounts if each.id == asked.get("account")), accounts[0] if accounts else None)
    return {
        "account_id": chosen.id if chosen else "",
        "instrument_currency": chosen.currency if chosen else place.portfolio.base_currency,
        "symbol": "",
        "day": place.desk.reading.today,
        **named_in_address(place),
    } | _said_by_action(place)


def filled(place: Place) -> tuple[TransactionType, dict[str, Any]]:
    """What stands in a new form, and of which type it is where the address does not say."""
    if "line" in place.request.GET:
        return _from_line(place)
    if "like" in place.request.GET:
        return _from_another(place)
    return TransactionType.BUY, _beginning(place)


def _from_another(place: Place) -> tuple[TransactionType, dict[str, Any]]:
    """What a transaction says, on the market's day: it is entered once more."""
    view = transactions.transaction_view(
        actor=place.actor, portfolio_id=place.portfolio.id, transaction_id=place.request.GET["like"]
    )
    said = dict(filled_form(view.type, view, desk=place.desk).initial)
    now = {"day": place.desk.reading.today, "time": None, "ex_date": None}
    if view.type in TRADES:
        # Prices and rates are of their day: the form suggests those of the new one.
        now |= dict.fromkeys(("price", "gross", "settlement_rate", "settlement_amount"))
    return view.type, _beginning(place) | said | now | ({"lots": ""} if view.type in CHOOSING else {})


@dataclass(frozen=True, slots=True)
class Unread:
    """A line of which something is left over, so that nothing of it is booked yet.

    Attributes:
        faults: what was not understood, in sentences.
        rest: the line without that; empty where not even the type is known.
    """

    line: str
    faults: tuple[str, ...]
    rest: str


def unread(place: Place) -> Unread | None:
    """What is left over of the line that the address names; None where all of it is understood."""
    text = place.request.GET.get("line", "")
    if not text.strip():
        return None
    line = understood(text, actor=place.actor, portfolio=place.portfolio, desk=place.desk).line
    faults = [part.fault for part in line.parts if part.fault]
    if line.type is None:
        faults += [each.fault for each in line.missing if each.kind is PartKind.TYPE]
    if not faults:
        return None
    rest = "" if line.type is None else written(line, ground=ground_of(place.portfolio, place.desk))
    return Unread(text[:LONGEST_LINE], tuple(dict.fromkeys(faults)), rest)


def _from_line(place: Place) -> tuple[TransactionType, dict[str, Any]]:
    """What a line says that was typed elsewhere; what it leaves out is suggested by the form itself."""
    entry = understood(place.request.GET["line"], actor=place.actor, portfolio=place.portfolio, desk=place.desk)
    suggested = {"price"} if entry.price is not None else set()
    suggested |= {"settlement_rate"} if entry.rate is not None else set()
    said = {name: text for name, text in entry.fields.items() if name not in suggested}
    return entry.line.type or TransactionType.BUY, _beginning(place) | said


def named_in_address(place: Place) -> dict[str, Any]:
    """What the address names: the open lots in the form are of that instrument and account, at that moment."""
    asked = place.request.GET
    found: dict[str, Any] = {name: asked[name][:32] for name in ("symbol", "day", "time") if asked.get(name)}
    if asked.get("account") in {each.id for each in place.portfolio.accounts}:
        found["account_id"] = asked["account"]
        found |= asked_lots(asked, desk=place.desk, account_id=asked["account"])
    return found | asked_numbers(asked)


def _said_by_action(place: Place) -> dict[str, Any]:
    """What the corporate action that the address names means for the account that it names."""
    asked = place.request.GET
    if "action" not in asked:
        return {}
    outcomes = book_of(actor=place.actor, portfolio_id=place.portfolio.id).outcomes
    wanted = asked.get("account"), asked["action"]
    return next((values_of_action(each) for each in outcomes if (each.account, str(each.fact.id)) == wanted), {})
