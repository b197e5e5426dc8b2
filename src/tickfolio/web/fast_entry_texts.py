"""What stands under a line as one types it: a badge for each part, what is wrong, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import NO_CURRENCY, Currency
from tickfolio.errors import InvalidValue
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.services.draft_trades import gross_of
from tickfolio.services.suggestions import PriceSuggestion, RateSuggestion
from tickfolio.statements.fast_entry.line import Part, PartKind
from tickfolio.statements.fast_entry.words import is_keyword
from tickfolio.web.advice import price_advice, rate_advice, short_rate
from tickfolio.web.fast_entry import TRADES, FastEntry
from tickfolio.web.figures import price_text
from tickfolio.web.notation import short_day
from tickfolio.web.transaction_kinds import cash_moved
from tickfolio.web.transaction_texts import signed_text
from tickfolio.web.venues import venue_name
from tickfolio.words import marked_phrase, phrase

_WORDS = {PartKind.FEE: "fee", PartKind.TAX: "tax", PartKind.RATE: "rate"}
_NAMES = {
    PartKind.TYPE: "type",
    PartKind.QUANTITY: "quantity",
    PartKind.INSTRUMENT: "instrument",
    PartKind.PRICE: "price",
    PartKind.AMOUNT: "amount",
    PartKind.ACCOUNT: "account",
    PartKind.DAY: "date",
    PartKind.TIME: "time",
    PartKind.SETTLEMENT: marked_phrase("settled in"),
    PartKind.NOTE: "note",
    PartKind.UNKNOWN: "",
}
_FIGURES = frozenset({PartKind.QUANTITY, PartKind.AMOUNT, PartKind.FEE, PartKind.TAX})
"""What privacy mode hides."""
LONGEST_WORDS = 32


@dataclass(frozen=True, slots=True)
class Badge:
    """A part of a line in a few words.

    Attributes:
        state: ``read``, ``assumed`` of what the line leaves out, ``suggested`` of what it might say, or ``fault``.
        hint: where a suggestion is from.
        put: what a click adds to the line.
        is_private: whether privacy mode hides it.
    """

    kind: str
    text: str
    state: str = "read"
    hint: str = ""
    put: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """What a line's transaction moves in cash."""

    type: TransactionType
    amount: Decimal | None
    currency: str
    fees: Decimal | None
    taxes: Decimal | None
    settlement_amount: Decimal | None = None
    settlement_currency: str = ""
    counter_amount: Decimal | None = None
    counter_currency: str = ""
    cash_in_lieu: Decimal | None = None


def badges_of(entry: FastEntry) -> tuple[Badge, ...]:
    """The parts in the order of the line, then what is suggested or assumed, then what is missing."""
    return (*_read(entry), *_suggested(entry), *_assumed(entry), *_missing(entry))


def faults_of(entry: FastEntry) -> tuple[str, ...]:
    """Each thing that is wrong or missing, in a sentence, in the order of the badges."""
    of_line = [part.fault or entry.faults.get(part.kind, "") for part in entry.line.parts]
    there = {part.kind for part in entry.line.parts}
    beyond = [_with_reason(entry, kind, text) for kind, text in entry.faults.items() if kind not in there]
    told = [*of_line, *(each.fault for each in entry.line.missing), *beyond]
    return tuple(dict.fromkeys(each for each in told if each))


def total_text(entry: FastEntry) -> str:
    """What it moves in cash; empty where that cannot be said yet."""
    moved = _moved(entry)
    if moved is None or ((settled := entry.fields.get("settlement_currency", "")) and settled != moved.currency):
        return ""
    return ", ".join(f"{each.text} {each.currency}" for each in (signed_text(*one) for one in cash_moved(moved)))


def choice_of(match: InstrumentMatch) -> dict[str, str]:
    """An instrument to choose, as the scripts show it."""
    return {
        "symbol": match.symbol,
        "name": match.name,
        "venue": "" if match.is_private else venue_name(match.mic),
        "currency": "" if match.currency == NO_CURRENCY.code else match.currency,
        "put": f"${match.symbol}" if is_keyword(match.symbol) else match.symbol,
    }


# ---------- Badges ----------


def _read(entry: FastEntry) -> Iterator[Badge]:
    for part in entry.line.parts:
        is_wrong = bool(part.fault) or (part.kind in entry.faults)
        shown = entry.line.text[part.start : part.end][:LONGEST_WORDS]
        text = shown if is_wrong and shown else _text(part, entry)
        yield Badge(part.kind.value, text, "fault" if is_wrong else "read", is_private=part.kind in _FIGURES)


