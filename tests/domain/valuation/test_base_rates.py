"""Amounts in the base currency."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import moment, money
from tests.domain.valuation.market import EUR, GBP, NOON, RATES, USD
from tickfolio.domain.ledger.cost_basis import Consideration, Pooled, Unknown
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.errors import MissingRate, UnknownCost

SUNDAY = moment("2012-05-20")
FACTS = BaseRates(EUR, RATES)


class OnceOnly:
    """Rates that answer each question once, and know nothing when it is asked again."""

    def __init__(self) -> None:
        self._asked: set[tuple[Currency, Currency, datetime]] = set()

    def rate_at(self, base: Currency, quote: Currency, *, at: datetime) -> ExchangeRate | Unpriced:
        question = base, quote, at
        if question in self._asked:
            return Unpriced("asked twice")
        self._asked.add(question)
        return RATES.rate_at(base, quote, at=at)


def test_an_amount_is_converted_at_the_rate_in_force_then() -> None:
    assert FACTS.converted(money("100 USD"), SUNDAY) == 80
    assert FACTS.converted(money("100 USD"), NOON) == 90
    assert FACTS.converted(money("100 EUR"), NOON) == 100


def test_what_was_settled_counts_by_what_really_moved() -> None:
    assert FACTS.value(Consideration(SUNDAY, money("100 USD"), money("79 EUR"), Decimal("0.79"))) == 79


def test_a_trade_in_the_base_currency_counts_as_it_was_stated_whatever_moved() -> None:
    assert FACTS.value(Consideration(SUNDAY, money("79 EUR"), money("100 USD"), Decimal("1.27"))) == 79


def test_where_neither_side_is_in_the_base_currency_what_moved_counts_by_the_rate_in_force() -> None:
    assert FACTS.value(Consideration(SUNDAY, money("100 USD"), money("62 GBP"), Decimal("0.62"))) == Decimal("77.5")


def test_the_rate_of_a_trade_is_the_one_really_paid() -> None:
    into_euros = Consideration(SUNDAY, money("100 USD"), money("79 EUR"), Decimal("0.79"))
    into_pounds = Consideration(SUNDAY, money("100 USD"), money("62 GBP"), Decimal("0.62"))
    assert FACTS.trade_rate(into_euros) == Decimal("0.79")
    assert FACTS.trade_rate(into_pounds) == Decimal("0.62") * Decimal("1.25")
    assert FACTS.trade_rate(Consideration(SUNDAY, money("100 USD"))) == Decimal("0.8")
    assert FACTS.trade_rate(Consideration(SUNDAY, money("79 EUR"), money("100 USD"), Decimal("1.27"))) == 1


def test_where_no_rate_is_stated_the_one_in_force_is_the_rate_of_a_trade() -> None:
    assert FACTS.trade_rate(Consideration(SUNDAY, money("100 USD"), money("79 EUR"))) == Decimal("0.8")


def test_a_rate_is_looked_up_once() -> None:
    facts = BaseRates(EUR, OnceOnly())
    assert (facts.rate(USD, NOON), facts.rate(USD, NOON), facts.rate(USD, SUNDAY)) == (
        Decimal("0.9"),
        Decimal("0.9"),
        Decimal("0.8"),
    )
    now = CurrentRates(BaseRates(EUR, OnceOnly()), NOON)
    assert (now.rate(USD), now.rate(USD)) == (Decimal("0.9"), Decimal("0.9"))


def test_a_missing_rate_says_why() -> None:
    with pytest.raises(MissingRate, match="no source of exchange rates knows JPY"):
        FACTS.rate(Currency("JPY"), NOON)
    with pytest.raises(MissingRate, match="no exchange rate of USD had been published by 2012-04-01"):
        FACTS.rate(USD, moment("2012-04-01"))
    with pytest.raises(MissingRate, match="knows JPY"):
        CurrentRates(FACTS, NOON).rate(Currency("JPY"))


def test_rates_of_now_are_those_in_force_now() -> None:
    now = CurrentRates(FACTS, NOON)
    assert (now.rate(USD), now.rate(EUR)) == (Decimal("0.9"), Decimal(1))
    assert now.found(Currency("JPY")) == Unpriced("no source of exchange rates knows JPY")


def test_rates_differ_only_where_one_that_was_asked_for_does() -> None:
    before, after = CurrentRates(FACTS, SUNDAY), CurrentRates(FACTS, NOON)
    assert before.rate(GBP) == after.rate(GBP)
    assert not after.differ_from(before)
    assert before.rate(USD) == Decimal("0.8")
    assert after.differ_from(before)
    assert not CurrentRates(FACTS, NOON + timedelta(days=1)).differ_from(after)


def test_a_rate_that_is_published_for_the_first_time_differs_from_none() -> None:
    facts = BaseRates(EUR, rate_table(EUR, [(NOON, {USD: Decimal(2)})]))
    before = CurrentRates(facts, NOON - timedelta(seconds=1))
    assert isinstance(before.found(USD), Unpriced)
    assert CurrentRates(facts, NOON).differ_from(before)


def test_what_was_averaged_counts_as_it_was_pooled() -> None:
    rates = BaseRates(EUR, RATES)
    assert rates.value(Pooled(NOON, money("10 USD"), base=Decimal("7.5"))) == Decimal("7.5")
    with pytest.raises(MissingRate, match="an exchange rate of USD is missing in the average"):
        rates.value(Pooled(NOON, money("10 USD")))


def test_what_nobody_said_has_no_worth() -> None:
    with pytest.raises(UnknownCost, match="what was transferred in on 2012-05-21 came without its cost"):
        BaseRates(EUR, RATES).value(Unknown(NOON, money("0 USD")))
