"""What all transactions have, and what an amount, a quantity and a settlement may be.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NewType

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import (
    MAX_PRICE_PLACES,
    MAX_QUANTITY_PLACES,
    Currency,
    ExchangeRate,
    Money,
    has_at_most,
    plain,
)
from tickfolio.domain.records import named_record
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.words import phrase

AccountId = NewType("AccountId", str)
"""A brokerage or bank account, by its UUID as text."""

TransactionId = NewType("TransactionId", str)
"""A transaction, by its UUID as text; all versions of it share the one id."""


# Beyond these the exact context has no room for quantity × price × rate, and nobody has as much.
MAX_QUANTITY = Decimal(10) ** 15
MAX_PRICE = Decimal(10) ** 12
MAX_AMOUNT = Decimal(10) ** 18
MAX_AMOUNT_PLACES = MAX_QUANTITY_PLACES + MAX_PRICE_PLACES
MAX_RATIO = 1_000_000


@dataclass(frozen=True, slots=True)
class Settlement:
    """What really moved in cash where that was another currency than the trade's: the amount, and the rate really paid."""

    amount: Money
    rate: ExchangeRate

    def __post_init__(self) -> None:
        require_positive(self.amount, "a settled amount")
        if self.rate.quote != self.amount.currency or self.rate.base == self.rate.quote:
            raise InvalidValue(
                phrase(
                    "Expected a rate from the trade's currency to {currency}, was one from {base} to {quote}.",
                    currency=self.amount.currency,
                    base=self.rate.base,
                    quote=self.rate.quote,
                )
            )
        if self.rate.rate >= MAX_PRICE:
            raise InvalidNumber(
                phrase("Expected a rate below {max_price:f}, was {rate}.", max_price=MAX_PRICE, rate=self.rate.rate)
            )


@named_record
class Booking:
    """What all transactions have.

    Attributes:
        at: the moment of the trade, or of the payment, in UTC.
        sequence: the entry sequence, which orders transactions of one moment; unique within a portfolio.
    """

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int

    def __post_init__(self) -> None:
        if self.at.utcoffset() != timedelta(0):
            raise InvalidValue(phrase("Expected the time of a transaction in UTC, was {at}.", at=repr(self.at)))


def require_amount(money: Money, what: str) -> None:
    """Expects zero or more.

    Raises:
        InvalidValue: `money` is negative.
        InvalidNumber: it is too large or has too many places.
    """
    if money.amount < 0:
        raise InvalidValue(
            phrase(
                "Expected {what} of zero or more, was {amount} {currency}.",
                what=what,
                amount=money.amount,
                currency=money.currency,
            )
        )
    _require_room(money, what)


def require_positive(money: Money, what: str) -> None:
    """Expects more than zero.

    Raises:
        InvalidValue: `money` is zero or negative.
        InvalidNumber: it is too large or has too many places.
    """
    if money.amount <= 0:
        raise InvalidValue(
            phrase(
                "Expected {what} above zero, was {amount} {currency}.",
                what=what,
                amount=money.amount,
                currency=money.currency,
            )
        )
    _require_room(money, what)


def _require_room(money: Money, what: str) -> None:
    if money.amount >= MAX_AMOUNT or not has_at_most(MAX_AMOUNT_PLACES, money.amount):
        raise InvalidNumber(
            phrase(
                "Expected {what} below {max_amount:f} with at most {max_amount_places} places, was {amount} {currency}.",
                what=what,
                max_amount=MAX_AMOUNT,
                max_amount_places=MAX_AMOUNT_PLACES,
                amount=money.amount,
                currency=money.currency,
            )
        )


def require_one_currency(first: Money, *others: Money) -> None:
    """Expects all amounts in one currency.

    Raises:
        InvalidValue: they are in several.
    """
    for other in others:
        if other.currency != first.currency:
            raise InvalidValue(
                phrase(
                    "Expected all amounts in {expected}, was one in {found}.",
                    expected=first.currency,
                    found=other.currency,
                )
            )


