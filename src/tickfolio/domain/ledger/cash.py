"""Cash of one currency in one account, as lots that remember what they came in for.

An overdraft is lots of negative amount: what came in last has not covered them yet.

**Source**: docs/reference/definitions.md, section Cost basis and lots.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.lots import ZERO
from tickfolio.domain.ledger.positions import Income
from tickfolio.domain.ledger.transactions import Fee, TransactionId
from tickfolio.domain.money import EXACT, Currency


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Cash that moved by one transaction.

    Attributes:
        amount: in the currency of the position; negative where it went out.
        value: what it was worth in the transaction, unsigned.
        is_external: whether it crossed the border of the portfolio.
        pays: the income that it pays, where that has counted before as a receivable.
    """

    transaction: TransactionId
    at: datetime
    amount: Decimal
    value: Consideration
    is_external: bool = False
    pays: Income | None = None


@dataclass(frozen=True, slots=True)
class CashLot:
    """Cash that came in at one time, or what is left of it; negative where it went out and is not covered yet."""

    amount: Decimal
    value: Consideration


@dataclass(frozen=True, slots=True)
class CashRelief:
    """Cash that came in and went out, in either order: `amount` is unsigned."""

    at: datetime
    amount: Decimal
    came_in: Consideration
    went_out: Consideration


class CashPosition:
    """Cash of one currency. Changed by `AccountLedger` only.

    Attributes:
        balance: the sum of the flows and of the lots, exactly; negative where overdrawn.
        lots: all of one sign, oldest first.
        fees: fees outside the cost that are for no instrument.
    """

    __slots__ = ("balance", "currency", "fees", "flows", "lots", "reliefs")

    def __init__(self, currency: Currency) -> None:
        self.currency = currency
        self.balance = ZERO
        self.lots: deque[CashLot] = deque()
        self.flows: list[CashFlow] = []
        self.reliefs: list[CashRelief] = []
        self.fees: list[Fee] = []

    def post(self, flow: CashFlow) -> None:
        """Relieves lots of the other sign, oldest first; what is left of the flow opens a lot."""
        self.flows.append(flow)
        left = CashLot(flow.amount, flow.value)
        # Lots are all of the balance's sign, so one look tells whether the flow meets any.
        while left.amount and self.lots and (left.amount < 0) is (self.lots[0].amount > 0):
            left = self._relieve_oldest(left, flow.at)
        if left.amount:
            self.lots.append(left)
        self.balance = EXACT.add(self.balance, flow.amount)

    def _relieve_oldest(self, flow: CashLot, at: datetime) -> CashLot:
        lot = self.lots.popleft()
        amount = min(lot.amount.copy_abs(), flow.amount.copy_abs())
        of_lot, lot_left = _divided(lot, amount)
        of_flow, flow_left = _divided(flow, amount)
        if lot_left.amount:
            self.lots.appendleft(lot_left)
        came_in, went_out = (of_lot, of_flow) if lot.amount > 0 else (of_flow, of_lot)
        self.reliefs.append(CashRelief(at, amount, came_in, went_out))
        return flow_left


def _divided(lot: CashLot, amount: Decimal) -> tuple[Consideration, CashLot]:
    """What `amount`, unsigned, of a lot was worth, and the rest of the lot."""
    whole = lot.amount.copy_abs()
    value, left = lot.value.divided(part=amount, whole=whole)
    rest = EXACT.subtract(whole, amount)
    return value, CashLot(rest if lot.amount > 0 else rest.copy_negate(), left)
