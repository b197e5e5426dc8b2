"""What was booked in an account, as values that cannot be wrong.

Amounts are unsigned: whether cash comes in or goes out follows from the type. Order within an account is the time of the
trade, then the entry sequence.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import MAX_PRICE_PLACES, MAX_QUANTITY_PLACES, Currency, ExchangeRate, Money, decimal_places
from tickfolio.errors import InvalidNumber, InvalidValue

AccountId = NewType("AccountId", str)
"""A brokerage or bank account, by its UUID as text."""

TransactionId = NewType("TransactionId", str)
"""A transaction, by its UUID as text; all versions of it share the one id."""


# Beyond these the exact context has no room for quantity × price × rate, and nobody has as much.
MAX_QUANTITY = Decimal(10) ** 15
MAX_PRICE = Decimal(10) ** 12
MAX_AMOUNT = Decimal(10) ** 18
MAX_AMOUNT_PLACES = MAX_QUANTITY_PLACES + MAX_PRICE_PLACES
MAX_SPLIT = 1_000_000


class TransactionType(StrEnum):
    """What kind of thing was booked."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    BUY = "buy"
    SELL = "sell"
    DIVIDEND = "dividend"
    FEE = "fee"
    SPLIT = "split"
    CURRENCY_EXCHANGE = "currency_exchange"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What really moved in cash where that was another currency than the trade's: the amount, and the rate really paid."""

    amount: Money
    rate: ExchangeRate

    def __post_init__(self) -> None:
        _require_positive(self.amount, "a settled amount")
        if self.rate.quote != self.amount.currency or self.rate.base == self.rate.quote:
            raise InvalidValue(
                f"Expected a rate from the trade's currency to {self.amount.currency}, "
                f"was one from {self.rate.base} to {self.rate.quote}."
            )
        if self.rate.rate >= MAX_PRICE:
            raise InvalidNumber(f"Expected a rate below {MAX_PRICE:f}, was {self.rate.rate}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What all transactions have.

    Attributes:
        at: the moment of the trade, or of the payment, in UTC.
        sequence: the entry sequence, which orders transactions of one moment; unique within an account.
    """

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int

    def __post_init__(self) -> None:
        if self.at.utcoffset() != timedelta(0):
            raise InvalidValue(f"Expected the time of a transaction in UTC, was {self.at!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit(Booking):
    """Cash that came in from outside the portfolio."""

    amount: Money

    def __post_init__(self) -> None:
        super(Deposit, self).__post_init__()
        _require_positive(self.amount, "a deposit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Booking):
    """Cash that left the portfolio."""

    amount: Money

    def __post_init__(self) -> None:
        super(Withdrawal, self).__post_init__()
        _require_positive(self.amount, "a withdrawal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade(Booking):
    """A purchase or a sale.

    Attributes:
        quantity: units, above zero.
        price: per unit, in the instrument's quote unit and in the currency of `gross`.
        gross: what the broker stated, or quantity × price × contract size ÷ quote unit, exact.
        fees: in the trade's currency; part of the cost of a purchase, taken from the proceeds of a sale.
        taxes: transaction taxes, treated like the fees.
        settlement: what moved in cash, where that was in another currency.
    """

    symbol: Symbol
    quantity: Decimal
    price: Decimal
    gross: Money
    fees: Money
    taxes: Money
    settlement: Settlement | None = None

    def __post_init__(self) -> None:
        super(Trade, self).__post_init__()
        if not self.quantity.is_finite() or not 0 < self.quantity < MAX_QUANTITY:
            raise InvalidNumber(
                f"Expected a quantity of {self.symbol} above zero and below {MAX_QUANTITY:f}, was {self.quantity}."
            )
        if decimal_places(self.quantity) > MAX_QUANTITY_PLACES:
            raise InvalidNumber(f"Expected a quantity of at most {MAX_QUANTITY_PLACES} places, was {self.quantity}.")
        is_price = self.price.is_finite() and 0 <= self.price < MAX_PRICE
        if not is_price or decimal_places(self.price) > MAX_PRICE_PLACES:
            raise InvalidNumber(
                f"Expected a price of zero or more, below {MAX_PRICE:f} and with at most {MAX_PRICE_PLACES} places, "
                f"was {self.price}."
            )
        _require_amount(self.gross, "a gross amount")
        _require_amount(self.fees, "fees")
        _require_amount(self.taxes, "taxes")
        _require_one_currency(self.gross, self.fees, self.taxes)
        _require_settles(self.settlement, self.gross.currency)

    @property
    def currency(self) -> Currency:
        """The currency of the trade."""
        return self.gross.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy(Trade):
    """A purchase: its cost is gross + fees + taxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell(Trade):
    """A sale: its net proceeds are gross − fees − taxes."""

    def __post_init__(self) -> None:
        super(Sell, self).__post_init__()
        if (self.gross - self.fees - self.taxes).amount < 0:
            raise InvalidValue(
                f"Expected fees and taxes of at most {self.gross.amount} on the sale of {self.symbol}, "
                f"were {(self.fees + self.taxes).amount}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dividend(Booking):
    """A cash dividend; `at` is when it was paid.

    Attributes:
        accrues_at: the beginning of the ex-date, from which it counts as a receivable; None where no ex-date is known, and
            then it counts from `at`.
    """

    symbol: Symbol
    gross: Money
    withholding_tax: Money
    accrues_at: datetime | None = None
    settlement: Settlement | None = None

    def __post_init__(self) -> None:
        super(Dividend, self).__post_init__()
        _require_positive(self.gross, "a dividend")
        _require_amount(self.withholding_tax, "a withholding tax")
        _require_one_currency(self.gross, self.withholding_tax)
        if self.withholding_tax.amount > self.gross.amount:
            raise InvalidValue(
                f"Expected a withholding tax of at most {self.gross.amount}, was {self.withholding_tax.amount}."
            )
        _require_settles(self.settlement, self.gross.currency)
        if self.accrues_at is not None and not (
            self.accrues_at.utcoffset() == timedelta(0) and self.accrues_at <= self.at
        ):
            raise InvalidValue(
                f"Expected an ex-date that is not after the payment at {self.at}, was {self.accrues_at}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Booking):
    """A fee of its own, outside the cost of any trade; `symbol` where it is for one instrument."""

    amount: Money
    symbol: Symbol | None = None

    def __post_init__(self) -> None:
        super(Fee, self).__post_init__()
        _require_positive(self.amount, "a fee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Booking):
    """From `at` on, `old` units are `new` units. Quantity and unit cost change, total cost and value do not."""

    symbol: Symbol
    new: int
    old: int

    def __post_init__(self) -> None:
        super(Split, self).__post_init__()
        if not (1 <= self.new <= MAX_SPLIT and 1 <= self.old <= MAX_SPLIT) or self.new == self.old:
            raise InvalidValue(
                f"Expected a split of {self.symbol} such as 2 for 1, of numbers up to {MAX_SPLIT}, "
                f"was {self.new} for {self.old}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyExchange(Booking):
    """`sold` went out and `bought` came in, both net of what the bank kept: their quotient is the rate really paid."""

    sold: Money
    bought: Money

    def __post_init__(self) -> None:
        super(CurrencyExchange, self).__post_init__()
        _require_positive(self.sold, "an amount sold")
        _require_positive(self.bought, "an amount bought")
        if self.sold.currency == self.bought.currency:
            raise InvalidValue(f"Expected two currencies in an exchange, was {self.sold.currency} twice.")


type Transaction = Deposit | Withdrawal | Buy | Sell | Dividend | Fee | Split | CurrencyExchange


def transaction_type(transaction: Transaction) -> TransactionType:
    """The type of `transaction`."""
    return _TYPES[type(transaction)]


def ledger_order(transaction: Transaction) -> tuple[datetime, int]:
    """The key that orders transactions within an account."""
    return transaction.at, transaction.sequence


_TYPES: dict[type[Booking], TransactionType] = {
    Deposit: TransactionType.DEPOSIT,
    Withdrawal: TransactionType.WITHDRAWAL,
    Buy: TransactionType.BUY,
    Sell: TransactionType.SELL,
    Dividend: TransactionType.DIVIDEND,
    Fee: TransactionType.FEE,
    Split: TransactionType.SPLIT,
    CurrencyExchange: TransactionType.CURRENCY_EXCHANGE,
}


def _require_amount(money: Money, what: str) -> None:
    if money.amount < 0:
        raise InvalidValue(f"Expected {what} of zero or more, was {money.amount} {money.currency}.")
    _require_room(money, what)


def _require_positive(money: Money, what: str) -> None:
    if money.amount <= 0:
        raise InvalidValue(f"Expected {what} above zero, was {money.amount} {money.currency}.")
    _require_room(money, what)


def _require_room(money: Money, what: str) -> None:
    if money.amount >= MAX_AMOUNT or decimal_places(money.amount) > MAX_AMOUNT_PLACES:
        raise InvalidNumber(
            f"Expected {what} below {MAX_AMOUNT:f} with at most {MAX_AMOUNT_PLACES} places, "
            f"was {money.amount} {money.currency}."
        )


def _require_one_currency(first: Money, *others: Money) -> None:
    for other in others:
        if other.currency != first.currency:
            raise InvalidValue(f"Expected all amounts in {first.currency}, was one in {other.currency}.")


def _require_settles(settlement: Settlement | None, currency: Currency) -> None:
    if settlement is not None and settlement.rate.base != currency:
        raise InvalidValue(f"Expected a rate from {currency}, was one from {settlement.rate.base}.")
