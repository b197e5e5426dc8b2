"""The section Numbers, line by line."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, Inexact

import pytest

from tests.domain.definitions.page import defines
from tests.domain.definitions.walks import (
    AT_110,
    BEFORE,
    GBP,
    JPY,
    LATE,
    USD,
    portfolio,
    position,
    sales,
    shown,
    worth_of,
)
from tests.domain.ledger.bookings import AAPL, buy, deposit, money, sell, split, transfer_in
from tests.domain.valuation.market import EUR, NOON, quote
from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.market.quotes import MarketSession, NotAvailable, Tick, percent_change
from tickfolio.domain.money import EXACT, ExchangeRate, parse_decimal, rounded
from tickfolio.domain.records import Record
from tickfolio.errors import InvalidNumber
from tickfolio.web.figures import percent_text, price_text, signed_text

D = Decimal


def tick(price: str) -> Tick:
    return Tick(AAPL, D(price), None, date(2012, 5, 21), MarketSession.REGULAR, NOON, NOON, "test")


def numbers_in(value: object) -> list[object]:
    """Every number in a value and in the values that it is made of."""
    if isinstance(value, Decimal | float):
        return [value]
    if isinstance(value, tuple):
        return [number for each in value for number in numbers_in(each)]
    if isinstance(value, Record):
        return [number for name in value.__struct_fields__ for number in numbers_in(getattr(value, name))]
    if is_dataclass(value):
        return [number for field in fields(value) for number in numbers_in(getattr(value, field.name))]
    return []


@defines("Prices, rates and amounts are decimal numbers", "No binary float is on the way")
def test_prices_rates_and_amounts_are_decimals_and_none_is_a_float() -> None:
    made = portfolio(deposit(BEFORE, "0.10 EUR"), deposit(LATE, "0.20 EUR"), buy(BEFORE, "3", "0.30 USD"))
    numbers = [*numbers_in(shown(made)), *numbers_in(made.gains(quote_of=AT_110.get, rates=STEADY_RATES, at=NOON))]
    assert len(numbers) > 30
    assert {type(number) for number in numbers} == {Decimal}
    # A binary float would make 0.30000000000000004 of it.
    assert shown(made).rows[1].quantity == D("0.30")


STEADY_RATES = rate_table(EUR, [(datetime(2012, 4, 2, tzinfo=UTC), {USD: D("1.25"), GBP: D("0.8")})])


@defines("A price or a rate has at most 12 decimal places, and is above zero.")
def test_a_price_or_a_rate_has_at_most_twelve_places_and_is_above_zero() -> None:
    assert tick("0.000000000001").price == D("1E-12")
    assert ExchangeRate(EUR, USD, D("0.000000000001")).rate == D("1E-12")
    for wrong in ("0.0000000000001", "0", "-1"):
        with pytest.raises(InvalidNumber):
            tick(wrong)
        with pytest.raises(InvalidNumber):
            ExchangeRate(EUR, USD, D(wrong))


@defines("A quantity may have 18.")
def test_a_quantity_has_at_most_eighteen_places() -> None:
    assert buy(BEFORE, "0.000000000000000001", "1 USD").quantity == D("1E-18")
    with pytest.raises(InvalidNumber, match="at most 18 places"):
        buy(BEFORE, "0.0000000000000000001", "1 USD")


@defines("Sums, differences and products are exact")
def test_sums_and_products_have_a_hundred_digits_and_one_more_is_an_error() -> None:
    assert EXACT.prec == 100
    assert EXACT.add(D(10) ** 98, D("0.1")) == D("1" + "0" * 98 + ".1")
    with pytest.raises(Inexact):
        EXACT.add(D(10) ** 99, D("0.1"))
    with pytest.raises(Inexact):
        EXACT.multiply(D("1" * 60), D("1" * 60))


@defines("A division rounds once, half to even")
def test_a_division_rounds_once_half_to_even_to_the_places_of_its_kind() -> None:
    # 0.125 % and 0.375 %: a tie goes to the even neighbour.
    assert percent_change(D("100.125"), D(100)) == D("0.12")
    assert percent_change(D("100.375"), D(100)) == D("0.38")
    assert ExchangeRate(EUR, USD, D(3)).inverted().rate == D("0.333333333333")
    third = position(buy(BEFORE, "3", "100 USD"), sell(LATE, "1", "50 USD"))
    assert sales(third) == [(D(1), D("33.333333333333333333"), D(50))]
    assert position(buy(BEFORE, "2", "100 USD"), split(LATE, 1, 3)).quantity == D("0.666666666666666667")


@defines("Money of a row is rounded once, half to even")
def test_money_of_a_row_is_rounded_to_the_smallest_coin_of_the_base_currency() -> None:
    # 1 × 110.05 × 0.9 = 99.045, a tie between 99.04 and 99.05.
    held = buy(BEFORE, "1", "100 USD")
    at = {AAPL: quote("110.05", "100")}
    assert worth_of(shown(portfolio(held), at), "h:broker:AAPL").value == D("99.04")
    yen = rate_table(EUR, [(datetime(2012, 4, 2, tzinfo=UTC), {USD: D(1), JPY: D(100)})])
    in_yen = shown(portfolio(held, base=JPY), {AAPL: quote("1.005", "1")}, yen)
    assert worth_of(in_yen, "h:broker:AAPL").value == D(100)  # 100.5 yen


@defines("A total is the sum of its rows", "So a page adds up")
def test_a_total_is_the_sum_of_the_rounded_rows() -> None:
    # 0.045 twice is 0.09 before rounding; the rows show 0.04 each.
    rows = shown(portfolio(deposit(BEFORE, "0.05 USD"), buy(BEFORE, "1", "0 USD")), {AAPL: quote("0.05", "0.05")})
    assert [worth_of(rows, row.key).value for row in rows.rows] == [D("0.04"), D("0.04")]
    assert rows.totals.value == D("0.08")


@defines("An exchange rate is used by multiplication only.")
def test_an_exchange_rate_multiplies() -> None:
    rate = ExchangeRate(USD, EUR, D("0.784313725490"))
    assert rate.convert(money("100 USD")) == money("78.4313725490 EUR")


@defines("An inverse or a cross rate is a rate of its own, rounded once")
def test_an_inverse_and_a_cross_rate_are_rounded_once_to_twelve_places() -> None:
    table = rate_table(EUR, [(datetime(2012, 4, 2, tzinfo=UTC), {USD: D("1.275"), GBP: D("0.81")})])
    inverse, cross = table.rate_at(USD, EUR, at=NOON), table.rate_at(USD, GBP, at=NOON)
    assert isinstance(inverse, ExchangeRate)
    assert isinstance(cross, ExchangeRate)
    assert inverse.rate == D("0.784313725490")  # 1 ÷ 1.275
    assert cross.rate == D("0.635294117647")  # 0.81 ÷ 1.275


@defines("A split keeps its ratio as two whole numbers.")
def test_a_split_keeps_its_ratio_as_two_whole_numbers() -> None:
    held = position(buy(BEFORE, "3", "90 USD"), split(LATE, 7, 3))
    assert (held.splits[0].new, held.splits[0].old, held.quantity) == (7, 3, D(7))


@defines("A price of before a split is multiplied by one and divided by the other")
def test_a_price_of_before_a_split_is_brought_onto_the_new_basis() -> None:
    day = date(2005, 2, 28)
    assert split_adjusted(D("88.99"), [Split(AAPL, day, new=2, old=1)]) == D("44.495")
    # 100 × 3 ÷ 7
    assert split_adjusted(D(100), [Split(AAPL, day, new=7, old=3)]) == D("42.857142857143")


@defines("A value is quantity × price × contract size ÷ quote unit.", "Both are facts of the instrument")
def test_a_value_knows_contract_size_and_quote_unit() -> None:
    share = Instrument(AAPL, "A share", "XNYS", USD)
    pence = Instrument(Symbol("VOD"), "In pence", "XNYS", GBP, quote_unit=D(100))
    option = Instrument(Symbol("CALL"), "On 100 shares", "XNYS", USD, contract_size=D(100))
    assert (share.contract_size, share.quote_unit) == (D(1), D(1))
    known = {each.symbol: each for each in (share, pence, option)}
    bought = [buy(BEFORE, "2", "1 USD", symbol=symbol) for symbol in known]
    at = {symbol: quote("150", "150").but(symbol=symbol) for symbol in known}
    rows = shown(portfolio(*bought, instruments=known), at)
    values = [worth_of(rows, f"h:broker:{symbol}").value for symbol in known]
    # 2 × 150 × 0.9; 2 × 150 ÷ 100 × 1.25; 2 × 150 × 100 × 0.9.
    assert values == [D("270.00"), D("3.75"), D("27000.00")]


@defines('A division by zero, or by what is not known, gives "not available"')
def test_a_division_by_zero_or_by_what_is_not_known_is_not_available_with_a_reason() -> None:
    free = worth_of(shown(portfolio(buy(BEFORE, "1", "0 USD"))), "h:broker:AAPL")
    assert free.unrealized_percent == NotAvailable("the cost is not above zero")
    unknown = worth_of(shown(portfolio(transfer_in(BEFORE, "1"))), "h:broker:AAPL")
    assert unknown.unrealized_percent == NotAvailable("what was transferred in on 2012-05-14 came without its cost")
    assert quote("100").change_percent == NotAvailable("no previous close is known")


@defines("The page and the chart show a price with at least the decimal places")
def test_a_price_is_shown_with_the_places_of_its_exchange_and_all_that_it_has() -> None:
    assert price_text(parse_decimal("557"), places=2) == "557.00"
    assert price_text(parse_decimal("44.495"), places=2) == "44.495"


@defines("The sign of a figure is taken after rounding for display")
def test_what_shows_as_zero_has_no_sign() -> None:
    assert (percent_text(D("-0.004")), percent_text(D("-0.006"))) == ("0.00 %", "−0.01 %")
    assert (signed_text(D("-0.00"), places=2), signed_text(D("0.01"), places=2)) == ("0.00", "+0.01")
    assert rounded(D("-0.004"), places=2).is_zero()
