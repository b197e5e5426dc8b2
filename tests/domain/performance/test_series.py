"""Value, flows and index, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import BROKER, buy, deposit
from tests.domain.performance.test_daily_values import WEEKS, closes
from tests.domain.valuation.market import STEADY, book
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import SAP, Prices, instrument
from tickfolio.domain.performance.histories import Days
from tickfolio.domain.performance.series import PortfolioSeries, ValuedDay, portfolio_series
from tickfolio.domain.valuation.attribution import Contribution
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.spans import span_change
from tickfolio.domain.valuation.windows import OneSpan

D = Decimal


def series_of(ledger: AnyLedger, seed: int) -> PortfolioSeries:
    book = book_of(ledger)
    begun = [getattr(each, "accrues_at", None) or each.at for each in book.transactions]
    days = Days(min(begun).astimezone(book.zone).date(), (FIRST + WEEKS).date(), book.zone)
    live = LivePortfolio(book, days=OneSpan(days.begins[0]))
    live.ledgers(rates=ledger.rates, at=days.ends[-1])
    return portfolio_series(book, live, days, closes=closes(list(book.instruments), seed), rates=ledger.rates)


def moved(day: ValuedDay) -> Decimal:
    return sum((flow.amount for flow in day.flows), D(0))


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_each_day_is_what_attribution_says_of_it_as_a_whole_and_in_its_parts(ledger: AnyLedger, seed: int) -> None:
    series, prices = series_of(ledger, seed), Prices(seed)
    book = book_of(ledger)
    whole = series.whole()
    accounts = {facts.id: series.part(lambda row, id_=facts.id: row.account == id_) for facts in book.accounts}  # type: ignore[misc]
    rows = {row.key: series.part(lambda each, key=row.key: each.key == key) for row in series.rows}  # type: ignore[misc]
    for place, day in enumerate(whole):
        change = span_change(
            book,
            since=series.days.begins[place],
            until=series.days.ends[place],
            price_of=prices,
            rates=ledger.rates,
        )
        assert (day.opening, day.closing, moved(day)) == (change.opening, change.closing, change.flows)
        assert day.gain == change.gain
        assert day.left_out == len(change.left_out)
        for account, days in accounts.items():
            own = [each for each in change.contributions if each.account == account]
            assert days[place].gain == gain_of(own)
        for key, days in rows.items():
            assert days[place].gain == gain_of([each for each in change.contributions if each.key == key])


def gain_of(contributions: list[Contribution]) -> Decimal:
    return sum((each.parts.total for each in contributions), D(0))


def test_what_moved_into_a_row_without_a_value_is_no_gain_and_no_flow_of_it() -> None:
    """The cash that paid for it is known, so for the whole it left."""
    booked = (deposit("2012-05-18 10:00", "500 EUR"), buy("2012-05-18 11:00", "1", "100 EUR", symbol=SAP))
    mine = replace(book(*booked), instruments={SAP: instrument(SAP, "EUR")})
    days = Days(date(2012, 5, 18), date(2012, 5, 18), mine.zone)
    live = LivePortfolio(mine, days=OneSpan(days.begins[0]))
    live.ledgers(rates=STEADY, at=days.ends[-1])
    series = portfolio_series(mine, live, days, closes={}, rates=STEADY)
    assert {key: gains.tolist() for key, gains in series.gains().items()} == {
        f"h:{BROKER}:SAP": [0],
        f"c:{BROKER}:EUR": [0],
    }
    assert series.flows(lambda row: row.symbol == SAP) == []
    assert [amount for _, _, amount in series.flows(lambda _: True)] == [D(500), D(-100)]
    (only,) = series.whole()
    assert (only.value, only.left_out, [flow.amount for flow in only.flows]) == (D(400), 1, [D(500), D(-100)])
