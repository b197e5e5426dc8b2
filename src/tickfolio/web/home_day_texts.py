"""Where the day of all portfolios of one base currency comes from, and how they are divided, before any script runs.

The page's scripts write the same from the live protocol: `summedTotals` and `classSlices` in frontend/src/cells/home_day.ts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.totals import RunningTotals
from tickfolio.domain.valuation.valuation import Row, RowKind, Totals
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.figures import money_text, weight_text
from tickfolio.web.holding_texts import Looking, value_of
from tickfolio.web.portfolio_texts import PartText, SliceText, TotalsText, cash_name, part_texts, totals_text

CASH_COLOUR = 6
MOST_COLOURS = 5


@dataclass(frozen=True, slots=True)
class TogetherText:
    """The portfolios of one base currency together."""

    totals: TotalsText
    parts: tuple[PartText, ...]
    slices: tuple[SliceText, ...]


def together_text(rows: Sequence[Row], currency: Currency, *, looking: Looking) -> TogetherText:
    """The rows of all portfolios of that base currency."""
    totals = together(rows, currency)
    return TogetherText(totals_text(totals, looking=looking), part_texts(rows, totals), class_slices(rows, totals))


def together(rows: Sequence[Row], currency: Currency) -> Totals:
    """Their totals: each is the sum of the rows."""
    running = RunningTotals(currency)
    for row in rows:
        running.include(row)
    return running.totals(rows)


def class_slices(rows: Iterable[Row], totals: Totals) -> tuple[SliceText, ...]:
    """By class of instrument, the largest first, then cash with what is to be paid; what has no price is in none."""
    classes: dict[str, Decimal] = {}
    cash: list[tuple[RowKind, Decimal]] = []
    for row in rows:
        value = value_of(row)
        if value is None:
            continue
        if row.kind is RowKind.HOLDING and row.instrument is not None:
            name = CLASS_NAMES[row.instrument.instrument_class.value]
            classes[name] = EXACT.add(classes.get(name, Decimal(0)), value)
        else:
            cash.append((row.kind, value))
    held = sorted(((name, value) for name, value in classes.items() if value > 0), key=lambda one: (-one[1], one[0]))
    slices = [(name, min(place, MOST_COLOURS), value) for place, (name, value) in enumerate(held, 1)]
    if cash:
        whole = Decimal(0)
        for _, value in cash:
            whole = EXACT.add(whole, value)
        slices.append((cash_name(cash), CASH_COLOUR, whole))
    return tuple(
        SliceText(name, colour, money_text(value), weight_text(value, totals.value)) for name, colour, value in slices
    )
