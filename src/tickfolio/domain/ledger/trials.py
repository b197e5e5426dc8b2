"""A trade tried out: what it would close of the lots that are open, by any method, without a booking.

**Source**: docs/reference/definitions.md, section Cost basis and lots.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tickfolio.domain.ledger.cost_basis import BaseValue
from tickfolio.domain.ledger.lots import ClosedLot
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.trades import Buy, Sell


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trade would do.

    Attributes:
        closed: the lots that it would close, or parts of them.
        left: the position after it.
    """

    closed: Sequence[ClosedLot]
    left: Position


def tried(
    trade: Buy | Sell, position: Position, *, options: AccountOptions, method: CostMethod, base_value: BaseValue
) -> Trial:
    """`trade` in a copy of `position` that matches its open lots by `method`; the position itself stays as it is.

    The lots are those that are open now, whatever the account did before. Where its costs are averaged already, its own method takes
    the pool as it is, and every other one what each lot itself cost.

    Args:
        options: of the account.

    Raises:
        InsufficientQuantity, InsufficientLot: there is less than is sold.
        ImpossibleLedger: the costs are in two currencies and cannot be averaged.
    """
    copy = Position(position.symbol, replace(options, method=method), base_value)
    if position.pool is not None and method is options.method:
        copy.lots, copy.quantity, copy.pool = deque(position.lots), position.quantity, position.pool
    else:
        copy.receive(position.lots, trade)
    if isinstance(trade, Sell):
        copy.sell(trade)
    else:
        copy.buy(trade)
    return Trial(tuple(copy.closed), copy)
