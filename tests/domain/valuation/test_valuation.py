"""A day's parts and percentages."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import buy
from tests.domain.valuation.market import EUR, quote, row_of, valued
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
