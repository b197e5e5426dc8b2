"""The rows of a portfolio in their groups and order, and what they add up to.

The page's scripts do the same: frontend/src/cells/holdings.ts is the twin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never
from urllib.parse import urlencode

from tickfolio.domain.valuation.attribution import CASH
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Totals, Worth
from tickfolio.services.holdings_view import GroupBy, HoldingsView, SortBy
from tickfolio.services.valuations import has_cost
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.figures import DASH, money_text, part_of, weight_text
from tickfolio.web.holding_texts import (
    NO_FIGURE,
    Figure,
    Looking,
    RowText,
    class_of,
    gain,
    known,
    percent,
    row_text,
    sum_known,
    symbol_of,
    value_of,
)
from tickfolio.words import marked_phrase, phrase

_RANKS = {RowKind.HOLDING: 0, RowKind.RECEIVABLE: 1, RowKind.CASH: 2}
UNCLASSIFIED = marked_phrase("Unclassified")


@dataclass(frozen=True, slots=True)
class SumText:
    """What rows add up to, in the columns of the table.

    Attributes:
        explained: the query of the addresses that explain the figures; None where none does.
    """

    cost: str = DASH
    value: str = DASH
    weight: str = DASH
    day: Figure = NO_FIGURE
    unrealized: Figure = NO_FIGURE
    percent: Figure = NO_FIGURE
    day_percent: Figure | None = None
    day_price: Figure = NO_FIGURE
    day_currency: Figure = NO_FIGURE
    explained: str | None = None


@dataclass(frozen=True, slots=True)
class GroupText:
    """Rows that have something in common."""

    key: str
    name: str
    rows: tuple[RowText, ...]
    sums: SumText


NO_GROUP = GroupText(key="", name="", rows=(), sums=SumText())


# ---------- Groups ----------


def group_texts(rows: Iterable[Row], totals: Totals, *, looking: Looking, view: HoldingsView) -> tuple[GroupText, ...]:
    """The groups by what they are worth, the rows of each in the order that is asked for, cash last."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault(group_of(row, view.group, looking=looking), []).append(row)
    values = {group: sum_known(value_of(row) for row in held) for group, held in groups.items()}
    made = []
    for group in sorted(groups, key=lambda each: (*_largest_first(values[each]), each[1], each[0])):
        held = _in_order(groups[group], view)
        key, name = group
        sums = _sums(held, totals, explained=_explained(key, view.group, looking=looking))
        texts = tuple(row_text(row, totals, looking=looking) for row in held)
        made.append(GroupText(key, name, texts, sums))
    return tuple(made)


def group_of(row: Row, by: GroupBy, *, looking: Looking) -> tuple[str, str]:
    """The key and the name of the group that a row is in."""
    match by:
        case GroupBy.NONE:
            return "", phrase("All holdings")
        case GroupBy.ACCOUNT:
            return row.account, row.account_name
        case GroupBy.CURRENCY:
            return row.currency.code, row.currency.code
        case GroupBy.CLASS:
            label = looking.traits_of(row).class_label
            return (f"={label}", label) if label else (class_of(row), CLASS_NAMES[class_of(row)])
        case GroupBy.SECTOR | GroupBy.COUNTRY:
            if row.symbol is None:
                return f":{CASH}", CLASS_NAMES[CASH]
            traits = looking.traits_of(row)
            trait = traits.sector if by is GroupBy.SECTOR else traits.country
            return trait, trait or UNCLASSIFIED
        case _:
            assert_never(by)


def _explained(key: str, by: GroupBy, *, looking: Looking) -> str | None:
    """The query of the addresses that explain the sums of a group.

    None where none does: explanations know nothing of what members and lists say of an instrument.
    """
    match by:
        case GroupBy.NONE:
            return ""
        case GroupBy.CLASS if any(traits.class_label for traits in looking.traits.values()):
            return None
        case GroupBy.ACCOUNT | GroupBy.CLASS | GroupBy.CURRENCY:
            return f"?{urlencode({by.value: key})}"
        case GroupBy.SECTOR | GroupBy.COUNTRY:
            return None
        case _:
            assert_never(by)


