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
        flows: in ledger order.
        fees: fees outside the cost that are for no instrument.
    """

    __slots__ = ("_lots", "_matched", "_reliefs", "balance", "currency", "fees", "flows")

    def __init__(self, currency: Currency) -> None:
        self.currency = currency
        self.balance = ZERO
        self.flows: list[CashFlow] = []
        self.fees: list[Fee] = []
        self._lots: deque[CashLot] = deque()
        self._reliefs: list[CashRelief] = []
        self._matched = 0

    def post(self, flow: CashFlow) -> None:
        """Takes the next flow."""
        self.flows.append(flow)
        self.balance = EXACT.add(self.balance, flow.amount)

    @property
    def lots(self) -> tuple[CashLot, ...]:
        """What is open, oldest first and all of one sign."""
        self._match()
        return tuple(self._lots)

    @property
    def reliefs(self) -> tuple[CashRelief, ...]:
        """What came in and went out again, or the other way round, in that order."""
        self._match()
        return tuple(self._reliefs)

    def _match(self) -> None:
        """Matches the flows that came since the last call: no page needs the lots for each of them."""
        for flow in self.flows[self._matched :]:
            left = CashLot(flow.amount, flow.value)
            # Lots are all of the balance's sign, so one look tells whether the flow meets any.
            while left.amount and self._lots and (left.amount < 0) is (self._lots[0].amount > 0):
                left = self._relieve_oldest(left, flow.at)
            if left.amount:
                self._lots.append(left)
        self._matched = len(self.flows)

    def _relieve_oldest(self, flow: CashLot, at: datetime) -> CashLot:
        lot = self._lots.popleft()
        amount = min(lot.amount.copy_abs(), flow.amount.copy_abs())
        of_lot, lot_left = _divided(lot, amount)
        of_flow, flow_left = _divided(flow, amount)
        if lot_left.amount:
            self._lots.appendleft(lot_left)
        came_in, went_out = (of_lot, of_flow) if lot.amount > 0 else (of_flow, of_lot)
        self._reliefs.append(CashRelief(at, amount, came_in, went_out))
        return flow_left


def _divided(lot: CashLot, amount: Decimal) -> tuple[Consideration, CashLot]:
    """What `amount`, unsigned, of a lot was worth, and the rest of the lot."""
    whole = lot.amount.copy_abs()
    value, left = lot.value.divided(part=amount, whole=whole)
    rest = EXACT.subtract(whole, amount)
    return value, CashLot(rest if lot.amount > 0 else rest.copy_negate(), left)
