"""Which fields the form of each type of transaction has, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.words import marked_phrase


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a type's form: its name, its width in twelfths, what it is called there, and whether it must be filled."""

    name: str
    span: int = 3
    label: str = ""
    hint: str = ""
    is_needed: bool = False
    is_extra: bool = False


def _trade(verb: str, *more: Place) -> tuple[Place, ...]:
    return (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", is_needed=True),
        Place("time", hint=marked_phrase("Empty: now, or the close")),
        Place("quantity", is_needed=True),
        Place("price"),
        Place("fees"),
        Place("taxes", is_extra=True),
        Place(
            "gross",
            label=marked_phrase("Amount {verb}", verb=verb),
            hint=marked_phrase("If the broker states another"),
            is_extra=True,
        ),
        *_SETTLEMENT,
        *more,
        Place("note", 12, is_extra=True),
    )


_SETTLEMENT = (
    Place("settlement_currency", label=marked_phrase("Settled in"), is_extra=True),
    Place("settlement_rate", label=marked_phrase("Exchange rate paid"), is_extra=True),
    Place("settlement_amount", label=marked_phrase("Amount that moved"), is_extra=True),
)


def _cash(*, time_hint: str) -> tuple[Place, ...]:
    return (
        Place("account_id", 6, is_needed=True),
        Place("day", is_needed=True),
        Place("time", hint=time_hint),
        Place("amount", is_needed=True),
        Place("currency"),
        Place("note", 6),
    )


_CHOSEN = Place(
    "lots",
    12,
    label=marked_phrase("Lots in one line"),
    hint=marked_phrase(
        "Day and units, such as 2010-03-01 10; 2012-02-02 #2 5. It counts where nothing stands in the "
        "list. Both empty: by the method of the account"
    ),
    is_extra=True,
)
_START = marked_phrase("Empty: now, or the day’s start")
_END = marked_phrase("Empty: now, or the day’s end")
_IN_LIEU = Place(
    "cash_in_lieu", label=marked_phrase("Cash for a fraction"), hint=marked_phrase("If one was paid"), is_extra=True
)
_CHANGE_EXTRAS = (
    Place("time", hint=marked_phrase("Empty: before the open"), is_extra=True),
    Place("note", 12, is_extra=True),
)


def _charge(time_hint: str) -> tuple[Place, ...]:
    return (
        *_cash(time_hint=time_hint),
        Place("symbol", 6, label=marked_phrase("For the instrument"), hint=marked_phrase("If it is for one")),
    )


