"""What the types of transactions are called, wherever one is told."""

from __future__ import annotations

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.words import marked_phrase

TYPE_NAMES = {
    TransactionType.BUY: marked_phrase("Buy"),
    TransactionType.SELL: marked_phrase("Sell"),
    TransactionType.DEPOSIT: marked_phrase("Deposit"),
    TransactionType.WITHDRAWAL: marked_phrase("Withdrawal"),
    TransactionType.CURRENCY_EXCHANGE: marked_phrase("Currency exchange"),
    TransactionType.DIVIDEND: marked_phrase("Dividend"),
    TransactionType.DIVIDEND_REINVESTED: marked_phrase("Reinvested dividend"),
    TransactionType.INTEREST: marked_phrase("Interest"),
    TransactionType.FEE: marked_phrase("Fee"),
    TransactionType.FEE_REFUND: marked_phrase("Fee refund"),
    TransactionType.TAX: marked_phrase("Tax"),
    TransactionType.TAX_REFUND: marked_phrase("Tax refund"),
    TransactionType.INTEREST_CHARGE: marked_phrase("Interest charge"),
    TransactionType.TRANSFER_IN: marked_phrase("Transfer in"),
    TransactionType.TRANSFER_OUT: marked_phrase("Transfer out"),
    TransactionType.CASH_TRANSFER: marked_phrase("Cash transfer"),
    TransactionType.SPLIT: marked_phrase("Split"),
    TransactionType.STOCK_DIVIDEND: marked_phrase("Stock dividend"),
    TransactionType.SPIN_OFF: marked_phrase("Spin-off"),
    TransactionType.MERGER: marked_phrase("Merger"),
    TransactionType.RETURN_OF_CAPITAL: marked_phrase("Return of capital"),
    TransactionType.SYMBOL_CHANGE: marked_phrase("Symbol change"),
}
"""By type, in the order in which they are offered."""
