"""How a portfolio counts the time for which something was held."""

from __future__ import annotations

import json

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.services.ledger_entries import Book, book, person, share
from tests.services.wakes import wakes
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, DayCount, HoldingPeriods
from tickfolio.errors import NotAllowed, NotFound
from tickfolio.live.bus.port import PortfolioChanged
from tickfolio.persistence.tenancy import Actor, Role
from tickfolio.services.exports import export_json
from tickfolio.services.holding_periods import holding_periods_change
from tickfolio.services.portfolios import PortfolioView, portfolio_view

pytestmark = pytest.mark.django_db
OTHER = HoldingPeriods(DayCount.THIRTY_360, 6)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def view(mine: Book, actor: Actor | None = None) -> PortfolioView:
    return portfolio_view(actor=actor or mine.owner, portfolio_id=mine.portfolio_id)


def test_a_change_is_kept_and_told(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = view(mine)
    assert before.periods == DEFAULT_PERIODS
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        changed = holding_periods_change(actor=mine.owner, portfolio_id=mine.portfolio_id, periods=OTHER)
    assert (changed.periods, changed.head) == (OTHER, before.head + 1)
    assert view(mine) == changed
    assert heard == [PortfolioChanged(mine.portfolio_id, before.head + 1)]


@pytest.mark.parametrize("months", [0, 1200])
def test_the_fewest_and_the_most_months_are_kept(mine: Book, months: int) -> None:
    periods = HoldingPeriods(DayCount.INCLUSIVE, months)
    assert holding_periods_change(actor=mine.owner, portfolio_id=mine.portfolio_id, periods=periods).periods == periods


def test_an_editor_changes_it_a_viewer_sees_it_and_to_others_it_is_not_there(mine: Book) -> None:
    editor, viewer, stranger = share(mine, "eve", Role.EDITOR), share(mine, "vera", Role.VIEWER), person("charlie")
    holding_periods_change(actor=editor, portfolio_id=mine.portfolio_id, periods=OTHER)
    assert view(mine, viewer).periods == OTHER
    with pytest.raises(NotAllowed):
        holding_periods_change(actor=viewer, portfolio_id=mine.portfolio_id, periods=DEFAULT_PERIODS)
    with pytest.raises(NotFound):
        holding_periods_change(actor=stranger, portfolio_id=mine.portfolio_id, periods=DEFAULT_PERIODS)
    assert view(mine).periods == OTHER


def test_a_portfolio_as_json_says_it(mine: Book) -> None:
    holding_periods_change(actor=mine.owner, portfolio_id=mine.portfolio_id, periods=OTHER)
    document = json.loads("".join(export_json(actor=mine.owner, portfolio_id=mine.portfolio_id).pieces))
    assert document["portfolio"] == {
        "name": "Long term",
        "base_currency": "EUR",
        "day_count": "thirty_360",
        "long_term_months": 6,
    }
