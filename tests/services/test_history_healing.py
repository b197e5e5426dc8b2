"""Finished days of a live instance follow the closes and the rates that arrive, late ones and corrected ones too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.explain.checked import check as check_tree
from tests.live.market import AAPL, IBM
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tests.services.recorded_days import (
    FRIDAY,
    MONDAY,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    StandingClock,
    clock,
    told,
)
from tickfolio.domain.explain.printing import as_lines, shown
from tickfolio.domain.market.fx import PublishedRate, RateSeries, RateTable
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.histories import Days
from tickfolio.domain.performance.series import PortfolioSeries, portfolio_series
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.feeds.ecb.history import publication, rate_history
from tickfolio.feeds.feed import DayRates
from tickfolio.persistence.selectors.daily_series import StoredDay, days_of
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services import exchange_rates, ledgers
from tickfolio.services.as_of import AsOf, ledger_as_of
from tickfolio.services.attributions import attribution_of
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.daily_series import days_compared, series_behind, series_extend, stored_days
from tickfolio.services.derived_tables import derived_text
from tickfolio.services.exchange_rates import rates_record
from tickfolio.services.explanations import Asked, explanation_from, explanation_of
from tickfolio.services.ledgers import shelf_of
from tickfolio.services.performance import Asked as AskedPerformance
from tickfolio.services.performance import performance_of
from tickfolio.services.portfolio_series import series_now
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.rebuilding import rebuild
from tickfolio.services.then_and_now import then_and_now
from tickfolio.services.valuations import recorded_market
from tickfolio.services.verification import verify

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]
ONE_DAY = timedelta(days=1)
D = Decimal
BOUGHT = datetime(2026, 6, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def mine() -> Book:
    """Dollars; 2,000 paid in and 10 AAPL bought at 100 on Thursday, which closed at 101, 102 and 103; it is Wednesday evening."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    add(mine, deposit(mine, "2000.00", at=BOUGHT))
    add(mine, purchase(mine, quantity="10", price="100.00", at=BOUGHT))
    told({THURSDAY: "101", FRIDAY: "102", MONDAY: "103"})
    return mine


def in_memory(mine: Book) -> dict[date, StoredDay]:
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        found = series_now(shelf, shelf.refresh(), recorded_market())
        assert found is not None
        return {day.day: day for day in days_of(found.series.whole[:-1])}


def from_scratch(mine: Book) -> dict[date, StoredDay]:
    ledgers._shelves._shelves.clear()
    return in_memory(mine)


def closing(mine: Book) -> list[str]:
    return [str(day.closing) for day in in_memory(mine).values()]


def extend(mine: Book) -> int:
    return series_extend(portfolio_id=mine.portfolio_id)


def stored(mine: Book) -> dict[date, StoredDay] | None:
    found = stored_days(actor=mine.owner, portfolio_id=mine.portfolio_id)
    return None if found is None else {day.day: day for day in found}


def check(mine: Book) -> None:
    """In memory, stored and worked out from scratch are the same, and `verify` and `rebuild` say so."""
    kept = in_memory(mine)
    assert days_compared(mine.portfolio_id).differing == ()
    assert stored(mine) == kept == from_scratch(mine)
    found = verify(portfolio_ids=[mine.portfolio_id])
    assert (found.mismatches, found.unsettled) == ([], [])
    before = derived_text(mine.portfolio_id)
    assert rebuild(portfolio_id=mine.portfolio_id).is_same
    assert derived_text(mine.portfolio_id) == before


