"""Figures explained, for those who may see them, as of a moment that stays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.domain.explain.checked import check
from tests.live.market import OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.explain.printing import as_data, as_lines, shown
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services import ledgers
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.explained_figures import OF_A_BENCHMARK
from tickfolio.services.explanations import (
    FIGURES,
    Asked,
    explanation_from,
    explanation_keep,
    explanation_kept,
    explanation_of,
)
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update

pytestmark = pytest.mark.django_db
OF_FINISHED_DAYS = ("day-start", "day-moved", "day-end")
WHOLE = [figure for figure in FIGURES if figure not in ("contribution", *OF_FINISHED_DAYS)]
"""Those that can be asked of the whole."""
THURSDAY = OPEN - timedelta(days=4)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """Euros, beside IBM; 10 AAPL bought on Thursday, which closed at 530.12 then and at 530.38 on Friday; it is Monday."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="EUR")
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    at_price("510.00")
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    return mine


def at_price(price: str, *, after: timedelta = timedelta()) -> None:
    at = LATER + after
    market_changes_record(changes=changes(quotes=(quote(price, at=at),), clock=ClockPosition(run=1, at=at)))


@pytest.mark.parametrize("figure", WHOLE)
def test_every_figure_is_what_its_formula_says(mine: Book, figure: str) -> None:
    found = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, {}))
    check(found.tree)


def test_the_value_is_that_of_the_page(mine: Book) -> None:
    found = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked("value", {}))
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    assert found.tree.value == totals.value


@pytest.mark.parametrize("figure", WHOLE)
def test_what_is_kept_is_the_same_after_ticks_and_edits(mine: Book, figure: str) -> None:
    first = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, {}))
    before = as_data(shown(first.tree, depth=9))
    digest = explanation_keep(actor=mine.owner, portfolio_id=mine.portfolio_id, token=first.token)
    at_price("333.33", after=timedelta(hours=1))
    add(mine, deposit(mine, "500.00", at=THURSDAY))
    kept = explanation_kept(actor=mine.owner, portfolio_id=mine.portfolio_id, digest=digest)
    again = explanation_from(actor=mine.owner, portfolio_id=mine.portfolio_id, token=first.token)
    assert as_data(shown(kept.tree, depth=9)) == as_data(shown(again.tree, depth=9)) == before
    assert kept.token == again.token == first.token
    now = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, {}))
    assert isinstance(now.tree.value, Decimal) is isinstance(first.tree.value, Decimal)


def test_what_is_kept_is_the_same_in_another_process_that_knows_nothing_yet(mine: Book) -> None:
    first = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked("twr", {"span": "all"}))
    digest = explanation_keep(actor=mine.owner, portfolio_id=mine.portfolio_id, token=first.token)
    before = as_data(shown(first.tree, depth=9))
    add(mine, deposit(mine, "500.00", at=THURSDAY))
    at_price("333.33", after=timedelta(days=1))
    ledgers._shelves._shelves.clear()
    kept = explanation_kept(actor=mine.owner, portfolio_id=mine.portfolio_id, digest=digest)
    assert as_data(shown(kept.tree, depth=9)) == before
    assert kept.token == first.token


@pytest.mark.parametrize("figure", OF_A_BENCHMARK)
def test_the_benchmark_is_kept_as_it_stood_and_was_known(mine: Book, figure: str) -> None:
    add(mine, deposit(mine, "9000.00", at=THURSDAY.replace(year=2011)))
    add(mine, purchase(mine, quantity="2", price="340.00", at=THURSDAY.replace(year=2011)))
    ibm_at("190.00")
    first = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, {}))
    assert first.asked.params == {"against": "IBM"}
    before = as_data(shown(first.tree, depth=9))
    ibm_at("150.00", after=timedelta(hours=1))
    actions_record(actions=[Split(Symbol("IBM"), THURSDAY.date(), new=3, old=1)], source="operator", at=LATER)
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="")
    again = explanation_from(actor=mine.owner, portfolio_id=mine.portfolio_id, token=first.token)
    assert as_data(shown(again.tree, depth=9)) == before
    now = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, {"against": " ibm "}))
    assert as_data(shown(now.tree, depth=9)) != before
    check(now.tree)


def ibm_at(price: str, *, after: timedelta = timedelta()) -> None:
    at = LATER + after
    said = quote(price, symbol=Symbol("IBM"), at=at)
    market_changes_record(changes=changes(quotes=(said,), clock=ClockPosition(run=1, at=at)))


def test_figures_beside_no_benchmark_do_not_depend_on_one(mine: Book) -> None:
    plain, named = (
        explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked("twr", params))
        for params in ({}, {"against": "AAPL"})
    )
    assert plain.token == named.token


def test_what_was_entered_as_it_happened_cuts_the_day(mine: Book) -> None:
    add(mine, deposit(mine, "500.00", at=LATER))
    first = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked("twr", {}))
    assert check(first.tree) > 10
    lines = "\n".join(as_lines(shown(first.tree, depth=9)))
    assert "Value just before Deposit" in lines
    assert "Price of AAPL, as it was recorded = 510 USD (price, 2012-05-21 13:59:00Z, replay)" in lines
    before = as_data(shown(first.tree, depth=9))
    add(mine, deposit(mine, "700.00", at=THURSDAY))
    later = explanation_from(actor=mine.owner, portfolio_id=mine.portfolio_id, token=first.token)
    assert as_data(shown(later.tree, depth=9)) == before
