"""What the plain book keeps: lots, cash and sums as exact fractions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tickfolio.domain.money import Currency

NOTHING = Fraction(0)


@dataclass
class PlainLot:
    """Units with what is left of their cost, as stated and in the base currency; a short lot has negative units."""

    source: str
    at: datetime
    units: Fraction
    stated: Fraction
    base: Fraction


@dataclass
class PlainCash:
    """Cash that came in, or went out and is not covered yet, and its worth in the base currency; both unsigned but signed units."""

    amount: Fraction
    base: Fraction


@dataclass
class PlainAccount:
    """What an account came to."""

    lots: dict[str, list[PlainLot]] = field(default_factory=lambda: defaultdict(list))
    cash: dict[Currency, list[PlainCash]] = field(default_factory=lambda: defaultdict(list))
    realized: Fraction = NOTHING
    income: Fraction = NOTHING
    fees: Fraction = NOTHING
    taxes: Fraction = NOTHING
    flows: Fraction = NOTHING
    relieved: Fraction = NOTHING
    waiting: Fraction = NOTHING

    def units(self, symbol: str) -> Fraction:
        return sum((lot.units for lot in self.lots[symbol]), NOTHING)

    def cost(self, symbol: str) -> Fraction:
        return sum((lot.base if lot.units >= 0 else -lot.base for lot in self.lots[symbol]), NOTHING)

    def balance(self, currency: Currency) -> Fraction:
        return sum((lot.amount for lot in self.cash[currency]), NOTHING)


def is_near(exact: Fraction, decimal: Decimal) -> bool:
    """Whether `decimal` is `exact` but for what rounding to 18 places can leave."""
    return abs(exact - Fraction(decimal)) <= Fraction(1, 10**10)