def first_days(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The first day of each series that is worked out from now on."""
    asked: list[date] = []

    def noted(book: PortfolioBook, live: LivePortfolio, days: Days, **more: Any) -> PortfolioSeries:
        asked.append(days.days[0])
        return portfolio_series(book, live, days, **more)

    for module in ("daily_series", "portfolio_series"):
        monkeypatch.setattr(f"tickfolio.services.{module}.portfolio_series", noted)
    return asked


def test_finished_days_rest_on_recorded_closes(mine: Book) -> None:
    assert closing(mine) == ["2010", "2020", "2020", "2020", "2030", "2030"]
    assert extend(mine) == 6
    check(mine)


def test_a_close_that_arrives_late_changes_the_days_from_its_own_on(mine: Book) -> None:
    extend(mine)
    in_memory(mine)
    told({TUESDAY: "104"})
    assert closing(mine)[-2:] == ["2030", "2040"]
    assert stored(mine) is None
    assert list(series_behind()) == [mine.portfolio_id]
    assert extend(mine) == 1
    assert series_behind() == {}
    check(mine)


def test_a_correction_of_long_ago_rewrites_what_differs(mine: Book) -> None:
    extend(mine)
    in_memory(mine)
    told({FRIDAY: "102.50"})
    assert closing(mine)[:5] == ["2010", "2025", "2025", "2025", "2030"]
    assert extend(mine) == 4  # the three at the new close, and Monday's gain
    check(mine)


def test_closes_of_another_instrument_move_the_bookmark_alone(mine: Book) -> None:
    extend(mine)
    in_memory(mine)
    told({MONDAY: "200"}, symbol=IBM)
    assert extend(mine) == 0
    assert series_behind() == {}
    assert stored(mine) == in_memory(mine)
    check(mine)


def test_what_does_not_concern_a_portfolio_is_found_out_without_its_ledger(
    mine: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    extend(mine)
    ledgers._shelves._shelves.clear()
    read: list[str] = []
    told({MONDAY: "200"}, symbol=IBM)
    told({WEDNESDAY: "105"})  # of a day that is not over
    with monkeypatch.context() as watched:
        watched.setattr(ledgers.Shelf, "read", lambda shelf, _heading: read.append(shelf.portfolio_id))
        assert extend(mine) == 0
    assert (read, series_behind()) == ([], {})
    check(mine)


def test_only_days_from_the_first_affected_on_are_worked_out(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    extend(mine)
    ledgers._shelves._shelves.clear()
    told({TUESDAY: "104"})
    asked = first_days(monkeypatch)
    assert extend(mine) == 1
    assert asked == [MONDAY]  # where Tuesday begins


def test_days_in_memory_keep_the_pieces_before_the_first_affected_day(
    mine: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandingClock.at = NOW - timedelta(days=1)
    in_memory(mine)
    StandingClock.at = NOW
    in_memory(mine)
    told({TUESDAY: "104"})
    asked = first_days(monkeypatch)
    kept = in_memory(mine)
    assert asked == [TUESDAY]
    assert kept == from_scratch(mine)


def test_stored_days_wait_until_closes_have_stopped_coming(mine: Book) -> None:
    extend(mine)
    told({TUESDAY: "104"})
    first = series_behind()[mine.portfolio_id]
    told({WEDNESDAY: "105"})
    assert series_behind()[mine.portfolio_id] > first


def test_the_evening_is_worked_out_with_its_close(mine: Book) -> None:
    extend(mine)
    in_memory(mine)
    told({TUESDAY: "104", WEDNESDAY: "105"})
    StandingClock.at = NOW + timedelta(days=1)
    assert closing(mine)[-1] == "2050"
    assert extend(mine) == 2
    check(mine)


def test_rates_change_the_days_since_their_publication(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="EUR")
    shipped = rate_history()
    monkeypatch.setattr(exchange_rates, "rate_history", lambda: _until(FRIDAY))
    monkeypatch.setattr(exchange_rates, "_kept", exchange_rates._Kept())
    extend(mine)
    before = in_memory(mine)
    dollar = shipped.published(Currency("USD"), at=publication(FRIDAY))
    assert isinstance(dollar, PublishedRate)
    rates = DayRates(MONDAY, publication(MONDAY), "EUR", {"USD": dollar.rate.rate + D("0.01")})
    rates_record(days=[rates], source="ecb", at=NOW)
    after = in_memory(mine)
    assert [day for day in after if after[day] != before[day]] == [MONDAY, TUESDAY]
    assert extend(mine) == 2
    check(mine)


def _until(day: date) -> RateTable:
    """The shipped rates up to a day."""
    shipped = rate_history()
    last = publication(day)
    series = {}
    for currency, each in shipped._series.items():
        count = sum(at <= last for at in each.published_at)
        series[currency] = RateSeries(each.published_at[:count], each.rates[:count])
    return RateTable(pivot=shipped.pivot, series=series)


# ---------- Other figures ----------


def test_a_past_day_has_the_closes_of_then_with_their_source(mine: Book) -> None:
    with ledger_as_of(AsOf(FRIDAY), actor=mine.owner, portfolio_id=mine.portfolio_id) as seen:
        quote = seen.market.quotes[AAPL]
    assert (quote.price, quote.previous_close, quote.session_day, quote.source) == (D(102), D(101), FRIDAY, "first")


def test_a_finished_days_gain_follows_a_correction(mine: Book) -> None:
    def gain() -> Decimal:
        change = attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=AsOf(FRIDAY)).change
        assert change is not None
        return change.gain

    assert gain() == D(10)
    told({FRIDAY: "102.50"})
    assert gain() == D(15)


def test_a_benchmark_rests_on_recorded_closes_and_follows_them(mine: Book) -> None:
    told({THURSDAY - timedelta(days=1): "200", THURSDAY: "202", MONDAY: "204"}, symbol=IBM)
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")

    def twr() -> Decimal:
        found = performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=AskedPerformance(against="IBM"))
        assert found is not None
        assert found.benchmark is not None
        assert isinstance(found.benchmark.twr, Decimal)
        return found.benchmark.twr

    assert twr() == D("0.02")
    told({TUESDAY: "210"}, symbol=IBM)
    assert twr() == D("0.05")


def test_an_explanation_names_who_said_the_close_and_stays(mine: Book) -> None:
    asked = Asked("day-end", {"as_of": FRIDAY.isoformat()})
    first = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)
    check_tree(first.tree)
    lines = "\n".join(as_lines(shown(first.tree, depth=9)))
    assert "replay" not in lines
    assert ", first" in lines
    told({FRIDAY: "102.50"}, source="second")
    told({FRIDAY: "102.75"})
    again = explanation_from(actor=mine.owner, portfolio_id=mine.portfolio_id, token=first.token)
    now = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)
    assert (first.tree.value, again.tree.value, now.tree.value) == (D(2020), D(2020), D("2027.50"))


def test_a_benchmark_is_explained_by_recorded_closes(mine: Book) -> None:
    told({THURSDAY - ONE_DAY: "200", THURSDAY: "202", MONDAY: "204"}, symbol=IBM, source="second")
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    found = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked("benchmark", {}))
    check_tree(found.tree)
    assert ", second" in "\n".join(as_lines(shown(found.tree, depth=9)))


def test_what_was_recorded_later_was_not_known_then(mine: Book) -> None:
    then = SystemClock().now()
    told({FRIDAY: "112"}, at=then + timedelta(minutes=1))
    both = then_and_now(actor=mine.owner, portfolio_id=mine.portfolio_id, known_by=then, as_of=FRIDAY)
    assert both.now is not None
    assert both.then is not None
    assert (both.then.totals.value, both.now.totals.value) == (D(2020), D(2120))
    with ledger_as_of(AsOf(FRIDAY, then), actor=mine.owner, portfolio_id=mine.portfolio_id) as seen:
        assert seen.market.quotes[AAPL].price == D(102)
