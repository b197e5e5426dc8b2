"""Since when a row's day counts, and what it is made of besides the price of the moment.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import takewhile
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.ledger.lots import ZERO, ClosedLot, Lot, split_quantity
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.transactions import Split
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.base_rates import BaseRates


@dataclass(frozen=True, slots=True)
class Window:
    """The day of an instrument: what happened after `after` is of it.

    Attributes:
        after: the reference, which is the close of the session before the quote's.
        until: the close of the quote's session. A later split is not in the quote yet.
        reference_day: the session day of the reference; None where there is no session of reference.
    """

    after: datetime
    until: datetime
    reference_day: date | None


def session_window(calendar: ExchangeCalendar, session_day: date) -> Window | NotAvailable:
    """The window of an instrument whose quote is of `session_day`."""
    session = calendar.session_on(session_day)
    if session is None:
        return NotAvailable(f"{session_day} is no session of {calendar.mic}")
    before = calendar.previous_session(session)
    if before is None:
        return NotAvailable(f"no session of {calendar.mic} is known before {session_day}")
    return Window(before.closes_at, session.closes_at, before.day)


def report_window(day_start: datetime) -> Window:
    """The window of what has no quote: the owner's report day, its first moment included."""
    return Window(day_start - timedelta.resolution, day_start, None)