def _largest_first(value: Decimal | None) -> tuple[bool, Decimal]:
    return value is None, -(value or Decimal(0))


# ---------- Order ----------


def _in_order(rows: list[Row], view: HoldingsView) -> list[Row]:
    """Holdings above what is to be paid above cash; where two have the same figure, by symbol. Who lacks it stands last."""
    rows = sorted(rows, key=lambda row: (symbol_of(row), row.key))
    if view.sort is SortBy.NAME:
        rows.sort(key=symbol_of, reverse=view.is_descending)
    else:
        figure_of = _FIGURES[view.sort]
        sign = -1 if view.is_descending else 1
        rows.sort(key=lambda row: _figure_order(figure_of(row), sign))
    rows.sort(key=lambda row: _RANKS[row.kind])
    return rows


def _figure_order(figure: Decimal | None, sign: int) -> tuple[bool, Decimal]:
    return figure is None, sign * (figure or Decimal(0))


def _worth(row: Row) -> Worth | None:
    return row.worth if isinstance(row.worth, Worth) else None


def _day(row: Row) -> Day | None:
    worth = _worth(row)
    return worth.day if worth is not None and isinstance(worth.day, Day) else None


def _change(row: Row) -> Decimal | None:
    return known(row.quote.change_percent) if row.quote is not None and row.kind is RowKind.HOLDING else None


_FIGURES: Mapping[SortBy, Callable[[Row], Decimal | None]] = {
    SortBy.PRICE: lambda row: row.price,
    SortBy.CHANGE: _change,
    SortBy.COST: lambda row: known(row.cost),
    SortBy.VALUE: value_of,
    SortBy.DAY: lambda row: day.total if (day := _day(row)) else None,
    SortBy.DAY_PERCENT: lambda row: known(day.percent) if (day := _day(row)) else None,
    SortBy.DAY_PRICE: lambda row: day.price if (day := _day(row)) else None,
    SortBy.DAY_CURRENCY: lambda row: day.currency if (day := _day(row)) else None,
    SortBy.UNREALIZED: lambda row: known(worth.unrealized) if (worth := _worth(row)) else None,
    SortBy.PERCENT: lambda row: known(worth.unrealized_percent) if (worth := _worth(row)) else None,
}


# ---------- Sums ----------


def _sums(rows: Iterable[Row], totals: Totals, *, explained: str | None) -> SumText:
    """What the rows that have a value add up to; where none has a figure there is no sum of it."""
    valued = [(row, row.worth) for row in rows if isinstance(row.worth, Worth)]
    days = [worth.day if isinstance(worth.day, Day) else None for _, worth in valued]
    cost = sum_known([known(row.cost) for row, _ in valued])
    value = sum_known([worth.value for _, worth in valued])
    unsigned = sum_known([None if (paid := known(row.cost)) is None else abs(paid) for row, _ in valued])
    unrealized = sum_known([known(worth.unrealized) for _, worth in valued])
    return SumText(
        cost=money_text(cost),
        value=money_text(value),
        weight=weight_text(value, totals.value),
        day=gain(sum_known([day.total if day else None for day in days])),
        unrealized=gain(unrealized),
        percent=percent(part_of(unrealized, unsigned)),
        day_price=gain(sum_known([day.price if day else None for day in days])),
        day_currency=gain(sum_known([day.currency if day else None for day in days])),
        explained=explained,
    )


def total_sums(rows: tuple[Row, ...], totals: Totals) -> SumText:
    """The totals in the columns of the table; dashes where no row has a value."""
    if not any(isinstance(row.worth, Worth) for row in rows):
        return SumText(day_percent=NO_FIGURE)
    is_known = has_cost(totals)
    return SumText(
        cost=money_text(totals.cost if is_known else None),
        value=money_text(totals.value),
        weight=weight_text(totals.value, totals.value),
        day=gain(totals.day),
        unrealized=gain(totals.unrealized if is_known else None),
        percent=percent(totals.unrealized_percent if is_known else None),
        day_percent=percent(totals.day_percent),
        day_price=gain(totals.day_price),
        day_currency=gain(totals.day_currency),
        explained="",
    )
