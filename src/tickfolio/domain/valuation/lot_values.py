"""A holding divided among its open lots, so that the parts add up to what stands for the whole.

**Source**: docs/reference/definitions.md, section Numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.lots import ZERO, Lot
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, ROUNDING, Money, rounded
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.errors import MissingRate, UnknownCost
from tickfolio.words import phrase

UNIT_PLACES = 2
"""How many decimals more than a coin the cost of a unit has."""


@dataclass(frozen=True, slots=True)
class OpenLot:
    """What is left of what one transaction brought, in the coins of the base currency; negative where it was sold short.

    Attributes:
        cost: its part of the holding's cost basis, at the rate of the purchase.
        unit_cost: what one unit of it cost, in the currency of the purchase.
    """

    transaction: TransactionId
    acquired_at: datetime
    quantity: Decimal
    cost: Decimal | NotAvailable
    unit_cost: Money | NotAvailable


def open_lots_of(position: Position, rates: BaseRates) -> tuple[OpenLot, ...]:
    """The open lots of a holding, oldest first. Where all costs are known they add up to that of the holding, rounded once."""
    lots = position.open_lots()
    exact = [_cost(lot, rates) for lot in lots]
    known = added_up([cost for cost in exact if isinstance(cost, Decimal)], places=rates.base.minor_unit)
    return tuple(
        OpenLot(
            transaction=lot.transaction,
            acquired_at=lot.acquired_at,
            quantity=lot.quantity,
            cost=cost if isinstance(cost, NotAvailable) else next(known),
            unit_cost=_unit_cost(lot),
        )
        for lot, cost in zip(lots, exact, strict=True)
    )


def _cost(lot: Lot, rates: BaseRates) -> Decimal | NotAvailable:
    try:
        return _signed(rates.value(lot.cost), lot.quantity)
    except (MissingRate, UnknownCost) as missing:
        return NotAvailable(str(missing))


def _signed(amount: Decimal, quantity: Decimal) -> Decimal:
    return amount.copy_negate() if quantity < ZERO else amount


def _unit_cost(lot: Lot) -> Money | NotAvailable:
    if not lot.cost.is_known:
        return NotAvailable(phrase("what was transferred in came without its cost"))
    if not lot.quantity:
        return NotAvailable(phrase("a split left no unit of it"))
    stated = lot.cost.stated
    unit = ROUNDING.divide(stated.amount, lot.quantity.copy_abs())
    return Money(rounded(unit, places=stated.currency.minor_unit + UNIT_PLACES), stated.currency)


def added_up(parts: Sequence[Decimal], *, places: int) -> Iterator[Decimal]:
    """`parts` with `places` decimals, each the step of the rounded running total: they add up to the total, rounded once.

    >>> [str(part) for part in added_up([Decimal("0.4"), Decimal("0.4"), Decimal("0.4")], places=0)]
    ['0', '1', '0']
    """
    total, before = ZERO, rounded(ZERO, places=places)
    for part in parts:
        total = EXACT.add(total, part)
        after = rounded(total, places=places)
        yield EXACT.subtract(after, before)
        before = after


def values_of_lots(value: Decimal, quantities: Sequence[Decimal], *, places: int) -> tuple[Decimal, ...]:
    """The value of a holding divided by the quantities of its lots, so that the parts add up to it.

    The page's scripts divide a newer value in the same way: `valuesOfLots` in frontend/src/cells/lots.ts.

    >>> [str(part) for part in values_of_lots(Decimal("100.00"), [Decimal(1), Decimal(2)], places=2)]
    ['33.33', '66.67']
    """
    whole = sum(quantities, ZERO)
    if not whole:
        return ()
    running = ZERO
    before = rounded(ZERO, places=places)
    found = []
    for quantity in quantities:
        running = EXACT.add(running, quantity)
        after = rounded(ROUNDING.divide(EXACT.multiply(value, running), whole), places=places)
        found.append(EXACT.subtract(after, before))
        before = after
    return tuple(found)
