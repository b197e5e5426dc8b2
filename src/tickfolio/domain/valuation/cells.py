"""What makes one row each, kept with the sums behind it until those change.

**Source**: docs/reference/definitions.md, section Valuation and coverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.cash import CashPosition
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.market.quotes import NotAvailable, Quality, Quote, Unpriced
from tickfolio.domain.money import Currency, rounded
from tickfolio.domain.valuation.base_rates import CurrentRates
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.calm_days import CalmHolding, calm_holding
from tickfolio.domain.valuation.cash_rows import (
    NO_COST,
    CashSums,
    cash_sums,
    cash_worth,
    has_cash,
    receivable_worth,
)
from tickfolio.domain.valuation.day_change import has_moved
from tickfolio.domain.valuation.holdings import HoldingSums, adjusted_price, holding_sums, holding_worth, market_value
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth
from tickfolio.domain.valuation.windows import PriceDay, report_day
from tickfolio.errors import MissingRate


@dataclass(frozen=True, slots=True)
class Moment:
    """What every row needs of the moment: the rates in force, and when the owner's report day began."""

    rates: CurrentRates
    day_start: datetime


class HoldingCell:
    """One instrument in one account."""

    def __init__(self, account: AccountFacts, position: Position, instrument: Instrument) -> None:
        self.account = account
        self.instrument = instrument
        self.key = f"h:{account.id}:{instrument.symbol}"
        self._position = position
        self._sums: HoldingSums | Unpriced | None = None
        self._day: PriceDay | None = None
        self._cost: Decimal | NotAvailable = NO_COST
        self._calm: CalmHolding | None = None

    @property
    def is_held(self) -> bool:
        """Whether there are open lots."""
        return bool(self._position.quantity)

    @property
    def splits(self) -> Sequence[UnitChange]:
        """What changed its units in place, in order."""
        return self._position.splits

    def market_value(self, quote: Quote, day: PriceDay, rates: CurrentRates) -> Decimal:
        """What is held is worth now, not rounded.

        Raises:
            MissingRate: no source gives the rate.
        """
        return market_value(self._position, quote, basis=day.basis, instrument=self.instrument, rates=rates)

    def forget(self) -> None:
        """Drops what was kept: the position, the report day or a rate of the past changed."""
        self._sums = None

    def row(self, quote: Quote | None, quality: Quality, day: PriceDay | None, moment: Moment) -> Row | None:
        """The row, or None where nothing is held and nothing happened in the window.

        Args:
            day: of the quote; None where there is none.
        """
        if not self.is_held:
            return self._closed_row(quote, quality, day, moment)
        return self._row(quote, quality, day or report_day(moment.day_start), moment)

    def _closed_row(self, quote: Quote | None, quality: Quality, day: PriceDay | None, moment: Moment) -> Row | None:
        if day is None or isinstance(day.window, NotAvailable):
            # Without a price that tells of the day, what happened in the owner's day still does.
            quote, day = None, report_day(moment.day_start)
        assert not isinstance(day.window, NotAvailable)
        return self._row(quote, quality, day, moment) if has_moved(self._position, day.window) else None

    def _row(self, quote: Quote | None, quality: Quality, day: PriceDay, moment: Moment) -> Row:
        sums = self._sums_of(day, moment)
        if isinstance(sums, Unpriced):
            return self._shown(quote, quality, price=None, worth=sums)
        return self._shown(
            quote,
            quality,
            price=None if quote is None else adjusted_price(sums, quote),
            worth=self._worth(sums, quote, moment.rates),
        )

    def _worth(self, sums: HoldingSums, quote: Quote | None, rates: CurrentRates) -> Worth | Unpriced:
        close, instrument = None if quote is None else quote.previous_close, self.instrument
        if quote is not None and close is not None:
            if self._calm is None or not self._calm.is_of(sums, close, rates.found(instrument.currency)):
                self._calm = calm_holding(sums, close, instrument=instrument, rates=rates)
            if self._calm is not None:
                return self._calm.worth(quote.price)
        return holding_worth(sums, quote, instrument=instrument, rates=rates)

    def _shown(
        self,
        quote: Quote | None,
        quality: Quality,
        *,
        price: Decimal | None,
        worth: Worth | Unpriced,
    ) -> Row:
        instrument = self.instrument
        return Row(
            key=self.key,
            kind=RowKind.HOLDING,
            account=self.account.id,
            account_name=self.account.name,
            symbol=instrument.symbol,
            currency=instrument.currency,
            name=instrument.name,
            quantity=self._position.quantity,
            price=price,
            quality=quality,
            instrument=instrument,
            quote=quote,
            cost=self._cost,
            worth=worth,
        )

    def _sums_of(self, day: PriceDay, moment: Moment) -> HoldingSums | Unpriced:
        if self._sums is None or (day is not self._day and day != self._day):
            self._sums, self._day = self._summed(day, moment), day
            self._cost = _shown_cost(self._sums, moment)
        return self._sums

    def _summed(self, day: PriceDay, moment: Moment) -> HoldingSums | Unpriced:
        try:
            return holding_sums(
                self._position,
                day,
                instrument=self.instrument,
                day_start=moment.day_start,
                rates=moment.rates.facts,
            )
        except MissingRate as missing:
            return Unpriced(str(missing))


