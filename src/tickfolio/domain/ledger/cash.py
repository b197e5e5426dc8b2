"""Cash of one currency in one account, as lots that remember what they came in for.

An overdraft is lots of negative amount: what came in last has not covered them yet.

**Source**: docs/reference/definitions.md, section Cost basis and lots.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.cost_basis import BaseValue, Consideration, no_base_value, pooled, worth_of
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.ledger.lots import ZERO
from tickfolio.domain.ledger.options import CashMethod
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.domain.records import Record


class CashLot(Record, frozen=True):
    """Cash that came in at one time, or what is left of it; negative where it went out and is not covered yet."""

    amount: Decimal
    value: Consideration


class CashFlow(Record, frozen=True):
    """Cash that moved by one transaction.

    Attributes:
        amount: in the currency of the position; negative where it went out.
        value: what it was worth in the transaction, unsigned.
        is_external: whether it crossed the border of the portfolio.
        pays: the income that it pays, where that has counted before as a receivable.
        lots: where it was transferred between two accounts, the lots that went, each as it came in.
    """

    transaction: TransactionId
    at: datetime
    amount: Decimal
    value: Consideration
    is_external: bool = False
    pays: Income | None = None
    lots: tuple[CashLot, ...] | None = None


class CashRelief(Record, frozen=True):
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
        charges: fees and taxes outside the cost that are for no instrument.
        incomes: interest on cash.
    """

    __slots__ = (
        "_base_value",
        "_lots",
        "_matched",
        "_method",
        "_reliefs",
        "balance",
        "charges",
        "currency",
        "flows",
        "incomes",
    )

    def __init__(
        self, currency: Currency, method: CashMethod = CashMethod.FIFO, base_value: BaseValue = no_base_value
    ) -> None:
        self.currency = currency
        self.balance = ZERO
        self.flows: list[CashFlow] = []
        self.charges: list[ChargePaid] = []
        self.incomes: list[Income] = []
        self._method = method
        self._base_value = base_value
        self._lots: deque[CashLot] = deque()
        self._reliefs: list[CashRelief] = []
        self._matched = 0

    def post(self, flow: CashFlow) -> None:
        """Takes the next flow."""
        self.flows.append(flow)
        self.balance = EXACT.add(self.balance, flow.amount)

    def give(self, amount: Decimal, value: Consideration) -> tuple[CashLot, ...]:
        """The lots that a transfer of `amount` takes with it; of what is not there, a lot that is worth `value`.

        The flow has to be posted with them.
        """
        self._match()
        lots = self._lots.copy()
        given: list[CashLot] = []
        left = amount
        while left and lots and lots[0].amount > 0:
            lot = lots.popleft()
            part = min(lot.amount, left)
            worth, rest = _divided(lot, part)
            if rest.amount:
                lots.appendleft(rest)
            given.append(CashLot(part, worth))
            left = EXACT.subtract(left, part)
        if left:
            worth, _ = value.divided(part=left, whole=amount)
            given.append(CashLot(left, worth))
        return tuple(given)

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
        new = self.flows[self._matched :]
        self._matched = len(self.flows)
        for flow in new:
            if flow.lots is None:
                self._take(CashLot(flow.amount, flow.value), flow.at)
            elif flow.amount > 0:
                for lot in flow.lots:
                    self._take(lot, flow.at)
            else:
                self._hand_over(flow)

    def _take(self, left: CashLot, at: datetime) -> None:
        # Lots are all of the balance's sign, so one look tells whether the flow meets any.
        while left.amount and self._lots and (left.amount < 0) is (self._lots[0].amount > 0):
            left = self._relieve_oldest(left, at)
        if left.amount:
            self._add(left)

    def _add(self, lot: CashLot) -> None:
        if self._method is CashMethod.AVERAGE:
            lot = self._averaged(lot)
        self._lots.append(lot)

    def _averaged(self, lot: CashLot) -> CashLot:
        """The one lot that there is, with `lot`."""
        value: Consideration = worth_of(Money(lot.amount.copy_abs(), self.currency), lot.value, self._base_value)
        amount = lot.amount
        if self._lots:
            before = self._lots.pop()
            value, amount = pooled(before.value, value, self._base_value), EXACT.add(before.amount, amount)
        return CashLot(amount, value)

    def _hand_over(self, flow: CashFlow) -> None:
        """Takes out the lots that went to another account: that is no result here."""
        left = flow.amount.copy_negate()
        while left and self._lots and self._lots[0].amount > 0:
            lot = self._lots.popleft()
            part = min(lot.amount, left)
            _, rest = _divided(lot, part)
            if rest.amount:
                self._lots.appendleft(rest)
            left = EXACT.subtract(left, part)
        if left:
            value, _ = flow.value.divided(part=left, whole=flow.amount.copy_negate())
            self._add(CashLot(left.copy_negate(), value))

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


def signed_amount(amount: Decimal, *, goes_out: bool) -> Decimal:
    """`amount` as a flow has it."""
    return amount.copy_negate() if goes_out else amount


def _divided(lot: CashLot, amount: Decimal) -> tuple[Consideration, CashLot]:
    """What `amount`, unsigned, of a lot was worth, and the rest of the lot."""
    whole = lot.amount.copy_abs()
    value, left = lot.value.divided(part=amount, whole=whole)
    rest = EXACT.subtract(whole, amount)
    return value, CashLot(rest if lot.amount > 0 else rest.copy_negate(), left)
