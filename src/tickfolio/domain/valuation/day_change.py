"""What the day of a holding is made of besides the prices and rates of the moment.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import takewhile

from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.incomes import ChargePaid
from tickfolio.domain.ledger.lots import ZERO, ClosedLot, Lot, UnitChange, split_quantity
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.incomes import income_value
from tickfolio.domain.valuation.windows import Window

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What the sums of a day depend on besides the position.

    Attributes:
        basis: splits up to this moment are in the quote.
        day_start: when the owner's report day began.
        currency: of the instrument.
    """

    window: Window
    basis: datetime
    day_start: datetime
    currency: Currency
    rates: BaseRates


@dataclass(frozen=True, slots=True)
class DaySums:
    """The parts of a holding's day that stay while prices move; money in the base currency.

    Attributes:
        held: units of the open lots that were held at the reference, as of now.
        arrived: units of the open lots that a spin-off brought in the window, as of now. All that they are worth is gained,
            as what they left lost it.
        bought: units of the open lots that were bought in the window, as of now.
        bought_cost: what those cost.
        bought_stated: the same in the currencies of the trades.
        sold: units that were held at the reference and sold since, on the basis of the quote.
        sold_proceeds: what they brought.
        sold_price: the same by the rate of the sale, as the price part counts it.
        sold_at_rates: Σ units × rate of the sale, of the same.
        turned: gain of what was bought and sold in the window, and `turned_price` the price part of it.
        income: gross dividends that count in the window.
        fees: outside the cost, unsigned, less what came back.
        taxes: withheld or outside the cost, likewise.
        purchases: the cost of all that was bought in the window.
        opening_shift: what moved between this row and the cash between the reference and the beginning of the report
            day: without it the portfolio's percentage would count that twice, or not at all.
    """

    window: Window
    held: Decimal
    arrived: Decimal
    bought: Decimal
    bought_cost: Decimal
    bought_stated: tuple[tuple[Currency, Decimal], ...]
    sold: Decimal
    sold_proceeds: Decimal
    sold_price: Decimal
    sold_at_rates: Decimal
    turned: Decimal
    turned_price: Decimal
    income: Decimal
    fees: Decimal
    taxes: Decimal
    purchases: Decimal
    opening_shift: Decimal

    @property
    def is_calm(self) -> bool:
        """Whether all was held at the reference, and nothing was traded, paid or charged since."""
        came = self.arrived or self.bought or self.bought_cost or self.bought_stated or self.purchases
        went = self.sold or self.sold_proceeds or self.sold_price or self.sold_at_rates
        paid = self.turned or self.turned_price or self.income or self.fees or self.taxes
        return bool(self.held) and not (came or went or paid)


@dataclass(frozen=True, slots=True)
class _Sold:
    """Σ over lots that were held at the reference and sold since."""

    units: Decimal
    proceeds: Decimal
    price: Decimal
    at_rates: Decimal


