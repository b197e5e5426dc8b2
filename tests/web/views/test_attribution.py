from __future__ import annotations

import pytest

from tests.services.ledger_entries import Book, book, person
from tests.web.views.test_portfolios import bought, record, signed_in

pytestmark = pytest.mark.django_db


def page(mine: Book, query: str = "") -> str:
    answer = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/attribution/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_today_moves_and_says_in_which_day_it_is() -> None:
    mine = bought()
    record("511.37")
    shown = page(mine)
    assert "data-live" in shown
    assert 'value="2012-05-21"' in shown
    assert "AAPL" in shown
    assert "USD cash" in shown


def test_a_finished_day_shows_its_start_and_end_and_does_not_move() -> None:
    mine = bought()
    record()
    shown = page(mine, "?day=2012-05-21&by=account")
    assert "data-live" in shown
    first = shown.split('min="', 1)[1].split('"', 1)[0]
    shown = page(mine, f"?day={first}&by=class")
    assert "data-live" not in shown
    assert "Start + moved + gain = end" in shown
    assert "Shares" in shown


@pytest.mark.parametrize("query", ["?day=2031-01-01", "?day=yesterday", "?day=0001-01-01", "?day=2012-13-45"])
def test_a_day_that_there_is_not_is_named_and_today_is_shown(query: str) -> None:
    mine = bought()
    record()
    shown = page(mine, query)
    assert "That day is not shown: this is today" in shown
    assert "Expected a day" in shown
    assert "data-live" in shown


def test_an_unknown_grouping_is_by_holding() -> None:
    mine = bought()
    record()
    assert 'data-by="holding"' in page(mine, "?by=%3Cscript%3E")


def test_an_empty_portfolio_says_so() -> None:
    mine = book(person("carol"))
    assert "Nothing is held and nothing happened today" in page(mine)


def test_somebody_elses_portfolio_is_not_found() -> None:
    mine = bought()
    record()
    answer = signed_in(person("mallory")).get(f"/portfolios/{mine.portfolio_id}/attribution/")
    assert answer.status_code == 404
