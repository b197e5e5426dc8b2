"""Which fields the form of each type of transaction has, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.domain.ledger.transactions import TransactionType


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
        Place("time", hint="Empty: now, or the close"),
        Place("quantity", is_needed=True),
        Place("price"),
        Place("fees"),
        Place("taxes", is_extra=True),
        Place("gross", label=f"Amount {verb}", hint="If the broker states another", is_extra=True),
        *_SETTLEMENT,
        *more,
        Place("note", 12, is_extra=True),
    )


_SETTLEMENT = (
    Place("settlement_currency", label="Settled in", is_extra=True),
    Place("settlement_rate", label="Exchange rate paid", is_extra=True),
    Place("settlement_amount", label="Amount that moved", is_extra=True),
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
    label="Lots in one line",
    hint="Day and units, such as 2010-03-01 10; 2012-02-02 #2 5. It counts where nothing stands in the list. "
    "Both empty: by the method of the account",
    is_extra=True,
)
_START = "Empty: now, or the day’s start"
_END = "Empty: now, or the day’s end"
_IN_LIEU = Place("cash_in_lieu", label="Cash for a fraction", hint="If one was paid", is_extra=True)
_CHANGE_EXTRAS = (
    Place("time", hint="Empty: before the open", is_extra=True),
    Place("note", 12, is_extra=True),
)


def _charge(time_hint: str) -> tuple[Place, ...]:
    return (*_cash(time_hint=time_hint), Place("symbol", 6, label="For the instrument", hint="If it is for one"))


def _two_symbols(new: str) -> tuple[Place, ...]:
    return (
        Place("symbol", 6, is_needed=True),
        Place("new_symbol", 6, label=new, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", is_needed=True),
    )


PLACES: dict[TransactionType, tuple[Place, ...]] = {
    TransactionType.BUY: _trade("bought for"),
    TransactionType.SELL: _trade("sold for", _CHOSEN),
    TransactionType.DIVIDEND: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label="Paid on", is_needed=True),
        Place("ex_date", hint="It counts from then on"),
        Place("gross", label="Dividend before tax", hint="For all shares together", is_needed=True),
        Place("currency"),
        Place("taxes", label="Withholding tax"),
        Place("time", hint="Empty: now, or the close", is_extra=True),
        *_SETTLEMENT,
        Place("note", 12, is_extra=True),
    ),
    TransactionType.DEPOSIT: _cash(time_hint=_START),
    TransactionType.WITHDRAWAL: _cash(time_hint=_END),
    TransactionType.DIVIDEND_REINVESTED: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label="Paid on", is_needed=True),
        Place("gross", label="Dividend before tax", hint="For all shares together", is_needed=True),
        Place("taxes", label="Withholding tax"),
        Place("quantity", label="Units bought", is_needed=True),
        Place("price", label="Price paid"),
        Place("counter_amount", label="Amount reinvested", hint="Instead of a price; before fees"),
        Place("fees"),
        Place("ex_date", hint="It counts from then on", is_extra=True),
        Place("time", hint="Empty: now, or the close", is_extra=True),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.INTEREST: (
        Place("account_id", 6, is_needed=True),
        Place("day", label="Paid on", is_needed=True),
        Place("time", hint=_START),
        Place("gross", label="Interest before tax", is_needed=True),
        Place("currency"),
        Place("taxes", label="Withholding tax"),
        Place("symbol", 6, label="Of the bond", hint="If it is of one"),
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
        Place("account_id", label="Into the account", is_needed=True),
        Place("day", is_needed=True),
        Place("quantity", is_needed=True),
        Place(
            "lots",
            12,
            label="Its lots",
            hint="Day bought, units and cost, such as 2010-03-01 10 3500; 2011-05-02 5 1900. "
            "Empty: the cost is not known, and so no gain",
        ),
        Place("time", hint="Empty: before the open", is_extra=True),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.TRANSFER_OUT: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", label="From the account", is_needed=True),
        Place("to_account_id", label="To"),
        Place("day", is_needed=True),
        Place("quantity", is_needed=True),
        Place("time", hint="Empty: now, or the close"),
        _CHOSEN,
        Place("note", 12, is_extra=True),
    ),
    TransactionType.CASH_TRANSFER: (
        Place("account_id", 6, label="From the account", is_needed=True),
        Place("to_account_id", 6, label="To the account", is_needed=True),
        Place("day", is_needed=True),
        Place("time", hint=_END),
        Place("amount", is_needed=True),
        Place("currency"),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.SPLIT: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label="Ex-date", is_needed=True),
        Place("split_new", label="New shares", hint="2 in a split 2 for 1", is_needed=True),
        Place("split_old", label="for old shares", hint="1 in a split 2 for 1", is_needed=True),
        _IN_LIEU,
        Place("time", hint="Empty: before the open", is_extra=True),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.STOCK_DIVIDEND: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", label="Ex-date", is_needed=True),
        Place("quantity", label="Units that came", is_needed=True),
        *_CHANGE_EXTRAS,
    ),
    TransactionType.SPIN_OFF: (
        *_two_symbols("New instrument"),
        Place("split_new", label="New shares", hint="1 in 1 for each 4 held", is_needed=True),
        Place("split_old", label="for each held", hint="4 in 1 for each 4 held", is_needed=True),
        Place("cost_share", label="Part of the cost, in %", hint="That goes with the new shares", is_needed=True),
        _IN_LIEU,
        *_CHANGE_EXTRAS,
    ),
    TransactionType.MERGER: (
        *_two_symbols("Becomes"),
        Place("split_new", label="New shares", hint="1 in 1 for 2", is_needed=True),
        Place("split_old", label="for old shares", hint="2 in 1 for 2", is_needed=True),
        Place("amount", label="Cash besides", hint="For all shares together"),
        Place("cost_share", label="Part of the cost, in %", hint="That goes with the cash, if one does", is_extra=True),
        _IN_LIEU,
        *_CHANGE_EXTRAS,
    ),
    TransactionType.RETURN_OF_CAPITAL: (
        Place("symbol", 6, is_needed=True),
        Place("account_id", is_needed=True),
        Place("day", is_needed=True),
        Place("amount", hint="For all shares together", is_needed=True),
        Place("currency"),
        Place("time", hint="Empty: now, or the close"),
        Place("note", 12, is_extra=True),
    ),
    TransactionType.SYMBOL_CHANGE: (*_two_symbols("New symbol"), *_CHANGE_EXTRAS),
    TransactionType.CURRENCY_EXCHANGE: (
        Place("account_id", 6, is_needed=True),
        Place("day", is_needed=True),
        Place("time", hint=_START),
        Place("amount", label="Amount sold", is_needed=True),
        Place("currency", label="Currency sold"),
        Place("counter_amount", is_needed=True),
        Place("counter_currency", is_needed=True),
        Place("note", 12, is_extra=True),
    ),
}