def require_tax_within(tax: Money, gross: Money) -> None:
    """Expects a withholding tax of at most the gross amount.

    Raises:
        InvalidValue: it is more, negative, or in another currency.
    """
    require_amount(tax, "a withholding tax")
    require_one_currency(gross, tax)
    if tax.amount > gross.amount:
        raise InvalidValue(
            phrase(
                "Expected a withholding tax of at most {gross}, was {found}.",
                gross=gross.amount,
                found=tax.amount,
            )
        )


def require_settles(settlement: Settlement | None, currency: Currency) -> None:
    """Expects a settlement of an amount in `currency`.

    Raises:
        InvalidValue: it is one of another currency.
    """
    if settlement is not None and settlement.rate.base != currency:
        raise InvalidValue(
            phrase(
                "Expected a rate from {currency}, was one from {base}.", currency=currency, base=settlement.rate.base
            )
        )


def require_quantity(quantity: Decimal, symbol: Symbol) -> None:
    """Expects units above zero, of at most 18 places.

    Raises:
        InvalidNumber: they are not.
    """
    if not quantity.is_finite() or not 0 < quantity < MAX_QUANTITY:
        raise InvalidNumber(
            phrase(
                "Expected a quantity of {symbol} above zero and below {max_quantity:f}, was {quantity}.",
                symbol=symbol,
                max_quantity=MAX_QUANTITY,
                quantity=quantity,
            )
        )
    if not has_at_most(MAX_QUANTITY_PLACES, quantity):
        raise InvalidNumber(
            phrase(
                "Expected a quantity of at most {max_quantity_places} places, was {quantity}.",
                max_quantity_places=MAX_QUANTITY_PLACES,
                quantity=quantity,
            )
        )


def require_price(price: Decimal) -> None:
    """Expects zero or more, of at most 12 places.

    Raises:
        InvalidNumber: it is not.
    """
    is_price = price.is_finite() and 0 <= price < MAX_PRICE
    if not is_price or not has_at_most(MAX_PRICE_PLACES, price):
        raise InvalidNumber(
            phrase(
                "Expected a price of zero or more, below {max_price:f} and with at most {max_price_places} places, was {price}.",
                max_price=MAX_PRICE,
                max_price_places=MAX_PRICE_PLACES,
                price=price,
            )
        )


def require_ratio(new: int, old: int, what: str) -> None:
    """Expects two whole numbers from 1 to a million.

    Raises:
        InvalidValue: one of them is not.
    """
    if not (1 <= new <= MAX_RATIO and 1 <= old <= MAX_RATIO):
        raise InvalidValue(
            phrase(
                "Expected {what} of whole numbers from 1 to {max_ratio}, was {new} for {old}.",
                what=what,
                max_ratio=MAX_RATIO,
                new=new,
                old=old,
            )
        )


def require_share(share: Decimal, what: str) -> None:
    """Expects a part of a whole, from 0 to 1, of at most 18 places.

    Raises:
        InvalidNumber: it is not.
    """
    is_share = share.is_finite() and 0 <= share <= 1 and has_at_most(MAX_QUANTITY_PLACES, share)
    if not is_share:
        raise InvalidNumber(
            phrase(
                "Expected {what} from 0 to 1 with at most {max_quantity_places} places, was {share}.",
                what=what,
                max_quantity_places=MAX_QUANTITY_PLACES,
                share=share,
            )
        )


def require_other(new: object, old: object, what: str) -> None:
    """Expects two that differ.

    Raises:
        InvalidValue: they are the same.
    """
    if new == old:
        raise InvalidValue(phrase("Expected another {what}, was {old} again.", what=what, old=old))


def shortage(quantity: Decimal, held: Decimal, symbol: Symbol, *, doing: str) -> str:
    """The sentence for more than is held, with `{when}` for the moment."""
    return phrase(
        "Expected {doing} of at most {held} {symbol} {{when}}, was {found}: {missing} more than the account holds then.",
        doing=doing,
        held=plain(held),
        symbol=symbol,
        found=plain(quantity),
        missing=plain(quantity - held),
    )
