"""The gains report of a portfolio by what the market has reached, and its file."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale, share
from tests.web.visits import set_market_clock
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.gain_rows import GainRow, Term
from tickfolio.domain.valuation.holding_periods import HoldingPeriods
from tickfolio.errors import NotFound
from tickfolio.persistence.tenancy import Role
from tickfolio.services.account_options import account_options_change
from tickfolio.services.exports import export_gains_csv
from tickfolio.services.gains_reports import GainsReport, Wanted, gains_report
from tickfolio.services.holding_periods import holding_periods_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def report(mine: Book) -> GainsReport:
    return gains_report(actor=mine.owner, portfolio_id=mine.portfolio_id)


def rows(mine: Book, **wanted: int) -> list[GainRow]:
    return list(report(mine).rows(Wanted(**wanted)))  # type: ignore[arg-type]  # years alone


def test_an_empty_portfolio_has_no_years(mine: Book) -> None:
    assert (report(mine).years, rows(mine)) == ((), [])


def test_closed_lots_are_there_as_soon_as_they_are_booked(mine: Book) -> None:
    add(mine, purchase(mine))
    assert rows(mine) == []
    add(mine, sale(mine, quantity="4", price="360.00", at=at("2011-06-01T15:00")))
    (row,) = rows(mine, year=2011)
    assert (row.quantity, row.days, row.gain) == (Decimal(4), 92, Money(Decimal(40), Currency("USD")))
    add(mine, sale(mine, quantity="1", price="370.00", at=at("2012-05-01T15:00")))
    assert [each.term for each in rows(mine)] == [Term.SHORT, Term.LONG]
    assert report(mine).years == (2012, 2011)


def test_what_the_market_has_not_reached_is_not_in_it(mine: Book) -> None:
    add(mine, purchase(mine))
    add(mine, sale(mine, quantity="4", at=at("2012-06-01T15:00")))
    assert rows(mine) == []
    set_market_clock(at("2012-06-02T15:00"))
    assert len(rows(mine)) == 1


def test_it_follows_the_settings_of_the_portfolio_and_its_accounts(mine: Book) -> None:
    add(mine, purchase(mine, price="100.00"))
    add(mine, purchase(mine, price="200.00", at=at("2011-04-01T15:00")))
    add(mine, sale(mine, quantity="10", price="300.00", at=at("2011-06-01T15:00")))
    (first,) = rows(mine)
    assert first.cost == Money(Decimal(1000), Currency("USD"))
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=AccountOptions(CostMethod.AVERAGE),
        expected=AccountOptions(),
    )
    (averaged,) = rows(mine)
    assert averaged.cost == Money(Decimal(1500), Currency("USD"))
    assert (averaged.acquired, averaged.term) == (first.acquired, Term.SHORT)
    holding_periods_change(actor=mine.owner, portfolio_id=mine.portfolio_id, periods=HoldingPeriods(long_term_months=2))
    assert rows(mine)[0].term is Term.LONG


def test_members_see_it_and_to_others_it_is_not_there(mine: Book) -> None:
    add(mine, purchase(mine))
    add(mine, sale(mine))
    viewer = share(mine, "vera", Role.VIEWER)
    seen = gains_report(actor=viewer, portfolio_id=mine.portfolio_id)
    assert len(list(seen.rows(Wanted()))) == 1
    stranger = person("charlie")
    with pytest.raises(NotFound):
        gains_report(actor=stranger, portfolio_id=mine.portfolio_id)
    with pytest.raises(NotFound):
        export_gains_csv(actor=stranger, portfolio_id=mine.portfolio_id)


def test_a_report_takes_few_queries_however_much_was_closed(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add(mine, purchase(mine))
    for number in range(5):
        add(mine, sale(mine, quantity="1", at=at(f"2011-06-0{number + 1}T15:00")))
    with django_assert_num_queries(16):
        report(mine)


def test_the_file_has_the_rows_that_are_wanted(mine: Book) -> None:
    add(mine, deposit(mine))
    add(mine, purchase(mine))
    for year in (2011, 2012):
        add(mine, sale(mine, quantity="1", at=at(f"{year}-04-01T15:00")))
    whole = export_gains_csv(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert (whole.file_name, whole.content_type) == ("long-term-gains.csv", "text/csv; charset=utf-8")
    assert "".join(whole.pieces).count("\r\n") == 3
    one = export_gains_csv(actor=mine.owner, portfolio_id=mine.portfolio_id, wanted=Wanted(2012))
    assert one.file_name == "long-term-gains-2012.csv"
    text = "".join(one.pieces)
    assert text.count("\r\n") == 2
    assert ",2012-04-01," in text
