"""Lots: quantities acquired at one time and price, and which of them a sale takes.

**Source**: docs/reference/definitions.md, section Cost basis and lots.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.cost_basis import BaseValue, Consideration, portion
from tickfolio.domain.ledger.options import CostMethod
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.money import (
    EXACT,
    MAX_PRICE_PLACES,
    MAX_QUANTITY_PLACES,
    ROUNDING,
    Money,
    decimal_places,
    rounded,
)
from tickfolio.domain.records import Record
from tickfolio.errors import MissingRate

ZERO = Decimal(0)


class Lot(Record, frozen=True):
    """A quantity that one transaction brought, or what is left of it, with what is left of its cost.

    A short lot has a negative quantity; its cost is what its sale brought.
    A lot that splits made smaller than 18 places can hold has the quantity 0 and keeps its cost until the position is
    closed.
    """

    transaction: TransactionId
    quantity: Decimal
    cost: Consideration

    @property
    def acquired_at(self) -> datetime:
        """When it was bought, or sold short. A split or a transfer does not change it."""
        return self.cost.at


class ClosedLot(Record, frozen=True):
    """A quantity that was opened and closed: bought and sold or, where it is negative, sold short and bought back.

    Attributes:
        quantity: in units as they were when it was closed; 0 where a part of the cost came back and no unit went.
        opened: what was paid for it, or what the short sale brought.
        ended: what the sale brought, or what was paid to buy it back.
        own: what its own purchase cost, which differs from `opened` where costs are averaged.
    """

    opened_by: TransactionId
    closed_by: TransactionId
    quantity: Decimal
    opened: Consideration
    ended: Consideration
    own: Consideration

    @property
    def is_short(self) -> bool:
        """Whether it was sold before it was bought."""
        return self.quantity < 0

    @property
    def sign(self) -> int:
        """1, and −1 of a short lot: with it what was paid counts against what was received."""
        return -1 if self.quantity < 0 else 1

    @property
    def cost(self) -> Consideration:
        """What was paid for it."""
        return self.ended if self.is_short else self.opened

    @property
    def proceeds(self) -> Consideration:
        """What was received for it."""
        return self.opened if self.is_short else self.ended

    @property
    def acquired_at(self) -> datetime:
        """When it was opened."""
        return self.own.at

    @property
    def closed_at(self) -> datetime:
        """When it was closed."""
        return self.ended.at


class LotFlow(Record, frozen=True):
    """Lots that came into an account without a trade, or left it; they count at their cost.

    Attributes:
        is_external: whether they crossed the border of the portfolio.
    """

    transaction: TransactionId
    at: datetime
    symbol: Symbol
    lots: tuple[Lot, ...]
    goes_out: bool
    is_external: bool


class UnitChange(Record, frozen=True):
    """From `at` on, `old` units are `new` units: a split or a stock dividend.

    Attributes:
        closed: how many lots of the position were closed before it; of one moment the order of entry decides.
    """

    at: datetime
    new: int
    old: int
    closed: int = 0


class Arrival(Record, frozen=True):
    """Lots that came from another instrument, each with the date of its own acquisition.

    Attributes:
        is_new: whether what they came from is still there, as with a spin-off; if not, they are what it became.
    """

    transaction: TransactionId
    at: datetime
    origin: Symbol
    lots: tuple[Lot, ...]
    is_new: bool


def unit_change(at: datetime, *, new: Decimal | int, old: Decimal | int, closed: int = 0) -> UnitChange:
    """The change from `old` units to `new`, as a ratio of two whole numbers."""
    new_over, new_under = Decimal(new).as_integer_ratio()
    old_over, old_under = Decimal(old).as_integer_ratio()
    return UnitChange(at, new_over * old_under, old_over * new_under, closed)


def take_oldest(lots: deque[Lot], quantity: Decimal) -> list[Lot]:
    """Takes `quantity` from `lots`, oldest first, and gives what was taken; expects that they hold as much.

    `quantity` has the sign of the lots. What is left of a lot stays first. Lots of quantity 0 go with the ones before.
    """
    taken: list[Lot] = []
    wanted, is_short = quantity, quantity.is_signed()
    while lots and (wanted or not lots[0].quantity):
        lot = lots[0]
        left = EXACT.subtract(wanted, lot.quantity)
        if left and left.is_signed() is not is_short:
            part, lots[0] = parted(lot, wanted)
            taken.append(part)
            break
        taken.append(lots.popleft())
        wanted = left
    return taken


def close_oldest(
    lots: deque[Lot], quantity: Decimal, ended: Consideration, *, closed_by: TransactionId
) -> list[ClosedLot]:
    """Closes `quantity` of lots that are held long for `ended`, one amount: `take_oldest` and `shared` with one look at each."""
    at, currency, amount, whole = ended.at, ended.stated.currency, ended.stated.amount, quantity
    left, share = amount, None
    closed: list[ClosedLot] = []
    while lots and (whole or not lots[0].quantity):
        if share is not None:
            left = EXACT.subtract(left, share)
        lot = lots[0]
        part, cost = lot.quantity, lot.cost
        rest = EXACT.subtract(whole, part)
        if rest < ZERO:
            cost, cost_left = cost.divided(part=whole, whole=part)
            lots[0] = Lot(lot.transaction, rest.copy_negate(), cost_left)
            part, rest = whole, ZERO
        else:
            lots.popleft()
        share = portion(left, part=part, whole=whole) if rest else left
        if share is not amount:
            ended = Consideration(at, Money(share, currency))
        whole = rest
        closed.append(ClosedLot(lot.transaction, closed_by, part, cost, ended, cost))
    return closed


def take_ranked(lots: deque[Lot], quantity: Decimal, ranked: Iterable[int]) -> list[Lot]:
    """Takes `quantity` from `lots` in the order of their indices in `ranked`, and gives what was taken.

    Where all of the quantity goes, so do lots of quantity 0.
    """
    left: dict[int, Lot | None] = {}
    taken: list[Lot] = []
    wanted = quantity
    for index in ranked:
        if not wanted:
            break
        lot = lots[index]
        if not lot.quantity:
            continue
        left[index] = None
        if lot.quantity.copy_abs() > wanted.copy_abs():
            lot, left[index] = parted(lot, wanted)
        wanted = EXACT.subtract(wanted, lot.quantity)
        taken.append(lot)
    kept = [left.get(index, lot) for index, lot in enumerate(lots)]
    lots.clear()
    lots.extend(lot for lot in kept if lot is not None)
    if not any(lot.quantity for lot in lots):
        taken.extend(lots)
        lots.clear()
    return taken


def take_chosen(lots: deque[Lot], choice: LotChoice) -> list[Lot] | None:
    """Takes units of the lot that one transaction brought; None, and nothing is taken, where it holds fewer."""
    indices = [index for index, lot in enumerate(lots) if lot.transaction == choice.transaction]
    held = ZERO
    for index in indices:
        held = EXACT.add(held, lots[index].quantity)
    return None if held < choice.quantity else take_ranked(lots, choice.quantity, indices)


def ranking(lots: Sequence[Lot], method: CostMethod, base_value: BaseValue) -> Iterable[int]:
    """The indices of `lots`, which are oldest first, in the order in which `method` takes them."""
    if method is CostMethod.LIFO:
        return range(len(lots) - 1, -1, -1)
    if method is CostMethod.HIFO:
        costs = [_unit_cost(lot, base_value) for lot in lots]
        return sorted(range(len(lots)), key=lambda index: costs[index], reverse=True)
    return range(len(lots))


def parted(lot: Lot, quantity: Decimal) -> tuple[Lot, Lot]:
    """`quantity` of `lot`, with its sign, and the rest."""
    cost, left = lot.cost.divided(part=quantity.copy_abs(), whole=lot.quantity.copy_abs())
    return (
        Lot(lot.transaction, quantity, cost),
        Lot(lot.transaction, EXACT.subtract(lot.quantity, quantity), left),
    )


def with_costs(lots: Iterable[Lot], costs: Iterable[Consideration]) -> list[Lot]:
    """`lots` at `costs`, which may be their parts of a pool; each keeps the date of its own acquisition."""
    return [
        Lot(lot.transaction, lot.quantity, cost if cost.at == lot.acquired_at else cost.but(at=lot.acquired_at))
        for lot, cost in zip(lots, costs, strict=True)
    ]


def total_of(lots: Iterable[Lot]) -> Decimal:
    """The units of `lots` together."""
    total = ZERO
    for lot in lots:
        total = EXACT.add(total, lot.quantity)
    return total


def scaled_lots(lots: Iterable[Lot], scale: Callable[[Decimal], Decimal]) -> deque[Lot]:
    """`lots` with other quantities, which sum to what `scale` makes of their sum; costs stay as they are."""
    before, after = ZERO, ZERO
    result: deque[Lot] = deque()
    for lot in lots:
        before = EXACT.add(before, lot.quantity)
        total = scale(before)
        result.append(Lot(lot.transaction, EXACT.subtract(total, after), lot.cost))
        after = total
    return result


def split_lots(lots: Iterable[Lot], *, new: Decimal | int, old: Decimal | int) -> deque[Lot]:
    """`lots` after a split: they sum to their sum × new ÷ old, rounded once to 18 places; costs stay as they are."""
    return scaled_lots(lots, lambda quantity: split_quantity(quantity, new=new, old=old))


def split_quantity(quantity: Decimal, *, new: Decimal | int, old: Decimal | int) -> Decimal:
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


def _unit_cost(lot: Lot, base_value: BaseValue) -> tuple[bool, Decimal]:
    """What a unit cost, in the base currency where that is known; below all others where nobody said what.

    To 12 places, so that what a division left over decides between no two lots of one price.
    """
    if not lot.quantity or not lot.cost.is_known:
        return False, ZERO
    try:
        cost = base_value(lot.cost)
    except MissingRate:
        cost = lot.cost.stated.amount
    return True, rounded(ROUNDING.divide(cost, lot.quantity.copy_abs()), places=MAX_PRICE_PLACES)
