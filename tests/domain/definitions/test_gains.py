"""The section Gains, line by line; what is walked by hand stands beside each figure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.definitions.page import defines
from tests.domain.definitions.walks import (
    BEFORE,
    EARLY,
    LATE,
    gains,
    maybe_gains,
    portfolio,
    shown,
    worth_of,
)
from tests.domain.ledger.bookings import (
    AAPL,
    NEWCO,
    buy,
    charge,
    deposit,
    dividend,
    exchange,
    fee,
    interest,
    received,
    sell,
    settled,
    spin_off,
    transfer_in,
    transfer_out,
    withdrawal,
)
from tests.domain.valuation.market import quote
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import Fee, FeeRefund, Tax, TaxRefund
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.valuation import Day

D = Decimal


@defines("unrealized = market value − cost of the open lots.", "realized = net proceeds − relieved cost.")
def test_unrealized_and_realized_are_what_came_or_would_come_less_the_cost() -> None:
    found = gains(buy(EARLY, "10", "800 EUR"), sell(LATE, "5", "460 EUR", fees="10"))
    # 5 × 110 × 0.9 − 400, and 450 − 400.
    assert (found.unrealized, found.realized) == (D(95), D(50))


@defines("The percentage of an unrealized gain is of the cost; in a sum,")
def test_what_short_positions_brought_counts_like_the_cost_of_the_others() -> None:
    short = AccountOptions(allows_shorts=True)
    held = buy(BEFORE, "10", "800 EUR"), sell(BEFORE, "2", "200 EUR", symbol=NEWCO)
    at = {AAPL: quote("100"), NEWCO: quote("50").but(symbol=NEWCO)}
    totals = shown(portfolio(*held, options=short), at).totals
    # 10 × 100 × 0.9 − 800, and 200 − 2 × 50 × 0.9, of 800 + 200.
    assert (totals.cost, totals.cost_unsigned) == (D("600.00"), D("1000.00"))
    assert (totals.unrealized, totals.unrealized_percent) == (D("210.00"), D("21.00"))


@defines("A holding of unknown cost is in the value, and in neither the cost nor the gain")
def test_a_holding_of_unknown_cost_is_in_the_value_alone_and_is_counted() -> None:
    totals = shown(portfolio(transfer_in(BEFORE, "10"))).totals
    assert (totals.value, totals.cost, totals.unrealized) == (D("990.00"), D(0), D(0))
    assert (totals.priced, totals.without_cost) == (1, 1)


@defines("In the base currency a cost is at the rate of its purchase, proceeds are at the rate of their sale")
def test_cost_proceeds_and_value_each_have_the_rate_of_their_time() -> None:
    found = gains(buy(BEFORE, "10", "1000 USD"), sell(EARLY, "5", "600 USD"))
    # 600 × 0.8 − 500 × 0.8, and 550 × 0.9 − 500 × 0.8.
    assert (found.realized, found.unrealized) == (D(80), D(95))


@defines("The rate of a trade is the one really paid, where one is stated.")
def test_the_rate_of_a_trade_is_the_one_really_paid() -> None:
    found = gains(
        buy(BEFORE, "10", "1000 USD", settlement=settled("810 EUR", rate="0.81")),
        sell(LATE, "10", "1100 USD", settlement=settled("979 EUR", rate="0.89")),
    )
    # 979 − 810; 100 × 0.89; 1000 × (0.89 − 0.81).
    assert (found.realized, found.realized_price, found.realized_currency) == (D(169), D(89), D(80))


@defines("A side of the trade that is in the base currency is taken as it is.")
def test_a_side_in_the_base_currency_is_taken_as_it_is() -> None:
    # 100 euros by the price, whatever dollars moved; 79 euros that moved, whatever the price.
    by_price = gains(buy(BEFORE, "1", "100 EUR", settlement=settled("130 USD", rate="1.3", of="EUR")))
    by_cash = gains(buy(BEFORE, "1", "100 USD", settlement=settled("79 EUR", rate="0.79")))
    assert (by_price.unrealized, by_cash.unrealized) == (D(99 - 100), D(99 - 79))


@defines("Where neither side is, what moved counts by the rate in force at that time.")
def test_where_neither_side_is_in_the_base_currency_what_moved_counts() -> None:
    # 62 pounds at 1.25 are 77.50 euros; the 100 dollars of the price would be 80.
    found = gains(buy(BEFORE, "1", "100 USD", settlement=settled("62 GBP", rate="0.62")))
    assert found.unrealized == 99 - D("77.5")


@defines("A currency exchange has one value for both its sides")
def test_an_exchange_has_one_value_for_both_sides() -> None:
    # 87 euros for 100 dollars that came in at 80 and are worth 90: the result is 7.
    assert gains(deposit(BEFORE, "100 USD"), exchange(LATE, "100 USD", "87 EUR")).cash_currency == 7
    # 100 pounds, which came in at 125, for 150 dollars at 0.80, which are worth 135 now: −5 and 15.
    assert gains(deposit(BEFORE, "100 GBP"), exchange(EARLY, "100 GBP", "150 USD")).cash_currency == 10


@defines("All other cash counts by the rate in force when it moved.")
def test_other_cash_counts_by_the_rate_in_force_when_it_moved() -> None:
    assert gains(deposit(BEFORE, "100 USD"), withdrawal(LATE, "100 USD")).external_flows == 80 - 90
    assert gains(interest(EARLY, "10 USD")).income == 8
    assert gains(interest(LATE, "10 USD")).income == 9
    assert gains(fee(LATE, "10 USD")).fees == 9


@defines(
    "*Price part* = (end − start, both in the currency of the trade) × rate at the end.",
    "*Currency part* = start in that currency × (rate at the end − rate at the start).",
    "The rule is the same for open lots, for closed ones and for a day.",
)
def test_price_part_and_currency_part_of_open_lots_of_closed_ones_and_of_a_day() -> None:
    open_lot = gains(buy(BEFORE, "10", "1000 USD"))
    # (1100 − 1000) × 0.9, and 1000 × (0.9 − 0.8).
    assert (open_lot.unrealized_price, open_lot.unrealized_currency) == (D(90), D(100))
    closed = gains(buy(BEFORE, "10", "1000 USD"), sell(LATE, "10", "1050 USD"))
    # (1050 − 1000) × 0.9, and the same.
    assert (closed.realized_price, closed.realized_currency) == (D(45), D(100))
    day = worth_of(shown(portfolio(buy(BEFORE, "10", "700 USD"))), "h:broker:AAPL").day
    assert isinstance(day, Day)
    # From 100 at 0.80 to 110 at 0.90: the cost is no matter.
    assert (day.price, day.currency, day.total) == (D(90), D(100), D(190))


@defines("Income is gross dividends and interest; the withholding tax stands beside it.")
def test_income_is_gross_and_the_tax_stands_beside_it() -> None:
    found = gains(dividend(LATE, "20 USD", tax="3"), interest(LATE, "10 EUR", tax="2"))
    assert (found.income, found.taxes) == (20 * D("0.9") + 10, 3 * D("0.9") + 2)


@defines("Fees and taxes outside the cost are less what came back of them.")
def test_fees_and_taxes_are_less_what_came_back() -> None:
    found = gains(
        charge(Fee, BEFORE, "10 EUR"),
        charge(FeeRefund, LATE, "4 EUR"),
        charge(Tax, BEFORE, "5 EUR"),
        charge(TaxRefund, LATE, "7 EUR"),
    )
    assert (found.fees, found.taxes) == (D(6), D(-2))


@defines("Instruments that cross the border of the portfolio are external flows at their cost")
def test_instruments_across_the_border_are_flows_at_their_cost_and_the_rate_of_their_acquisition() -> None:
    lots = received("2012-05-02", "5", "500 USD"), received("2012-05-21 15:00", "5", "600 USD")
    came = transfer_in("2012-05-21 15:30", "10", *lots)
    assert gains(came).external_flows == 500 * D("0.8") + 600 * D("0.9")
    went = transfer_out("2012-05-21 15:45", "5", to=None)
    assert gains(came, went).external_flows == 600 * D("0.9")
    assert gains(came, transfer_out("2012-05-21 15:45", "5")).external_flows == 940


@defines("The *currency result on cash* is what went out at another value than it had come in for")
def test_the_currency_result_on_cash_is_of_what_went_of_what_is_there_and_of_receivables() -> None:
    assert gains(deposit(BEFORE, "100 USD"), withdrawal(LATE, "100 USD")).cash_currency == 10
    assert gains(deposit(BEFORE, "100 USD")).cash_currency == 10
    waiting = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-14")
    # 17 × (0.9 − 0.8)
    assert gains(waiting).cash_currency == D("1.7")


@defines(
    "All parts sum to all that was gained, to the last digit and before any rounding:",
    "value − net external flows = realized + unrealized + income − fees and taxes outside the cost + currency result",
)
@pytest.mark.parametrize("fees_in_cost", [True, False])
def test_the_parts_sum_to_all_that_was_gained(*, fees_in_cost: bool) -> None:
    found = gains(
        deposit(BEFORE, "2000 EUR"),
        exchange(BEFORE, "1600 EUR", "1980 USD"),
        buy(BEFORE, "3", "300 USD", fees="1"),
        spin_off("2012-05-15", 1, 3, "0"),
        sell(LATE, "1", "120 USD", fees="1"),
        sell(LATE, "1", "20 USD", symbol=NEWCO),
        dividend(LATE, "10 USD", tax="1"),
        fee(LATE, "4.50 EUR"),
        options=AccountOptions(fees_in_cost=fees_in_cost),
    )
    parts = found.realized + found.unrealized + found.income - found.fees - found.taxes + found.cash_currency
    assert found.value - found.external_flows == parts == found.total
    # Two shares at 110 and what is left of the dollars at 0.90, and of the euros.
    dollars = 1980 - 301 + 119 + 20 + 9
    assert found.value == (220 + dollars) * D("0.9") + 400 - D("4.5")
    assert found.fees == D("4.5") if fees_in_cost else D("4.5") + D("0.8") + D("0.9")


@defines('As long as one holding has no price, these sums are "not available".')
def test_without_one_price_the_sums_are_not_available() -> None:
    booked = buy(BEFORE, "1", "100 USD"), buy(BEFORE, "1", "100 USD", symbol=NEWCO)
    assert maybe_gains(*booked) == NotAvailable("no price of NEWCO is known")
