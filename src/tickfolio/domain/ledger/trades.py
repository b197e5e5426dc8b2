"""Transactions that bring an instrument in or out, and what it pays.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import (
    MAX_AMOUNT,
    MAX_AMOUNT_PLACES,
    MAX_PRICE,
    MAX_QUANTITY,
    AccountId,
    Booking,
    Settlement,
    TransactionId,
    require_amount,
    require_one_currency,
    require_other,
    require_positive,
    require_price,
    require_quantity,
    require_settles,
    require_tax_within,
)
from tickfolio.domain.money import EXACT, MAX_PRICE_PLACES, MAX_QUANTITY_PLACES, Currency, Money, has_at_most
from tickfolio.domain.records import named_record
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LotChoice:
    """Units of the lot that one purchase brought, as they are at the time of the sale."""

    transaction: TransactionId
    quantity: Decimal


@named_record
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
        if _is_plain(self):
            return
        Booking.__post_init__(self)
        require_quantity(self.quantity, self.symbol)
        require_price(self.price)
        require_amount(self.gross, "a gross amount")
        require_amount(self.fees, "fees")
        require_amount(self.taxes, "taxes")
        require_one_currency(self.gross, self.fees, self.taxes)
        require_settles(self.settlement, self.gross.currency)

    @property
    def currency(self) -> Currency:
        """The currency of the trade."""
        return self.gross.currency


@named_record
class Buy(Trade):
    """A purchase: its cost is gross + fees + taxes."""


@named_record
class Sell(Trade):
    """A sale: its net proceeds are gross − fees − taxes.

    Attributes:
        lots: what it takes first; the rest follows the method of the account.
    """

    lots: tuple[LotChoice, ...] = ()

    def __post_init__(self) -> None:
        Trade.__post_init__(self)
        if (self.fees.amount or self.taxes.amount) and (self.gross - self.fees - self.taxes).amount < 0:
            raise InvalidValue(
                phrase(
                    "Expected fees and taxes of at most {gross} on the sale of {symbol}, were {found}.",
                    gross=self.gross.amount,
                    symbol=self.symbol,
                    found=(self.fees + self.taxes).amount,
                )
            )
        if self.lots:
            require_choices(self.lots, self.quantity, self.symbol)


@dataclass(frozen=True, slots=True)
class ReceivedLot:
    """A lot that came from outside the portfolio, with its history.

    Attributes:
        cost: with fees and taxes, at the time of the acquisition.
    """

    acquired_at: datetime
    quantity: Decimal
    cost: Money


@named_record
class TransferIn(Booking):
    """Units that came from outside the portfolio.

    Attributes:
        lots: their history; none where the cost is not known, and then no gain of them is available.
    """

    symbol: Symbol
    quantity: Decimal
    lots: tuple[ReceivedLot, ...] = ()

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_quantity(self.quantity, self.symbol)
        for lot in self.lots:
            require_quantity(lot.quantity, self.symbol)
            require_amount(lot.cost, "the cost of a lot")
            if lot.acquired_at.utcoffset() != timedelta(0) or lot.acquired_at > self.at:
                raise InvalidValue(
                    phrase(
                        "Expected a lot that was acquired by {at}, in UTC, was one of {acquired_at}.",
                        at=self.at,
                        acquired_at=lot.acquired_at,
                    )
                )
        if self.lots:
            require_one_currency(*(lot.cost for lot in self.lots))
            total = _total(lot.quantity for lot in self.lots)
            if total != self.quantity:
                raise InvalidValue(
                    phrase(
                        "Expected lots of {quantity} {symbol} together, were {total}.",
                        quantity=self.quantity,
                        symbol=self.symbol,
                        total=total,
                    )
                )


@named_record
class TransferOut(Booking):
    """Units that went to another account, or left the portfolio where `to_account` is None, with their lots."""

    symbol: Symbol
    quantity: Decimal
    to_account: AccountId | None = None
    lots: tuple[LotChoice, ...] = ()

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_quantity(self.quantity, self.symbol)
        require_other(self.to_account, self.account, "account")
        require_choices(self.lots, self.quantity, self.symbol)


@named_record
class DividendPayment(Booking):
    """A dividend of either kind; `at` is when it was paid.

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
        Booking.__post_init__(self)
        require_positive(self.gross, "a dividend")
        require_tax_within(self.withholding_tax, self.gross)
        require_settles(self.settlement, self.gross.currency)
        if self.accrues_at is not None and not (
            self.accrues_at.utcoffset() == timedelta(0) and self.accrues_at <= self.at
        ):
            raise InvalidValue(
                phrase(
                    "Expected an ex-date that is not after the payment at {at}, was {accrues_at}.",
                    at=self.at,
                    accrues_at=self.accrues_at,
                )
            )


