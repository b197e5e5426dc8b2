"""One activity of Ghostfolio, whichever kind of file it stands in, as an entry.

**Source**: the files that Ghostfolio itself tests its import with (github.com/ghostfolio/ghostfolio, folder test/import), read
in 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from tickfolio.domain.instruments import normalise_symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import EXACT, plain
from tickfolio.errors import InvalidSymbol, InvalidValue
from tickfolio.statements.conventions import Undecided
from tickfolio.statements.currencies import currency_of
from tickfolio.statements.fields import account_name
from tickfolio.statements.rows import MAX_NOTE, DividendFee, Entry, Question, Subject, shortened
from tickfolio.words import marked_phrase, phrase

_KINDS = {
    "buy": TransactionType.BUY,
    "sell": TransactionType.SELL,
    "dividend": TransactionType.DIVIDEND,
    "fee": TransactionType.FEE,
    "interest": TransactionType.INTEREST,
}
_NOT_KEPT = {
    "liability": marked_phrase("The ledger keeps no liabilities"),
    "item": marked_phrase("The ledger keeps no valuables without a trade"),
}
DIVIDEND_FEE = Question(
    Subject.DIVIDEND_FEE,
    marked_phrase(
        "What is the fee of a dividend? Some dividends of the file have one, and the ledger knows only a tax that was withheld."
    ),
    ((DividendFee.TAX.value, marked_phrase("a tax that was withheld")),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What an activity says, its numbers and its time read.

    Attributes:
        symbol: what Ghostfolio has as the symbol; of something entered by hand an id or a name.
        names: the names of what was entered by hand, by symbol.
    """

    kind: str
    at: datetime | date
    account: str
    symbol: str
    currency: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    note: str
    is_by_hand: bool
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def entry_from(activity: Activity, *, dividend_fee: DividendFee | None) -> tuple[Entry, str]:
    """The entry that an activity means, and what to remark about it.

    Raises:
        Undecided: the dividend has a fee, and nobody has said what that is.
        InvalidValue: it is of a type that the ledger does not keep, or says nothing that could be booked.
    """
    kind = _kind(activity.kind)
    currency, places = currency_of(activity.currency)
    price, fee = activity.price.scaleb(places, EXACT), activity.fee.scaleb(places, EXACT)
    remarks = (
        [phrase("Amounts in {strip} are kept in {currency}.", strip=activity.currency.strip(), currency=currency)]
        if places
        else []
    )
    if len(activity.note) > MAX_NOTE:
        remarks.append(phrase("The note was cut to {max_note} characters.", max_note=MAX_NOTE))
    if price < 0 or fee < 0 or activity.quantity < 0:
        raise InvalidValue(phrase("Expected quantity, price and fee of zero or more, was one below zero."))
    entry = Entry(
        type=kind,
        at=activity.at,
        account=account_name(activity.account),
        symbol=activity.symbol,
        currency=currency,
        note=activity.note.strip()[:MAX_NOTE],
    )
    match kind:
        case TransactionType.DIVIDEND:
            return _dividend(entry, EXACT.multiply(activity.quantity, price), fee, dividend_fee), " ".join(remarks)
        case TransactionType.FEE:
            amount = EXACT.add(EXACT.multiply(activity.quantity, price), fee)
            return _for_something(entry, activity, amount, "a fee"), " ".join(remarks)
        case TransactionType.INTEREST:
            if fee:
                raise InvalidValue(phrase("Expected interest without a fee, was one of {plain}.", plain=plain(fee)))
            amount = EXACT.multiply(activity.quantity, price)
            return _for_something(entry, activity, amount, "interest"), " ".join(remarks)
        case _:
            trade = _with(entry, quantity=activity.quantity, price=price, fees=fee or None)
            return replace(trade, price_places=places), " ".join(remarks)


def _kind(text: str) -> TransactionType:
    spelt = text.strip().lower()
    if spelt in _NOT_KEPT:
        raise InvalidValue(phrase("{not_kept}, so this {spelt} is not booked.", not_kept=_NOT_KEPT[spelt], spelt=spelt))
    if spelt not in _KINDS:
        raise InvalidValue(
            phrase("Expected BUY, SELL, DIVIDEND, FEE or INTEREST, was {text}.", text=repr(shortened(text)))
        )
    return _KINDS[spelt]


def _dividend(entry: Entry, gross: Decimal, fee: Decimal, meaning: DividendFee | None) -> Entry:
    if not fee:
        return _with(entry, amount=gross)
    if meaning is None:
        raise Undecided(Subject.DIVIDEND_FEE, phrase("A dividend with a fee: say what the fee of a dividend is."))
    return _with(entry, amount=gross, taxes=fee)


def _for_something(entry: Entry, activity: Activity, amount: Decimal, what: str) -> Entry:
    """A fee of its own, or interest. Ghostfolio gives it something to be for; what is no instrument becomes its note."""
    if not amount:
        raise InvalidValue(phrase("Expected {what} above zero, was 0.", what=what))
    if not activity.is_by_hand:
        try:
            normalise_symbol(activity.symbol)
        except InvalidSymbol:
            pass
        else:
            return _with(entry, amount=amount)
    name = activity.names.get(activity.symbol, activity.symbol)
    note = f"{name}: {entry.note}" if entry.note and name else name or entry.note
    return _with(entry, amount=amount, symbol="", note=note[:MAX_NOTE])


def _with(
    entry: Entry,
    *,
    quantity: Decimal | None = None,
    price: Decimal | None = None,
    amount: Decimal | None = None,
    fees: Decimal | None = None,
    taxes: Decimal | None = None,
    symbol: str | None = None,
    note: str | None = None,
) -> Entry:
    return Entry(
        type=entry.type,
        at=entry.at,
        account=entry.account,
        symbol=entry.symbol if symbol is None else symbol,
        currency=entry.currency,
        quantity=quantity,
        price=price,
        amount=amount,
        fees=fees,
        taxes=taxes,
        note=entry.note if note is None else note,
    )
