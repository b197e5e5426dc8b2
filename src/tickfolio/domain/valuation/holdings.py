"""What a holding is worth, at any price in a few multiplications.

**Source**: docs/reference/definitions.md, sections Valuation and coverage, and Day change of portfolios.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, Inexact

from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.lots import ZERO
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.market.quotes import NotAvailable, Quote, Unpriced
from tickfolio.domain.money import EXACT, MAX_PRICE_PLACES, ROUNDING, rounded
from tickfolio.domain.records import named_record
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.day_change import DayFacts, DaySums, day_sums, exact_sum
from tickfolio.domain.valuation.gains import cost_basis
from tickfolio.domain.valuation.valuation import THE_COST, Day, Parts, Worth, day_of, percent_of
from tickfolio.domain.valuation.windows import PriceDay
from tickfolio.errors import MissingRate, UnknownCost
from tickfolio.words import phrase

_QUOTIENT_PLACES = 50
"""Room for quantity × price × rate with all their places, so that a split that divides evenly stays exact."""


@dataclass(frozen=True, slots=True)
class HoldingSums:
    """What a holding is made of besides prices and rates of the moment.

    Attributes:
        cost: of the open lots, in the base currency; negative where they were sold short.
        unit: what a quantity of 1 at a price of 1 is worth, in the instrument's currency.
        ratio: new to old units of the splits that are booked and not yet in the quote.
        day: what its day is made of.
    """

    quantity: Decimal
    cost: Decimal | NotAvailable
    unit: Decimal
    ratio: tuple[int, int]
    day: DaySums | NotAvailable


def holding_sums(
    position: Position, day: PriceDay, *, instrument: Instrument, day_start: datetime, rates: BaseRates
) -> HoldingSums:
    """What the holding of `position` is made of, for a quote of `day`.

    Raises:
        MissingRate: no source gives a rate that is needed.
    """
    sums: DaySums | NotAvailable
    if isinstance(day.window, NotAvailable):
        sums = day.window
    else:
        sums = day_sums(position, DayFacts(day.window, day.basis, day_start, instrument.currency, rates))
    return HoldingSums(
        quantity=position.quantity,
        cost=_cost(position, rates),
        unit=unit_value(instrument),
        ratio=unseen_splits(position, day.basis),
        day=sums,
    )


def _cost(position: Position, rates: BaseRates) -> Decimal | NotAvailable:
    try:
        return cost_basis(position, rates)
    except UnknownCost as unknown:
        return NotAvailable(str(unknown))


def unseen_splits(position: Position, basis: datetime) -> tuple[int, int]:
    """The splits that are booked and not yet in a price of `basis`, as one ratio of new to old units."""
    new, old = 1, 1
    for split in position.splits:
        if split.at > basis:
            new, old = new * split.new, old * split.old
    return new, old


def unit_value(instrument: Instrument) -> Decimal:
    """What a quantity of 1 at a price of 1 is worth: contract size ÷ quote unit.

    >>> from tickfolio.domain.instruments import Symbol
    >>> from tickfolio.domain.money import Currency
    >>> unit_value(Instrument(Symbol("VOD"), "Vodafone", "XLON", Currency("GBP"), quote_unit=Decimal(100)))
    Decimal('0.01')
    """
    try:
        return EXACT.divide(instrument.contract_size, instrument.quote_unit)
    except Inexact:
        quotient = ROUNDING.divide(instrument.contract_size, instrument.quote_unit)
        return rounded(quotient, places=MAX_PRICE_PLACES)


def adjusted_price(sums: HoldingSums, quote: Quote) -> Decimal:
    """The quote's price on the basis of the quantity: after splits that it does not know yet."""
    new, old = sums.ratio
    if new == old:
        return quote.price
    return split_adjusted(quote.price, [Split(quote.symbol, quote.session_day, new=new, old=old)])


def holding_worth(
    sums: HoldingSums, quote: Quote | None, *, instrument: Instrument, rates: CurrentRates
) -> Worth | Unpriced:
    """What a holding is worth with `quote` and the rates in force now."""
    if quote is None and sums.quantity:
        return Unpriced(phrase("no price of {symbol} is known", symbol=instrument.symbol))
    try:
        return _worth(_Marked(sums=sums, quote=quote, instrument=instrument, rates=rates))
    except MissingRate as missing:
        return Unpriced(str(missing))


def market_value(
    position: Position, quote: Quote, *, basis: datetime, instrument: Instrument, rates: CurrentRates
) -> Decimal:
    """What a position is worth with `quote` and the rates in force now, in the base currency, not rounded.

    Args:
        basis: splits up to this moment are in the quote.

    Raises:
        MissingRate: no source gives the rate.
    """
    sums = HoldingSums(
        quantity=position.quantity,
        cost=NotAvailable(phrase("only the value was asked for")),
        unit=unit_value(instrument),
        ratio=unseen_splits(position, basis),
        day=NotAvailable(phrase("only the value was asked for")),
    )
    return _Marked(sums=sums, quote=quote, instrument=instrument, rates=rates).value()


