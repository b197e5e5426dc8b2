"""Amounts in the base currency of a portfolio, by published rates and by the rates really paid.

**Source**: docs/reference/definitions.md, sections Time and Gains.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tickfolio.domain.ledger.cost_basis import Consideration, Pooled
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.errors import MissingRate, UnknownCost
from tickfolio.words import phrase

_ONE = Decimal(1)


class BaseRates:
    """The rates of one table into one currency, for the moments of facts: each is looked up once and kept."""

    def __init__(self, base: Currency, table: Rates) -> None:
        self.base = base
        self.table = table
        self._rates: dict[tuple[Currency, datetime], Decimal] = {}

    def rate(self, currency: Currency, at: datetime) -> Decimal:
        """How much of the base currency one unit of `currency` is worth by the rate in force at `at`.

        Raises:
            MissingRate: no source gives one; the message is the reason.
        """
        if currency == self.base:
            return _ONE
        key = currency, at
        known = self._rates.get(key)
        if known is None:
            found = self.table.rate_at(currency, self.base, at=at)
            if isinstance(found, Unpriced):
                raise MissingRate(found.reason)
            known = self._rates[key] = found.rate
        return known

    def converted(self, money: Money, at: datetime) -> Decimal:
        """`money` in the base currency by the rate in force at `at`, exact.

        Raises:
            MissingRate: no source gives one.
        """
        if money.currency == self.base:
            return money.amount
        return EXACT.multiply(money.amount, self.rate(money.currency, at))

    def value(self, consideration: Consideration) -> Decimal:
        """What was given or received, in the base currency, exact and unsigned.

        The side that is in the base currency is taken as it is; where neither is, what moved counts by the rate in
        force then. What was averaged counts as it was pooled, each part at its own rate.

        Raises:
            MissingRate: no source gives that rate.
            UnknownCost: nobody said what was given.
        """
        settled = consideration.settled
        if isinstance(consideration, Pooled):
            if consideration.base is None:
                raise MissingRate(
                    phrase(
                        "an exchange rate of {currency} is missing in the average",
                        currency=consideration.stated.currency,
                    )
                )
            return consideration.base
        if not consideration.is_known:
            raise UnknownCost(
                phrase("what was transferred in on {at:%Y-%m-%d} came without its cost", at=consideration.at)
            )
        if settled is None or consideration.stated.currency == self.base:
            return self.converted(consideration.stated, consideration.at)
        return self.converted(settled, consideration.at)

    def trade_rate(self, consideration: Consideration) -> Decimal:
        """The rate of a trade from its currency to the base currency: the one really paid, where one is stated.

        Raises:
            MissingRate: no source gives a rate that is needed.
        """
        settled = consideration.settled
        if settled is None or consideration.rate is None or consideration.stated.currency == self.base:
            return self.rate(consideration.stated.currency, consideration.at)
        return EXACT.multiply(consideration.rate, self.rate(settled.currency, consideration.at))


class CurrentRates:
    """The rates into the base currency that are in force at one moment, with those of the facts before it."""

    def __init__(self, facts: BaseRates, at: datetime) -> None:
        self.facts = facts
        self.base = facts.base
        self.at = at
        self._rates: dict[Currency, Decimal | Unpriced] = {}

    def rate(self, currency: Currency) -> Decimal:
        """How much of the base currency one unit of `currency` is worth now.

        Raises:
            MissingRate: no source gives a rate that is in force.
        """
        found = self.found(currency)
        if isinstance(found, Unpriced):
            raise MissingRate(found.reason)
        return found

    def found(self, currency: Currency) -> Decimal | Unpriced:
        """The same, with its absence as a value."""
        known = self._rates.get(currency)
        if known is None:
            known = self._rates[currency] = self._looked_up(currency)
        return known

    def differ_from(self, before: CurrentRates) -> bool:
        """Whether a rate that was asked of `before` is another one now; asks for no others."""
        return any(self.found(currency) != rate for currency, rate in before._rates.items())

    def _looked_up(self, currency: Currency) -> Decimal | Unpriced:
        if currency == self.base:
            return _ONE
        rate = self.facts.table.rate_at(currency, self.base, at=self.at)
        return rate if isinstance(rate, Unpriced) else rate.rate