class CashCell:
    """Cash of one currency in one account."""

    def __init__(self, account: AccountFacts, cash: CashPosition) -> None:
        self.account = account
        self.currency = cash.currency
        self.key = f"c:{account.id}:{cash.currency}"
        self._cash = cash
        self._sums: CashSums | Unpriced | None = None

    def forget(self) -> None:
        """Drops what was kept: the cash, the report day or a rate of the past changed."""
        self._sums = None

    def row(self, moment: Moment) -> Row | None:
        """The row, or None where there is no cash and none moved in the report day."""
        if not has_cash(self._cash, moment.day_start):
            return None
        if self._sums is None:
            self._sums = self._summed(moment)
        sums = self._sums
        return Row(
            key=self.key,
            kind=RowKind.CASH,
            account=self.account.id,
            account_name=self.account.name,
            symbol=None,
            currency=self.currency,
            name=self.currency.code,
            quantity=self._cash.balance,
            price=_rate(self.currency, moment),
            quality=None,
            instrument=None,
            quote=None,
            cost=NO_COST,
            worth=sums if isinstance(sums, Unpriced) else cash_worth(sums, self.currency, rates=moment.rates),
        )

    def _summed(self, moment: Moment) -> CashSums | Unpriced:
        try:
            return cash_sums(self._cash, day_start=moment.day_start, rates=moment.rates.facts)
        except MissingRate as missing:
            return Unpriced(str(missing))


class ReceivableCell:
    """One dividend that counts and is not paid yet."""

    def __init__(self, account: AccountFacts, income: Income, instrument: Instrument, *, paid_on: date) -> None:
        self.account = account
        self.instrument = instrument
        self.key = f"r:{account.id}:{income.transaction}"
        self.symbol = income.symbol
        self.counts_at = income.counts_at
        self._income = income
        # Kept and sent to several people: pages say what it is, each in its reader's language.
        self._name = paid_on.isoformat()

    def forget(self) -> None:
        """Nothing is kept: what a receivable is made of does not change."""

    def row(self, moment: Moment) -> Row:
        """The row."""
        net = self._income.net
        return Row(
            key=self.key,
            kind=RowKind.RECEIVABLE,
            account=self.account.id,
            account_name=self.account.name,
            symbol=self.instrument.symbol,
            currency=net.currency,
            name=self._name,
            quantity=net.amount,
            price=_rate(net.currency, moment),
            quality=None,
            instrument=self.instrument,
            quote=None,
            cost=NO_COST,
            worth=receivable_worth(self._income, day_start=moment.day_start, rates=moment.rates),
        )


def _shown_cost(sums: HoldingSums | Unpriced, moment: Moment) -> Decimal | NotAvailable:
    if isinstance(sums, Unpriced):
        return NotAvailable(sums.reason)
    return sums.cost if isinstance(sums.cost, NotAvailable) else rounded(sums.cost, places=moment.rates.base.minor_unit)


def _rate(currency: Currency, moment: Moment) -> Decimal | None:
    rate = moment.rates.found(currency)
    return None if isinstance(rate, Unpriced) else rate
