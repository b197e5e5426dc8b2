"""What a company does to those who hold it: units, costs and symbols change, and nobody traded.

**Source**: docs/reference/definitions.md, sections Transactions, and Cost basis and lots.
"""

from __future__ import annotations

from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import (
    Booking,
    require_one_currency,
    require_other,
    require_positive,
    require_quantity,
    require_ratio,
    require_share,
)
from tickfolio.domain.money import Money
from tickfolio.domain.records import named_record
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase


@named_record
class Split(Booking):
    """From `at` on, `old` units are `new` units. Quantity and unit cost change, total cost and value do not.

    Attributes:
        cash_in_lieu: what was paid for the fraction of a unit that the split left, which is sold for it.
    """

    symbol: Symbol
    new: int
    old: int
    cash_in_lieu: Money | None = None

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_ratio(self.new, self.old, f"a split of {self.symbol} such as 2 for 1,")
        if self.new == self.old:
            raise InvalidValue(
                phrase(
                    "Expected a split of {symbol} such as 2 for 1, was {new} for {old}.",
                    symbol=self.symbol,
                    new=self.new,
                    old=self.old,
                )
            )
        _require_cash(self.cash_in_lieu)


@named_record
class StockDividend(Booking):
    """Units that came for nothing: all that are held then share the cost of those that were held before."""

    symbol: Symbol
    quantity: Decimal

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_quantity(self.quantity, self.symbol)


@named_record
class SpinOff(Booking):
    """For each `old` units held came `new` of another instrument, and a share of each lot's cost went with them.

    Attributes:
        cost_share: the part of the cost that moves, from 0 to 1.
        cash_in_lieu: what was paid for the fraction of a new unit, which is sold for it.
    """

    symbol: Symbol
    new_symbol: Symbol
    new: int
    old: int
    cost_share: Decimal
    cash_in_lieu: Money | None = None

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_other(self.new_symbol, self.symbol, "symbol")
        require_ratio(self.new, self.old, "a spin-off")
        require_share(self.cost_share, "a share of the cost")
        _require_cash(self.cash_in_lieu)


@named_record
class Merger(Booking):
    """Each `old` units became `new` of another instrument, with their lots.

    Attributes:
        cash: what was received besides.
        cost_share: the part of the cost that goes with the cash, from 0 to 1. None: the cash lowers the cost as a return
            of capital does, and what is above the cost is a gain.
        cash_in_lieu: what was paid for the fraction of a new unit, which is sold for it.
    """

    symbol: Symbol
    new_symbol: Symbol
    new: int
    old: int
    cash: Money | None = None
    cost_share: Decimal | None = None
    cash_in_lieu: Money | None = None

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_other(self.new_symbol, self.symbol, "symbol")
        require_ratio(self.new, self.old, "a merger")
        _require_cash(self.cash)
        _require_cash(self.cash_in_lieu)
        if self.cash is not None and self.cash_in_lieu is not None:
            require_one_currency(self.cash, self.cash_in_lieu)
        if self.cost_share is not None:
            require_share(self.cost_share, "a share of the cost")
            if self.cash is None:
                raise InvalidValue(phrase("Expected cash where a share of the cost goes with it, was none."))


@named_record
class ReturnOfCapital(Booking):
    """Cash that lowers the cost of what is held; what is above the cost is a gain at once."""

    symbol: Symbol
    amount: Money

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_positive(self.amount, "a return of capital")


@named_record
class SymbolChange(Booking):
    """The same instrument under another symbol."""

    symbol: Symbol
    new_symbol: Symbol

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_other(self.new_symbol, self.symbol, "symbol")


def _require_cash(money: Money | None) -> None:
    if money is not None:
        require_positive(money, "an amount of cash")
