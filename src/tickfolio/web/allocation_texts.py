"""How a portfolio is divided, in words and figures, before any script runs, and what the page's scripts need to go on.

The page's scripts write the same with every price: frontend/src/cells/parts.ts is the twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.money import EXACT, ROUNDING, rounded
from tickfolio.domain.valuation.valuation import RowKind
from tickfolio.runtime.countries import country_name
from tickfolio.services.allocation_parts import (
    CASH,
    DUE,
    UNKNOWN,
    AllocationPart,
    Dimension,
    PartName,
    part_of,
)
from tickfolio.services.allocations import Allocation
from tickfolio.services.valuations import has_value
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.figures import DASH, money_pieces, money_text, signed_money_text, weight_text
from tickfolio.web.holding_texts import NO_FIGURE, Figure, gain, unpriced_note
from tickfolio.web.portfolio_texts import coverage_text, since_text
from tickfolio.words import counted_phrase, marked_phrase, phrase

DIMENSION_NAMES = {each: marked_phrase(each.value.capitalize()) for each in Dimension}
WITHIN, OVER, UNDER = "within", "over", "under"
STATE_WORDS = {"": "", WITHIN: marked_phrase("in the band"), OVER: "above", UNDER: "below"}
"""The same words stand in frontend/src/cells/parts.ts."""


@dataclass(frozen=True, slots=True)
class PartText:
    """A row of the table.

    Attributes:
        width: of its bar, in percent of the widest; 0 where it is below zero.
        target, points, money: empty where the portfolio has no targets by this dimension, a dash where the part has none.
        state: how far it is off, by the tolerance.
    """

    key: str = ""
    name: str = ""
    detail: str = ""
    value: str = DASH
    weight: str = DASH
    day: Figure = NO_FIGURE
    width: str = "0"
    target: str = ""
    points: str = ""
    money: str = ""
    state: str = ""

    @property
    def state_words(self) -> str:
        """What the state is called."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class AllocationText:
    """The page."""

    currency: str
    whole: str
    minor: str
    day: Figure
    since: str
    coverage: str
    parts: tuple[PartText, ...]
    total: PartText
    unassigned: str
    tolerance: str
    note: str
    choices: tuple[tuple[str, str, bool], ...]


NO_PART = PartText()


def allocation_text(found: Allocation) -> AllocationText:
    """The page of a portfolio that is divided so."""
    totals, is_known = found.totals, has_value(found.totals)
    whole, minor = money_pieces(totals.value if is_known else None)
    has_any = bool(found.parts)
    return AllocationText(
        currency=found.base.code,
        whole=whole,
        minor=minor,
        day=gain(totals.day if is_known else None),
        since=since_text(totals.reference_day),
        coverage=coverage_text(totals),
        parts=_parts(found),
        total=PartText(
            key="total",
            name=phrase("Total"),
            value=money_text(totals.value if has_any else None),
            weight=weight_text(totals.value if has_any else None, totals.value),
            day=gain(totals.day if has_any else None),
            target=percent_text(EXACT.subtract(Decimal(100), found.targets.unassigned)) if has_targets(found) else "",
        ),
        unassigned=percent_text(found.targets.unassigned) if has_targets(found) else "",
        tolerance=percent_text(found.targets.tolerance, unit="points"),
        note=unpriced_note(found.unpriced),
        choices=tuple((f"?by={each.value}", name, each is found.dimension) for each, name in DIMENSION_NAMES.items()),
    )


def has_targets(found: Allocation) -> bool:
    """Whether the parts have targets."""
    return bool(found.targets.targets)


def part_name(part: PartName, by: Dimension) -> str:
    """What pages call a part."""
    if by is Dimension.CURRENCY:
        return part.key
    if by is Dimension.ACCOUNT:
        return part.label
    if part.key in (CASH, DUE, UNKNOWN):
        unknown = phrase("Without a tag") if by is Dimension.TAG else phrase("Unclassified")
        return {CASH: phrase("Cash"), DUE: phrase("Dividends due"), UNKNOWN: unknown}[part.key]
    if part.label:
        return part.label
    if by is Dimension.COUNTRY:
        return country_name(part.key)
    return CLASS_NAMES.get(part.key, part.key) if by is Dimension.CLASS else part.key


def percent_text(percent: Decimal, *, unit: str = "%") -> str:
    """A target or a tolerance, with 1 decimal at least.

    >>> percent_text(Decimal("12.5")), percent_text(Decimal(5), unit="points")
    ('12.5 %', '5.0 points')
    """
    places = max(1, -int(percent.normalize(ROUNDING).as_tuple().exponent))
    return f"{money_text(rounded(percent, places=places))} {unit}"


