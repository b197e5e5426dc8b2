"""An account folded the slow and obvious way, in exact fractions: what the oracle of valuations stands on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from tickfolio.domain.ledger.transactions import Dividend, Fee, Sell, Settlement, Split
from tickfolio.domain.money import Currency, Money

NOTHING = Fraction(0)


@dataclass(frozen=True)
class PlainDeal:
    """One side of a trade: what was stated and what moved, at one moment."""

    at: datetime
    currency: Currency
    stated: Fraction
    settlement: Settlement | None
    moved: Fraction

    def share(self, part: Fraction, whole: Fraction) -> PlainDeal:
        return replace(self, stated=share_of(self.stated, part, whole), moved=share_of(self.moved, part, whole))

    def less(self, other: PlainDeal) -> PlainDeal:
        return replace(self, stated=self.stated - other.stated, moved=self.moved - other.moved)


@dataclass(frozen=True)
class PlainLot:
    """What is left of a purchase."""

    quantity: Fraction
    cost: PlainDeal


@dataclass(frozen=True)
class PlainSold:
    """What was sold of a purchase."""

    quantity: Fraction
    cost: PlainDeal
    proceeds: PlainDeal
    after_splits: int


@dataclass
class PlainHeld:
    """All that happened to one instrument in one account."""

    lots: list[PlainLot] = field(default_factory=list)
    sold: list[PlainSold] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    dividends: list[Dividend] = field(default_factory=list)
    fees: list[Fee] = field(default_factory=list)


def counts_at(dividend: Dividend) -> datetime:
    """From when a dividend counts."""
    return dividend.at if dividend.accrues_at is None else dividend.accrues_at


def deal_of(at: datetime, net: Money, settlement: Settlement | None) -> PlainDeal:
    """A net amount as it was stated and as it moved."""
    stated = Fraction(net.amount)
    moved = stated if settlement is None else Fraction(settlement.amount.amount)
    return PlainDeal(at, net.currency, stated, settlement, moved)


def book_sale(held: PlainHeld, sale: Sell) -> None:
    """First in, first out."""
    proceeds = deal_of(sale.at, sale.gross - sale.fees - sale.taxes, sale.settlement)
    wanted = Fraction(sale.quantity)
    while held.lots and (wanted or not held.lots[0].quantity):
        lot = held.lots.pop(0)
        quantity = min(lot.quantity, wanted)
        cost = lot.cost.share(quantity, lot.quantity)
        received = proceeds.share(quantity, wanted)
        held.sold.append(PlainSold(quantity, cost, received, len(held.splits)))
        proceeds, wanted = proceeds.less(received), wanted - quantity
        if quantity < lot.quantity:
            held.lots.insert(0, PlainLot(lot.quantity - quantity, lot.cost.less(cost)))
            break
    assert not wanted


def book_split(held: PlainHeld, split: Split) -> None:
    """Running sums are rounded, so that the lots sum to the position."""
    running = done = NOTHING
    lots = []
    for lot in held.lots:
        running += lot.quantity
        whole = to_places(running * split.new / split.old, 18)
        lots.append(PlainLot(whole - done, lot.cost))
        done = whole
    held.lots = lots
    held.splits.append(split)


def share_of(total: Fraction, part: Fraction, whole: Fraction) -> Fraction:
    """What goes with a part: rounded once to 18 places, never more than there is."""
    return total if part == whole else min(to_places(total * part / whole, 18), total)


def to_places(number: Fraction, places: int) -> Fraction:
    """Rounded half-even."""
    return Fraction(round(number * 10**places), 10**places)
