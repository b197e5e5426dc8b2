"""Facts about an instrument that change what its holders have.

**Source**: docs/reference/definitions.md, sections Numbers and Day change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import MAX_PRICE_PLACES, ROUNDING, Currency, decimal_places, rounded, trimmed
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class Split:
    """From `ex_date` on, `old` units are `new` units: 2 for 1 is ``new=2, old=1``. The ratio stays two integers."""

    symbol: Symbol
    ex_date: date
    new: int
    old: int

    def __post_init__(self) -> None:
        if self.new < 1 or self.old < 1:
            raise InvalidValue(
                phrase(
                    "Expected a split of positive whole numbers for {symbol}, was {new}:{old}.",
                    symbol=self.symbol,
                    new=self.new,
                    old=self.old,
                )
            )


@dataclass(frozen=True, slots=True)
class CashDividend:
    """A dividend of `amount` a unit, gross, for who held at the close before `ex_date`.

    Attributes:
        pay_date: when it is paid; None where that is not known, and then it counts as paid on the ex-date.
    """

    symbol: Symbol
    ex_date: date
    amount: Decimal
    currency: Currency
    pay_date: date | None = None

    def __post_init__(self) -> None:
        if self.pay_date is not None and self.pay_date < self.ex_date:
            raise InvalidValue(
                phrase(
                    "Expected a payment since {ex_date} for {symbol}, was {pay_date}.",
                    ex_date=self.ex_date,
                    symbol=self.symbol,
                    pay_date=self.pay_date,
                )
            )
        if not self.amount.is_finite() or self.amount <= 0:
            raise InvalidValue(
                phrase(
                    "Expected a dividend above zero for {symbol}, was {amount}.", symbol=self.symbol, amount=self.amount
                )
            )


@dataclass(frozen=True, slots=True)
class StockDistribution:
    """For each `old` units held, `new` more of the same come for nothing."""

    symbol: Symbol
    ex_date: date
    new: int
    old: int

    def __post_init__(self) -> None:
        _require_ratio(self.new, self.old, phrase("a stock dividend of {symbol}", symbol=self.symbol))


@dataclass(frozen=True, slots=True)
class Demerger:
    """For each `old` units held, `new` of another instrument come, and `cost_share` of the cost (0 to 1) goes with them."""

    symbol: Symbol
    ex_date: date
    new_symbol: Symbol
    new: int
    old: int
    cost_share: Decimal

    def __post_init__(self) -> None:
        _require_ratio(self.new, self.old, phrase("a spin-off of {symbol}", symbol=self.symbol))
        _require_other(self.new_symbol, self.symbol)
        _require_share(self.cost_share, self.symbol)


@dataclass(frozen=True, slots=True)
class Takeover:
    """Each `old` units become `new` of another instrument, with `amount` of cash for each old unit besides.

    Attributes:
        cost_share: the part of the cost that goes with the cash, 0 to 1; None: the cash lowers the cost.
    """

    symbol: Symbol
    ex_date: date
    new_symbol: Symbol
    new: int
    old: int
    amount: Decimal = Decimal(0)
    currency: Currency | None = None
    cost_share: Decimal | None = None

    def __post_init__(self) -> None:
        _require_ratio(self.new, self.old, phrase("a merger of {symbol}", symbol=self.symbol))
        _require_other(self.new_symbol, self.symbol)
        if not self.amount.is_finite() or self.amount < 0 or (self.amount > 0) is (self.currency is None):
            raise InvalidValue(
                phrase(
                    "Expected the cash of a merger of {symbol} with its currency, was {amount}.",
                    symbol=self.symbol,
                    amount=self.amount,
                )
            )
        if self.cost_share is not None:
            _require_share(self.cost_share, self.symbol)


@dataclass(frozen=True, slots=True)
class CapitalRepayment:
    """A return of capital of `amount` a unit."""

    symbol: Symbol
    ex_date: date
    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount <= 0:
            raise InvalidValue(
                phrase(
                    "Expected a return of capital above zero for {symbol}, was {amount}.",
                    symbol=self.symbol,
                    amount=self.amount,
                )
            )


@dataclass(frozen=True, slots=True)
class Renaming:
    """From `ex_date` on the instrument has another symbol."""

    symbol: Symbol
    ex_date: date
    new_symbol: Symbol

    def __post_init__(self) -> None:
        _require_other(self.new_symbol, self.symbol)


type CorporateAction = Split | CashDividend | StockDistribution | Demerger | Takeover | CapitalRepayment | Renaming


def instruments_of(action: CorporateAction) -> tuple[Symbol, ...]:
    """The instruments that an action names: its own and, where it has one, the new one."""
    if isinstance(action, (Demerger, Takeover, Renaming)):
        return action.symbol, action.new_symbol
    return (action.symbol,)


@dataclass(frozen=True, slots=True)
class ActionFact:
    """A corporate action as it was recorded; `id` grows in the order of recording."""

    id: int
    action: CorporateAction


def split_adjusted(price: Decimal, splits: Iterable[Split]) -> Decimal:
    """A price of before `splits` on the basis of after them: what half-even rounding to 12 places leaves.

    The result keeps at least the places of `price`, so that 89.00 becomes 44.50 after a 2 for 1.

    >>> from tickfolio.domain.instruments import Symbol
    >>> split_adjusted(Decimal("88.99"), [Split(Symbol("AAPL"), date(2005, 2, 28), new=2, old=1)])
    Decimal('44.495')
    """
    adjusted = price
    for split in splits:
        scaled = ROUNDING.multiply(adjusted, Decimal(split.old))
        adjusted = rounded(ROUNDING.divide(scaled, Decimal(split.new)), places=MAX_PRICE_PLACES)
    return trimmed(adjusted, places=decimal_places(price))


def _require_ratio(new: int, old: int, what: str) -> None:
    if new < 1 or old < 1:
        raise InvalidValue(
            phrase("Expected {what} in positive whole numbers, was {new} for {old}.", what=what, new=new, old=old)
        )


def _require_other(new: Symbol, old: Symbol) -> None:
    if new == old:
        raise InvalidValue(phrase("Expected another symbol than {old}, was {new}.", old=old, new=new))


def _require_share(share: Decimal, symbol: Symbol) -> None:
    if not share.is_finite() or not 0 <= share <= 1:
        raise InvalidValue(
            phrase("Expected a share of the cost of {symbol} from 0 to 1, was {share}.", symbol=symbol, share=share)
        )
