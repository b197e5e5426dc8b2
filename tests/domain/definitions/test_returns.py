"""The sections Daily series and Returns, line by line; what is walked by hand stands beside each figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.domain.definitions.page import defines
from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    NEWCO,
    buy,
    cash_transfer,
    charge,
    deposit,
    dividend,
    interest,
    moment,
    sell,
    transfer_in,
    withdrawal,
)
from tests.domain.valuation.market import BERLIN, RATES
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import AccountId, Fee, Tax, Transaction, TransactionId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.contribution import contributions
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.mwr import MoneyWeighted, SeveralSolutions, money_weighted, net_present_value
from tickfolio.domain.performance.series import PortfolioSeries, ValuedDay, growth_of, portfolio_series
from tickfolio.domain.performance.twr import FlowValue, annualised
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan

D = Decimal
USD = Currency("USD")
MONDAY = date(2012, 5, 14)


def series(
    *transactions: Transaction,
    prices: dict[Symbol, dict[str, str]] | None = None,
    valued: dict[TransactionId, Decimal] | None = None,
    zone: ZoneInfo = BERLIN,
    base: Currency = USD,
) -> PortfolioSeries:
    """From Monday to Sunday, of two accounts, with closes at noon of their days."""
    book = PortfolioBook(
        base=base,
        zone=zone,
        accounts=(AccountFacts(BROKER, "Broker"), AccountFacts(BANK, "Bank")),
        transactions=transactions,
        instruments={symbol: Instrument(symbol, symbol, "XNYS", USD) for symbol in (AAPL, NEWCO)},
    )
    closes = {
        symbol: CloseHistory([moment(day) for day in each], [D(price) for price in each.values()])
        for symbol, each in (prices or {}).items()
    }
    days = Days(MONDAY, MONDAY + timedelta(days=6), zone)
    live = LivePortfolio(book, days=OneSpan(days.begins[0]))
    live.ledgers(rates=RATES, at=days.ends[-1])
    flows = {flow: FlowValue(value) for flow, value in (valued or {}).items()}
    return portfolio_series(book, live, days, closes=closes, rates=RATES, valued_flows=flows)


def values(days: list[ValuedDay]) -> list[Decimal]:
    return [day.value for day in days]


def flows(days: list[ValuedDay]) -> list[Decimal]:
    return [flow.amount for day in days for flow in day.flows]


def is_holding(row: ValueRow) -> bool:
    return row.key.startswith("h:")


def of_account(account: AccountId, made: PortfolioSeries) -> list[ValuedDay]:
    return made.part(lambda row: row.account == account)


RISING = {AAPL: {"2012-05-14": "100", "2012-05-15": "110", "2012-05-16": "99"}}
HELD = deposit("2012-05-14", "1000 USD"), buy("2012-05-14", "10", "1000 USD")


# ---------- Daily series ----------


@defines("A day runs from midnight to midnight in the time zone of the owner.")
def test_a_day_begins_at_the_owners_midnight() -> None:
    late = deposit("2012-05-14 22:30", "100 USD")  # half past midnight in Berlin
    assert values(series(late).whole())[:2] == [D(0), D(100)]
    assert values(series(late, zone=ZoneInfo("UTC")).whole())[:2] == [D(100), D(100)]


@defines("The value at its end is what the portfolio shows at its last moment")
def test_a_value_is_by_prices_and_rates_in_force_and_rounded_once() -> None:
    thirds = {AAPL: {"2012-05-14": "0.333333"}}
    made = series(deposit("2012-05-14", "1 USD"), buy("2012-05-14", "1", "1 USD"), prices=thirds)
    assert values(made.whole())[0] == D("0.33")
    # 1,000 dollars at 0.80.
    assert values(series(deposit("2012-05-14", "1000 USD"), base=Currency("EUR")).whole())[0] == D("800.00")


@defines("Before its first transaction a portfolio is worth nothing.")
def test_nothing_is_there_before_the_first_transaction() -> None:
    assert values(series(deposit("2012-05-16", "100 USD")).whole())[:3] == [D(0), D(0), D(100)]


@defines("The gain of a day = value at its end − value at its beginning − external flows")
def test_the_gain_is_what_is_left_of_the_change_without_the_flows() -> None:
    whole = series(*HELD, deposit("2012-05-15", "500 USD"), prices=RISING).whole()
    # 1,600 − 1,000 − 500.
    assert whole[1].gain == D(100)


@defines("A row with something in it that has no value at one of them is left out of the day, and counted.")
def test_a_row_without_a_value_is_left_out_and_counted() -> None:
    late = {AAPL: {"2012-05-15": "100", "2012-05-16": "110"}}
    whole = series(*HELD, prices=late).whole()
    assert [day.left_out for day in whole[:4]] == [1, 1, 0, 0]
    assert [day.gain for day in whole[:4]] == [D(0), D(0), D(100), D(0)]


@defines("A part of a portfolio is a set of its rows")
def test_a_part_is_a_set_of_rows() -> None:
    made = series(*HELD, deposit("2012-05-14", "50 USD", account=BANK), prices=RISING)
    assert (of_account(BANK, made)[0].value, of_account(BROKER, made)[0].value) == (D(50), D(1000))


@defines("What moves between two of them is no flow of the part; what moves between one of them")
def test_only_what_crosses_its_own_border_is_a_flow_of_a_part() -> None:
    made = series(*HELD, prices=RISING)
    assert flows(of_account(BROKER, made)) == [D(1000)]
    assert flows(made.part(is_holding)) == [D(1000)]
    assert flows(made.part(lambda row: row.key.startswith("c:"))) == [D(1000), D(-1000)]


# ---------- Time-weighted ----------


@defines("TWR = the growth of all days of the span, multiplied, − 1.")
def test_the_growth_of_days_is_multiplied() -> None:
    whole = series(*HELD, prices=RISING).whole()
    assert [day.growth for day in whole[:3]] == [D(1), D("1.1"), D("0.9")]
    assert growth_of(whole) - 1 == D("-0.01")


@defines("Growth of a day = (value at its end + what went out) ÷ (value at its beginning + what came in).")
def test_the_growth_of_a_day_is_its_end_by_its_beginning_with_the_flows() -> None:
    moved = deposit("2012-05-15", "1000 USD"), withdrawal("2012-05-15 13:00", "500 USD")
    # (1,600 + 500) ÷ (1,000 + 1,000).
    assert series(*HELD, *moved, prices=RISING).whole()[1].growth == D("1.05")


@defines("So what comes in counts from the beginning of its day and what goes out until its end")
def test_the_hour_of_a_flow_changes_nothing() -> None:
    for hour in ("01", "20"):
        came = series(*HELD, deposit(f"2012-05-15 {hour}:00", "1000 USD"), prices=RISING).whole()
        left = series(*HELD, withdrawal(f"2012-05-15 {hour}:00", "1000 USD"), prices=RISING).whole()
        assert (came[1].growth, left[1].growth) == (D("1.05"), D("1.1"))


@defines("Where the value just before a flow was recorded when it was entered, the day is cut there")
def test_a_recorded_value_cuts_the_day() -> None:
    came = deposit("2012-05-15", "1000 USD")
    made = series(*HELD, came, prices=RISING, valued={came.id: D(1100)})
    # 1,100 ÷ 1,000, and nothing after it.
    assert made.whole()[1].growth == D("1.1")


@defines("Without that record the day rule holds, for ever.")
def test_without_a_record_the_day_rule_holds() -> None:
    # 2,100 ÷ 2,000.
    assert series(*HELD, deposit("2012-05-15", "1000 USD"), prices=RISING).whole()[1].growth == D("1.05")


@defines("A day or a piece in which nothing was there that could earn, or that ends below nothing, is skipped")
def test_a_day_that_cannot_earn_is_skipped() -> None:
    empty = series(deposit("2012-05-16", "100 USD")).whole()
    assert [(day.is_skipped, day.growth) for day in empty[:3]] == [(True, D(1)), (True, D(1)), (False, D(1))]
    ruined = series(deposit("2012-05-14", "100 USD"), charge(Fee, "2012-05-15", "150 USD")).whole()
    assert [(day.is_skipped, day.growth) for day in ruined[1:3]] == [(True, D(1)), (True, D(1))]


@defines("TWR a year = growth ^ (365 ÷ days) − 1, for spans of 365 days or more")
def test_only_a_year_or_more_is_annualised() -> None:
    assert annualised(D("1.21"), days=730) == D("0.1")
    assert annualised(D("1.1"), days=364) is None


# ---------- Money-weighted ----------


def rate(*flows: tuple[int, str]) -> MoneyWeighted | NotAvailable:
    return money_weighted([(MONDAY + timedelta(days=day), D(amount)) for day, amount in flows])


@defines("MWR is the rate a year at which the present values of all flows sum to zero")
def test_at_the_rate_all_present_values_sum_to_zero() -> None:
    paid = [(0, "-1000"), (365, "-500"), (730, "1760")]
    found = rate(*paid)
    assert isinstance(found, MoneyWeighted)
    # −1,000 × 1.1² − 500 × 1.1 + 1,760.
    assert found.annual == pytest.approx(0.1, abs=1e-12)
    listed = [(MONDAY + timedelta(days=day), D(amount)) for day, amount in paid]
    assert net_present_value(listed, found.force) == pytest.approx(0, abs=1e-9)


@defines("It is looked for above −99.99 % and up to 100,000 % a year.")
def test_rates_are_looked_for_within_bounds() -> None:
    for end, rate_of_it in (("0.11", -0.9999 + 1e-5), ("1000999", 999.999)):
        found = rate((0, "-1000"), (365, end))
        assert isinstance(found, MoneyWeighted)
        assert found.annual == pytest.approx(rate_of_it, rel=1e-6)
    assert isinstance(rate((0, "-1000"), (365, "0.09")), NotAvailable)
    assert isinstance(rate((0, "-1000"), (365, "1002000")), NotAvailable)


@defines("Of less than a year the bounds are of the rate for all of it")
def test_a_loss_of_a_day_is_no_rate_a_year_beyond_the_bounds() -> None:
    found = rate((0, "-1000"), (1, "960"))
    assert isinstance(found, MoneyWeighted)
    assert found.shown == pytest.approx(-0.04)
    assert isinstance(rate((0, "-1000"), (1, "0.09")), NotAvailable)


@defines('Where no rate fits there is "no solution", and where several do there is "no unique solution"')
def test_none_and_several_are_told() -> None:
    none, several = rate((0, "-100"), (365, "-10")), rate((0, "-100"), (365, "230"), (730, "-132"))
    assert isinstance(none, NotAvailable)
    assert none.reason.startswith("no solution")
    assert isinstance(several, SeveralSolutions)
    assert several.reason == "no unique solution: 10.0000%, 20.0000% a year"
    assert several.rates == pytest.approx((0.1, 0.2))


@defines("For less than 365 days the MWR that is shown is that of the period")
def test_a_short_span_shows_the_rate_of_the_period() -> None:
    short, year = rate((0, "-1000"), (73, "1100")), rate((0, "-1000"), (365, "1100"))
    assert isinstance(short, MoneyWeighted)
    assert isinstance(year, MoneyWeighted)
    assert (short.shown, short.annual) == pytest.approx((0.1, 1.1**5 - 1))
    assert year.shown == year.annual == pytest.approx(0.1)


# ---------- Flows ----------


@defines("For a portfolio the external flows are deposits, withdrawals and transfers over its border")
def test_what_crosses_the_border_is_a_flow() -> None:
    moved = (
        deposit("2012-05-14", "100 USD"),
        withdrawal("2012-05-15", "30 USD"),
        transfer_in("2012-05-16", "2"),
        cash_transfer("2012-05-17", "20 USD"),
    )
    made = series(*moved, prices={AAPL: {"2012-05-15": "10"}})
    assert flows(made.whole()) == [D(100), D(-30), D(20)]
    assert flows(of_account(BANK, made)) == [D(20)]


@defines("For one holding they are purchases, sales and income.")
def test_the_flows_of_a_holding() -> None:
    traded = dividend("2012-05-16", "50 USD"), sell("2012-05-17", "4", "400 USD")
    made = series(*HELD, *traded, prices=RISING)
    assert flows(made.part(is_holding)) == [D(1000), D(-50), D(-400)]


@defines("Dividends, interest, fees and taxes inside of what is measured are no flows but performance.")
def test_what_is_earned_and_charged_inside_is_performance() -> None:
    earned = dividend("2012-05-15", "50 USD"), interest("2012-05-15", "30 USD")
    charged = charge(Fee, "2012-05-15", "10 USD"), charge(Tax, "2012-05-15", "20 USD")
    level = {AAPL: {"2012-05-14": "100"}}
    day = series(*HELD, *earned, *charged, prices=level).whole()[1]
    assert (day.flows, day.gain, day.growth) == ((), D(50), D("1.05"))


@defines("A dividend counts from its ex-date on, where that is known, and from its payment where it is not.")
def test_a_dividend_counts_from_its_ex_date() -> None:
    level = {AAPL: {"2012-05-14": "100", "2012-05-15": "95"}}
    due = series(*HELD, dividend("2012-05-18", "50 USD", ex="2012-05-15 04:00"), prices=level).whole()
    assert [day.growth for day in due[:6]] == [D(1)] * 6
    paid = series(*HELD, dividend("2012-05-18", "50 USD"), prices=level).whole()
    assert (paid[1].growth, paid[4].gain) == (D("0.95"), D(50))


# ---------- Contributions ----------


TWO = {
    AAPL: {"2012-05-14": "100", "2012-05-15": "110"},
    NEWCO: {"2012-05-14": "100", "2012-05-16": "79"},
}


@defines("The contribution of a part to a day = its gain ÷ (value of the portfolio at the beginning + what came in)")
def test_a_gain_counts_by_what_was_invested_and_by_what_was_earned_before() -> None:
    both = buy("2012-05-14", "5", "500 USD"), buy("2012-05-14", "5", "500 USD", symbol=NEWCO)
    made = series(deposit("2012-05-14", "1000 USD"), *both, prices=TWO)
    found = contributions(made.whole(), made.gains(), minor_unit=2)
    # 50 ÷ 1,000, and −105 ÷ 1,050 × 1.05.
    assert found.parts[f"h:{BROKER}:{AAPL}"] == pytest.approx(0.05)
    assert found.parts[f"h:{BROKER}:{NEWCO}"] == pytest.approx(-0.105)


@defines("The contributions of all parts over a span sum to its TWR.")
def test_contributions_sum_to_the_return() -> None:
    made = series(*HELD, deposit("2012-05-15", "900 USD"), interest("2012-05-16", "20 USD"), prices=RISING)
    whole = made.whole()
    found = contributions(whole, made.gains(), minor_unit=2)
    assert found.total == pytest.approx(float(growth_of(whole) - 1), rel=1e-14)
    assert found.timing == pytest.approx(0.0, abs=1e-15)


@defines("Of a day that was cut at a flow, what no part can tell is the *timing*")
def test_what_no_part_can_tell_is_the_timing() -> None:
    came = deposit("2012-05-15", "1000 USD")
    made = series(*HELD, came, prices=RISING, valued={came.id: D(1100)})
    gains = {key: of_row[:2] for key, of_row in made.gains().items()}
    found = contributions(made.whole()[:2], gains, minor_unit=2)
    # The day grew by a tenth; 100 of 2,000 is of the share.
    assert found.parts[f"h:{BROKER}:{AAPL}"] == pytest.approx(0.05)
    assert found.timing == pytest.approx(0.05)
