"""The fields of Tickfolio's own files, which its CSV and its JSON share: from texts by name to one entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import EXACT
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.statements.conventions import Conventions
from tickfolio.statements.currencies import currency_of
from tickfolio.statements.fast_entry.words import FEE_WORDS, TAX_WORDS, TYPES
from tickfolio.statements.lot_cells import lots_from, reference_from
from tickfolio.statements.rows import MAX_ACCOUNT_NAME, MAX_NOTE, Entry, shortened
from tickfolio.words import phrase

VERSION = 1
NUMBERS = (
    "quantity", "price", "amount", "fees", "taxes", "settlement_amount", "settlement_rate", "counter_amount",
    "cost_share", "cash_in_lieu",
)  # fmt: skip
CONTRACT = ("instrument_class", "contract_size", "quote_unit")
"""What an instrument is and how its trades are counted."""
FIELDS = (
    "type", "at", "order", "account", "account_currency", "account_method", "symbol", "name", "instrument_currency",
    "instrument_class", "contract_size", "quote_unit",
    "quantity", "price", "amount", "currency", "fees", "taxes",
    "settlement_amount", "settlement_currency", "settlement_rate", "counter_amount", "counter_currency",
    "split_new", "split_old", "to_account", "new_symbol", "new_name", "new_instrument_currency",
    "new_instrument_class", "new_contract_size", "new_quote_unit",
    "cost_share", "cash_in_lieu", "reference", "lots", "ex_date", "note",
)  # fmt: skip
"""All of them, in the order in which they are written."""

_ALWAYS = {"type", "at", "order", "account", "account_currency", "account_method", "reference", "note"}
_OF_INSTRUMENT = {"symbol", "name", "instrument_currency", *CONTRACT}
_SETTLED = {"settlement_amount", "settlement_currency", "settlement_rate"}
_OF_NEW_INSTRUMENT = {"new_name", "new_instrument_currency", *(f"new_{name}" for name in CONTRACT)}
_CASH = ({"amount", "currency"}, set[str]())
_CHARGE = ({"amount", "currency"}, {"symbol"})
_RATIO = {"symbol", "split_new", "split_old"}
_TRADE = ({"symbol", "quantity", "currency"}, {"price", "amount", "fees", "taxes", *_SETTLED})
_NEEDS: Mapping[TransactionType, tuple[set[str], set[str]]] = {
    TransactionType.DEPOSIT: _CASH,
    TransactionType.WITHDRAWAL: _CASH,
    TransactionType.BUY: _TRADE,
    TransactionType.SELL: (_TRADE[0], _TRADE[1] | {"lots"}),
    TransactionType.TRANSFER_IN: ({"symbol", "quantity"}, {"currency", "lots"}),
    TransactionType.TRANSFER_OUT: ({"symbol", "quantity"}, {"to_account", "lots"}),
    TransactionType.CASH_TRANSFER: ({"amount", "currency", "to_account"}, set()),
    TransactionType.CURRENCY_EXCHANGE: ({"amount", "currency", "counter_amount", "counter_currency"}, set()),
    TransactionType.DIVIDEND: ({"symbol", "amount", "currency"}, {"taxes", "ex_date", *_SETTLED}),
    TransactionType.DIVIDEND_REINVESTED: (
        {"symbol", "amount", "currency", "quantity"},
        {"price", "counter_amount", "taxes", "fees", "ex_date"},
    ),
    TransactionType.INTEREST: ({"amount", "currency"}, {"symbol", "taxes", *_SETTLED}),
    TransactionType.INTEREST_CHARGE: _CHARGE,
    TransactionType.FEE: _CHARGE,
    TransactionType.FEE_REFUND: _CHARGE,
    TransactionType.TAX: _CHARGE,
    TransactionType.TAX_REFUND: _CHARGE,
    TransactionType.SPLIT: (_RATIO, {"currency", "cash_in_lieu"}),
    TransactionType.STOCK_DIVIDEND: ({"symbol", "quantity"}, set()),
    TransactionType.SPIN_OFF: (
        {*_RATIO, "new_symbol", "cost_share"},
        {"currency", "cash_in_lieu", *_OF_NEW_INSTRUMENT},
    ),
    TransactionType.MERGER: (
        {*_RATIO, "new_symbol"},
        {"amount", "currency", "cost_share", "cash_in_lieu", *_OF_NEW_INSTRUMENT},
    ),
    TransactionType.RETURN_OF_CAPITAL: ({"symbol", "amount", "currency"}, set()),
    TransactionType.SYMBOL_CHANGE: ({"symbol", "new_symbol"}, _OF_NEW_INSTRUMENT),
}
"""What each type must have, and what it may have."""
NEEDED = {kind: frozenset(needed) for kind, (needed, _) in _NEEDS.items()}
ALLOWED = {kind: frozenset(needed | may | _ALWAYS | _OF_INSTRUMENT) for kind, (needed, may) in _NEEDS.items()}

_TYPES = {kind.value: kind for kind in TransactionType}
_SPELT = {
    **TYPES,
    **dict.fromkeys(FEE_WORDS, TransactionType.FEE),
    **dict.fromkeys(TAX_WORDS, TransactionType.TAX),
    **_TYPES,
}
"""The names of the types, and the words by which a transaction in one line names them."""
_WHOLE = re.compile(r"[0-9]{1,9}\Z")


def type_of(text: str) -> TransactionType:
    """The type that `text` names in English or German, in any case, with spaces or hyphens for the underscore.

    Raises:
        InvalidValue: the ledger has no such type.

    >>> type_of("Currency exchange").value, type_of("Kauf").value
    ('currency_exchange', 'buy')
    """
    spelt = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if spelt not in _SPELT:
        raise InvalidValue(
            phrase(
                "Expected one of {types}, was {text}: the ledger has no such type.",
                types=", ".join(_TYPES),
                text=repr(shortened(text)),
            )
        )
    return _SPELT[spelt]


def entry_of(filled: Mapping[str, str], spelling: Conventions) -> Entry:
    """The entry that the texts of a row say; empty ones are left out of `filled`.

    Raises:
        Undecided: a number or a date may be read in two ways.
        InvalidValue: a field is missing, is none of its type's, or does not say what it should.
    """
    if "type" not in filled:
        raise InvalidValue(phrase("Expected a type such as buy; none is there."))
    kind = type_of(filled["type"])
    if "at" not in filled:
        raise InvalidValue(phrase("Expected a date; none is there."))
    numbers = {name: _number(name, filled[name], spelling) for name in NUMBERS if name in filled}
    values = _completed(kind, filled, numbers)
    lots = lots_from(filled.get("lots", ""))
    currency, places = currency_of(filled["currency"]) if "currency" in filled else ("", 0)
    if places:
        scaled = _IN_CURRENCY if kind is not TransactionType.DIVIDEND_REINVESTED else {*_IN_CURRENCY, "counter_amount"}
        values = {name: value.scaleb(places, EXACT) if name in scaled else value for name, value in values.items()}
        lots = tuple(replace(lot, cost=lot.cost.scaleb(places, EXACT)) if lot.cost else lot for lot in lots)
    return Entry(
        type=kind,
        at=spelling.moment(filled["at"]),
        order=_whole("order", filled["order"]) if "order" in filled else 0,
        account=account_name(filled.get("account", "")),
        symbol=filled.get("symbol", "").strip(),
        quantity=values.get("quantity"),
        price=values.get("price"),
        amount=values.get("amount"),
        currency=currency,
        fees=values.get("fees"),
        taxes=values.get("taxes"),
        settlement_amount=values.get("settlement_amount"),
        settlement_currency=_currency(filled, "settlement_currency"),
        settlement_rate=values.get("settlement_rate"),
        counter_amount=values.get("counter_amount"),
        counter_currency=_currency(filled, "counter_currency"),
        split_new=_whole("split_new", filled["split_new"]) if "split_new" in filled else None,
        split_old=_whole("split_old", filled["split_old"]) if "split_old" in filled else None,
        to_account=account_name(filled.get("to_account", "")),
        new_symbol=filled.get("new_symbol", "").strip(),
        cost_share=values.get("cost_share"),
        cash_in_lieu=values.get("cash_in_lieu"),
        reference=reference_from(filled["reference"]) if "reference" in filled else "",
        lots=lots,
        ex_date=spelling.day(filled["ex_date"]) if "ex_date" in filled else None,
        note=filled.get("note", "")[:MAX_NOTE],
        price_places=places if "price" in values else 0,
    )


def account_name(text: str) -> str:
    """The name of an account, trimmed.

    Raises:
        InvalidValue: it is longer than one may be.
    """
    name = text.strip()
    if len(name) > MAX_ACCOUNT_NAME:
        raise InvalidValue(
            phrase(
                "Expected an account's name of at most {max_account_name} characters, was {name}.",
                max_account_name=MAX_ACCOUNT_NAME,
                name=repr(shortened(name)),
            )
        )
    return name


def note_remark(text: str) -> str:
    """What to say where a note is cut."""
    return phrase("The note was cut to {max_note} characters.", max_note=MAX_NOTE) if len(text) > MAX_NOTE else ""


_IN_CURRENCY = frozenset({"price", "amount", "fees", "taxes", "cash_in_lieu"})


def _completed(
    kind: TransactionType, filled: Mapping[str, str], numbers: Mapping[str, Decimal]
) -> Mapping[str, Decimal]:
    """The numbers of the type, none missing and none left over.

    Some sources spell a dividend or interest as quantity × price, a fee as the fee of nothing, and a sale with a negative quantity.
    """
    values = dict(numbers)
    if kind is TransactionType.SELL and values.get("quantity", 0) < 0:
        values["quantity"] = values["quantity"].copy_negate()
    if kind in (TransactionType.DIVIDEND, TransactionType.INTEREST) and "quantity" in values and "price" in values:
        gross = EXACT.multiply(values.pop("quantity"), values.pop("price"))
        values.setdefault("amount", gross)
    if kind is TransactionType.FEE and "fees" in values and not values.get("amount"):
        values["amount"] = values.pop("fees")
    for name in values.keys() - ALLOWED[kind]:
        if not values[name]:
            del values[name]
    present = values.keys() | (filled.keys() - numbers.keys())
    if missing := NEEDED[kind] - present:
        raise InvalidValue(
            phrase("Expected {missing} on {kind}; none is there.", missing=_named(missing), kind=_words(kind))
        )
    if "price" in ALLOWED[kind] and not values.keys() & {"price", "amount"}:
        raise InvalidValue(phrase("Expected a price or an amount on {kind}, was neither.", kind=_words(kind)))
    if left_over := present - ALLOWED[kind] - {"currency"}:
        name = min(left_over, key=FIELDS.index)
        raise InvalidValue(
            phrase(
                "Expected no {words_of} on {kind}, was {filled}.",
                words_of=_words_of(name),
                kind=_words(kind),
                filled=shortened(filled[name]),
            )
        )
    return values


def _number(name: str, text: str, spelling: Conventions) -> Decimal:
    try:
        return spelling.number(text)
    except InvalidNumber as error:
        raise InvalidNumber(f"{_words_of(name).capitalize()}: {error}") from error


def _whole(name: str, text: str) -> int:
    if not _WHOLE.match(text.strip()):
        raise InvalidNumber(
            phrase(
                "{capitalize}: Expected a whole number, was {text}.",
                capitalize=_words_of(name).capitalize(),
                text=repr(shortened(text)),
            )
        )
    return int(text)


def _currency(filled: Mapping[str, str], name: str) -> str:
    if name not in filled:
        return ""
    code, places = currency_of(filled[name])
    if places:
        raise InvalidValue(
            phrase("Expected {code} for what was paid, was {filled}.", code=code, filled=shortened(filled[name]))
        )
    return code


def _named(names: set[str] | frozenset[str]) -> str:
    words = [_words_of(name) for name in sorted(names, key=FIELDS.index)]
    return words[0] if len(words) == 1 else phrase("{listed} and {last}", listed=", ".join(words[:-1]), last=words[-1])


def _words_of(name: str) -> str:
    return name.replace("_", " ")


def _words(kind: TransactionType) -> str:
    words = kind.value.replace("_", " ")
    return (
        phrase("an {words}", words=words)
        if kind in (TransactionType.INTEREST, TransactionType.INTEREST_CHARGE)
        else f"a {words}"
    )