@named_record
class Dividend(DividendPayment):
    """A dividend that was paid in cash."""


@named_record
class DividendReinvested(DividendPayment):
    """A dividend and the purchase that it paid for, at once; what the purchase left or needed is cash.

    Attributes:
        price: per unit, in the instrument's quote unit and in the currency of the dividend.
        invested: the gross amount of the purchase.
        fees: of the purchase, part of its cost.
    """

    quantity: Decimal
    price: Decimal
    invested: Money
    fees: Money

    def __post_init__(self) -> None:
        DividendPayment.__post_init__(self)
        if self.settlement is not None:
            raise InvalidValue(
                phrase("Expected a reinvested dividend to be settled in its own currency, was another one.")
            )
        require_quantity(self.quantity, self.symbol)
        require_price(self.price)
        require_amount(self.invested, "an invested amount")
        require_amount(self.fees, "fees")
        require_one_currency(self.gross, self.invested, self.fees)


def require_choices(lots: tuple[LotChoice, ...], quantity: Decimal, symbol: Symbol) -> None:
    """Expects chosen lots of at most `quantity` together, each named once.

    Raises:
        InvalidValue: they are more, or one is named twice.
        InvalidNumber: a quantity is not above zero.
    """
    for lot in lots:
        require_quantity(lot.quantity, symbol)
    if len({lot.transaction for lot in lots}) < len(lots):
        raise InvalidValue(
            phrase("Expected each lot of {symbol} to be chosen once, was one chosen twice.", symbol=symbol)
        )
    total = _total(lot.quantity for lot in lots)
    if total > quantity:
        raise InvalidValue(
            phrase(
                "Expected chosen lots of at most {quantity} {symbol} together, were {total}.",
                quantity=quantity,
                symbol=symbol,
                total=total,
            )
        )


def _is_plain(trade: Trade) -> bool:
    """Whether a trade in one currency is all that is expected of it, told in one look: most are.

    Where it is not, each of its parts is looked at for itself, and says what is wrong.
    """
    quantity, price, gross, fees, taxes = trade.quantity, trade.price, trade.gross, trade.fees, trade.taxes
    return (
        trade.at.tzinfo is UTC
        and trade.settlement is None
        and quantity.is_finite()
        and _ZERO < quantity < MAX_QUANTITY
        and price.is_finite()
        and _ZERO <= price < MAX_PRICE
        and has_at_most(MAX_QUANTITY_PLACES, quantity)
        and has_at_most(MAX_PRICE_PLACES, price)
        and gross.currency is fees.currency
        and gross.currency is taxes.currency
        and _has_room(gross.amount)
        and _has_room(fees.amount)
        and (taxes is fees or _has_room(taxes.amount))
    )


def _has_room(amount: Decimal) -> bool:
    return _ZERO <= amount < MAX_AMOUNT and has_at_most(MAX_AMOUNT_PLACES, amount)


def _total(quantities: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for quantity in quantities:
        total = EXACT.add(total, quantity)
    return total
