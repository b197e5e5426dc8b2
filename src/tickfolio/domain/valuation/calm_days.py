"""Holdings with which nothing happened since their reference: nearly all of them, on nearly every day, at every tick.

Only their price moves what they are worth. What it cannot move is worked out once and kept, so that a price costs one product,
and the figures that follow from it.

**Source**: docs/reference/definitions.md, sections Valuation and coverage, and Day change of portfolios.
"""

from __future__ import annotations

from decimal import Decimal

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, rounded
from tickfolio.domain.valuation.base_rates import CurrentRates
from tickfolio.domain.valuation.day_change import DaySums
from tickfolio.domain.valuation.holdings import HoldingSums
from tickfolio.domain.valuation.valuation import THE_COST, THE_REFERENCE, ZERO, Day, Worth, percent_of
from tickfolio.errors import MissingRate


def calm_holding(
    sums: HoldingSums, close: Decimal, *, instrument: Instrument, rates: CurrentRates
) -> CalmHolding | None:
    """The holding of `sums` beside a previous close; None where there is more to it than its price, or a rate is missing."""
    new, old = sums.ratio
    if new != old or not (isinstance(sums.day, NotAvailable) or sums.day.is_calm):
        return None
    try:
        return CalmHolding(sums, close, instrument=instrument, rates=rates)
    except MissingRate:
        return None


class CalmHolding:
    """What such a holding comes to at any price, in the base currency, by one close and the rates of one moment."""

    __slots__ = ("_close", "_cost", "_cost_unsigned", "_day", "_places", "_rate", "_sums", "_unit")

    def __init__(self, sums: HoldingSums, close: Decimal, *, instrument: Instrument, rates: CurrentRates) -> None:
        """For sums of units that were all held at the reference, if there is one.

        Raises:
            MissingRate: no source gives a rate that is needed.
        """
        self._sums, self._close, self._rate = sums, close, rates.rate(instrument.currency)
        self._places = rates.base.minor_unit
        self._unit = _unit(sums, self._rate)
        self._cost = sums.cost if isinstance(sums.cost, NotAvailable) else rounded(sums.cost, places=self._places)
        self._cost_unsigned = ZERO if isinstance(self._cost, NotAvailable) else self._cost.copy_abs()
        day = sums.day
        if not isinstance(day, NotAvailable):
            then, rate_then = EXACT.multiply(self._unit, close), rates.facts.rate(instrument.currency, day.window.after)
            reference = then if rate_then == self._rate else EXACT.multiply(_unit(sums, rate_then), close)
            self._day: _CalmDay | NotAvailable = _CalmDay(day, then, reference, places=self._places)
        else:
            self._day = day

    def is_of(self, sums: HoldingSums, close: Decimal, rate: object) -> bool:
        """Whether it is made of just these."""
        return sums is self._sums and close == self._close and rate == self._rate

    def worth(self, price: Decimal) -> Worth:
        """What it is worth at `price`."""
        now, cost, day = EXACT.multiply(self._unit, price), self._cost, self._day
        value, since = rounded(now, places=self._places), day if isinstance(day, NotAvailable) else day.at(now)
        if isinstance(cost, NotAvailable):
            return Worth(value=value, unrealized=cost, unrealized_percent=cost, day=since)
        unrealized = EXACT.subtract(value, cost)
        percent = percent_of(unrealized, self._cost_unsigned, of_what=THE_COST)
        return Worth(value=value, unrealized=unrealized, unrealized_percent=percent, day=since)


class _CalmDay:
    """What the day of such a holding comes to at any value of it."""

    __slots__ = ("_none", "_of", "_opening", "_places", "_reference", "_reference_day", "_then")

    def __init__(self, day: DaySums, then: Decimal, reference: Decimal, *, places: int) -> None:
        """`then` and `reference` are the value at the close by the rate now, and by the rate then: one object where they are one."""
        self._then, self._reference, self._places = then, reference, places
        self._reference_day = day.window.reference_day
        self._of = rounded(reference.copy_abs(), places=places)
        self._opening = rounded(EXACT.add(reference, day.opening_shift), places=places)
        self._none = rounded(ZERO, places=places)

    def at(self, now: Decimal) -> Day:
        """The day of a holding that is worth `now`, not rounded."""
        total, none = self._gained(now, self._reference), self._none
        price = total if self._reference is self._then else self._gained(now, self._then)
        return Day(
            total=total,
            price=price,
            trading=none,
            income=none,
            fees=none,
            taxes=none,
            currency=none if price is total else EXACT.subtract(total, price),
            percent=percent_of(total, self._of, of_what=THE_REFERENCE),
            reference=self._of,
            opening=self._opening,
            reference_day=self._reference_day,
        )

    def _gained(self, now: Decimal, then: Decimal) -> Decimal:
        # Adding 0 takes the sign from a zero.
        return EXACT.add(rounded(EXACT.subtract(now, then), places=self._places), ZERO)


def _unit(sums: HoldingSums, rate: Decimal) -> Decimal:
    """What the holding is worth at a price of 1."""
    return EXACT.multiply(sums.quantity, EXACT.multiply(sums.unit, rate))
