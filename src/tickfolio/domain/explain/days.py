"""The day of a portfolio and of its rows: what was gained since the reference, and the six parts of that.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from tickfolio.domain.explain.cash_days import cash_day, receivable_day
from tickfolio.domain.explain.day_parts import PARTS, DayParts, closing_part
from tickfolio.domain.explain.definitions import DAY
from tickfolio.domain.explain.holding_days import holding_day
from tickfolio.domain.explain.nodes import Explained, one, several_later, unexplained
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import row_name
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Worth
from tickfolio.words import marked_phrase, phrase

ZERO = Decimal(0)
TOTAL = "total"


def row_day(standing: Standing, row: Row, part: str = TOTAL) -> Explained:
    """The day of a row, or a part of it.

    Args:
        part: "total" or one of `PARTS`.
    """
    return standing.once(("day", part, row.key), lambda: _row_day(standing, row, part))


def _row_day(standing: Standing, row: Row, part: str) -> Explained:
    name = phrase("{part_names} of {row_name}", part_names=PART_NAMES[part], row_name=row_name(row))
    day = row.worth.day if isinstance(row.worth, Worth) else NotAvailable(row.worth.reason)
    if isinstance(day, NotAvailable):
        return unexplained(name, day, standing.book.base.code, DAY)
    if part in ("currency", "trading"):
        parts = _parts(standing, row, day)
        return closing_part(
            name, part, day, parts.all_price, standing=standing, of=lambda each: row_day(standing, row, each)
        )
    terms = getattr(_parts(standing, row, day), part)
    formula, inputs = terms.folded(standing.places)
    return Explained(
        name=name,
        value=getattr(day, part),
        unit=standing.book.base.code,
        formula=formula,
        words=terms.words,
        definition=DAY,
        make_inputs=inputs,
        is_gain=True,
    )


def _parts(standing: Standing, row: Row, day: Day) -> DayParts:
    if row.kind is RowKind.CASH:
        return cash_day(standing, row)
    if row.kind is RowKind.RECEIVABLE:
        return receivable_day(standing, row)
    # The parts of a day are asked for one after the other, each for all rows.
    return standing.kept(row.key, lambda: holding_day(standing, row, day), DayParts)


def day_of_rows(
    standing: Standing, rows: Iterable[Row], part: str = TOTAL, *, name: str, tells_lack: bool = True
) -> Explained:
    """The day of some rows: by its parts, and each part by the rows.

    Args:
        tells_lack: whether the rows are named that are left out.
    """
    chosen = list(rows)
    known = [(row, row.worth.day) for row in chosen if isinstance(row.worth, Worth) and isinstance(row.worth.day, Day)]
    nothing = rounded(ZERO, places=standing.places)
    value = exact_sum((nothing, *(getattr(day, part) for _, day in known)))
    lacking = [row for row in chosen if _reason(row)] if tells_lack else []
    notes = tuple(
        phrase("{row_name} is left out: {reason}.", row_name=row_name(row), reason=_reason(row)) for row in lacking
    )
    title, unit = phrase("{part_names} of {name}", part_names=PART_NAMES[part], name=name), standing.book.base.code
    if part == TOTAL:
        return Explained(
            title,
            value,
            unit,
            " + ".join(PARTS),
            phrase("What the price, trading, the currency, income, fees and taxes gave."),
            DAY,
            lambda: [one(each, day_of_rows(standing, chosen, each, name=name, tells_lack=False)) for each in PARTS],
            notes,
            is_gain=True,
        )
    return Explained(
        title,
        value,
        unit,
        "Σ(rows)",
        phrase("{words} Rows without any are not listed.", words=_WORDS[part]),
        DAY,
        lambda: [
            several_later("rows", (partial(row_day, standing, row, part) for row, day in known if getattr(day, part)))
        ],
        notes,
        is_gain=True,
    )


PART_NAMES = {
    TOTAL: marked_phrase("Day P&L"),
    "price": marked_phrase("Price part of the day"),
    "trading": marked_phrase("Trading part of the day"),
    "currency": marked_phrase("Currency part of the day"),
    "income": marked_phrase("Income of the day"),
    "fees": marked_phrase("Fees of the day"),
    "taxes": marked_phrase("Taxes of the day"),
}
_WORDS = {
    "price": marked_phrase("What all that was held at the reference gained by its price, had none been traded."),
    "trading": marked_phrase("What the trades of the day changed in that."),
    "currency": marked_phrase("What is left after the other parts."),
    "income": marked_phrase("Gross, from the ex-date on."),
    "fees": marked_phrase("Fees outside the cost."),
    "taxes": marked_phrase("Taxes withheld or outside the cost."),
}


def _reason(row: Row) -> str:
    if not isinstance(row.worth, Worth):
        return row.worth.reason
    return row.worth.day.reason if isinstance(row.worth.day, NotAvailable) else ""
