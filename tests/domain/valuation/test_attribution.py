"""Parts of gains, and their sums by holding, account, class and currency."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, dividend
from tests.domain.valuation.market import USD, calendar_of, quote, valued
from tests.domain.valuation.test_any_portfolio import book_of, shown
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.valuation.attribution import (
    CASH,
    Contribution,
    GainParts,
    Grouping,
    contributions_of,
    grouped,
    summed,
)
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import RowKind

D = Decimal
PRIMES = GainParts(price=D(2), trading=D(3), currency=D(5), income=D(7), fees=D(-11), taxes=D(-13))


def contributions() -> tuple[Contribution, ...]:
    """A share, cash in two currencies, and a dividend that is due."""
    valuation = valued(
        deposit("2012-05-14", "5000 EUR"),
        buy("2012-05-14", "10", "1000 USD"),
        dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-21 04:00"),
        quotes={"AAPL": quote("110", "100")},
    )
    return contributions_of(valuation)


def test_the_total_is_the_sum_of_the_six_parts() -> None:
    assert PRIMES.total == -7
    assert PRIMES.plus(PRIMES).total == -14
    assert [getattr(PRIMES.plus(PRIMES), each.name) for each in fields(GainParts)] == [4, 6, 10, 14, -22, -26]


def test_each_row_with_a_day_contributes_its_parts() -> None:
    found = contributions()
    assert [each.key.split(":")[0] for each in found] == ["h", "c", "c", "r"]
    share = found[0]
    assert share.parts == GainParts(price=D("90.00"), currency=D("100.00"), income=D("16.00"), taxes=D("-2.40"))
    assert (share.opening, share.closing, share.moved) == (None, None, None)


def test_a_contribution_says_what_its_row_is_of() -> None:
    share, euros, _, due = contributions()
    assert replace(share, parts=PRIMES) == Contribution(
        key="h:broker:AAPL",
        kind=RowKind.HOLDING,
        account=BROKER,
        account_name="Broker",
        symbol=AAPL,
        name="Apple Inc.",
        currency=USD,
        instrument_class="equity",
        parts=PRIMES,
    )
    assert (euros.kind, euros.symbol, euros.name, euros.instrument_class) == (RowKind.CASH, None, "EUR", CASH)
    assert (due.kind, due.symbol, due.name, due.instrument_class) == (RowKind.RECEIVABLE, AAPL, "Apple Inc.", "equity")


def test_by_holding_a_dividend_that_is_due_stands_with_its_instrument_and_cash_by_its_currency() -> None:
    groups = grouped(contributions(), Grouping.HOLDING)
    assert [(group.key, len(group.contributions)) for group in groups] == [("AAPL", 2), ("EUR", 1), ("USD", 1)]
    assert [group.name for group in groups] == ["Apple Inc.", "EUR", "USD"]


def test_by_class_cash_is_a_class_of_its_own() -> None:
    groups = grouped(contributions(), Grouping.CLASS)
    assert [(group.key, group.name) for group in groups] == [("equity", "equity"), (CASH, CASH)]


def test_by_currency_it_is_the_currency_of_the_instrument_or_the_cash() -> None:
    groups = grouped(contributions(), Grouping.CURRENCY)
    assert [(group.key, group.name) for group in groups] == [("USD", "USD"), ("EUR", "EUR")]
    # The share gains by the rate what the overdraft in dollars, with which it was bought, loses.
    assert groups[0].parts == GainParts(price=D("90.00"), currency=D("1.70"), income=D("16.00"), taxes=D("-2.40"))


def test_by_account_one_account_has_all() -> None:
    (group,) = grouped(contributions(), Grouping.ACCOUNT)
    assert (group.key, group.name) == ("broker", "Broker")
    assert group.parts == summed(contributions())


def test_two_instruments_of_one_name_stay_two_groups() -> None:
    one = contributions()[0]
    other = replace(one, key="h:broker:OTHER", symbol=Symbol("OTHER"))
    assert [group.key for group in grouped((one, other), Grouping.HOLDING)] == ["AAPL", "OTHER"]


@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16), by=st.sampled_from(Grouping))
def test_by_whatever_it_is_grouped_the_parts_of_today_sum_to_the_day(
    ledger: AnyLedger, seed: int, by: Grouping
) -> None:
    found = shown(LivePortfolio(book_of(ledger), calendar_of=calendar_of), ledger, ledger.end - FIRST, seed)
    groups = grouped(contributions_of(found), by)
    assert sum((group.parts.total for group in groups), D(0)) == found.totals.day
    assert sum((group.parts.trading for group in groups), D(0)) == found.totals.day_trading
    assert sum((group.parts.taxes for group in groups), D(0)) == found.totals.day_taxes
