"""The attribution of a day in words and figures.

The page's scripts write the same for today: frontend/src/cells/contributions.ts is the twin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never
from urllib.parse import urlencode

from tickfolio.domain.money import Currency, rounded
from tickfolio.domain.valuation.attribution import CASH, Contribution, ContributionGroup, Grouping, grouped, summed
from tickfolio.domain.valuation.spans import LeftOut
from tickfolio.domain.valuation.valuation import RowKind
from tickfolio.services.attributions import DayAttribution
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.figures import DASH, money_text
from tickfolio.web.holding_texts import NO_FIGURE, Figure, gain, sum_known
from tickfolio.web.notation import WEEKDAYS, notation
from tickfolio.web.portfolio_texts import PARTS
from tickfolio.words import counted_phrase, marked_phrase, phrase

GROUPING_NAMES = {
    Grouping.HOLDING: marked_phrase("Holding"),
    Grouping.ACCOUNT: marked_phrase("Account"),
    Grouping.CLASS: marked_phrase("Class"),
    Grouping.CURRENCY: marked_phrase("Currency"),
}
DUE = marked_phrase("dividend due")
"""The same names stand in frontend/src/cells/contributions.ts."""


@dataclass(frozen=True, slots=True)
class GainText:
    """A row of the table: the parts in the order of `PARTS`, and what they sum to.

    Attributes:
        explained: the query of the addresses that explain its figures.
    """

    key: str = ""
    name: str = ""
    detail: str = ""
    parts: tuple[tuple[str, Figure], ...] = tuple((part, NO_FIGURE) for part in PARTS)
    total: Figure = NO_FIGURE
    opening: str = DASH
    moved: Figure = NO_FIGURE
    closing: str = DASH
    explained: str = ""


NO_GAIN = GainText()


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """A way to group, and its address."""

    name: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AttributionText:
    """The page of one day.

    Attributes:
        before, after: the addresses of the days beside it; empty where there is none.
        notes: what the figures leave out, and why.
    """

    day: str
    day_name: str
    is_today: bool
    currency: str
    rows: tuple[GainText, ...]
    total: GainText
    choices: tuple[ChoiceText, ...]
    by: str
    before: str
    after: str
    notes: tuple[str, ...] = field(default=())


def attribution_text(found: DayAttribution, *, by: Grouping) -> AttributionText:
    """All that the page says of a day; what moved most comes first."""
    groups = sorted(grouped(found.contributions, by), key=lambda group: (-abs(group.parts.total), group.name))
    before, after = found.day - timedelta(days=1), found.day + timedelta(days=1)
    return AttributionText(
        day=found.day.isoformat(),
        day_name=phrase("Today") if found.is_today else f"{WEEKDAYS[found.day.weekday()]}, {notation().day(found.day)}",
        is_today=found.is_today,
        currency=found.base.code,
        rows=tuple(_group_row(found, group, by) for group in groups),
        total=_total(found),
        choices=tuple(
            ChoiceText(name, _address(found.day, each), is_current=each is by) for each, name in GROUPING_NAMES.items()
        ),
        by=by.value,
        before=_address(before, by) if found.first is not None and before >= found.first else "",
        after=_address(after, by) if after <= found.today else "",
        notes=tuple(map(_left_out, found.change.left_out if found.change else ())),
    )


def _group_row(found: DayAttribution, group: ContributionGroup, by: Grouping) -> GainText:
    row = _row(group.key, _names(group, by), group.contributions, base=found.base)
    return replace(row, explained=_query(found, selection(group, by)))


def selection(group: ContributionGroup, by: Grouping) -> dict[str, str]:
    """How an address names the rows of a group."""
    match by:
        case Grouping.HOLDING if _is_cash(group):
            return {"class": CASH, "currency": group.key}
        case Grouping.HOLDING:
            return {"symbol": group.key}
        case Grouping.ACCOUNT | Grouping.CLASS | Grouping.CURRENCY:
            return {by.value: group.key}
        case _:
            assert_never(by)


def _query(found: DayAttribution, rows: Mapping[str, str]) -> str:
    asked = {**({} if found.is_today else {"as_of": found.day.isoformat()}), **rows}
    return f"?{urlencode(asked)}" if asked else ""


def _row(key: str, names: tuple[str, str], contributions: Sequence[Contribution], *, base: Currency) -> GainText:
    def coins(amount: Decimal | None) -> Decimal | None:
        # A part that nothing was in is 0 without the places of the currency.
        return None if amount is None else rounded(amount, places=base.minor_unit)

    parts = summed(contributions)
    name, detail = names
    return GainText(
        key=key,
        name=name,
        detail=detail,
        parts=tuple((part, gain(coins(getattr(parts, part)))) for part in PARTS),
        total=gain(coins(parts.total)),
        opening=money_text(coins(sum_known(each.opening for each in contributions))),
        moved=gain(coins(sum_known(each.moved for each in contributions))),
        closing=money_text(coins(sum_known(each.closing for each in contributions))),
    )


def _total(found: DayAttribution) -> GainText:
    """All rows; dashes where there are some and none has a gain."""
    if found.without and not found.contributions:
        return GainText(key="total", name=phrase("All"))
    return replace(
        _row("total", (phrase("All"), ""), found.contributions, base=found.base), explained=_query(found, {})
    )


def _names(group: ContributionGroup, by: Grouping) -> tuple[str, str]:
    """What the row is called, and what stands below it."""
    if by is Grouping.CLASS:
        return CLASS_NAMES.get(group.key, group.key), _counted(group)
    if by is Grouping.HOLDING:
        if _is_cash(group):
            return phrase("{currency} cash", currency=group.key), ""
        name = next((each.name for each in group.contributions if each.kind is RowKind.HOLDING), DUE)
        return group.key, name if name != group.key else ""
    return group.name, _counted(group)


def _is_cash(group: ContributionGroup) -> bool:
    return all(each.kind is RowKind.CASH for each in group.contributions)


def _counted(group: ContributionGroup) -> str:
    count = len(group.contributions)
    return counted_phrase("{count} row", "{count} rows", count)


def _left_out(each: LeftOut) -> str:
    return phrase(
        "{symbol} in {account_name} is left out: {reason}.",
        symbol=each.symbol,
        account_name=each.account_name,
        reason=each.reason,
    )


def _address(day: date, by: Grouping) -> str:
    return f"?{urlencode({'day': day.isoformat(), 'by': by.value})}"