def _two_symbols(new: str) -> tuple[Place, ...]:
    return (
        Place("symbol", 6, is_needed=True),
        Place("new_symbol", 6, label=new, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", is_needed=True),
    )


PLACES: dict[TransactionType, tuple[Place, ...]] = {
    TransactionType.BUY: _trade(marked_phrase("bought for")),
    TransactionType.SELL: _trade(marked_phrase("sold for"), _CHOSEN),
    TransactionType.DIVIDEND: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label=marked_phrase("Paid on"), is_needed=True),
        Place("ex_date", hint=marked_phrase("It counts from then on")),
        Place(
            "gross",
            label=marked_phrase("Dividend before tax"),
            hint=marked_phrase("For all shares together"),
            is_needed=True,
        ),
        Place("currency"),
        Place("taxes", label=marked_phrase("Withholding tax")),
        Place("time", hint=marked_phrase("Empty: now, or the close"), is_extra=True),
        *_SETTLEMENT,
        Place("note", 12, is_extra=True),
    ),
    TransactionType.DEPOSIT: _cash(time_hint=_START),
    TransactionType.WITHDRAWAL: _cash(time_hint=_END),
    TransactionType.DIVIDEND_REINVESTED: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label=marked_phrase("Paid on"), is_needed=True),
        Place(
            "gross",
            label=marked_phrase("Dividend before tax"),
            hint=marked_phrase("For all shares together"),
            is_needed=True,
        ),
        Place("taxes", label=marked_phrase("Withholding tax")),
        Place("quantity", label=marked_phrase("Units bought"), is_needed=True),
        Place("price", label=marked_phrase("Price paid")),
        Place(
            "counter_amount",
            label=marked_phrase("Amount reinvested"),
            hint=marked_phrase("Instead of a price; before fees"),
        ),
        Place("fees"),
        Place("ex_date", hint=marked_phrase("It counts from then on"), is_extra=True),
        Place("time", hint=marked_phrase("Empty: now, or the close"), is_extra=True),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.INTEREST: (
        Place("account_id", 6, is_needed=True),
        Place("day", label=marked_phrase("Paid on"), is_needed=True),
        Place("time", hint=_START),
        Place("gross", label=marked_phrase("Interest before tax"), is_needed=True),
        Place("currency"),
        Place("taxes", label=marked_phrase("Withholding tax")),
        Place("symbol", 6, label=marked_phrase("Of the bond"), hint=marked_phrase("If it is of one")),
        *_SETTLEMENT,
        Place("note", 12, is_extra=True),
    ),
    TransactionType.FEE: _charge(_END),
    TransactionType.FEE_REFUND: _charge(_START),
    TransactionType.TAX: _charge(_END),
    TransactionType.TAX_REFUND: _charge(_START),
    TransactionType.INTEREST_CHARGE: _charge(_END),
    TransactionType.TRANSFER_IN: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", label=marked_phrase("Into the account"), is_needed=True),
        Place("day", is_needed=True),
        Place("quantity", is_needed=True),
        Place(
            "lots",
            12,
            label=marked_phrase("Its lots"),
            hint=marked_phrase(
                "Day bought, units and cost, such as 2010-03-01 10 3500; 2011-05-02 5 1900. Empty: the cost is not known, and so no gain"
            ),
        ),
        Place("time", hint=marked_phrase("Empty: before the open"), is_extra=True),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.TRANSFER_OUT: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", label=marked_phrase("From the account"), is_needed=True),
        Place("to_account_id", label="To"),
        Place("day", is_needed=True),
        Place("quantity", is_needed=True),
        Place("time", hint=marked_phrase("Empty: now, or the close")),
        _CHOSEN,
        Place("note", 12, is_extra=True),
    ),
    TransactionType.CASH_TRANSFER: (
        Place("account_id", 6, label=marked_phrase("From the account"), is_needed=True),
        Place("to_account_id", 6, label=marked_phrase("To the account"), is_needed=True),
        Place("day", is_needed=True),
        Place("time", hint=_END),
        Place("amount", is_needed=True),
        Place("currency"),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.SPLIT: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label=marked_phrase("Ex-date"), is_needed=True),
        Place(
            "split_new", label=marked_phrase("New shares"), hint=marked_phrase("2 in a split 2 for 1"), is_needed=True
        ),
        Place(
            "split_old",
            label=marked_phrase("for old shares"),
            hint=marked_phrase("1 in a split 2 for 1"),
            is_needed=True,
        ),
        _IN_LIEU,
        Place("time", hint=marked_phrase("Empty: before the open"), is_extra=True),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.STOCK_DIVIDEND: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label=marked_phrase("Ex-date"), is_needed=True),
        Place("quantity", label=marked_phrase("Units that came"), is_needed=True),
        *_CHANGE_EXTRAS,
    ),
    TransactionType.SPIN_OFF: (
        *_two_symbols(marked_phrase("New instrument")),
        Place(
            "split_new", label=marked_phrase("New shares"), hint=marked_phrase("1 in 1 for each 4 held"), is_needed=True
        ),
        Place(
            "split_old",
            label=marked_phrase("for each held"),
            hint=marked_phrase("4 in 1 for each 4 held"),
            is_needed=True,
        ),
        Place(
            "cost_share",
            label=marked_phrase("Part of the cost, in %"),
            hint=marked_phrase("That goes with the new shares"),
            is_needed=True,
        ),
        _IN_LIEU,
        *_CHANGE_EXTRAS,
    ),
    TransactionType.MERGER: (
        *_two_symbols(marked_phrase("Becomes")),
        Place("split_new", label=marked_phrase("New shares"), hint="1 in 1 for 2", is_needed=True),
        Place("split_old", label=marked_phrase("for old shares"), hint="2 in 1 for 2", is_needed=True),
        Place("amount", label=marked_phrase("Cash besides"), hint=marked_phrase("For all shares together")),
        Place(
            "cost_share",
            label=marked_phrase("Part of the cost, in %"),
            hint=marked_phrase("That goes with the cash, if one does"),
            is_extra=True,
        ),
        _IN_LIEU,
        *_CHANGE_EXTRAS,
    ),
    TransactionType.RETURN_OF_CAPITAL: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", is_needed=True),
        Place("amount", hint=marked_phrase("For all shares together"), is_needed=True),
        Place("currency"),
        Place("time", hint=marked_phrase("Empty: now, or the close")),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.SYMBOL_CHANGE: (*_two_symbols(marked_phrase("New symbol")), *_CHANGE_EXTRAS),
    TransactionType.CURRENCY_EXCHANGE: (
        Place("account_id", 6, is_needed=True),
        Place("day", is_needed=True),
        Place("time", hint=_START),
        Place("amount", label=marked_phrase("Amount sold"), is_needed=True),
        Place("currency", label=marked_phrase("Currency sold")),
        Place("counter_amount", is_needed=True),
        Place("counter_currency", is_needed=True),
        Place("note", 12, is_extra=True),
    ),
}