def report_day_start(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, of the day that `at` is in for an owner in `zone`.

    >>> from datetime import UTC
    >>> report_day_start(datetime(2012, 5, 21, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin")).isoformat()
    '2012-05-21T22:00:00+00:00'
    """
    midnight = datetime.combine(at.astimezone(zone).date(), time(0), tzinfo=zone)
    return midnight.astimezone(at.tzinfo)


@dataclass(frozen=True, slots=True)
class DaySums:
    """What the day of a holding is made of besides prices and rates of the moment, in the base currency where money.

    Attributes:
        held: units of the open lots that were held at the reference, as of now.
        bought: units of the open lots that were bought in the window, as of now.
        bought_cost: what those cost.
        bought_stated: the same in the currencies of the trades.
        sold: units that were held at the reference and sold since, on the basis of the quote.
        sold_proceeds: what they brought.
        sold_stated_proceeds: proceeds in the trade's currency × the rate of the trade.
        sold_at_rates: Σ units × rate of the sale, of the same.
        turned: gain of what was bought and sold in the window, and `turned_price` the price part of it.
        income: gross dividends that count in the window.
        charges: fees and taxes outside the cost; unsigned.
        purchases: the cost of all that was bought in the window.
        opening_shift: what trades between the reference and the beginning of the report day moved between this row
            and the cash that the portfolio's percent starts from.
    """

    window: Window
    held: Decimal
    bought: Decimal
    bought_cost: Decimal
    bought_stated: tuple[tuple[Currency, Decimal], ...]
    sold: Decimal
    sold_proceeds: Decimal
    sold_stated_proceeds: Decimal
    sold_at_rates: Decimal
    turned: Decimal
    turned_price: Decimal
    income: Decimal
    charges: Decimal
    purchases: Decimal
    opening_shift: Decimal


def day_sums(position: Position, window: Window, *, day_start: datetime, rates: BaseRates) -> DaySums:
    """What the day of `position` is made of.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    bought = _bought_since(position.lots, window.after)
    sold = list(_closed_since(position.closed, window.after))
    held_before = [lot for lot in sold if lot.acquired_at <= window.after]
    turned = [lot for lot in sold if lot.acquired_at > window.after]
    units = [units_at(position.splits, lot.quantity, since=lot.closed_at, until=window.until) for lot in held_before]
    bought_quantity = exact_sum(lot.quantity for lot in bought)
    bought_cost = exact_sum(rates.value(lot.cost) for lot in bought)
    return DaySums(
        window=window,
        held=EXACT.subtract(position.quantity, bought_quantity),
        bought=bought_quantity,
        bought_cost=bought_cost,
        bought_stated=_stated_costs(bought),
        sold=exact_sum(units),
        sold_proceeds=exact_sum(rates.value(lot.proceeds) for lot in held_before),
        sold_stated_proceeds=exact_sum(_stated_proceeds(lot, rates) for lot in held_before),
        sold_at_rates=exact_sum(
            EXACT.multiply(quantity, rates.trade_rate(lot.proceeds))
            for quantity, lot in zip(units, held_before, strict=True)
        ),
        turned=exact_sum(EXACT.subtract(rates.value(lot.proceeds), rates.value(lot.cost)) for lot in turned),
        turned_price=exact_sum(_turned_price(lot, rates) for lot in turned),
        income=exact_sum(
            rates.converted(income.gross, income.counts_at)
            for income in position.incomes
            if income.counts_at > window.after
        ),
        charges=_charges(position, window.after, rates),
        purchases=EXACT.add(bought_cost, exact_sum(rates.value(lot.cost) for lot in turned)),
        opening_shift=_opening_shift(position, window.after, day_start, rates),
    )


def has_moved(position: Position, window: Window) -> bool:
    """Whether anything of `position` was sold, paid or charged in `window`."""
    return (
        any(True for _ in _closed_since(position.closed, window.after))
        or any(income.counts_at > window.after for income in position.incomes)
        or any(fee.at > window.after for fee in position.fees)
    )


def units_at(splits: Iterable[Split], quantity: Decimal, *, since: datetime, until: datetime) -> Decimal:
    """`quantity` as of `since` in units as of `until`, which may be earlier: what each split between made of it."""
    result = quantity
    for split in splits:
        if since < split.at <= until:
            result = split_quantity(result, new=split.new, old=split.old)
        elif until < split.at <= since:
            result = split_quantity(result, new=split.old, old=split.new)
    return result


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of `amounts`, exact; 0 of none."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def _bought_since(lots: Iterable[Lot], after: datetime) -> list[Lot]:
    return [lot for lot in lots if lot.acquired_at > after]


def _closed_since(lots: list[ClosedLot], after: datetime) -> Iterator[ClosedLot]:
    return takewhile(lambda lot: lot.closed_at > after, reversed(lots))


def _stated_costs(lots: Iterable[Lot]) -> tuple[tuple[Currency, Decimal], ...]:
    sums: dict[Currency, Decimal] = {}
    for lot in lots:
        stated = lot.cost.stated
        sums[stated.currency] = EXACT.add(sums.get(stated.currency, ZERO), stated.amount)
    return tuple(sums.items())


def _stated_proceeds(lot: ClosedLot, rates: BaseRates) -> Decimal:
    return EXACT.multiply(lot.proceeds.stated.amount, rates.trade_rate(lot.proceeds))


def _turned_price(lot: ClosedLot, rates: BaseRates) -> Decimal:
    return EXACT.subtract(_stated_proceeds(lot, rates), cost_at_sale(lot, rates))


def cost_at_sale(lot: ClosedLot, rates: BaseRates) -> Decimal:
    """What a sold lot had cost, at the rate of its sale.

    Raises:
        MissingRate: no source gives that rate.
    """
    cost = lot.cost.stated
    if cost.currency == lot.proceeds.stated.currency:
        return EXACT.multiply(cost.amount, rates.trade_rate(lot.proceeds))
    return rates.converted(cost, lot.closed_at)


def _charges(position: Position, after: datetime, rates: BaseRates) -> Decimal:
    fees = exact_sum(rates.converted(fee.amount, fee.at) for fee in position.fees if fee.at > after)
    taxes = exact_sum(
        rates.converted(income.tax, income.counts_at) for income in position.incomes if income.counts_at > after
    )
    return EXACT.add(fees, taxes)


def _opening_shift(position: Position, reference: datetime, day_start: datetime, rates: BaseRates) -> Decimal:
    """Purchases less sales between the two; the other way round where the report day began before the reference."""
    before_day = day_start - timedelta.resolution
    after, until = min(reference, before_day), max(reference, before_day)
    closed = list(_closed_since(position.closed, after))
    costs = [lot.cost for lot in _bought_since(position.lots, after)] + [lot.cost for lot in closed]
    costs = [cost for cost in costs if after < cost.at <= until]
    bought = exact_sum(rates.value(cost) for cost in costs)
    sold = exact_sum(rates.value(lot.proceeds) for lot in closed if lot.closed_at <= until)
    return EXACT.subtract(bought, sold) if reference < day_start else EXACT.subtract(sold, bought)
