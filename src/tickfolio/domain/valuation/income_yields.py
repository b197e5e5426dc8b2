"""What holdings paid in twelve months, measured by what they are worth and by what they cost.

**Source**: docs/reference/definitions.md, section Income.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.payments import Payment, payment_sums
from tickfolio.domain.valuation.valuation import ZERO, Row, RowKind, Worth, percent_of
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class Yield:
    """An instrument that is held, in all accounts together, or all of them.

    Attributes:
        income: gross, of twelve months.
        value, cost: None where one of the accounts' rows has none; of all of them the sums of those that are known.
    """

    symbol: Symbol | None
    name: str
    income: Decimal
    value: Decimal | None
    cost: Decimal | None
    on_value: Decimal | NotAvailable
    on_cost: Decimal | NotAvailable


def yields_of(rows: Iterable[Row], payments: Sequence[Payment]) -> tuple[Yield, ...]:
    """Of each instrument that is held, by the income first; `payments` are those of the twelve months."""
    held: dict[Symbol, list[Row]] = {}
    for row in rows:
        if row.kind is RowKind.HOLDING and row.symbol is not None and row.quantity:
            held.setdefault(row.symbol, []).append(row)
    found = [_yield(symbol, held[symbol], [p for p in payments if p.symbol == symbol]) for symbol in sorted(held)]
    return tuple(sorted(found, key=lambda each: -each.income))


def yield_of_all(yields: Iterable[Yield]) -> Yield:
    """All of them: the income is the sum of theirs, and each percentage is of those whose value or cost is known."""
    known = list(yields)
    valued = [(each.income, each.value) for each in known if each.value is not None]
    costed = [(each.income, each.cost) for each in known if each.cost is not None]
    value = _sum(value for _, value in valued)
    cost = _sum(cost for _, cost in costed)
    return Yield(
        symbol=None,
        name="",
        income=_sum(each.income for each in known) or ZERO,
        value=value,
        cost=cost,
        on_value=_percent(_sum(income for income, _ in valued) or ZERO, value, phrase("the value")),
        on_cost=_percent(_sum(income for income, _ in costed) or ZERO, cost, phrase("the cost")),
    )


def _yield(symbol: Symbol, rows: Sequence[Row], payments: Sequence[Payment]) -> Yield:
    income = payment_sums(payments).gross
    value = _whole([row.worth.value if isinstance(row.worth, Worth) else None for row in rows])
    cost = _whole([None if isinstance(row.cost, NotAvailable) else row.cost for row in rows])
    return Yield(
        symbol=symbol,
        name=rows[0].name,
        income=income,
        value=value,
        cost=cost,
        on_value=_percent(income, value, phrase("the value")),
        on_cost=_percent(income, cost, phrase("the cost")),
    )


def _percent(income: Decimal, whole: Decimal | None, what: str) -> Decimal | NotAvailable:
    if whole is None:
        return NotAvailable(phrase("{what} is not known", what=what))
    return percent_of(income, whole, of_what=what)


def _whole(parts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, where all are known."""
    known = [part for part in parts if part is not None]
    return _sum(known) if len(known) == len(parts) else None


def _sum(parts: Iterable[Decimal]) -> Decimal | None:
    """The sum; None of nothing."""
    total: Decimal | None = None
    for part in parts:
        total = part if total is None else EXACT.add(total, part)
    return total