def day_sums(position: Position, facts: DayFacts) -> DaySums:
    """What the day of `position` is made of.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    rates, after = facts.rates, facts.window.after
    bought = [lot for lot in position.lots if is_bought_after(lot, after)]
    bought_units = exact_sum(lot.quantity for lot in bought)
    bought_cost = exact_sum(signed(rates.value(lot.cost), lot) for lot in bought)
    closed = list(_closed_after(position, after))
    turned = [lot for lot in closed if _is_opened_after(lot, after)]
    turned_cost = exact_sum(signed(rates.value(lot.own), lot) for lot in turned)
    turned_proceeds = exact_sum(signed(rates.value(lot.ended), lot) for lot in turned)
    held = EXACT.subtract(position.quantity, bought_units)
    arrived = exact_sum(
        units_at(position.splits, lot.quantity, since=each.at, until=_EVER)
        for each in position.arrivals
        if each.is_new and each.at > after
        for lot in each.lots
        if not is_bought_after(lot, after)
    )
    open_arrived = max(min(arrived, held), ZERO)
    gone = units_at(position.splits, EXACT.subtract(arrived, open_arrived), since=_EVER, until=facts.basis)
    newest = len(position.closed) - 1
    numbered = [(newest - back, lot) for back, lot in enumerate(closed) if not _is_opened_after(lot, after)]
    sold = _sold(position, numbered, facts, arrived=gone)
    income, withheld = _income(position, after, None, rates)
    fees, taxes = _charges(position, after, None, rates)
    return DaySums(
        window=facts.window,
        held=EXACT.subtract(held, open_arrived),
        arrived=open_arrived,
        bought=bought_units,
        bought_cost=bought_cost,
        bought_stated=_stated_costs(bought),
        sold=sold.units,
        sold_proceeds=sold.proceeds,
        sold_price=sold.price,
        sold_at_rates=sold.at_rates,
        turned=EXACT.subtract(turned_proceeds, turned_cost),
        turned_price=exact_sum(price_gain(lot, lot.own, rates) for lot in turned),
        income=income,
        fees=fees,
        taxes=EXACT.add(withheld, taxes),
        purchases=exact_sum(
            rates.value(cost) for cost in (*(lot.cost for lot in bought), *(lot.own for lot in turned))
        ),
        opening_shift=_opening_shift(position, facts),
    )


def has_moved(position: Position, window: Window) -> bool:
    """Whether anything of `position` was sold, paid or charged in `window`."""
    return (
        bool(position.closed and position.closed[-1].closed_at > window.after)
        or any(income.counts_at > window.after for income in position.incomes)
        or any(charge.at > window.after for charge in position.charges)
    )


def units_at(splits: Iterable[UnitChange], quantity: Decimal, *, since: datetime, until: datetime) -> Decimal:
    """`quantity` as of `since` in units as of `until`, which may be earlier: what each split between made of it."""
    result = quantity
    for split in splits:
        if since < split.at <= until:
            result = split_quantity(result, new=split.new, old=split.old)
        elif until < split.at <= since:
            result = split_quantity(result, new=split.old, old=split.new)
    return result


def units_sold(splits: Iterable[UnitChange], quantity: Decimal, *, number: int, until: datetime) -> Decimal:
    """`quantity` of the closed lot of that number in units as of `until`: what each split between made of it.

    A split may be booked at the very moment of the sale, before it or after it.
    """
    result = quantity
    for split in splits:
        is_after_the_sale = split.closed > number
        if is_after_the_sale and split.at <= until:
            result = split_quantity(result, new=split.new, old=split.old)
        elif not is_after_the_sale and split.at > until:
            result = split_quantity(result, new=split.old, old=split.new)
    return result


def price_gain(lot: ClosedLot, opened: Consideration, rates: BaseRates) -> Decimal:
    """The price part of a closed lot's gain: end − start in the currency of the trade, at the rate of the end.

    Args:
        opened: what the lot was opened for, averaged or its own.

    Raises:
        MissingRate: no source gives a rate that is needed.
        UnknownCost: nobody said what the lot had cost.
    """
    if not opened.is_known:
        rates.value(opened)
    start = opened.stated
    gain = EXACT.subtract(
        EXACT.multiply(lot.ended.stated.amount, rates.trade_rate(lot.ended)),
        EXACT.multiply(start.amount, rate_of_sale(lot, start.currency, rates)),
    )
    return signed(gain, lot)


def signed(amount: Decimal, lot: Lot | ClosedLot) -> Decimal:
    """`amount` as it counts: of a lot that was sold short what was received counts against."""
    return amount.copy_negate() if lot.quantity < 0 else amount


def rate_of_sale(lot: ClosedLot, currency: Currency, rates: BaseRates) -> Decimal:
    """The rate of `currency` at the end of `lot`: the one of the trade where it was in that currency.

    Raises:
        MissingRate: no source gives that rate.
    """
    if currency == lot.ended.stated.currency:
        return rates.trade_rate(lot.ended)
    return rates.rate(currency, lot.closed_at)


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of `amounts`, exact; 0 of none."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def is_bought_after(lot: Lot, after: datetime) -> bool:
    """Whether a lot is of the window. What came without its cost was not bought in any window: it counts as held since the reference."""
    return lot.acquired_at > after and lot.cost.is_known


def _is_opened_after(lot: ClosedLot, after: datetime) -> bool:
    return lot.acquired_at > after and lot.own.is_known


def _closed_after(position: Position, after: datetime) -> Iterator[ClosedLot]:
    return takewhile(lambda lot: lot.closed_at > after, reversed(position.closed))


def _sold(position: Position, numbered: list[tuple[int, ClosedLot]], facts: DayFacts, *, arrived: Decimal) -> _Sold:
    """`arrived` of the units, on the basis of the quote, came in the window, and count with no reference."""
    rates, lots = facts.rates, [lot for _, lot in numbered]
    units = []
    for number, lot in numbered:
        sold = units_sold(position.splits, lot.quantity, number=number, until=facts.basis)
        spared = max(min(sold, arrived), ZERO)
        arrived = EXACT.subtract(arrived, spared)
        units.append(EXACT.subtract(sold, spared))
    return _Sold(
        units=exact_sum(units),
        proceeds=exact_sum(signed(rates.value(lot.ended), lot) for lot in lots),
        price=exact_sum(
            signed(EXACT.multiply(lot.ended.stated.amount, rates.trade_rate(lot.ended)), lot) for lot in lots
        ),
        at_rates=exact_sum(
            EXACT.multiply(quantity, rate_of_sale(lot, facts.currency, rates))
            for quantity, lot in zip(units, lots, strict=True)
        ),
    )


def _stated_costs(lots: Iterable[Lot]) -> tuple[tuple[Currency, Decimal], ...]:
    sums: dict[Currency, Decimal] = {}
    for lot in lots:
        stated = lot.cost.stated
        sums[stated.currency] = EXACT.add(sums.get(stated.currency, ZERO), signed(stated.amount, lot))
    return tuple(sums.items())


def _income(position: Position, after: datetime, until: datetime | None, rates: BaseRates) -> tuple[Decimal, Decimal]:
    """Gross dividends that began to count after `after` and until `until`, and the taxes on them."""
    values = [
        income_value(income, rates)
        for income in position.incomes
        if income.counts_at > after and (until is None or income.counts_at <= until)
    ]
    return exact_sum(value.gross for value in values), exact_sum(value.tax for value in values)


def _charges(position: Position, after: datetime, until: datetime | None, rates: BaseRates) -> tuple[Decimal, Decimal]:
    """Fees and taxes outside the cost that were charged after `after` and until `until`."""
    charged = [each for each in position.charges if each.at > after and (until is None or each.at <= until)]
    return fees_and_taxes(charged, rates)


def fees_and_taxes(charges: Sequence[ChargePaid], rates: BaseRates) -> tuple[Decimal, Decimal]:
    """The fees and the taxes among `charges`, each as `charges_value` gives it.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    fees = charges_value((charge for charge in charges if not charge.is_tax), rates)
    return fees, charges_value((charge for charge in charges if charge.is_tax), rates)


