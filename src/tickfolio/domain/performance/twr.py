"""The time-weighted return: what a unit of money earned that was there all the time.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from tickfolio.domain.money import EXACT

DAYS_A_YEAR = 365
ONE = Decimal(1)
RATES = Context(prec=50, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Linking thousands of days in 50 digits keeps far more than the twelve that any partition of a span must agree in."""


@dataclass(frozen=True, slots=True)
class ExternalFlow:
    """What came over the border of what is measured, negative where it left, in the base currency.

    Attributes:
        before: the value just before it, where that was recorded when it was entered; None: the day rule holds.
        after: the value just after it, where that is not before + amount: instruments that are transferred count at their
            price of the start of the day, and are worth what they are worth at the moment.
    """

    amount: Decimal
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FlowValue:
    """What the whole was worth just before a flow and, where instruments were transferred, just after it."""

    before: Decimal
    after: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SubPeriod:
    """A span without a valuation inside. What came in counts from its start, what went out until its end; both unsigned."""

    opening: Decimal
    inflow: Decimal
    outflow: Decimal
    closing: Decimal

    @property
    def growth(self) -> Decimal | None:
        """(closing + outflow) ÷ (opening + inflow); None where nothing was there that could earn, or less than that was left.

        >>> SubPeriod(Decimal(100), Decimal(0), Decimal(10), Decimal(95)).growth
        Decimal('1.05')
        """
        invested, left = EXACT.add(self.opening, self.inflow), EXACT.add(self.closing, self.outflow)
        return RATES.divide(left, invested) if invested > 0 and left >= 0 else None


def sub_periods(opening: Decimal, flows: Iterable[ExternalFlow], closing: Decimal) -> list[SubPeriod]:
    """A day cut at each flow whose value before it was recorded; other flows follow the day rule within their part.

    Args:
        flows: of the day, in their order.
    """
    found: list[SubPeriod] = []
    inflow = outflow = Decimal(0)
    for flow in flows:
        if flow.before is not None:
            found.append(SubPeriod(opening, inflow, outflow, flow.before))
            opening = EXACT.add(flow.before, flow.amount) if flow.after is None else flow.after
            inflow, outflow = Decimal(0), Decimal(0)
        elif flow.amount > 0:
            inflow = EXACT.add(inflow, flow.amount)
        else:
            outflow = EXACT.subtract(outflow, flow.amount)
    found.append(SubPeriod(opening, inflow, outflow, closing))
    return found


def linked(periods: Sequence[SubPeriod]) -> Decimal:
    """The growth of all of `periods` together; those without a growth are left out.

    >>> linked([SubPeriod(Decimal(100), Decimal(0), Decimal(0), Decimal(110)),
    ...         SubPeriod(Decimal(60), Decimal(0), Decimal(0), Decimal(54))])
    Decimal('0.99')
    """
    growth = ONE
    for period in periods:
        factor = period.growth
        if factor is not None:
            growth = RATES.multiply(growth, factor)
    return growth


def annualised(growth: Decimal, *, days: int) -> Decimal | None:
    """The return a year that comes to `growth` in `days`; None for less than a year, which is not blown up to one.

    >>> annualised(Decimal("1.21"), days=730)
    Decimal('0.1')
    """
    if days < DAYS_A_YEAR or growth < 0:
        return None
    if not growth:
        return -ONE
    yearly = RATES.power(growth, RATES.divide(Decimal(DAYS_A_YEAR), Decimal(days)))
    return RATES.subtract(yearly, ONE).normalize(_SHOWN)


_SHOWN = Context(prec=30, rounding=ROUND_HALF_EVEN)