def allocation_data(found: Allocation) -> dict[str, object]:
    """What the scripts keep the page moving with: what belongs to what, and the targets."""
    by = found.dimension
    classified = found.classified
    names = {each.part.key: part_name(each.part, by) for each in found.targets.targets}
    return {
        "by": by.value,
        "head": found.valued.head,
        "names": {symbol: each.name for symbol, each in classified.items()},
        "parts": {}
        if by is Dimension.ACCOUNT
        else {symbol: _told(part_of(each, by), by) for symbol, each in classified.items()},
        "words": {
            key: part_name(PartName(key), by if by is Dimension.TAG else Dimension.CLASS)
            for key in (CASH, DUE, UNKNOWN)
        },
        "targets": {each.part.key: f"{each.percent:f}" for each in found.targets.targets},
        "target_names": names,
        "tolerance": f"{found.targets.tolerance:f}",
    }


def _told(part: PartName, by: Dimension) -> list[str]:
    return [part.key, part_name(part, by)]


def _parts(found: Allocation) -> tuple[PartText, ...]:
    """All parts, the largest first; then those that have a target and nothing in them."""
    held = {part.name.key: part for part in found.parts}
    missing = [each.part for each in found.targets.targets if each.part.key not in held]
    names = [*(part.name for part in found.parts), *missing]
    values = [held[name.key].value if name.key in held else Decimal(0) for name in names]
    widest = max([*values, Decimal(0)])
    return tuple(_part(found, name, held.get(name.key), widest=widest) for name in names)


def _part(found: Allocation, name: PartName, part: AllocationPart | None, *, widest: Decimal) -> PartText:
    value = part.value if part else Decimal(0).scaleb(-found.base.minor_unit)
    return PartText(
        key=name.key,
        name=part_name(name, found.dimension),
        detail=_detail(part, found) if part else phrase("nothing held"),
        value=money_text(value),
        weight=weight_text(value, found.totals.value),
        day=gain(part.day if part else None),
        width=bar_width(value, widest),
        **_drift(found, name.key, value),
    )


def bar_width(value: Decimal, widest: Decimal) -> str:
    """How wide a bar is, of a hundred; nothing below zero has a width."""
    if value <= 0 or widest <= 0:
        return "0"
    return f"{rounded(ROUNDING.divide(EXACT.multiply(value, Decimal(100)), widest), places=2):f}"


def _drift(found: Allocation, key: str, value: Decimal) -> Mapping[str, str]:
    """Target and drift of a part: actual less target, in percentage points and in money."""
    if not has_targets(found):
        return {}
    target, whole = found.targets.of(key), found.totals.value
    if target is None or whole <= 0:
        return {"target": DASH if target is None else percent_text(target), "points": DASH, "money": DASH}
    wanted = ROUNDING.divide(EXACT.multiply(target, whole), Decimal(100))
    off = EXACT.subtract(value, rounded(wanted, places=found.base.minor_unit))
    points = EXACT.subtract(
        ROUNDING.divide(EXACT.multiply(value, Decimal(100)), whole).quantize(Decimal("1E-20"), context=ROUNDING), target
    )
    state = WITHIN if abs(points) <= found.targets.tolerance else OVER if points > 0 else UNDER
    return {
        "target": percent_text(target),
        "points": points_text(points),
        "money": signed_money_text(off),
        "state": state,
    }


def points_text(points: Decimal) -> str:
    """Percentage points with 1 decimal and a sign; what rounds to zero has none.

    >>> points_text(Decimal("2.449")), points_text(Decimal("-0.04"))
    ('+2.4', '0.0')
    """
    return signed_money_text(abs(shown) if not (shown := rounded(points, places=1)) else shown)


def _detail(part: AllocationPart, found: Allocation) -> str:
    """What is in a part: of a holding its name, of others how many; and how many of the prices are old."""
    stale = (
        phrase("{count} stale", count=part.stale)
        if part.stale and found.dimension is not Dimension.HOLDING
        else "stale"
        if part.stale
        else ""
    )
    return ", ".join(each for each in (_what(part, found), stale) if each)


def _what(part: AllocationPart, found: Allocation) -> str:
    if part.name.key in (CASH, DUE) and found.dimension not in (Dimension.ACCOUNT, Dimension.CURRENCY):
        return ", ".join(sorted({row.currency.code for row in part.rows}))
    if found.dimension is Dimension.HOLDING:
        name = found.classified[part.rows[0].symbol].name if part.rows[0].symbol else ""
        return "" if name == part.name.key else name
    held = len({row.symbol for row in part.rows if row.kind is RowKind.HOLDING})
    counted = counted_phrase("{count} holding", "{count} holdings", held)
    cash = any(row.kind is RowKind.CASH for row in part.rows)
    return phrase("{counted} and cash", counted=counted) if held and cash else counted if held else "cash"


def minus_note(found: Allocation) -> str:
    """What is below zero, which no area shows; empty where nothing is."""
    below = [part_name(part.name, found.dimension) for part in found.parts if part.value < 0]
    return phrase("Below zero, so in the table alone: {below}.", below=", ".join(below)) if below else ""
