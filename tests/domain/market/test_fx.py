"""Exchange rates in force."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.market.fx import PublishedRate, RateSeries, RateTable, rate_table
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.errors import InvalidValue

EUR, USD, GBP, ISK, VND = (Currency(code) for code in ("EUR", "USD", "GBP", "ISK", "VND"))
MONDAY, TUESDAY = datetime(2012, 5, 21, 14, 0, tzinfo=UTC), datetime(2012, 5, 22, 14, 0, tzinfo=UTC)
TABLE = rate_table(
    EUR,
    [
        (MONDAY, {USD: Decimal("1.275"), GBP: Decimal("0.8075"), ISK: Decimal(290)}),
        (TUESDAY, {USD: Decimal("1.2768"), GBP: Decimal("0.8087")}),
    ],
)
RATES = st.decimals(min_value="0.000001", max_value=10**6, places=6)


def rate(base: Currency, quote: Currency, at: datetime = MONDAY, *, table: RateTable = TABLE) -> Decimal | str:
    found = table.rate_at(base, quote, at=at)
    return found.reason if isinstance(found, Unpriced) else found.rate


def test_a_rate_is_in_force_from_its_publication_until_the_next() -> None:
    assert rate(EUR, USD, MONDAY) == Decimal("1.275")
    assert rate(EUR, USD, TUESDAY - timedelta(microseconds=1)) == Decimal("1.275")
    assert rate(EUR, USD, TUESDAY) == Decimal("1.2768")
    assert rate(EUR, USD, TUESDAY + timedelta(days=900)) == Decimal("1.2768")


def test_an_inverse_is_rounded_once() -> None:
    assert rate(USD, EUR) == Decimal("0.784313725490")


def test_a_cross_rate_goes_through_the_pivot_and_is_rounded_once() -> None:
    assert rate(USD, GBP) == Decimal("0.633333333333")
    assert rate(GBP, USD) == Decimal("1.578947368421")


@given(one=RATES, two=RATES)
def test_a_cross_rate_is_the_exact_quotient_to_half_a_unit_of_the_twelfth_place(one: Decimal, two: Decimal) -> None:
    found = rate(USD, GBP, table=rate_table(EUR, [(MONDAY, {USD: one, GBP: two})]))
    assert isinstance(found, Decimal)
    assert abs(Fraction(found) - Fraction(two) / Fraction(one)) <= Fraction(1, 2 * 10**12)


def test_a_currency_costs_one_of_itself_even_where_no_rate_is_known() -> None:
    assert rate(VND, VND) == 1
    assert TABLE.rate_at(EUR, EUR, at=MONDAY) == ExchangeRate(EUR, EUR, Decimal(1))


def test_a_missing_rate_is_a_value_that_says_why() -> None:
    assert rate(USD, VND) == rate(VND, USD) == "no source of exchange rates knows VND"
    assert rate(USD, EUR, MONDAY - timedelta(seconds=1)) == "no exchange rate of USD had been published by 2012-05-21"


def test_a_rate_that_its_source_no_longer_publishes_is_not_carried_on() -> None:
    assert rate(EUR, ISK) == Decimal(290)
    assert rate(EUR, ISK, TUESDAY) == "no exchange rate of ISK is published at 2012-05-22"


def test_a_rate_too_small_for_twelve_places_is_missing() -> None:
    table = rate_table(EUR, [(MONDAY, {USD: Decimal(10**13), GBP: Decimal(1)})])
    assert rate(USD, GBP, table=table) == "one USD costs less GBP than 12 decimal places can hold"


def test_a_published_rate_comes_with_its_moment() -> None:
    assert TABLE.published(USD, at=TUESDAY + timedelta(days=1)) == PublishedRate(
        ExchangeRate(EUR, USD, Decimal("1.2768")), TUESDAY
    )


def test_a_table_knows_its_currencies() -> None:
    assert TABLE.currencies == {EUR, USD, GBP, ISK}
    assert TABLE.pivot == EUR


def test_publications_out_of_order_are_refused() -> None:
    for moments in ((TUESDAY, MONDAY), (MONDAY, MONDAY)):
        with pytest.raises(InvalidValue, match="oldest first"):
            RateSeries(moments, (Decimal(1), Decimal(1)))


def test_a_publication_without_its_rate_is_refused() -> None:
    with pytest.raises(InvalidValue, match="a rate per publication"):
        RateSeries((MONDAY,), ())


def test_a_series_for_the_pivot_is_refused() -> None:
    with pytest.raises(InvalidValue, match="no series for EUR"):
        rate_table(EUR, [(MONDAY, {EUR: Decimal(1)})])


WEDNESDAY = TUESDAY + timedelta(days=1)


def test_later_publications_extend_a_table_and_leave_it_as_it_was() -> None:
    both = TABLE.extended([(WEDNESDAY, {USD: Decimal("1.28"), VND: Decimal(26500)})])
    assert (rate(EUR, USD, TUESDAY, table=both), rate(EUR, USD, WEDNESDAY, table=both)) == (
        Decimal("1.2768"),
        Decimal("1.28"),
    )
    assert rate(EUR, VND, WEDNESDAY, table=both) == 26500
    assert rate(EUR, VND, TUESDAY, table=both) == "no exchange rate of VND had been published by 2012-05-22"
    assert rate(EUR, GBP, WEDNESDAY, table=both) == "no exchange rate of GBP is published at 2012-05-23"
    assert rate(EUR, USD, WEDNESDAY) == Decimal("1.2768")


def test_a_rate_that_is_not_believed_leaves_the_one_before_in_force() -> None:
    both = TABLE.extended([(WEDNESDAY, {USD: None, VND: Decimal(26500)}), (WEDNESDAY + timedelta(days=1), {USD: None})])
    kept = both.published(USD, at=WEDNESDAY + timedelta(days=2))
    assert not isinstance(kept, Unpriced)
    assert (kept.rate.rate, kept.published_at) == (Decimal("1.2768"), TUESDAY)
    assert rate(EUR, VND, WEDNESDAY, table=both) == 26500
    assert TABLE.extended([(WEDNESDAY, {USD: None})]).last_published_at == WEDNESDAY


def test_publications_that_are_not_later_change_nothing() -> None:
    assert TABLE.extended([(MONDAY, {USD: Decimal(9)}), (TUESDAY, {USD: Decimal(9)})]) is TABLE
    assert TABLE.extended([]) is TABLE


def test_later_publications_out_of_order_are_refused() -> None:
    twice = [(WEDNESDAY, {USD: Decimal("1.28")}), (WEDNESDAY, {USD: Decimal("1.29")})]
    with pytest.raises(InvalidValue, match="oldest first"):
        TABLE.extended(twice)


def test_a_table_says_when_its_newest_rates_were_published() -> None:
    empty = rate_table(EUR, [])
    assert TABLE.last_published_at == TUESDAY
    assert empty.last_published_at is None
    assert rate(EUR, USD, table=empty.extended([(MONDAY, {USD: Decimal("1.275")})])) == Decimal("1.275")


def test_it_is_known_from_when_on_a_currency_has_a_rate() -> None:
    late = rate_table(EUR, [(MONDAY, {USD: Decimal("1.275")}), (TUESDAY, {GBP: Decimal("0.8087")})])
    assert (late.known_from(USD), late.known_from(GBP)) == (MONDAY, TUESDAY)
    assert (late.known_from(EUR), late.known_from(VND)) == (None, None)
    assert RateTable(pivot=EUR, series={USD: RateSeries((MONDAY,), (None,))}).known_from(USD) is None
