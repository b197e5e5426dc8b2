"""Lots: quantities acquired at one time and price, first in, first out.

**Source**: docs/reference/definitions.md, section Cost basis and lots.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.transactions import Sell, TransactionId
from tickfolio.domain.money import EXACT, MAX_QUANTITY_PLACES, ROUNDING, decimal_places, rounded

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Lot:
    """A quantity that one purchase brought, or what is left of it, with what is left of its cost.

    A lot that splits made smaller than 18 places can hold has the quantity 0 and keeps its cost until the position is
    sold.
    """

    transaction: TransactionId
    quantity: Decimal
    cost: Consideration

    @property
    def acquired_at(self) -> datetime:
        """When it was bought. A split does not change it."""
        return self.cost.at


@dataclass(frozen=True, slots=True)
class ClosedLot:
    """A quantity that was sold, with its cost and its net proceeds.

    `quantity` is in units as they were at the sale.
    """

    bought_by: TransactionId
    sold_by: TransactionId
    quantity: Decimal
    cost: Consideration
    proceeds: Consideration

    @property
    def acquired_at(self) -> datetime:
        """When it was bought."""
        return self.cost.at

    @property
    def closed_at(self) -> datetime:
        """When it was sold."""
        return self.proceeds.at


def take_oldest(lots: deque[Lot], quantity: Decimal) -> list[Lot]:
    """Takes `quantity` from `lots`, oldest first, and gives what was taken; expects that they hold as much.

    What is left of a lot stays first. Lots of quantity 0 go with the ones before them.
    """
    taken: list[Lot] = []
    wanted = quantity
    while lots and (wanted > 0 or lots[0].quantity.is_zero()):
        lot = lots.popleft()
        if lot.quantity > wanted:
            cost, left = lot.cost.divided(part=wanted, whole=lot.quantity)
            lots.appendleft(Lot(lot.transaction, EXACT.subtract(lot.quantity, wanted), left))
            lot = Lot(lot.transaction, wanted, cost)
        wanted = EXACT.subtract(wanted, lot.quantity)
        taken.append(lot)
    return taken


def closed(lots: list[Lot], sale: Sell, proceeds: Consideration) -> list[ClosedLot]:
    """`lots` as the parts of one sale; each has its share of `proceeds`, the last what is left."""
    parts: list[ClosedLot] = []
    whole, left = sale.quantity, proceeds
    for lot in lots:
        share, left = left.divided(part=lot.quantity, whole=whole)
        whole = EXACT.subtract(whole, lot.quantity)
        parts.append(ClosedLot(lot.transaction, sale.id, lot.quantity, lot.cost, share))
    return parts


def split_lots(lots: deque[Lot], *, new: int, old: int) -> deque[Lot]:
    """`lots` after a split: they sum to their sum × new ÷ old, rounded once to 18 places; costs stay as they are."""
    before, after = ZERO, ZERO
    result: deque[Lot] = deque()
    for lot in lots:
        before = EXACT.add(before, lot.quantity)
        total = split_quantity(before, new=new, old=old)
        result.append(Lot(lot.transaction, EXACT.subtract(total, after), lot.cost))
        after = total
    return result


def split_quantity(quantity: Decimal, *, new: int, old: int) -> Decimal:
    """`quantity` × new ÷ old, rounded once, half-even, to 18 places; no more places than it needs.

    >>> split_quantity(Decimal(100), new=2, old=1), split_quantity(Decimal(1), new=1, old=3)
    (Decimal('200'), Decimal('0.333333333333333333'))
    """
    scaled = EXACT.multiply(quantity, Decimal(new))
    if old == 1:
        return scaled
    quotient = rounded(ROUNDING.divide(scaled, Decimal(old)), places=MAX_QUANTITY_PLACES).normalize(ROUNDING)
    # The shortest spelling of 200 would be 2E+2.
    return quotient if decimal_places(quotient) else rounded(quotient, places=0)
