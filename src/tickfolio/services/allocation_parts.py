"""How the rows of a portfolio are divided: by holding, account, class, sector, country, currency or tag.

Pages do the same with every price: frontend/src/cells/parts.ts is the twin, and gets from here what belongs to what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Worth
from tickfolio.services.classifications import Classification
from tickfolio.words import phrase

CASH, DUE, UNKNOWN = "cash", "due", "unknown"
"""The parts that are none of an instrument's: cash, dividends to be paid, and what nobody has classified."""
LABEL = "l:"
"""What the key of a part begins with that is named in people's own words."""
CLASS_WORDS = {
    "shares": InstrumentClass.EQUITY,
    "funds": InstrumentClass.FUND,
    "bonds": InstrumentClass.BOND,
    "options": InstrumentClass.OPTION,
    "crypto": InstrumentClass.CRYPTO,
    "commodities": InstrumentClass.COMMODITY,
    "other": InstrumentClass.OTHER,
}
"""Who calls an instrument by the word of a class means that class."""


class Dimension(StrEnum):
    """What a portfolio is divided by."""

    HOLDING = "holding"
    ACCOUNT = "account"
    CLASS = "class"
    SECTOR = "sector"
    COUNTRY = "country"
    CURRENCY = "currency"
    TAG = "tag"

    @property
    def has_targets(self) -> bool:
        """Whether parts can have a target: a trade moves nothing from one account to another."""
        return self is not Dimension.ACCOUNT


@dataclass(frozen=True, slots=True)
class PartName:
    """A part as it is told from others, and what people call it: their own word, or empty where the key has a name."""

    key: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class AllocationPart:
    """Some of the rows of a portfolio.

    Attributes:
        value: of the rows that have one, in the base currency.
        day: of those that have one; None where none has.
        stale: how many holdings have an old price.
    """

    name: PartName
    rows: tuple[Row, ...]
    value: Decimal
    day: Decimal | None
    stale: int


def divided(
    rows: Iterable[Row], by: Dimension, classified: Mapping[Symbol, Classification]
) -> tuple[AllocationPart, ...]:
    """The parts of a portfolio, the largest first; they sum to its value. Rows without a value are in none."""
    found: dict[str, tuple[PartName, list[Row]]] = {}
    for row in rows:
        if isinstance(row.worth, Worth):
            name = part_of_row(row, by, classified)
            found.setdefault(name.key, (name, []))[1].append(row)
    parts = (_part(name, members) for name, members in found.values())
    return tuple(sorted(parts, key=lambda part: (-part.value, part.name.key)))


def part_of_row(row: Row, by: Dimension, classified: Mapping[Symbol, Classification]) -> PartName:
    """The part that a row belongs to."""
    if by is Dimension.ACCOUNT:
        return PartName(row.account, row.account_name)
    if by is Dimension.CURRENCY:
        return PartName(row.currency.code)
    if row.kind is not RowKind.HOLDING or row.symbol is None:
        return PartName(CASH if row.kind is RowKind.CASH else DUE)
    return part_of(classified[row.symbol], by)


def part_of(instrument: Classification, by: Dimension) -> PartName:
    """The part that an instrument belongs to; of its account it says nothing."""
    match by:
        case Dimension.HOLDING:
            return PartName(instrument.symbol)
        case Dimension.CLASS:
            return class_part(instrument.class_label) or PartName(instrument.instrument_class.value)
        case Dimension.SECTOR:
            return _labelled(instrument.sector)
        case Dimension.COUNTRY:
            return PartName(instrument.country or UNKNOWN)
        case Dimension.CURRENCY:
            return PartName(instrument.currency)
        case Dimension.TAG:
            return _labelled(instrument.tag)
        case Dimension.ACCOUNT:
            raise ValueError(phrase("Expected a dimension of instruments, was account."))
        case _:
            assert_never(by)


def class_part(label: str) -> PartName | None:
    """The part of a class in people's own word; None where there is none."""
    if not label:
        return None
    known = CLASS_WORDS.get(label.casefold())
    return PartName(known.value) if known else _labelled(label)


def _labelled(label: str) -> PartName:
    return PartName(f"{LABEL}{label.casefold()}", label) if label else PartName(UNKNOWN)


def _part(name: PartName, rows: list[Row]) -> AllocationPart:
    worths = [row.worth for row in rows if isinstance(row.worth, Worth)]
    days = [worth.day.total for worth in worths if isinstance(worth.day, Day)]
    return AllocationPart(
        name=name,
        rows=tuple(rows),
        value=exact_sum(worth.value for worth in worths),
        day=exact_sum(days) if days else None,
        stale=sum(row.quality is Quality.STALE for row in rows if row.kind is RowKind.HOLDING),
    )
