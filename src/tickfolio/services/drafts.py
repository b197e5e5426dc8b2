"""What was typed in a form or stood in a file, on its way to a transaction; what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import Transaction, TransactionType
from tickfolio.persistence.selectors.portfolios import AccountView


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionDraft:
    """A transaction as it was typed. What is None was left empty.

    Attributes:
        at: the moment of the trade or the payment, in UTC; who asks turns a day without a time into a moment.
        gross: of a trade, quantity × price × contract size ÷ quote unit unless stated; of a dividend always stated.
        taxes: of a dividend the withholding tax. Fees and taxes are 0 unless stated.
        currency: the instrument's for a trade, the account's for all else, unless stated.
        settlement_currency, settlement_rate, settlement_amount: what moved in cash where that was another currency. One of
            rate and amount follows from the other; where both are stated, the amount counts.
        amount, counter_amount: what an exchange sold and bought; `amount` also of a deposit, a withdrawal and a fee.
        creates_instrument: a symbol that no feed offers is to be made in this portfolio, in `currency`, without a price.
    """

    type: TransactionType | None = None
    account_id: str | None = None
    at: datetime | None = None
    symbol: str | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    gross: Decimal | None = None
    fees: Decimal | None = None
    taxes: Decimal | None = None
    currency: str | None = None
    settlement_currency: str | None = None
    settlement_rate: Decimal | None = None
    settlement_amount: Decimal | None = None
    amount: Decimal | None = None
    counter_amount: Decimal | None = None
    counter_currency: str | None = None
    split_new: int | None = None
    split_old: int | None = None
    ex_date: date | None = None
    note: str | None = None
    creates_instrument: bool = False
    instrument_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a draft is read against: the portfolio's accounts by id, and the instruments that it may name."""

    accounts: Mapping[str, AccountView]
    instruments: Mapping[Symbol, Instrument]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDraft:
    """A draft that makes sense.

    Attributes:
        ex_date: of a dividend, beside the moment that the transaction itself carries.
        new_instrument: the private instrument that has to be made with it.
    """

    transaction: Transaction
    note: str
    ex_date: date | None = None
    new_instrument: Instrument | None = None
