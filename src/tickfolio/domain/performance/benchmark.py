"""What a benchmark earned, and what the same flows would have come to in it.

A unit of the benchmark that is held from its first close on becomes more units by splits and by dividends that buy more of it. What it is
worth then, in the base currency, tells both figures: the benchmark's own return is how it grew, and a flow buys what it is worth of it.

**Source**: docs/reference/definitions.md, section Benchmark.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend, CorporateAction, Split, StockDistribution
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import NotAvailable, Unpriced
from tickfolio.domain.money import Currency, rounded
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.performance.twr import ONE, RATES
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class UnitDividend:
    """What each unit brings to who holds it when `at` begins, in the benchmark's own currency."""

    at: datetime
    amount: Decimal


def unit_events(
    actions: Iterable[CorporateAction],
    *,
    begins_at: Callable[[date], datetime],
    converted: Callable[[Decimal, Currency, datetime], Decimal],
) -> tuple[list[UnitChange], list[UnitDividend]]:
    """The splits of an instrument, and what each of its units brought.

    Args:
        actions: of the instrument alone.
        begins_at: when a day begins at its exchange.
        converted: an amount of a moment in the instrument's own currency.

    Raises:
        InvalidValue: one turned it into something else, which is not followed.
    """
    splits: list[UnitChange] = []
    dividends: list[UnitDividend] = []
    for action in actions:
        at = begins_at(action.ex_date)
        match action:
            case Split(new=new, old=old):
                splits.append(UnitChange(at, new, old))
            case StockDistribution(new=new, old=old):
                splits.append(UnitChange(at, new + old, old))
            case CashDividend(amount=amount, currency=paid_in) | CapitalRepayment(amount=amount, currency=paid_in):
                dividends.append(UnitDividend(at, converted(amount, paid_in, at)))
            case _:
                raise InvalidValue(
                    phrase(
                        "Expected a benchmark that stays what it is; on {ex_date} {symbol} became something else.",
                        ex_date=action.ex_date,
                        symbol=action.symbol,
                    )
                )
    return splits, dividends


@dataclass(frozen=True, slots=True)
class CloseInForce:
    """A close, per unit, and how many units the unit of the first close had become with it."""

    closed_at: datetime
    price: Decimal
    units: Decimal


class Benchmark:
    """A unit of an instrument, with all that came of it.

    Its splits and dividends count with the first close that knows them: until then the price in force is one of before them.
    """

    def __init__(
        self,
        closes: CloseHistory,
        *,
        currency: Currency,
        base: Currency,
        rates: Rates,
        splits: Iterable[UnitChange] = (),
        dividends: Iterable[UnitDividend] = (),
    ) -> None:
        self._currency, self._base, self._rates = currency, base, rates
        events: list[UnitChange | UnitDividend] = [*splits, *dividends]
        self._events = sorted(events, key=lambda each: each.at)
        self._closed_at: list[datetime] = []
        self._prices: list[Decimal] = []
        self._held: list[Decimal] = []
        # What the unit of the first close has become, what was paid on it since, and the event that comes next.
        self._units, self._paid, self._place = ONE, ZERO, 0
        if closes.closed_at:
            self._place = bisect_right(self._events, closes.closed_at[0], key=lambda each: each.at)
        for closed_at, price in zip(closes.closed_at, closes.prices, strict=True):
            self._close(closed_at, price)

    def then(self, closes: CloseHistory) -> Benchmark:
        """This one with more closes, all of later than its last."""
        more = copy(self)
        more._closed_at, more._prices, more._held = list(self._closed_at), list(self._prices), list(self._held)
        for closed_at, price in zip(closes.closed_at, closes.prices, strict=True):
            more._close(closed_at, price)
        return more

    def _close(self, closed_at: datetime, price: Decimal) -> None:
        while self._place < len(self._events) and self._events[self._place].at <= closed_at:
            event = self._events[self._place]
            if isinstance(event, UnitDividend):
                self._paid = RATES.add(self._paid, RATES.multiply(self._units, event.amount))
            else:
                self._units = RATES.divide(RATES.multiply(self._units, Decimal(event.new)), Decimal(event.old))
            self._place += 1
        if price > 0:
            self._units, self._paid = RATES.add(self._units, RATES.divide(self._paid, price)), ZERO
        self._closed_at.append(closed_at)
        self._prices.append(price)
        self._held.append(self._units)

    def in_force(self, at: datetime) -> CloseInForce | None:
        """The close in force at a moment; None where there was none yet."""
        place = bisect_right(self._closed_at, at) - 1
        return None if place < 0 else CloseInForce(self._closed_at[place], self._prices[place], self._held[place])

    def worth(self, at: datetime) -> Decimal | NotAvailable:
        """What the unit of the first close has become at a moment, in the base currency."""
        close = self.in_force(at)
        if close is None:
            return NotAvailable(phrase("the benchmark has no price by {at:%Y-%m-%d}", at=at))
        rate = self._rates.rate_at(self._currency, self._base, at=at)
        if isinstance(rate, Unpriced):
            return NotAvailable(rate.reason)
        if close.price <= 0:
            return NotAvailable(phrase("the price of the benchmark is not above zero on {at:%Y-%m-%d}", at=at))
        return RATES.multiply(RATES.multiply(close.units, close.price), rate.rate)

    def growth(self, since: datetime, until: datetime) -> Decimal | NotAvailable:
        """What a unit of money in it became from one moment to the other."""
        before, after = self.worth(since), self.worth(until)
        if isinstance(before, NotAvailable):
            return before
        return after if isinstance(after, NotAvailable) else RATES.divide(after, before)

    def units_of(
        self,
        flows: Iterable[tuple[datetime, Decimal]],
        *,
        worth_of: Callable[[datetime], Decimal | NotAvailable] | None = None,
    ) -> Decimal | NotAvailable:
        """How many of the unit of the first close flows in the base currency buy when they come, less those that they sell.

        Args:
            flows: in their order, negative where they left; what was there at the start is the first of them.
            worth_of: as `worth`, for who has worked out the moments of the flows before.
        """
        worth_of, units = worth_of or self.worth, ZERO
        for at, amount in flows:
            worth = worth_of(at)
            if isinstance(worth, NotAvailable):
                return worth
            units = RATES.add(units, RATES.divide(amount, worth))
            if units < -_LEAST:
                return _too_much(at)
        return units

    def value_of(
        self,
        flows: Iterable[tuple[datetime, Decimal]],
        *,
        until: datetime,
        worth_of: Callable[[datetime], Decimal | NotAvailable] | None = None,
    ) -> Decimal | NotAvailable:
        """What flows would be worth then in the base currency, had each bought the benchmark when it came; `in_coins` rounds it.

        Args:
            flows, worth_of: as of `units_of`.
        """
        units = self.units_of(flows, worth_of=worth_of)
        if isinstance(units, NotAvailable):
            return units
        worth = self.worth(until)
        return worth if isinstance(worth, NotAvailable) else RATES.multiply(units, worth)


