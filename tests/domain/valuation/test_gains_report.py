"""Rows and sums of the gains report, year by year in the owner's time zone, which is Berlin's here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import BANK, BROKER, buy, deposit, dividend, fee, sell, transfer_in, withdrawal
from tests.domain.ledger.generated import CALENDAR, GeneratedLedger, ledgers
from tests.domain.valuation.gain_reports import report, report_of
from tests.domain.valuation.market import STEADY, calendar_of, generated_book
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.valuation.gain_rows import GainRow, Term
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.gains_report import MOST_SUMMARIES, GainsReport, Wanted
from tickfolio.domain.valuation.holding_periods import DayCount, HoldingPeriods
from tickfolio.domain.valuation.revalue import LivePortfolio

D = Decimal
SAP = Symbol("SAP")
LOTS = 10_000


def rows(found: GainsReport, **wanted: object) -> list[GainRow]:
    return list(found.rows(Wanted(**wanted)))  # type: ignore[arg-type]


def test_a_row_is_of_the_year_of_its_closing_day_where_the_owner_lives() -> None:
    found = report(
        buy("2012-05-14", "2", "20 EUR"),
        # Half past eleven in the evening in London is the new year in Berlin.
        sell("2012-12-31 22:59", "1", "11 EUR"),
        sell("2012-12-31 23:00", "1", "12 EUR"),
    )
    assert found.years == (2013, 2012)
    (old,), (new,) = rows(found, year=2012), rows(found, year=2013)
    assert (old.closed, new.closed) == (date(2012, 12, 31), date(2013, 1, 1))
    assert rows(found) == [old, new]
    assert rows(found, year=2011) == []


def test_rows_stand_by_the_time_of_the_closing_and_are_those_of_an_account_or_a_symbol() -> None:
    found = report(
        buy("2012-05-14", "2", "20 EUR"),
        buy("2012-05-14", "2", "20 EUR", symbol=SAP),
        buy("2012-05-14", "1", "10 EUR", account=BANK),
        sell("2012-05-17", "1", "11 EUR"),
        sell("2012-05-16", "1", "11 EUR", symbol=SAP),
        sell("2012-05-18", "1", "11 EUR", account=BANK),
    )
    assert [(row.symbol, row.account.id) for row in rows(found)] == [
        ("SAP", "broker"),
        ("AAPL", "broker"),
        ("AAPL", "bank"),
    ]
    assert [row.symbol for row in rows(found, account=BANK)] == ["AAPL"]
    assert [row.symbol for row in rows(found, symbol=SAP)] == ["SAP"]
    assert rows(found, symbol=SAP, account=BANK) == []
    assert found.symbols == ("AAPL", "SAP")


def test_short_and_long_are_told_apart_and_sum_to_the_total() -> None:
    found = report(
        buy("2011-05-14", "1", "10 EUR"),
        buy("2012-05-14", "1", "20 EUR"),
        sell("2012-05-15", "2", "60 EUR"),
    )
    long, short = rows(found)
    assert (long.term, long.days) == (Term.LONG, 367)
    assert (short.term, short.days) == (Term.SHORT, 1)
    sums = found.sums([long, short])
    assert sums.short is not None
    assert sums.long is not None
    assert (sums.short.gain, sums.long.gain, sums.total.gain) == (D(10), D(20), D(30))


def test_days_are_counted_as_the_portfolio_says() -> None:
    booked = buy("2012-01-31", "1", "10 EUR"), sell("2012-03-31", "1", "20 EUR")
    (row,) = rows(report(*booked, periods=HoldingPeriods(DayCount.THIRTY_360, 1)))
    assert (row.days, row.term) == (60, Term.LONG)
    (row,) = rows(report(*booked, periods=HoldingPeriods(DayCount.INCLUSIVE, 0)))
    assert (row.days, row.term) == (61, None)


def test_without_terms_there_is_the_total_alone() -> None:
    found = report(
        buy("2012-01-31", "1", "10 EUR"), sell("2012-03-31", "1", "20 EUR"), periods=HoldingPeriods(long_term_months=0)
    )
    sums = found.sums(rows(found))
    assert (sums.short, sums.long, sums.total.gain) == (None, None, D(10))


def test_what_came_without_its_cost_is_left_out_and_counted() -> None:
    found = report(
        buy("2012-05-14", "1", "10 EUR"),
        transfer_in("2012-05-15", "1"),
        sell("2012-05-16", "2", "40 EUR"),
    )
    total = found.sums(rows(found)).total
    assert (total.counted, total.left_out, total.gain) == (1, 1, D(10))


def test_what_the_market_has_not_reached_is_in_no_row() -> None:
    assert rows(report(buy("2012-05-14", "1", "10 EUR"), sell("2030-02-01", "1", "20 EUR"))) == []


def test_years_without_a_closing_are_listed_for_what_was_paid_in_them() -> None:
    found = report(
        buy("2010-03-01", "1", "10 EUR"),
        dividend("2011-03-01", "1 EUR"),
        deposit("2012-05-14", "10 USD"),
        withdrawal("2013-03-01", "10 USD"),
        deposit("2012-05-14", "100 EUR"),
        withdrawal("2015-03-01", "10 EUR"),
        fee("2014-03-01", "1 EUR"),
    )
    # Cash that only came in gained nothing by its rate yet, and euros never do.
    assert found.years == (2014, 2013, 2011)
    assert found.symbols == ("AAPL",)


def test_nothing_has_no_years() -> None:
    found = report()
    assert (found.years, found.symbols, rows(found)) == ((), (), [])
    assert found.sums([]).total.counted == 0


def test_sums_besides_are_of_the_account_that_was_paid_and_charged() -> None:
    found = report(
        dividend("2012-05-15", "10 EUR"),
        fee("2012-05-15", "5 EUR", symbol=SAP),
        deposit("2012-05-14", "10 USD"),
        withdrawal("2012-05-21 15:00", "10 USD"),
    )
    for account in (BROKER, BANK):
        sums, is_its = found.year_sums(Wanted(account=account)), account == BROKER
        assert (sums.dividends, sums.fees, sums.cash_currency) == (D(10 * is_its), D(5 * is_its), D(1 * is_its))
    assert found.year_sums(Wanted(symbol=SAP)).fees == 5


def test_sums_besides_are_of_the_year_the_account_and_the_symbol() -> None:
    found = report(
        dividend("2012-05-15", "10 EUR", tax="2"),
        dividend("2013-05-15", "20 EUR"),
        dividend("2012-05-15", "40 EUR", symbol=SAP),
        fee("2012-05-15", "5 EUR"),
    )
    assert found.year_sums(Wanted(2012)).dividends == 50
    assert found.year_sums(Wanted()).dividends == 70
    assert found.year_sums(Wanted(2012, symbol=SAP)).dividends == 40
    assert found.year_sums(Wanted(2012, account=BANK)).dividends == 0
    assert found.year_sums(Wanted(2012)).fees == 5
    assert found.year_sums(Wanted(2012, symbol=SAP)).fees == 0
    # The cash of an account is of no one symbol.
    assert found.year_sums(Wanted(2012)).cash_currency == 0
    assert found.year_sums(Wanted(2012, symbol=SAP)).cash_currency is None


@given(ledgers())
def test_rows_and_sums_tell_what_the_gains_of_the_portfolio_do(ledger: GeneratedLedger) -> None:
    known = generated_book(ledger)
    at = max((each.at for each in known.transactions), default=CALENDAR.sessions[0].opens_at)
    found = report_of(known, rates=STEADY, at=at)
    gains = LivePortfolio(known, calendar_of=calendar_of).gains(quote_of=lambda _symbol: None, rates=STEADY, at=at)
    made = rows(found)
    total, besides, places = found.sums(made).total, found.year_sums(Wanted()), known.base.minor_unit
    assert sum(len(rows(found, year=year)) for year in found.years) == len(made)
    if isinstance(gains, Gains) and not total.left_out:
        # Each row is off by half a coin at its cost and at its proceeds at most.
        coin = D(1).scaleb(-places)
        assert abs(total.gain - gains.realized) <= coin * len(made)
        assert besides.dividends + besides.interest == rounded(gains.income, places=places)
        assert (besides.fees, besides.taxes + besides.withholding_tax) == (
            rounded(gains.fees, places=places),
            rounded(gains.taxes, places=places),
        )


@given(st.integers(1, 40), st.integers(0, 10**6))
def test_parts_of_rows_add_up_with_a_pocket_calculator(sales: int, price: int) -> None:
    found = report(
        buy("2012-05-14", str(sales), f"{price}.01 USD"), *(sell("2012-05-22", "1", "33.33 USD") for _ in range(sales))
    )
    made = rows(found)
    total = found.sums(made).total
    assert not isinstance(total.price, NotAvailable)
    assert not isinstance(total.currency, NotAvailable)
    assert total.proceeds - total.cost == total.gain == total.price + total.currency


@pytest.mark.parametrize("years", [1, 10])
def test_ten_thousand_lots_take_a_moment(years: int) -> None:
    sales = [sell(f"{2013 + number % years}-05-{1 + number % 28:02}", "1", "11 USD") for number in range(LOTS)]
    found = report(buy("2012-05-14", str(LOTS), "100000 USD"), *sales)
    begun = process_time()
    assert sum(found.sums(rows(found, year=year)).total.counted for year in found.years) == LOTS
    assert process_time() - begun < 5


# ---------- What is kept ----------


def test_a_page_of_rows_is_a_part_of_all_of_them() -> None:
    bought = buy("2012-05-14", "5", "20 EUR")
    found = report(bought, *(sell(f"2012-05-{day}", "1", "11 EUR") for day in (15, 16, 17, 18)))
    every = rows(found)
    assert len(every) == 4
    assert [found.rows_between(Wanted(), first, last) for first, last in ((0, 2), (2, 4), (3, 9), (4, 6))] == [
        every[:2],
        every[2:],
        every[3:],
        [],
    ]


@given(generated=ledgers())
def test_the_summary_is_of_all_rows_that_are_wanted(generated: GeneratedLedger) -> None:
    found = report_of(generated_book(generated), rates=STEADY)
    for wanted in (Wanted(), *(Wanted(year) for year in found.years), *(Wanted(symbol=each) for each in found.symbols)):
        made, summary = list(found.rows(wanted)), found.summary(wanted)
        assert (summary.count, summary.sums, summary.besides) == (
            len(made),
            found.sums(made),
            found.year_sums(wanted),
        )
        assert bool(summary.lack) == any(isinstance(row.base, NotAvailable) for row in made)


def test_what_lacks_nothing_is_summed_once_and_what_says_a_reason_each_time() -> None:
    whole = report(buy("2012-05-14", "1", "10 EUR"), sell("2012-05-15", "1", "11 EUR"))
    assert whole.summary(Wanted()) is whole.summary(Wanted())
    assert whole.summary(Wanted(2012)) is not whole.summary(Wanted())
    lacking = report(transfer_in("2012-05-14", "1"), sell("2012-05-15", "1", "11 EUR"))
    assert lacking.summary(Wanted()) is not lacking.summary(Wanted())
    assert lacking.summary(Wanted()).lack == "what was transferred in on 2012-05-14 came without its cost"


def test_only_so_many_summaries_are_kept() -> None:
    found = report(buy("2012-05-14", "1", "10 EUR"), sell("2012-05-15", "1", "11 EUR"))
    for number in range(MOST_SUMMARIES):
        found.summary(Wanted(symbol=Symbol(f"X{number}")))
    assert found.summary(Wanted()) is not found.summary(Wanted())
    assert found.summary(Wanted(symbol=Symbol("X0"))) is found.summary(Wanted(symbol=Symbol("X0")))