def charges_value(charges: Iterable[ChargePaid], rates: BaseRates) -> Decimal:
    """Fees and taxes in the base currency, unsigned; what came back counts against.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    values = ((charge, rates.value(charge.value)) for charge in charges)
    return exact_sum(value.copy_negate() if charge.is_refund else value for charge, value in values)


def _opening_shift(position: Position, facts: DayFacts) -> Decimal:
    """What the row took from cash less what it gave between the two references; negated where the report day is first."""
    rates, reference, before_day = facts.rates, facts.window.after, facts.day_start - timedelta.resolution
    after, until = min(reference, before_day), max(reference, before_day)
    closed = list(_closed_after(position, after))
    opened: list[tuple[Lot | ClosedLot, Consideration]] = [
        (lot, lot.cost) for lot in position.lots if lot.cost.is_known
    ]
    opened += [(lot, lot.own) for lot in closed if lot.own.is_known]
    costs = [signed(rates.value(cost), lot) for lot, cost in opened if after < cost.at <= until]
    sales = [signed(rates.value(lot.ended), lot) for lot in closed if lot.closed_at <= until]
    income, withheld = _income(position, after, until, rates)
    taken = exact_sum((*costs, withheld, *_charges(position, after, until, rates)))
    given = exact_sum((*sales, income))
    return EXACT.subtract(taken, given) if reference < facts.day_start else EXACT.subtract(given, taken)
