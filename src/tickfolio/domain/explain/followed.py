"""An instrument that a portfolio is measured against, and what splits and dividends made of one unit of it.

**Source**: docs/reference/definitions.md, section Benchmark.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend, CorporateAction, Split, StockDistribution
from tickfolio.domain.explain.definitions import BENCHMARK
from tickfolio.domain.explain.facts import conversion, price_fact
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Node, Unit, one, several
from tickfolio.domain.explain.standing import Sources
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.market.quotes import Quote
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.performance.benchmark import Benchmark
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.performance.twr import ONE, RATES
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.words import phrase

ZERO = Decimal(0)

type Payment = CashDividend | CapitalRepayment
type Ratio = Split | StockDistribution


@dataclass(frozen=True, slots=True)
class Followed:
    """All that the levels of a benchmark rest on.

    Attributes:
        benchmark: of the closes and the actions.
        closes: those that count, and behind them the price of the quote, where one is later than they are.
        quote: that quote.
        actions: what changed its units, each with the moment from which on it counts.
        sessions: the finished days with a close.
    """

    instrument: Instrument
    base: Currency
    zone: ZoneInfo
    benchmark: Benchmark
    closes: CloseHistory
    quote: Quote | None
    actions: Sequence[tuple[datetime, CorporateAction]]
    sessions: frozenset[date]
    sources: Sources

    @property
    def symbol(self) -> str:
        """Of the instrument."""
        return self.instrument.symbol

    def day(self, at: datetime) -> date:
        """The day of the owner that a moment is in."""
        return at.astimezone(self.zone).date()

    def price(self, closed_at: datetime, price: Decimal) -> Fact:
        """A close, or the price of the quote behind them."""
        if self.quote is not None and self.quote.source_time == closed_at:
            return price_fact(self.quote, self.instrument.currency)
        label, code = phrase("Close of {symbol}", symbol=self.symbol), self.instrument.currency.code
        close = self.closes.at(closed_at)
        source = "" if close is None else close.source
        return Fact(FactKind.PRICE, label, price, code, closed_at, source or self.sources.prices_from)

    def changes(self, after: datetime) -> list[tuple[datetime, Explained]]:
        """What the units of one were multiplied by since a close above zero, each with the moment of its counting."""
        later = sorted((each for each in self.actions if each[0] > after), key=_in_order)
        ratios = {
            place: (at, self._ratio(at, action))
            for place, (at, action) in enumerate(later)
            if isinstance(action, Split | StockDistribution)
        }
        paid: dict[int, list[_Paid]] = {}
        for place, (at, action) in enumerate(later):
            close = self._bought_at(at)
            if isinstance(action, CashDividend | CapitalRepayment) and close is not None:
                until = self.closes.closed_at[close]
                since = [node for number, (when, node) in ratios.items() if number > place and when <= until]
                paid.setdefault(close, []).append(_Paid(self._payment(at, action), since))
        bought = [(self.closes.closed_at[close], self._reinvested(close, each)) for close, each in paid.items()]
        return [*ratios.values(), *bought]

    def _bought_at(self, at: datetime) -> int | None:
        """The first close that knows what was paid at a moment, and at which something can be bought."""
        first = bisect_left(self.closes.closed_at, at)
        return next((place for place in range(first, len(self.closes.prices)) if self.closes.prices[place] > 0), None)

    def _ratio(self, at: datetime, action: Ratio) -> Explained:
        is_split = isinstance(action, Split)
        what = "Split" if is_split else phrase("Stock dividend")
        new, old = Decimal(action.new), Decimal(action.old)
        units = [
            one(
                symbol,
                Fact(
                    FactKind.ACTION,
                    phrase("{what} of {symbol}, {of_which} units", what=what, symbol=self.symbol, of_which=symbol),
                    count,
                    Unit.UNITS,
                    at,
                ),
            )
            for symbol, count in (("new", new), ("old", old))
        ]
        return Explained(
            name=phrase("{what} of {symbol} on {ex_date}", what=what, symbol=self.symbol, ex_date=action.ex_date),
            value=RATES.divide(new if is_split else new + old, old),
            unit=Unit.NUMBER,
            formula="new ÷ old" if is_split else "1 + new ÷ old",
            words=phrase("What one unit became by it."),
            definition=BENCHMARK,
            make_inputs=lambda: units,
        )

    def _payment(self, at: datetime, action: Payment) -> Node:
        what, own = (
            "Dividend" if isinstance(action, CashDividend) else phrase("Return of capital"),
            self.instrument.currency,
        )
        fact = Fact(
            FactKind.ACTION,
            phrase("{what} of {symbol}, a unit", what=what, symbol=self.symbol),
            action.amount,
            action.currency.code,
            at,
        )
        into, rates = conversion(self.sources, action.currency, own, at)
        if not into:
            return fact
        rate = BaseRates(own, self.sources.rates).rate(action.currency, at)
        return Explained(
            name=phrase("{label}, in {own}", label=fact.label, own=own),
            value=EXACT.multiply(action.amount, rate),
            unit=own.code,
            formula=f"amount{into}",
            words=phrase("At the rate in force on the ex-date."),
            definition=BENCHMARK,
            make_inputs=lambda: [one("amount", fact), *rates],
        )

    def _reinvested(self, close: int, paid: Sequence[_Paid]) -> Explained:
        closed_at, price = self.closes.closed_at[close], self.closes.prices[close]
        is_split = any(each.ratios for each in paid)
        bought = ZERO
        for each in paid:
            bought = RATES.add(bought, RATES.divide(each.amount, RATES.multiply(each.splits, price)))
        return Explained(
            name=phrase("Dividends of {symbol} reinvested on {day}", symbol=self.symbol, day=self.day(closed_at)),
            value=RATES.add(ONE, bought),
            unit=Unit.NUMBER,
            formula=f"1 + Σ(dividends{' ÷ splits' if is_split else ''}) ÷ price",
            words=phrase("They buy more of it at the first close on or after the ex-date."),
            definition=BENCHMARK,
            make_inputs=lambda: [
                several("dividends", [each.dividend for each in paid]),
                *([several("splits", [each.split_since(self.symbol) for each in paid])] if is_split else []),
                one("price", self.price(closed_at, price)),
            ],
        )


@dataclass(frozen=True, slots=True)
class _Paid:
    """A dividend that waits for a close, and the splits that come before that."""

    dividend: Node
    ratios: Sequence[Explained]

    @property
    def amount(self) -> Decimal:
        assert isinstance(self.dividend.value, Decimal)
        return self.dividend.value

    @property
    def splits(self) -> Decimal:
        return math.prod((each.value for each in self.ratios if isinstance(each.value, Decimal)), start=ONE)

    def split_since(self, symbol: str) -> Explained:
        return Explained(
            name=phrase("Units of {symbol} that each became until then", symbol=symbol),
            value=self.splits,
            unit=Unit.NUMBER,
            formula="Π(splits)",
            words=phrase("The splits between the ex-date and the close, one after the other."),
            definition=BENCHMARK,
            make_inputs=lambda: [several("splits", self.ratios)],
        )


def _in_order(event: tuple[datetime, CorporateAction]) -> tuple[datetime, bool]:
    """By moment; at the same moment splits are before dividends."""
    return event[0], isinstance(event[1], CashDividend | CapitalRepayment)