def index_of_worths(
    days: Iterable[date], worths: Iterable[Decimal | NotAvailable]
) -> tuple[tuple[date, Decimal], ...] | NotAvailable:
    """What 1 became of it by the end of each day, the first of which is the one before the span."""
    found = []
    for day, worth in zip(days, worths, strict=True):
        if isinstance(worth, NotAvailable):
            return worth
        found.append((day, worth))
    first = found[0][1]
    return tuple((day, RATES.divide(worth, first)) for day, worth in found)


def in_coins(value: Decimal, *, places: int) -> Decimal:
    """What flows came to, as it is shown. What the last digit of a division leaves does not decide at half a coin.

    >>> in_coins(Decimal("0.0250000000000000000000000000000000000000000000001"), places=2)
    Decimal('0.02')
    """
    return rounded(rounded(value, places=INNER_PLACES), places=places)


INNER_PLACES = 12
_LEAST = Decimal("1e-30")
"""What the last digit of a division may leave of units that were all sold."""


def followed_values(
    flows: Sequence[tuple[datetime, Decimal]],
    *,
    ends: Iterable[datetime],
    worths: Iterable[Decimal | NotAvailable],
    worth_of: Callable[[datetime], Decimal | NotAvailable],
) -> tuple[Decimal, ...] | NotAvailable:
    """What flows would be worth at each of some moments in the base currency, had each bought the benchmark when it came.

    Args:
        flows, worth_of: as of `Benchmark.units_of`.
        ends: in the order of time; a flow counts at the first that is not before it.
        worths: of the unit of the first close, at these moments.
    """
    found, units, place = [], ZERO, 0
    for end, worth in zip(ends, worths, strict=True):
        if isinstance(worth, NotAvailable):
            return worth
        while place < len(flows) and flows[place][0] <= end:
            at, amount = flows[place]
            bought_at = worth_of(at)
            if isinstance(bought_at, NotAvailable):
                return bought_at
            units = RATES.add(units, RATES.divide(amount, bought_at))
            if units < -_LEAST:
                return _too_much(at)
            place += 1
        found.append(RATES.multiply(units, worth))
    return tuple(found)


def _too_much(at: datetime) -> NotAvailable:
    return NotAvailable(phrase("on {at:%Y-%m-%d} more left than the benchmark would have been worth", at=at))
