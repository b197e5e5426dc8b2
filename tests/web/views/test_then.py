"""The page of what was known then, and what is known now."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote

import pytest

from tests.services.ledger_entries import Book, add, book, deposit, person
from tests.web.views.test_portfolios import bought, record, signed_in

pytestmark = pytest.mark.django_db


def page(mine: Book, query: str = "") -> str:
    answer = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/then/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_both_stand_beside_each_other_with_what_was_recorded_since() -> None:
    mine = bought()
    record()
    known = datetime.now(UTC)
    add(mine, deposit(mine, "250.00", note="<b>late</b>"))
    shown = page(mine, f"?known={quote(known.isoformat())}")
    assert "Deposits less withdrawals" in shown
    assert "1 version of transactions" in shown
    assert "+250.00 USD" in shown
    assert "USD cash in Broker" in shown
    assert "alice@example.org" in shown


def test_without_anything_since_both_are_the_same() -> None:
    mine = bought()
    record()
    shown = page(mine, f"?known={quote(datetime.now(UTC).isoformat())}&as_of=2012-05-20")
    assert "Nothing was recorded since that moment, so both are the same." in shown
    assert shown.count(">same<") == 6
    assert 'value="2012-05-20"' in shown


@pytest.mark.parametrize(
    "query",
    [
        "?known=yesterday",
        "?as_of=2031-01-01",
        "?as_of=soon",
        "?known=9999-12-31T23:59:59-12:00",
        "?known=2999-01-01T00:00",
    ],
)
def test_what_cannot_be_read_is_named_and_today_is_shown(query: str) -> None:
    mine = bought()
    record()
    shown = page(mine, query)
    assert "What was asked for is not shown" in shown
    assert "Expected a" in shown
    assert 'value="2012-05-21"' in shown


def test_what_is_refused_takes_the_moment_of_a_day_ago_whatever_else_was_asked() -> None:
    mine = bought()
    record()
    assert "2001-01-01" not in page(mine, "?known=2001-01-01T00:00&as_of=soon").split('id="known"')[1]


def test_an_empty_portfolio_says_so_and_has_no_table() -> None:
    shown = page(book(person("carol")))
    assert "Nothing has been recorded yet." in shown
    assert "<table" not in shown
    assert "Nothing was recorded since that moment" in shown


def test_somebody_elses_portfolio_is_not_found() -> None:
    mine = bought()
    assert signed_in(person("mallory")).get(f"/portfolios/{mine.portfolio_id}/then/").status_code == 404


def test_every_figure_leads_to_how_it_came_about_by_what_was_known() -> None:
    mine = bought()
    record()
    known = datetime.now(UTC)
    add(mine, deposit(mine, "250.00"))
    client = signed_in(mine.owner)
    for query in (f"?known={quote(known.isoformat())}", f"?known={quote(known.isoformat())}&as_of=2012-05-18"):
        shown = page(mine, query)
        table = shown[shown.index("<tbody") : shown.index("</table>")]
        cells = re.findall(r'<a class="explain" href="([^"]+)"><span class="amount">([^<]+)</span>', table)
        # Six figures and one row, each by both.
        assert len(cells) == 14
        for address, figure in cells:
            answer = client.get(unescape(address))
            assert answer.status_code == 200
            head = answer.content.decode().split('class="explained-figure', 1)[1].split("</p>", 1)[0]
            assert figure.removeprefix("+") in re.sub(r"<[^>]+>", "", head), (address, figure)


def test_what_was_not_there_has_nothing_to_explain() -> None:
    mine = bought()
    record()
    shown = page(mine, "?known=2001-01-01T00:00Z")
    table = shown[shown.index("<tbody") : shown.index("</table>")]
    assert "known=2001" not in table
    assert "Nothing had been recorded by then." in shown
