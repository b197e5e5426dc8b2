"""Where a change in value comes from, in money: by price, trading, currency, income, fees and taxes.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Valuation, Worth

ZERO = Decimal(0)
CASH = "cash"
"""The class of cash, beside those of instruments."""


class Grouping(StrEnum):
    """What rows are summed by."""

    HOLDING = "holding"
    ACCOUNT = "account"
    CLASS = "class"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class GainParts:
    """Parts of a gain, in the base currency, rounded to its smallest coin; fees and taxes negative where charged."""

    price: Decimal = ZERO
    trading: Decimal = ZERO
    currency: Decimal = ZERO
    income: Decimal = ZERO
    fees: Decimal = ZERO
    taxes: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Their sum."""
        return exact_sum((self.price, self.trading, self.currency, self.income, self.fees, self.taxes))

    def plus(self, other: GainParts) -> GainParts:
        """Both together."""
        return GainParts(
            price=EXACT.add(self.price, other.price),
            trading=EXACT.add(self.trading, other.trading),
            currency=EXACT.add(self.currency, other.currency),
            income=EXACT.add(self.income, other.income),
            fees=EXACT.add(self.fees, other.fees),
            taxes=EXACT.add(self.taxes, other.taxes),
        )


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one row gave to a change.

    Attributes:
        symbol: None for cash.
        kind: what the row is of.
        instrument_class: or `CASH`; a dividend that is due is of the class of its instrument.
        opening, closing: the value of the row before and after, both None for a day whose rows have windows of their own.
        moved: what came into the row less what left it, to and from the other rows and over the border; None likewise.
    """

    key: str
    kind: RowKind
    account: AccountId
    account_name: str
    symbol: Symbol | None
    name: str
    currency: Currency
    instrument_class: str
    parts: GainParts
    opening: Decimal | None = None
    closing: Decimal | None = None
    moved: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ContributionGroup:
    """The rows of one holding, account, class or currency; `name` is how a page calls it."""

    key: str
    name: str
    contributions: tuple[Contribution, ...]
    parts: GainParts


def contributions_of(valuation: Valuation) -> tuple[Contribution, ...]:
    """The day of each row that has one, as far as it has come."""
    return tuple(
        contribution_of(row, parts_of(row.worth.day))
        for row in valuation.rows
        if isinstance(row.worth, Worth) and isinstance(row.worth.day, Day)
    )


def contribution_of(row: Row, parts: GainParts) -> Contribution:
    """`parts` as what `row` gave."""
    return Contribution(
        key=row.key,
        kind=row.kind,
        account=row.account,
        account_name=row.account_name,
        symbol=row.symbol,
        name=row.name if row.instrument is None else row.instrument.name,
        currency=row.currency,
        instrument_class=CASH if row.instrument is None else row.instrument.instrument_class.value,
        parts=parts,
    )


def parts_of(day: Day) -> GainParts:
    """The parts of a row's day."""
    return GainParts(
        price=day.price,
        trading=day.trading,
        currency=day.currency,
        income=day.income,
        fees=day.fees,
        taxes=day.taxes,
    )


def grouped(contributions: Iterable[Contribution], by: Grouping) -> tuple[ContributionGroup, ...]:
    """`contributions` summed by one of their properties; in the order in which each first comes."""
    groups: dict[str, list[Contribution]] = {}
    names: dict[str, str] = {}
    for each in contributions:
        key, name = _place(each, by)
        names.setdefault(key, name)
        groups.setdefault(key, []).append(each)
    return tuple(ContributionGroup(key, names[key], tuple(members), summed(members)) for key, members in groups.items())


def summed(contributions: Iterable[Contribution]) -> GainParts:
    """The parts of all of `contributions` together."""
    total = GainParts()
    for each in contributions:
        total = total.plus(each.parts)
    return total


def _place(each: Contribution, by: Grouping) -> tuple[str, str]:
    match by:
        case Grouping.HOLDING:
            return (each.currency.code, each.currency.code) if each.symbol is None else (each.symbol, each.name)
        case Grouping.ACCOUNT:
            return each.account, each.account_name
        case Grouping.CLASS:
            return each.instrument_class, each.instrument_class
        case Grouping.CURRENCY:
            return each.currency.code, each.currency.code
        case _:
            assert_never(by)
