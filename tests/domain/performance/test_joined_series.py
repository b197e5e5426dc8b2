"""Pieces of a series as one, and the days that have a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, moment, sell
from tests.domain.performance.test_daily_values import WEEKS, closes
from tests.domain.valuation.market import BERLIN, EUR, STEADY
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import instrument
from tickfolio.domain.instruments import InstrumentClass
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.joined_series import JoinedSeries, session_days
from tickfolio.domain.performance.series import portfolio_series
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_pieces_joined_are_the_series_at_once(ledger: AnyLedger, seed: int) -> None:
    book = book_of(ledger)
    begun = [getattr(each, "accrues_at", None) or each.at for each in book.transactions]
    days = Days(min(begun).astimezone(book.zone).date(), (FIRST + WEEKS).date(), book.zone)
    live, history = LivePortfolio(book, days=OneSpan(days.begins[0])), closes(list(book.instruments), seed)
    live.ledgers(rates=ledger.rates, at=days.ends[-1])
    at_once = portfolio_series(book, live, days, closes=history, rates=ledger.rates)
    middle = len(days) // 2
    first = Days(days.days[0], days.days[middle - 1], book.zone)
    joined = JoinedSeries.of(portfolio_series(book, live, first, closes=history, rates=ledger.rates))
    second = Days(days.days[middle], days.days[-1], book.zone)
    joined = joined.then(
        portfolio_series(book, live, second, closes=history, rates=ledger.rates, before=joined.last_rows)
    )
    assert joined.whole == tuple(at_once.whole())
    assert joined.until(second.days[0]) == JoinedSeries.of(joined.pieces[0])
    assert joined.until(first.days[-1]) is None
    assert joined.rows().keys() == {row.key for row in at_once.rows}
    account = book.accounts[0].id
    assert joined.part(lambda row: row.account == account) == at_once.part(lambda row: row.account == account)
    gains = at_once.gains()
    assert {key: each.tolist() for key, each in joined.gains().items()} == {
        key: each.tolist() for key, each in gains.items()
    }
    assert joined.base == book.base
    flows = joined.flows()
    assert flows == at_once.flows(lambda _: True)
    by_day = {day.day: sum((flow.amount for flow in day.flows), Decimal(0)) for day in joined.whole if day.flows}
    summed: dict[date, Decimal] = {}
    for day, at, amount in flows:
        assert at.astimezone(book.zone).date() == day
        summed[day] = summed.get(day, Decimal(0)) + amount
    assert summed == by_day


# ---------- Sessions, from Friday, 18 May 2012, on ----------


def sessions_of(*transactions: Transaction, of_class: InstrumentClass = InstrumentClass.EQUITY) -> list[int] | None:
    book = PortfolioBook(
        base=EUR,
        zone=BERLIN,
        accounts=(AccountFacts(BROKER, "Broker"),),
        transactions=transactions,
        instruments={AAPL: replace(instrument(AAPL), instrument_class=of_class)},
    )
    days = Days(date(2012, 5, 18), date(2012, 5, 23), BERLIN)
    live = LivePortfolio(book, days=OneSpan(days.begins[0]))
    live.ledgers(rates=STEADY, at=days.ends[-1])
    closed = [moment(f"2012-05-{day} 20:00") for day in ("17", "18", "21", "22", "23", "24")]
    history = {AAPL: CloseHistory(closed, [Decimal(100)] * len(closed))}
    joined = JoinedSeries.of(portfolio_series(book, live, days, closes=history, rates=STEADY))
    assert session_days(joined, book, history, is_of_it=lambda row: row.symbol is None) is None
    found = session_days(joined, book, history)
    return None if found is None else sorted(day.day for day in found)


def test_days_on_which_something_held_had_a_close_are_session_days() -> None:
    assert sessions_of(buy("2012-05-17", "3", "300 USD")) == [18, 21, 22, 23]


def test_a_day_on_which_it_was_bought_or_sold_counts_and_one_on_which_nothing_was_held_does_not() -> None:
    assert sessions_of(buy("2012-05-19", "3", "300 USD"), sell("2012-05-22", "3", "300 USD")) == [21, 22]


def test_markets_that_never_close_have_no_sessions_to_wait_for() -> None:
    assert sessions_of(buy("2012-05-17", "3", "300 USD"), of_class=InstrumentClass.CRYPTO) is None
    assert sessions_of(deposit("2012-05-17", "300 USD")) is None
