"""The types of transactions, as they are called and grouped on pages, and which way each moves cash."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol, assert_never

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import EXACT
from tickfolio.words import marked_phrase

KIND_GROUPS: tuple[tuple[str, tuple[TransactionType, ...]], ...] = (
    (
        marked_phrase("Trades"),
        (
            TransactionType.BUY,
            TransactionType.SELL,
        ),
    ),
    (
        marked_phrase("Cash"),
        (
            TransactionType.DEPOSIT,
            TransactionType.WITHDRAWAL,
            TransactionType.CURRENCY_EXCHANGE,
        ),
    ),
    (
        marked_phrase("Income"),
        (
            TransactionType.DIVIDEND,
            TransactionType.DIVIDEND_REINVESTED,
            TransactionType.INTEREST,
        ),
    ),
    (
        marked_phrase("Charges"),
        (
            TransactionType.FEE,
            TransactionType.FEE_REFUND,
            TransactionType.TAX,
            TransactionType.TAX_REFUND,
            TransactionType.INTEREST_CHARGE,
        ),
    ),
    (
        marked_phrase("Transfers"),
        (
            TransactionType.TRANSFER_IN,
            TransactionType.TRANSFER_OUT,
            TransactionType.CASH_TRANSFER,
        ),
    ),
    (
        marked_phrase("Corporate actions"),
        (
            TransactionType.SPLIT,
            TransactionType.STOCK_DIVIDEND,
            TransactionType.SPIN_OFF,
            TransactionType.MERGER,
            TransactionType.RETURN_OF_CAPITAL,
            TransactionType.SYMBOL_CHANGE,
        ),
    ),
)
WITHHELD = frozenset({TransactionType.DIVIDEND, TransactionType.DIVIDEND_REINVESTED, TransactionType.INTEREST})
"""The types whose taxes were withheld of what was paid."""

type Moved = tuple[Decimal, str]
"""An amount that moved, below zero where it went out, and its currency."""


class Said(Protocol):
    """What a transaction says of its amounts, booked or in a file."""

    @property
    def type(self) -> TransactionType: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def fees(self) -> Decimal | None: ...
    @property
    def taxes(self) -> Decimal | None: ...
    @property
    def settlement_amount(self) -> Decimal | None: ...
    @property
    def settlement_currency(self) -> str: ...
    @property
    def counter_amount(self) -> Decimal | None: ...
    @property
    def counter_currency(self) -> str: ...
    @property
    def cash_in_lieu(self) -> Decimal | None: ...


def cash_moved(said: Said) -> tuple[Moved, ...]:
    """What moved in cash: in the currency that it was settled in, and of an exchange and a reinvested dividend both sides.

    A purchase takes its fees and taxes with it; a sale, a dividend and interest leave them behind.
    """
    match said.type:
        case (
            TransactionType.BUY
            | TransactionType.WITHDRAWAL
            | TransactionType.CASH_TRANSFER
            | TransactionType.FEE
            | TransactionType.TAX
            | TransactionType.INTEREST_CHARGE
        ):
            return tuple((amount.copy_negate(), currency) for amount, currency in _one(said))
        case (
            TransactionType.SELL
            | TransactionType.DIVIDEND
            | TransactionType.INTEREST
            | TransactionType.DEPOSIT
            | TransactionType.FEE_REFUND
            | TransactionType.TAX_REFUND
            | TransactionType.RETURN_OF_CAPITAL
        ):
            return _one(said)
        case TransactionType.DIVIDEND_REINVESTED:
            spent = EXACT.add(said.counter_amount or Decimal(0), said.fees or Decimal(0))
            return *_one(said), (spent.copy_negate(), said.currency)
        case TransactionType.CURRENCY_EXCHANGE:
            sold, bought = said.amount or Decimal(0), said.counter_amount or Decimal(0)
            return (sold.copy_negate(), said.currency), (bought, said.counter_currency)
        case TransactionType.SPLIT | TransactionType.SPIN_OFF | TransactionType.MERGER:
            return tuple((amount, said.currency) for amount in (said.amount, said.cash_in_lieu) if amount is not None)
        case (
            TransactionType.TRANSFER_IN
            | TransactionType.TRANSFER_OUT
            | TransactionType.STOCK_DIVIDEND
            | TransactionType.SYMBOL_CHANGE
        ):
            return ()
        case _:
            assert_never(said.type)


def total_of(said: Said) -> Decimal:
    """The amount with fees and taxes, in the currency of the transaction, exact; the scripts compute it alike as one types."""
    amount = said.amount or Decimal(0)
    fees, taxes = said.fees or Decimal(0), said.taxes or Decimal(0)
    if said.type is TransactionType.BUY:
        return EXACT.add(amount, EXACT.add(fees, taxes))
    if said.type is TransactionType.SELL:
        return EXACT.subtract(amount, EXACT.add(fees, taxes))
    return EXACT.subtract(amount, taxes) if said.type in WITHHELD else amount


def _one(said: Said) -> tuple[Moved, ...]:
    if said.amount is None:
        return ()
    if said.settlement_amount is not None and said.settlement_currency:
        return ((said.settlement_amount, said.settlement_currency),)
    return ((total_of(said), said.currency),)
