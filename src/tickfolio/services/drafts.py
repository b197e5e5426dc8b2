"""What was typed in a form or stood in a file, on its way to a transaction; what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId, TransactionType
from tickfolio.persistence.selectors.portfolios import AccountView


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDraft:
    """A lot as it was typed: chosen by the transaction that brought it, or received with its time and what it cost."""

    quantity: Decimal
    transaction_id: str | None = None
    acquired_at: datetime | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionDraft:
    """A transaction as it was typed. What is None was left empty.

    Attributes:
        at: the moment of the trade or the payment, in UTC; who asks turns a day without a time into a moment.
        gross: of a trade, quantity × price × contract size ÷ quote unit unless stated; of a dividend and of interest always
            stated.
        taxes: of a dividend and of interest the withholding tax. Fees and taxes are 0 unless stated.
        currency: the instrument's for what is about one, the account's for all else, unless stated.
        settlement_currency, settlement_rate, settlement_amount: what moved in cash where that was another currency. One of
            rate and amount follows from the other; where both are stated, the amount counts.
        amount, counter_amount: what an exchange sold and bought; `amount` also of other cash, of a return of capital and the
            cash of a merger; `counter_amount` also what a dividend was reinvested in, before fees.
        split_new, split_old: the ratio of a split, a spin-off or a merger.
        to_account_id: where a transfer goes; a transfer of an instrument without one leaves the portfolio.
        cost_share: the part of the cost, from 0 to 1, that goes with a spin-off or the cash of a merger.
        cash_in_lieu: what was paid for the fraction that a split, a spin-off or a merger left.
        lots: what a sale or a transfer takes first, or what a transfer from outside brings.
        creates_instrument: a symbol that no feed offers is to be made in this portfolio, without a price.
        new_currency: of an instrument that is made for `new_symbol`; that of `symbol` unless stated.
        instrument_currency: of one that is made for `symbol`; `currency` unless stated.
        instrument_name, instrument_class, contract_size, quote_unit: of the instrument that is made; where both symbols are
            new, of the new one. A share of one unit, quoted in its currency, unless stated.
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
    instrument_currency: str | None = None
    instrument_class: str | None = None
    contract_size: Decimal | None = None
    quote_unit: Decimal | None = None
    to_account_id: str | None = None
    new_symbol: str | None = None
    new_currency: str | None = None
    cost_share: Decimal | None = None
    cash_in_lieu: Decimal | None = None
    lots: tuple[LotDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a draft is read against: the portfolio's accounts by id, and the instruments that it may name.

    Attributes:
        listed: those that nobody has booked here before and that the shipped list knows.
    """

    accounts: Mapping[str, AccountView]
    instruments: Mapping[Symbol, Instrument]
    listed: Mapping[Symbol, Instrument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDraft:
    """A draft that makes sense.

    Attributes:
        ex_date: of a dividend, beside the moment that the transaction itself carries.
        new_instruments: those that have to be made with it, private ones or of the shipped list.
    """

    transaction: Transaction
    note: str
    ex_date: date | None = None
    new_instruments: tuple[Instrument, ...] = ()


class DraftPlace(TypedDict):
    """What every transaction has."""

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int
