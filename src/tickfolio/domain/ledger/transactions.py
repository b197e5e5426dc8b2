"""What was booked in an account, as values that cannot be wrong.

Amounts are unsigned: whether cash comes in or goes out follows from the type. Order within a ledger is the time of the
trade, then the entry sequence.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from collections.abc import Callable
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
    "ledger_order",
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


ledger_order: Callable[[Transaction], tuple[datetime, int]] = attrgetter("at", "sequence")
"""The key that orders the transactions of a ledger."""


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
