"""What the day of a holding rests on: its sums, its prices and its rates, with what formulas say of them.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from tickfolio.domain.explain.definitions import DAY
from tickfolio.domain.explain.facts import conversion, price_fact, ratio_inputs, unit_factor
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Input, one
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import INNER_PLACES
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.domain.money import EXACT, ROUNDING, rounded
from tickfolio.domain.valuation.day_change import DaySums
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.domain.valuation.valuation import Day, Row
from tickfolio.words import phrase

ZERO = Decimal(0)


class HoldingFacts:
    """A holding, its day, and the prices and rates at both ends."""

    def __init__(self, standing: Standing, row: Row, day: Day) -> None:
        assert row.symbol is not None
        assert row.instrument is not None
        self.standing, self.row, self.instrument = standing, row, row.instrument
        self.position: Position = standing.position(row.account, row.symbol)
        sums = standing.sums(row)
        assert not isinstance(sums.day, NotAvailable)
        self.sums: DaySums = sums.day
        self.ratio, self.after, self.day = sums.ratio, sums.day.window.after, day
        # Without a price, or with nothing that was held at the reference, the quote has no part in the day.
        self.quote = row.quote
        self.counts_since = row.quote is not None and bool(self.sums.held or self.sums.sold)

    @property
    def base(self) -> str:
        """The base currency."""
        return self.standing.book.base.code

    def node(
        self, name: str, value: Decimal, formula: str, words: str, inputs: Callable[[], Iterable[Input]]
    ) -> Explained:
        """An amount in the base currency, and what it is made of."""
        return Explained(name, value, self.base, formula, words, DAY, inputs, is_gain=True)

    def quoted(self) -> Quote:
        """The quote, where there is one."""
        assert self.quote is not None
        return self.quote

    def price(self) -> Decimal:
        """The price now."""
        return self.quoted().price

    def close_price(self) -> Decimal:
        """The close at the reference."""
        return self.quoted().previous_close or ZERO

    def unit_value(self) -> Decimal:
        """What a quantity of 1 at a price of 1 is worth."""
        return unit_value(self.instrument)

    def rate_now(self) -> Decimal:
        """The rate in force."""
        return self.standing.rates.rate(self.instrument.currency)

    def rate_then(self) -> Decimal:
        """The rate at the reference."""
        return self.standing.facts.rate(self.instrument.currency, self.after)

    def flat(self, units: Decimal, price: Decimal, rate: Decimal) -> Decimal:
        """Units at a price and a rate, in the base currency."""
        return EXACT.multiply(EXACT.multiply(units, price), EXACT.multiply(self.unit_value(), rate))

    def valued(self, units: Decimal, price: Decimal, rate: Decimal) -> Decimal:
        """The same of units as of now at a price that may not know a split."""
        value, (new, old) = self.flat(units, price, rate), self.ratio
        if new == old:
            return value
        return rounded(ROUNDING.divide(EXACT.multiply(value, Decimal(old)), Decimal(new)), places=INNER_PLACES)

    def factor(self) -> str:
        """What formulas multiply by for the contract size and the quote unit."""
        return unit_factor(self.instrument)[0]

    def into(self, symbol: str) -> str:
        """What formulas multiply by for the base currency."""
        return "" if self.instrument.currency == self.standing.book.base else f" × {symbol}"

    def split_formula(self, product: str, rate: str) -> str:
        """A product as a formula, on the basis of the price."""
        formula = f"{product}{self.factor()}{self.into(rate)}"
        return formula if self.ratio[0] == self.ratio[1] else f"round({formula} × old ÷ new, {INNER_PLACES})"

    def splits(self) -> list[Input]:
        """The inputs for the splits that the price does not know."""
        return [] if self.ratio[0] == self.ratio[1] else list(ratio_inputs(self.ratio))

    def prices(self, *, with_price: bool = True, with_close: bool = True) -> list[Input]:
        """The inputs for the price and the close."""
        quote, currency = self.quoted(), self.instrument.currency
        found = [one("price", price_fact(quote, currency))] if with_price else []
        if with_close:
            of = (
                ""
                if self.day.reference_day is None
                else phrase(", of {reference_day}", reference_day=self.day.reference_day)
            )
            label = phrase("Close of {symbol} before{of}", symbol=quote.symbol, of=of)
            close = Fact(FactKind.PRICE, label, self.close_price(), currency.code, self.after, quote.source)
            found.append(one("close", close))
        return [*found, *unit_factor(self.instrument)[1]]

    def rates(self, symbol: str) -> list[Input]:
        """The input for a rate, of now or of the reference."""
        at = self.standing.at if symbol == "rate" else self.after
        return conversion(self.standing.sources, self.instrument.currency, self.standing.book.base, at, symbol=symbol)[
            1
        ]
