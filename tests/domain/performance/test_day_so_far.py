"""The day that is not over."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, dividend, moment
from tests.domain.performance.test_daily_values import WEEKS, closes, quote
from tests.domain.valuation.market import BERLIN, EUR, STEADY
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import Prices, instrument
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.performance.day_so_far import day_so_far
from tickfolio.domain.performance.histories import Days
from tickfolio.domain.performance.series import portfolio_series
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16), cut=st.integers(1, 8))
def test_day_by_day_a_series_is_the_same_as_at_once(ledger: AnyLedger, seed: int, cut: int) -> None:
    book, prices = book_of(ledger), Prices(seed)
    begun = [getattr(each, "accrues_at", None) or each.at for each in book.transactions]
    first, last = min(begun).astimezone(book.zone).date(), (FIRST + WEEKS).date()
    days = Days(first, last, book.zone)
    cut = min(cut, len(days) - 1)
    assume(cut > 0)
    live = LivePortfolio(book, days=OneSpan(days.begins[0]))
    history = closes(list(book.instruments), seed)

    live.ledgers(rates=ledger.rates, at=days.ends[-1])
    at_once = portfolio_series(book, live, days, closes=history, rates=ledger.rates)
    early = portfolio_series(book, live, Days(first, days.days[cut - 1], book.zone), closes=history, rates=ledger.rates)
    late = portfolio_series(
        book, live, Days(days.days[cut], last, book.zone), closes=history, rates=ledger.rates, before=early.rows
    )
    assert [*early.whole(), *late.whole()] == at_once.whole()

    end = days.ends[cut]
    live.ledgers(rates=ledger.rates, at=end)
    shown = live.value(
        quote_of=partial(quote, prices, at=end), quality_of=lambda _: Quality.LIVE, rates=ledger.rates, at=end
    )
    today = day_so_far(book, live, shown, at=end, price_of=prices, rates=ledger.rates, before=early.rows)
    assert today.whole() == [at_once.whole()[cut]]
    gains = at_once.gains()
    assert {key: gain.tolist() for key, gain in today.gains().items() if gain.any()} == {
        key: gain[cut : cut + 1].tolist() for key, gain in gains.items() if gain[cut]
    }


def test_what_came_and_went_within_the_day_has_a_row_that_gained_nothing() -> None:
    """A dividend that is due in the morning and paid at noon: nothing of it is due at the end."""
    paid = dividend("2012-05-21 12:00", "10 EUR", ex="2012-05-21 06:00")
    held = deposit("2012-05-18", "1000 EUR"), buy("2012-05-18 13:00", "1", "100 EUR")
    mine = PortfolioBook(
        EUR, BERLIN, (AccountFacts(BROKER, "Broker"),), (*held, paid), {AAPL: replace(instrument(AAPL), currency=EUR)}
    )
    at, prices = moment("2012-05-21 16:00"), Prices(1)
    live = LivePortfolio(mine, days=OneSpan(moment("2012-05-20 22:00")))
    shown = live.value(quote_of=partial(quote, prices, at=at), quality_of=lambda _: Quality.LIVE, rates=STEADY, at=at)
    series = day_so_far(mine, live, shown, at=at, price_of=prices, rates=STEADY)
    row = next(row for row in series.rows if row.key == f"r:{BROKER}:{paid.id}")
    assert (row.values.tolist(), row.is_known.tolist()) == ([0], [True])
    assert series.gains()[row.key].tolist() == [0]
