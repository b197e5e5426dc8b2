"""One instrument in one account: its open lots, what was sold, and what it brought and cost besides."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.lots import ZERO, ClosedLot, Lot, closed, split_lots, split_quantity, take_oldest
from tickfolio.domain.ledger.transactions import Buy, Dividend, Fee, Sell, Split, Trade, TransactionId
from tickfolio.domain.money import EXACT, Money, plain
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity


@dataclass(frozen=True, slots=True)
class Income:
    """A dividend as it counts.

    Attributes:
        counts_at: the beginning of the ex-date or, where none is known, the payment.
        net: gross − withholding tax, in the currency of the dividend.
        paid: the net amount as it was paid.
    """

    transaction: TransactionId
    symbol: Symbol
    counts_at: datetime
    gross: Money
    tax: Money
    net: Money
    paid: Consideration

    @property
    def is_accrued(self) -> bool:
        """Whether it counted as a receivable before it was paid."""
        return self.counts_at < self.paid.at


class Position:
    """What an account holds of one instrument, and what became of the rest. Changed by `AccountLedger` only.

    Attributes:
        quantity: the sum of the lots, exactly.
        lots: open lots, oldest first.
        closed: sold lots, by the time of the sale.
        splits: by their time.
        incomes: dividends, in the order in which they began to count or were booked.
        fees: fees outside the cost that are for this instrument.
    """

    __slots__ = ("closed", "fees", "incomes", "lots", "quantity", "splits", "symbol")

    def __init__(self, symbol: Symbol) -> None:
        self.symbol = symbol
        self.quantity = ZERO
        self.lots: deque[Lot] = deque()
        self.closed: list[ClosedLot] = []
        self.splits: list[Split] = []
        self.incomes: list[Income] = []
        self.fees: list[Fee] = []

    def buy(self, purchase: Buy) -> Consideration:
        """Opens a lot; its cost includes fees and taxes. What was paid."""
        cost = _consideration(purchase, purchase.gross + purchase.fees + purchase.taxes)
        self.lots.append(Lot(purchase.id, purchase.quantity, cost))
        self.quantity = EXACT.add(self.quantity, purchase.quantity)
        return cost

    def sell(self, sale: Sell) -> Consideration:
        """Closes the oldest lots; proceeds are net of fees and taxes. What was received.

        Raises:
            InsufficientQuantity: there are fewer; nothing has changed then.
        """
        left = EXACT.subtract(self.quantity, sale.quantity)
        if left < 0:
            shortfall = left.copy_negate()
            raise InsufficientQuantity(
                f"Expected a sale of at most {plain(self.quantity)} {self.symbol} at {sale.at:%Y-%m-%d %H:%M} UTC, "
                f"was {plain(sale.quantity)}: {plain(shortfall)} more than the account holds then.",
                transaction=sale.id,
                shortfall=shortfall,
            )
        proceeds = _consideration(sale, sale.gross - sale.fees - sale.taxes)
        self.closed.extend(closed(take_oldest(self.lots, sale.quantity), sale, proceeds))
        self.quantity = left
        return proceeds

    def split(self, split: Split) -> None:
        """Changes quantity and unit cost, never the total cost.

        Raises:
            ImpossibleLedger: what is left would be less than 18 places can hold; nothing has changed then.
        """
        quantity = split_quantity(self.quantity, new=split.new, old=split.old)
        if quantity.is_zero() and self.quantity:
            raise ImpossibleLedger(
                f"Expected a split that leaves some of {plain(self.quantity)} {split.symbol}, "
                f"was {split.new} for {split.old}.",
                transaction=split.id,
            )
        self.lots = split_lots(self.lots, new=split.new, old=split.old)
        self.quantity = quantity
        self.splits.append(split)


def income_of(dividend: Dividend) -> Income:
    """`dividend` as it counts: once, from the ex-date where one is known."""
    net = dividend.gross - dividend.withholding_tax
    paid = Consideration(dividend.at, net)
    if dividend.settlement is not None:
        paid = Consideration(dividend.at, net, dividend.settlement.amount, dividend.settlement.rate.rate)
    return Income(
        transaction=dividend.id,
        symbol=dividend.symbol,
        counts_at=dividend.accrues_at or dividend.at,
        gross=dividend.gross,
        tax=dividend.withholding_tax,
        net=net,
        paid=paid,
    )


def _consideration(trade: Trade, amount: Money) -> Consideration:
    if trade.settlement is None:
        return Consideration(trade.at, amount)
    return Consideration(trade.at, amount, trade.settlement.amount, trade.settlement.rate.rate)