@named_record
class _Marked:
    """A holding with the price and the rates of one moment."""

    sums: HoldingSums
    quote: Quote | None
    instrument: Instrument
    rates: CurrentRates

    def value(self) -> Decimal:
        """What is held is worth; without a price nothing is."""
        if self.quote is None or not self.sums.quantity:
            return ZERO
        return self.valued(self.sums.quantity, self.quote.price, self.rates.rate(self.instrument.currency))

    def valued(self, quantity: Decimal, price: Decimal, rate: Decimal) -> Decimal:
        """`quantity` as of now at a `price` on the basis of the quote, in the base currency."""
        sums = self.sums
        value = EXACT.multiply(EXACT.multiply(quantity, price), EXACT.multiply(sums.unit, rate))
        new, old = sums.ratio
        if new == old:
            return value
        quotient = ROUNDING.divide(EXACT.multiply(value, Decimal(old)), Decimal(new))
        return rounded(quotient, places=_QUOTIENT_PLACES)


def _worth(marked: _Marked) -> Worth:
    places = marked.rates.base.minor_unit
    value = rounded(marked.value(), places=places)
    cost = marked.sums.cost
    if isinstance(cost, NotAvailable):
        return Worth(value=value, unrealized=cost, unrealized_percent=cost, day=_day(marked))
    cost = rounded(cost, places=places)
    unrealized = EXACT.subtract(value, cost)
    percent = percent_of(unrealized, cost.copy_abs(), of_what=THE_COST)
    return Worth(value=value, unrealized=unrealized, unrealized_percent=percent, day=_day(marked))


def _day(marked: _Marked) -> Day | NotAvailable:
    sums, quote = marked.sums.day, marked.quote
    if isinstance(sums, NotAvailable):
        return sums
    close = None if quote is None else quote.previous_close
    if close is None and (sums.held or sums.sold):
        return NotAvailable(phrase("no previous close is known"))
    since = _since_close(marked, sums, close or ZERO)
    bought = marked.valued(sums.bought, quote.price, _rate(marked)) if quote is not None and sums.bought else ZERO
    bought_at_rate_now = exact_sum(
        EXACT.multiply(amount, marked.rates.rate(currency)) for currency, amount in sums.bought_stated
    )
    arrived = marked.valued(sums.arrived, quote.price, _rate(marked)) if quote is not None and sums.arrived else ZERO
    fees, taxes = sums.fees.copy_negate(), sums.taxes.copy_negate()
    gains = (since.change, arrived, bought, sums.bought_cost.copy_negate(), sums.turned, sums.income, fees, taxes)
    return day_of(
        Parts(
            price=EXACT.add(since.price, arrived),
            all_price=exact_sum(
                (since.all_price, arrived, bought, bought_at_rate_now.copy_negate(), sums.turned_price)
            ),
            income=sums.income,
            fees=fees,
            taxes=taxes,
        ),
        total=exact_sum(gains),
        reference=EXACT.add(since.reference.copy_abs(), sums.purchases),
        opening=EXACT.add(since.reference, sums.opening_shift),
        reference_day=sums.window.reference_day,
        currency=marked.rates.base,
    )


@named_record
class _SinceClose:
    """What was held at the reference.

    Attributes:
        reference: its value then.
        change: what it gained since, what was sold of it until its sale.
        price: what all of it gained by the price until now, sold or not, at the rate now.
        all_price: the price part of `change`.
    """

    reference: Decimal
    change: Decimal
    price: Decimal
    all_price: Decimal


def _since_close(marked: _Marked, sums: DaySums, close: Decimal) -> _SinceClose:
    if marked.quote is None or not (sums.held or sums.sold):
        # What was paid for no units, or for some that had come since, still counts.
        return _SinceClose(reference=ZERO, change=sums.sold_proceeds, price=ZERO, all_price=sums.sold_price)
    price, rate = marked.quote.price, _rate(marked)
    rate_then = marked.rates.facts.rate(marked.instrument.currency, sums.window.after)
    unit = marked.sums.unit
    held_then = marked.valued(sums.held, close, rate_then)
    held_now = marked.valued(sums.held, price, rate)
    sold_then = EXACT.multiply(EXACT.multiply(sums.sold, close), EXACT.multiply(unit, rate_then))
    sold_at_rates = EXACT.multiply(EXACT.multiply(sums.sold_at_rates, close), unit)
    sold_since = EXACT.multiply(EXACT.multiply(sums.sold, EXACT.subtract(price, close)), EXACT.multiply(unit, rate))
    held_price = EXACT.subtract(held_now, marked.valued(sums.held, close, rate))
    return _SinceClose(
        reference=EXACT.add(held_then, sold_then),
        change=exact_sum((held_now, held_then.copy_negate(), sums.sold_proceeds, sold_then.copy_negate())),
        price=EXACT.add(held_price, sold_since),
        all_price=exact_sum((held_price, sums.sold_price, sold_at_rates.copy_negate())),
    )


def _rate(marked: _Marked) -> Decimal:
    return marked.rates.rate(marked.instrument.currency)
