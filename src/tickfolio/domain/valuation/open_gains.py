"""What the open lots of each holding gained until now, in both currencies and by its parts.

**Source**: docs/reference/definitions.md, section Gains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Money, rounded
from tickfolio.domain.records import Record
from tickfolio.domain.valuation.base_rates import CurrentRates
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.gains import cost_at_rates_now
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth, percent_of
from tickfolio.errors import MissingRate
from tickfolio.words import phrase


class OpenBase(Record, frozen=True):
    """What a holding gained, in the coins of the base currency; negative cost and value where it is short.

    Attributes:
        cost: at the rates of the purchases.
        cost_now: the same at the rates in force now; not available where one of them is missing.
    """

    cost: Decimal
    cost_now: Decimal | NotAvailable
    value: Decimal

    @property
    def gain(self) -> Decimal:
        """Value − cost."""
        return EXACT.subtract(self.value, self.cost)

    @property
    def price(self) -> Decimal | NotAvailable:
        """The gain in the currency of the purchases, at the rate in force now."""
        return self.cost_now if isinstance(self.cost_now, NotAvailable) else EXACT.subtract(self.value, self.cost_now)

    @property
    def currency(self) -> Decimal | NotAvailable:
        """What is left of the gain: cost in its own currency × (rate now − rate of the purchase)."""
        return self.price if isinstance(self.price, NotAvailable) else EXACT.subtract(self.gain, self.price)


class OpenGain(Record, frozen=True):
    """A holding.

    Attributes:
        cost, value: in the currency of the instrument, rounded to its coins.
        base: the same in the base currency.
    """

    account: AccountId
    account_name: str
    symbol: Symbol
    name: str
    quantity: Decimal
    cost: Money | NotAvailable
    value: Money | NotAvailable
    base: OpenBase | NotAvailable

    @property
    def gain(self) -> Money | NotAvailable:
        """In the currency of the instrument."""
        if isinstance(self.value, NotAvailable):
            return self.value
        return self.cost if isinstance(self.cost, NotAvailable) else self.value - self.cost


@dataclass(frozen=True, slots=True)
class OpenTotals:
    """The sums of holdings, in the base currency.

    Attributes:
        left_out: holdings whose gain is not available.
        price, currency: the parts of `gain`; not available where a counted holding does not have them.
        percent: of the costs, those of short holdings counted like the others.
    """

    counted: int
    left_out: int
    cost: Decimal
    value: Decimal
    gain: Decimal
    price: Decimal | NotAvailable
    currency: Decimal | NotAvailable
    percent: Decimal | NotAvailable


def open_gains(
    rows: Iterable[Row], *, position_of: Callable[[AccountId, Symbol], Position], rates: CurrentRates
) -> tuple[OpenGain, ...]:
    """What each holding among `rows` gained, in their order."""
    return tuple(
        _open_gain(row, row.instrument, position_of(row.account, row.instrument.symbol), rates)
        for row in rows
        if row.kind is RowKind.HOLDING and row.instrument is not None and row.quantity
    )


def open_totals(gains: Sequence[OpenGain], *, places: int) -> OpenTotals:
    """The sums of `gains`, of nothing 0 with `places` decimals."""
    known = [each.base for each in gains if isinstance(each.base, OpenBase)]
    nothing = rounded(Decimal(0), places=places)
    cost = exact_sum((nothing, *(each.cost for each in known)))
    value = exact_sum((nothing, *(each.value for each in known)))
    gain = EXACT.subtract(value, cost)
    prices = [each.price for each in known]
    lacking = next((price for price in prices if isinstance(price, NotAvailable)), None)
    price = exact_sum((nothing, *(price for price in prices if isinstance(price, Decimal))))
    unsigned = exact_sum(each.cost.copy_abs() for each in known)
    return OpenTotals(
        counted=len(known),
        left_out=len(gains) - len(known),
        cost=cost,
        value=value,
        gain=gain,
        price=lacking or price,
        currency=lacking or EXACT.subtract(gain, price),
        percent=percent_of(gain, unsigned, of_what=phrase("the cost")),
    )


def _open_gain(row: Row, instrument: Instrument, position: Position, rates: CurrentRates) -> OpenGain:
    return OpenGain(
        account=row.account,
        account_name=row.account_name,
        symbol=instrument.symbol,
        name=instrument.name,
        quantity=row.quantity,
        cost=_own_cost(position, instrument),
        value=_own_value(row, instrument),
        base=_base(row, position, rates),
    )


def _own_cost(position: Position, instrument: Instrument) -> Money | NotAvailable:
    costs = list(position.costs())
    if not all(cost.is_known for cost in costs):
        return NotAvailable(phrase("what was transferred in came without its cost"))
    other = next((cost.stated.currency for cost in costs if cost.stated.currency != instrument.currency), None)
    if other is not None:
        return NotAvailable(
            phrase("it was paid in {other}, and its price is in {currency}", other=other, currency=instrument.currency)
        )
    cost = exact_sum(cost.stated.amount for cost in costs)
    return Money(cost.copy_negate() if position.quantity < 0 else cost, instrument.currency).to_minor_unit()


def _own_value(row: Row, instrument: Instrument) -> Money | NotAvailable:
    if row.price is None:
        return NotAvailable(phrase("no price of {symbol} is known", symbol=instrument.symbol))
    value = EXACT.multiply(EXACT.multiply(row.quantity, row.price), unit_value(instrument))
    return Money(value, instrument.currency).to_minor_unit()


def _base(row: Row, position: Position, rates: CurrentRates) -> OpenBase | NotAvailable:
    if not isinstance(row.worth, Worth):
        return NotAvailable(row.worth.reason)
    if isinstance(row.cost, NotAvailable):
        return row.cost
    try:
        now: Decimal | NotAvailable = rounded(cost_at_rates_now(position, rates), places=rates.base.minor_unit)
    except MissingRate as missing:
        now = NotAvailable(str(missing))
    return OpenBase(row.cost, now, row.worth.value)
