"""One instrument in one account: its open lots, what was closed, and what it brought and cost besides.

**Source**: docs/reference/definitions.md, section Cost basis and lots.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger import refusals
from tickfolio.domain.ledger.booking import Booking, shortage
from tickfolio.domain.ledger.cost_basis import (
    BaseValue,
    Consideration,
    can_pool,
    no_base_value,
    nothing_in,
    pooled,
    shared,
)
from tickfolio.domain.ledger.incomes import ChargePaid, Income, trade_moved
from tickfolio.domain.ledger.lots import (
    ZERO,
    Arrival,
    ClosedLot,
    Lot,
    UnitChange,
    close_oldest,
    ranking,
    split_lots,
    split_quantity,
    take_chosen,
    take_oldest,
    take_ranked,
    total_of,
    unit_change,
    with_costs,
)
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CostMethod
from tickfolio.domain.ledger.trades import Buy, LotChoice, Sell
from tickfolio.domain.money import EXACT, Money, plain
from tickfolio.errors import ImpossibleLedger, InsufficientLot, InsufficientQuantity


class Position:
    """What an account holds of one instrument, and what became of the rest. Changed by `AccountLedger` only.

    Attributes:
        quantity: the sum of the lots, exactly; negative where sold short.
        lots: open lots, oldest first and all of one sign, with what each itself cost.
        pool: where costs are averaged, what all open lots together cost; None while there are none.
        closed: closed lots, by the time of the closing.
        splits: what changed the meaning of a unit, by its time.
        arrivals: what spin-offs, mergers and changes of the symbol brought, by their time.
        incomes: dividends and interest, in the order in which they began to count or were booked.
        charges: fees and taxes outside the cost that are for this instrument.
        is_averaged: whether a unit costs the average of all.
    """

    __slots__ = (
        "_base_value",
        "_options",
        "_takes_oldest",
        "arrivals",
        "charges",
        "closed",
        "incomes",
        "is_averaged",
        "lots",
        "pool",
        "quantity",
        "splits",
        "symbol",
    )

    def __init__(
        self, symbol: Symbol, options: AccountOptions = DEFAULT_OPTIONS, base_value: BaseValue = no_base_value
    ) -> None:
        self.symbol = symbol
        self.quantity = ZERO
        self.lots: deque[Lot] = deque()
        self.pool: Consideration | None = None
        self.closed: list[ClosedLot] = []
        self.splits: list[UnitChange] = []
        self.arrivals: list[Arrival] = []
        self.incomes: list[Income] = []
        self.charges: list[ChargePaid] = []
        self.is_averaged = options.method is CostMethod.AVERAGE
        self._takes_oldest = options.method in _OLDEST_FIRST
        self._options = options
        self._base_value = base_value

    def open_lots(self) -> list[Lot]:
        """The open lots, oldest first, each with its part of the cost basis."""
        if self.pool is None:
            return list(self.lots)
        parts = [lot.quantity.copy_abs() for lot in self.lots]
        costs = shared(self.pool, parts, self.quantity.copy_abs())
        return with_costs(self.lots, costs)

    def costs(self) -> Iterable[Consideration]:
        """What the open lots cost: the cost basis in its parts."""
        return (lot.cost for lot in self.lots) if self.pool is None else (self.pool,)

    # ---------- Trades ----------

    def buy(self, purchase: Buy) -> Consideration:
        """Buys back what was sold short, and opens a lot of the rest. What was paid."""
        paid = trade_moved(purchase, EXACT.add)
        cost = paid if self._options.fees_in_cost else self._without_charges(purchase, paid)
        rest = purchase.quantity
        if self.quantity < ZERO:
            covered = min(rest, self.quantity.copy_negate())
            part, cost = cost.divided(part=covered, whole=rest)
            self._close(covered.copy_negate(), purchase, part)
            rest = EXACT.subtract(rest, covered)
        if rest:
            self._open(Lot(purchase.id, rest, cost), purchase)
        return paid

    def sell(self, sale: Sell) -> Consideration:
        """Closes lots, and opens a short one of what is sold beyond them, where the account allows it. What was received.

        Raises:
            InsufficientQuantity: there are fewer; nothing has changed then.
            InsufficientLot: a lot that the sale names holds less; nothing has changed then.
        """
        if self.quantity < sale.quantity and not self._options.allows_shorts:
            raise self._shortfall(sale, sale.quantity, doing="a sale")
        received = trade_moved(sale, EXACT.subtract)
        proceeds = received if self._options.fees_in_cost else self._with_charges(sale, received)
        if self.quantity >= sale.quantity:
            self._close(sale.quantity, sale, proceeds, choices=sale.lots)
        else:
            self._sell_short(sale, proceeds)
        return received

    def _sell_short(self, sale: Sell, proceeds: Consideration) -> None:
        """Closes what there is, and opens a short lot of the rest."""
        rest = sale.quantity
        if self.quantity > 0:
            closing = self.quantity
            part, proceeds = proceeds.divided(part=closing, whole=rest)
            self._close(closing, sale, part, choices=sale.lots)
            rest = EXACT.subtract(rest, closing)
        self._open(Lot(sale.id, rest.copy_negate(), proceeds), sale)

    def sell_fraction(self, booking: Booking, cash: Money) -> Consideration:
        """Sells what is left above whole units for `cash`, by the method of the account. What was received.

        Raises:
            ImpossibleLedger: there is no fraction.
        """
        fraction = EXACT.subtract(self.quantity, self.quantity.to_integral_value(ROUND_FLOOR))
        if self.quantity < 0 or not fraction:
            raise ImpossibleLedger(
                refusals.no_fraction_to_pay(
                    paid=plain(cash.amount), currency=cash.currency, held=plain(self.quantity), symbol=self.symbol
                ),
                transaction=booking.id,
            )
        received = Consideration(booking.at, cash)
        self._close(fraction, booking, received)
        return received

    # ---------- Coming and going without a trade ----------

    def receive(self, lots: Sequence[Lot], booking: Booking) -> None:
        """Takes lots that came with their history.

        Raises:
            ImpossibleLedger: they are of the other sign, or in another currency where costs are averaged.
        """
        if self.quantity and any(lot.quantity and (lot.quantity < 0) is not (self.quantity < 0) for lot in lots):
            raise ImpossibleLedger(
                refusals.arrives_where_short(symbol=self.symbol, held=plain(self.quantity)),
                transaction=booking.id,
            )
        for lot in lots:
            self._open(lot, booking)

    def give(self, quantity: Decimal, booking: Booking, *, choices: Sequence[LotChoice] = ()) -> list[Lot]:
        """Takes out lots by the method of the account, each with its part of the cost basis.

        Raises:
            InsufficientQuantity: there are fewer; nothing has changed then.
            InsufficientLot: a chosen lot holds less; nothing has changed then.
        """
        if self.quantity < quantity:
            raise self._shortfall(booking, quantity, doing="a transfer")
        taken = self._take(quantity, booking, choices)
        costs = self._relieved(taken, quantity)
        self._shrink(quantity)
        return with_costs(taken, costs)

    def give_all(self) -> list[Lot]:
        """Takes out all lots, short ones too."""
        lots = self.open_lots()
        self.lots.clear()
        self.quantity, self.pool = ZERO, None
        return lots

    # ---------- What the company does ----------

    def split(self, booking: Booking, *, new: Decimal | int, old: Decimal | int) -> None:
        """Changes quantity and unit cost, never the total cost.

        Raises:
            ImpossibleLedger: what is left would be less than 18 places can hold; nothing has changed then.
        """
        quantity = split_quantity(self.quantity, new=new, old=old)
        if not quantity and self.quantity:
            raise ImpossibleLedger(
                refusals.split_leaves_nothing(held=plain(self.quantity), symbol=self.symbol, new=new, old=old),
                transaction=booking.id,
            )
        self.lots = split_lots(self.lots, new=new, old=old)
        self.quantity = quantity
        self.splits.append(unit_change(booking.at, new=new, old=old, closed=len(self.closed)))

    def add_units(self, quantity: Decimal, booking: Booking) -> None:
        """A stock dividend: the units that are held grow by `quantity` and share the cost.

        Raises:
            ImpossibleLedger: none are held.
        """
        self.require_long(booking)
        self.split(booking, new=EXACT.add(self.quantity, quantity), old=self.quantity)

    def carve(self, share: Decimal) -> list[Lot]:
        """Takes `share` of the cost of each lot: lots of the same quantities and dates with that cost."""
        costs = []
        if self.pool is not None:
            carved, self.pool = self.pool.divided(part=share, whole=Decimal(1))
            costs = shared(carved, [lot.quantity for lot in self.lots], self.quantity)
        parts = [lot.cost.divided(part=share, whole=Decimal(1)) for lot in self.lots]
        lots = list(self.lots)
        self.lots = deque(Lot(lot.transaction, lot.quantity, left) for lot, (_, left) in zip(lots, parts, strict=True))
        costs = costs or [carved for carved, _ in parts]
        return with_costs(lots, costs)

    def pay_back(self, cash: Consideration, booking: Booking) -> None:
        """Lowers the cost of each unit by its part of `cash`; what is above the cost of a lot is a gain at once.

        Raises:
            ImpossibleLedger: none are held, or they cost another currency.
        """
        self.require_long(booking)
        for cost in self.costs():
            if cost.is_known and cost.stated.currency != cash.stated.currency:
                raise ImpossibleLedger(
                    refusals.returned_in_another_currency(
                        currency=cost.stated.currency, symbol=self.symbol, returned=cash.stated.currency
                    ),
                    transaction=booking.id,
                )
        if self.pool is not None:
            first, basis = self.lots[0], self.pool
            lot = Lot(first.transaction, first.quantity, basis)
            self.pool = self._paid_back(lot, cash, booking, own=nothing_in(basis.stated.currency, first.acquired_at))
            return
        parts = shared(cash, [lot.quantity for lot in self.lots], self.quantity)
        self.lots = deque(
            Lot(lot.transaction, lot.quantity, self._paid_back(lot, part, booking))
            for lot, part in zip(tuple(self.lots), parts, strict=True)
        )

    def pay_share(self, cash: Consideration, share: Decimal, booking: Booking) -> None:
        """`cash` for `share` of the cost of each lot; no unit goes."""
        lots = self.carve(share)
        proceeds = shared(cash, [lot.quantity for lot in lots], self.quantity)
        for lot, ended in zip(lots, proceeds, strict=True):
            self.closed.append(ClosedLot(lot.transaction, booking.id, ZERO, lot.cost, ended, lot.cost))

    def require_long(self, booking: Booking) -> None:
        """Expects that some units are held.

        Raises:
            ImpossibleLedger: none are.
        """
        if self.quantity <= 0:
            raise ImpossibleLedger(
                refusals.nothing_held(symbol=self.symbol, held=plain(self.quantity)),
                transaction=booking.id,
                at=booking.at,
            )

    # ---------- Lots ----------

    def _open(self, lot: Lot, booking: Booking) -> None:
        if self.is_averaged:
            if self.pool is not None and not can_pool(self.pool, lot.cost):
                raise ImpossibleLedger(
                    refusals.bought_in_another_currency(
                        symbol=self.symbol, currency=self.pool.stated.currency, bought=lot.cost.stated.currency
                    ),
                    transaction=booking.id,
                )
            self.pool = pooled(self.pool, lot.cost, self._base_value)
        lots = self.lots
        if not lots or lots[-1].cost.at <= lot.cost.at:
            lots.append(lot)
        else:
            lots.insert(bisect_right(lots, lot.acquired_at, key=lambda each: each.acquired_at), lot)
        self.quantity = EXACT.add(self.quantity, lot.quantity)

    def _close(
        self, quantity: Decimal, booking: Booking, ended: Consideration, *, choices: Sequence[LotChoice] = ()
    ) -> None:
        """Closes `quantity`, with the sign of the position, for `ended`, of which each lot has its part."""
        if self._takes_oldest and self.pool is None and not choices and ended.is_plain and quantity > ZERO:
            self.closed += close_oldest(self.lots, quantity, ended, closed_by=booking.id)
            self._shrink(quantity)
            return
        taken = self._take(quantity, booking, choices)
        costs = self._relieved(taken, quantity)
        self._shrink(quantity)
        parts = shared(ended, [lot.quantity.copy_abs() for lot in taken], quantity.copy_abs())
        for lot, cost, part in zip(taken, costs, parts, strict=True):
            self.closed.append(ClosedLot(lot.transaction, booking.id, lot.quantity, cost, part, lot.cost))

    def _take(self, quantity: Decimal, booking: Booking, choices: Sequence[LotChoice]) -> list[Lot]:
        if not choices and self._takes_oldest:
            return take_oldest(self.lots, quantity)
        before, taken, wanted = self.lots.copy(), [], quantity
        for choice in choices:
            chosen = take_chosen(self.lots, choice)
            if chosen is None:
                self.lots = before
                held = total_of(lot for lot in before if lot.transaction == choice.transaction)
                raise InsufficientLot(
                    refusals.lot_too_small(held=plain(held), symbol=self.symbol, chosen=plain(choice.quantity)),
                    transaction=booking.id,
                )
            taken += chosen
            wanted = EXACT.subtract(wanted, choice.quantity)
        if wanted:
            taken += take_ranked(self.lots, wanted, ranking(self.lots, self._options.method, self._base_value))
        return taken

    def _relieved(self, taken: Sequence[Lot], quantity: Decimal) -> list[Consideration]:
        """What lots that were taken cost by the method of the account; takes it out of the pool."""
        if self.pool is None:
            return [lot.cost for lot in taken]
        whole, part = self.quantity.copy_abs(), quantity.copy_abs()
        relieved, left = self.pool.divided(part=part, whole=whole)
        self.pool = None if part == whole else left
        return shared(relieved, [lot.quantity.copy_abs() for lot in taken], part)

    def _shrink(self, quantity: Decimal) -> None:
        self.quantity = EXACT.subtract(self.quantity, quantity)

    def _paid_back(
        self, lot: Lot, cash: Consideration, booking: Booking, *, own: Consideration | None = None
    ) -> Consideration:
        """What is left of a lot's cost after `cash` for it."""
        cost, amount = lot.cost, cash.stated.amount
        whole = cost.stated.amount
        if not cost.is_known:
            relieved, left = cost, cost
        elif amount >= whole:
            relieved, left = cost.divided(part=Decimal(1), whole=Decimal(1))
        else:
            relieved, left = cost.divided(part=amount, whole=whole)
        self.closed.append(ClosedLot(lot.transaction, booking.id, ZERO, relieved, cash, own or relieved))
        return left

    def _without_charges(self, purchase: Buy, paid: Consideration) -> Consideration:
        """The gross part of what was paid; fees and taxes become charges of their own."""
        for money, is_tax in ((purchase.fees, False), (purchase.taxes, True)):
            if money.amount:
                charge, paid = paid.divided(part=money.amount, whole=paid.stated.amount)
                self.charges.append(ChargePaid(purchase.id, charge, is_tax=is_tax))
        return paid

    def _with_charges(self, sale: Sell, received: Consideration) -> Consideration:
        """What was received and the fees and taxes that were taken from it, which become charges of their own."""
        gross = received
        for money, is_tax in ((sale.fees, False), (sale.taxes, True)):
            if money.amount:
                charge = received.on_the_terms(money)
                gross = gross.plus(charge)
                self.charges.append(ChargePaid(sale.id, charge, is_tax=is_tax))
        return gross

    def _shortfall(self, booking: Booking, quantity: Decimal, *, doing: str) -> InsufficientQuantity:
        held = max(self.quantity, ZERO)
        return InsufficientQuantity(
            shortage(quantity, held, self.symbol, doing=doing),
            transaction=booking.id,
            at=booking.at,
            shortfall=EXACT.subtract(quantity, held),
        )


_OLDEST_FIRST = frozenset((CostMethod.FIFO, CostMethod.AVERAGE, CostMethod.SPECIFIC))
