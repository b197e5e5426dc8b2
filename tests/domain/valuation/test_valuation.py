"""A day's parts and percentages."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import buy, deposit
from tests.domain.valuation.market import EUR, USD, quote, row_of, valued
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Day, Parts, counts_as_priced, day_of, percent_of

D = Decimal
FIGURES = st.integers(-(10**9), 10**9).map(lambda units: Decimal(units).scaleb(-5))


def day(total: str, *, price: str = "0", income: str = "0", fees: str = "0", currency: Currency = EUR) -> Day:
    return day_of(
        Parts(price=D(price), all_price=D(price), income=D(income), fees=D(fees)),
        total=D(total),
        reference=D(1000),
        opening=D(900),
        reference_day=None,
        currency=currency,
    )


def test_all_parts_but_the_currency_part_are_rounded_and_that_is_what_is_left() -> None:
    made = day("10.014", price="3.333", income="1.005", fees="-0.125")
    assert (made.total, made.price, made.income, made.fees) == (D("10.01"), D("3.33"), D("1.00"), D("-0.12"))
    assert made.currency == D("5.80")


def test_money_is_rounded_half_to_even_to_the_currencys_smallest_coin() -> None:
    assert [day(total).total for total in ("0.125", "0.135")] == [D("0.12"), D("0.14")]
    assert day("100.5", currency=Currency("JPY")).total == 100
    assert str(day("1", currency=Currency("KWD")).total) == "1.000"


def test_a_part_that_rounds_to_zero_has_no_sign() -> None:
    assert str(day("1", fees="-0.001").fees) == "0.00"


@given(total=FIGURES, price=FIGURES, income=FIGURES, fees=FIGURES)
def test_the_parts_sum_to_the_total(total: Decimal, price: Decimal, income: Decimal, fees: Decimal) -> None:
    made = day(f"{total:f}", price=f"{price:f}", income=f"{income:f}", fees=f"{fees:f}")
    assert made.price + made.income + made.fees + made.currency == made.total
    assert abs(made.currency - (total - price - income - fees)) <= D("0.02")


def test_a_percentage_is_rounded_half_to_even_to_two_places() -> None:
    assert percent_of(D("27.05"), D("530.38"), of_what="it") == D("5.10")
    assert percent_of(D("0.00125"), D(1), of_what="it") == D("0.12")
    assert percent_of(D("-1"), D(3), of_what="it") == D("-33.33")


def test_a_percentage_of_nothing_or_less_is_not_available() -> None:
    assert percent_of(D(1), D(0), of_what="the cost") == NotAvailable("the cost is not above zero")
    assert percent_of(D(1), D(-1), of_what="the cost") == NotAvailable("the cost is not above zero")


def test_a_holding_with_a_value_counts_as_priced() -> None:
    priced = valued(buy("2012-05-14", "1", "80 USD"), quotes={"AAPL": quote("110", "100")})
    unpriced = valued(buy("2012-05-14", "1", "80 USD"))
    assert counts_as_priced(row_of(priced, "h:broker:AAPL"))
    assert not counts_as_priced(row_of(priced, "c:broker:USD"))
    assert not counts_as_priced(row_of(unpriced, "h:broker:AAPL"))


def test_in_another_currency_the_day_has_what_that_did_to_all_that_was_held() -> None:
    booked = (
        deposit("2012-05-14", "2000 USD"),
        buy("2012-05-14", "10", "1000 USD"),
        # After Monday's publication, so at the rate in force now.
        buy("2012-05-21 15:00", "4", "440 USD"),
        deposit("2012-05-21 15:30", "100 USD"),
    )
    own, home = (valued(*booked, quotes={"AAPL": quote("110", "100")}, base=base).totals for base in (USD, EUR))
    assert (own.value, own.day) == (D("2200.00"), D("100.00"))
    # A dollar was 0.80 euros at Friday's close and is 0.90: 2,200 × 0.90 − 2,000 × 0.80 − 100 × 0.90, and not 100 × 0.90.
    assert (home.value, home.day, home.currency) == (D("1980.00"), D("290.00"), EUR)
    assert home.day_currency == D("200.00")