def _text(part: Part, entry: FastEntry) -> str:
    own = part.currency or _currency(entry)
    match part.value:
        case TransactionType():
            return TYPE_NAMES[part.value]
        case Decimal() if part.kind in (PartKind.QUANTITY, PartKind.RATE):
            return " ".join(filter(None, (str(_WORDS.get(part.kind, "")), price_text(part.value, places=0))))
        case Decimal():
            figure = price_text(part.value, places=_coins(own))
            return " ".join(filter(None, (str(_WORDS.get(part.kind, "")), figure, own)))
        case date():
            return short_day(part.value)
        case time():
            return part.value.isoformat("seconds" if part.value.second else "minutes")
        case _ if part.kind is PartKind.INSTRUMENT and entry.instrument is not None:
            return _instrument(entry.instrument)
        case _ if part.kind is PartKind.ACCOUNT and entry.account is not None:
            return phrase("in {name}", name=entry.account.name)
        case _ if part.kind is PartKind.SETTLEMENT:
            return phrase("settled in {value}", value=part.value)
        case _:
            return str(part.value)[:LONGEST_WORDS]


def _instrument(match: InstrumentMatch) -> str:
    venue = "" if match.is_private else venue_name(match.mic)
    named = "" if match.name == match.symbol else match.name[:LONGEST_WORDS]
    return ", ".join(filter(None, (match.symbol, named, venue)))


def _suggested(entry: FastEntry) -> Iterator[Badge]:
    if isinstance(entry.price, PriceSuggestion) and "price" in entry.fields:
        figure = price_text(entry.price.price, places=_coins(entry.price.currency.code))
        put = phrase("at {fields}", fields=entry.fields["price"])
        yield Badge("price", f"{figure} {entry.price.currency}", "suggested", price_advice(entry.price), put)
    if isinstance(entry.rate, RateSuggestion) and "settlement_rate" in entry.fields:
        text = phrase("rate {price_text}", price_text=price_text(short_rate(entry.rate.rate), places=0))
        put = phrase("rate {fields}", fields=entry.fields["settlement_rate"])
        yield Badge("rate", text, "suggested", rate_advice(entry.rate), put)


def _assumed(entry: FastEntry) -> Iterator[Badge]:
    there = {part.kind for part in entry.line.parts}
    if entry.form is None:
        return
    if PartKind.DAY not in there:
        yield Badge("day", phrase("{day}, today", day=short_day(entry.form.desk.reading.today)), "assumed")
    if PartKind.ACCOUNT not in there and entry.account is not None:
        yield Badge("account", phrase("in {name}", name=entry.account.name), "assumed")


def _missing(entry: FastEntry) -> Iterator[Badge]:
    there = {part.kind for part in entry.line.parts}
    wanting = [each.kind for each in entry.line.missing]
    beyond = [kind for kind in entry.faults if kind not in there and kind is not PartKind.UNKNOWN]
    for kind in dict.fromkeys([*wanting, *beyond]):
        yield Badge(kind.value, _NAMES.get(kind, "") or _WORDS.get(kind, kind.value), "fault")


def _with_reason(entry: FastEntry, kind: PartKind, text: str) -> str:
    """Of a price or a rate, also why none is suggested."""
    if kind is PartKind.PRICE and isinstance(entry.price, NotAvailable):
        return f"{text} {price_advice(entry.price)}"
    if kind is PartKind.RATE and isinstance(entry.rate, NotAvailable):
        return f"{text} {rate_advice(entry.rate)}"
    return text


# ---------- What it comes to ----------


def _currency(entry: FastEntry) -> str:
    """The currency of the transaction, as far as it is known."""
    stated = entry.fields.get("currency", "")
    kind = entry.line.type
    if entry.instrument is not None and (kind in TRADES or (kind is TransactionType.DIVIDEND and not stated)):
        return entry.instrument.currency if entry.instrument.currency != NO_CURRENCY.code else ""
    return stated or (entry.account.currency if entry.account is not None and kind not in TRADES else "")


def _coins(code: str) -> int:
    try:
        return Currency(code).minor_unit
    except InvalidValue:
        return 2


def _moved(entry: FastEntry) -> Moved | None:
    if entry.form is None or not entry.form.is_valid() or not _currency(entry):
        return None
    typed = entry.form.cleaned_data
    amount = typed.get("gross") if typed.get("gross") is not None else typed.get("amount")
    if amount is None and entry.form.kind in TRADES and entry.instrument is not None:
        units = entry.instrument
        amount = gross_of(
            typed["quantity"], typed["price"], contract_size=units.contract_size, quote_unit=units.quote_unit
        )
    if amount is None:
        return None
    return Moved(entry.form.kind, amount, _currency(entry), typed.get("fees"), typed.get("taxes"))
