"""What was booked in an account, as values that cannot be wrong.

Amounts are unsigned: whether cash comes in or goes out follows from the type. Order within a ledger is the time of the
trade, then the entry sequence.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from tickfolio.domain.ledger.booking import (
    MAX_AMOUNT,
    MAX_AMOUNT_PLACES,
    MAX_PRICE,
    MAX_QUANTITY,
    MAX_RATIO,
    AccountId,
    Booking,
    Settlement,
    TransactionId,
)
from tickfolio.domain.ledger.capital_changes import (
    Merger,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
)
from tickfolio.domain.ledger.cash_transactions import (
    CashTransfer,
    Charge,
    CurrencyExchange,
    Deposit,
    Fee,
    FeeRefund,
    Interest,
    InterestCharge,
    Tax,
    TaxRefund,
    Withdrawal,
)
from tickfolio.domain.ledger.trades import (
    Buy,
    Dividend,
    DividendPayment,
    DividendReinvested,
    LotChoice,
    ReceivedLot,
    Sell,
    Trade,
    TransferIn,
    TransferOut,
)

__all__ = [
    "MAX_AMOUNT",
    "MAX_AMOUNT_PLACES",
    "MAX_PRICE",
    "MAX_QUANTITY",
    "MAX_RATIO",
    "AccountId",
    "Booking",
    "Buy",
    "CashTransfer",
    "Charge",
    "CurrencyExchange",
    "Deposit",
    "Dividend",
    "DividendPayment",
    "DividendReinvested",
    "Fee",
    "FeeRefund",
    "Interest",
    "InterestCharge",
    "LotChoice",
    "Merger",
    "ReceivedLot",
    "ReturnOfCapital",
    "Sell",
    "Settlement",
    "SpinOff",
    "Split",
    "StockDividend",
    "SymbolChange",
    "Tax",
    "TaxRefund",
    "Trade",
    "Transaction",
    "TransactionId",
    "TransactionType",
    "TransferIn",
    "TransferOut",
    "Withdrawal",
    "in_ledger_order",
    "is_after",
    "transaction_type",
]


class TransactionType(StrEnum):
    """What kind of thing was booked."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    BUY = "buy"
    SELL = "sell"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    CASH_TRANSFER = "cash_transfer"
    CURRENCY_EXCHANGE = "currency_exchange"
    DIVIDEND = "dividend"
    DIVIDEND_REINVESTED = "dividend_reinvested"
    INTEREST = "interest"
    INTEREST_CHARGE = "interest_charge"
    FEE = "fee"
    FEE_REFUND = "fee_refund"
    TAX = "tax"
    TAX_REFUND = "tax_refund"
    SPLIT = "split"
    STOCK_DIVIDEND = "stock_dividend"
    SPIN_OFF = "spin_off"
    MERGER = "merger"
    RETURN_OF_CAPITAL = "return_of_capital"
    SYMBOL_CHANGE = "symbol_change"


type Transaction = (
    Deposit
    | Withdrawal
    | Buy
    | Sell
    | TransferIn
    | TransferOut
    | CashTransfer
    | CurrencyExchange
    | Dividend
    | DividendReinvested
    | Interest
    | InterestCharge
    | Fee
    | FeeRefund
    | Tax
    | TaxRefund
    | Split
    | StockDividend
    | SpinOff
    | Merger
    | ReturnOfCapital
    | SymbolChange
)


def transaction_type(transaction: Transaction) -> TransactionType:
    """The type of `transaction`."""
    return _TYPES[type(transaction)]


def in_ledger_order(transactions: Iterable[Transaction]) -> list[Transaction]:
    """`transactions` by their time and, of one moment, by their entry."""
    # By one field after the other: a key of both would be one more object for each, for Python's collector to look at.
    ordered = sorted(transactions, key=_BY_ENTRY)
    ordered.sort(key=_BY_TIME)
    return ordered


def is_after(later: Booking, earlier: Booking) -> bool:
    """Whether `later` has a later place in the order; two with the same place are both not."""
    return earlier.at < later.at or (earlier.at == later.at and earlier.sequence < later.sequence)


_BY_TIME: Callable[[Booking], datetime] = attrgetter("at")
_BY_ENTRY: Callable[[Booking], int] = attrgetter("sequence")


_TYPES: dict[type[Booking], TransactionType] = {
    Deposit: TransactionType.DEPOSIT,
    Withdrawal: TransactionType.WITHDRAWAL,
    Buy: TransactionType.BUY,
    Sell: TransactionType.SELL,
    TransferIn: TransactionType.TRANSFER_IN,
    TransferOut: TransactionType.TRANSFER_OUT,
    CashTransfer: TransactionType.CASH_TRANSFER,
    CurrencyExchange: TransactionType.CURRENCY_EXCHANGE,
    Dividend: TransactionType.DIVIDEND,
    DividendReinvested: TransactionType.DIVIDEND_REINVESTED,
    Interest: TransactionType.INTEREST,
    InterestCharge: TransactionType.INTEREST_CHARGE,
    Fee: TransactionType.FEE,
    FeeRefund: TransactionType.FEE_REFUND,
    Tax: TransactionType.TAX,
    TaxRefund: TransactionType.TAX_REFUND,
    Split: TransactionType.SPLIT,
    StockDividend: TransactionType.STOCK_DIVIDEND,
    SpinOff: TransactionType.SPIN_OFF,
    Merger: TransactionType.MERGER,
    ReturnOfCapital: TransactionType.RETURN_OF_CAPITAL,
    SymbolChange: TransactionType.SYMBOL_CHANGE,
}
