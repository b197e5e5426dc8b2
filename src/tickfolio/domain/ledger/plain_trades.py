"""Trades made from plain digits by the ten thousand: the digits are looked at, and then nothing else can be wrong.

`Trade` looks at finished numbers and finds the same, at twice the cost; what is refused here is for it to explain.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import MAX_AMOUNT, AccountId, TransactionId
from tickfolio.domain.ledger.trades import Buy, Sell
from tickfolio.domain.money import EXACT, Currency, Money

# As many digits as MAX_QUANTITY, MAX_PRICE and the places of each leave room for.
_QUANTITY = re.compile(r"\d{1,15}(?:\.\d{1,18})?\Z").match
_PRICE = re.compile(r"\d{1,12}(?:\.\d{1,12})?\Z").match

type Place = tuple[TransactionId, AccountId, datetime, int]
"""What all transactions have, in the order of the fields of `Booking`."""

type Digits = tuple[str, str, str, str]
"""Quantity, price, fees and taxes."""


class PlainTrades:
    """The trades of one instrument, whose price is per unit, in its own currency and without a settlement in another."""

    def __init__(self, symbol: Symbol, currency: Currency) -> None:
        self._symbol = symbol
        self._currency = currency
        self._nothing = Money(Decimal(0), currency)
        self._quantities: dict[str, Decimal] = {}

    def trade(self, kind: type[Buy] | type[Sell], place: Place, digits: Digits) -> Buy | Sell | None:
        """The trade of these digits, whose gross is quantity × price; None where it is not one that can be told so.

        >>> trades, at = PlainTrades(Symbol("AAPL"), Currency("USD")), datetime(2012, 5, 21, tzinfo=UTC)
        >>> place = TransactionId("t1"), AccountId("broker"), at, 1
        >>> trades.trade(Buy, place, ("10", "1.50", "0", "0")).gross.amount
        Decimal('15.00')
        >>> trades.trade(Buy, place, ("0", "1.50", "0", "0"))
        """
        quantity = self._quantities.get(digits[0]) or self._quantity(digits[0])
        if not quantity or not _PRICE(digits[1]) or place[2].tzinfo is not UTC:
            return None
        price = Decimal(digits[1])
        gross = EXACT.multiply(quantity, price)
        fees = self._nothing if digits[2] == "0" else self._charge(digits[2])
        taxes = self._nothing if digits[3] == "0" else self._charge(digits[3])
        if fees is None or taxes is None or gross >= MAX_AMOUNT:
            return None
        if fees is not taxes and kind is Sell and EXACT.add(fees.amount, taxes.amount) > gross:
            return None
        # The fields are set without its own look at them, which would find the same.
        made: Any = object.__new__(kind)  # type: ignore[explicit-any]
        made.id, made.account, made.at, made.sequence = place
        made.symbol, made.quantity, made.price = self._symbol, quantity, price
        made.gross, made.fees, made.taxes = Money(gross, self._currency), fees, taxes
        made.settlement = None
        if kind is Sell:
            made.lots = ()
        trade: Buy | Sell = made
        return trade

    def _quantity(self, digits: str) -> Decimal | None:
        if not _QUANTITY(digits):
            return None
        # The same one for the same digits: a plan buys as much each month.
        found = self._quantities[digits] = Decimal(digits)
        return found

    def _charge(self, digits: str) -> Money | None:
        return Money(Decimal(digits), self._currency) if _PRICE(digits) else None
