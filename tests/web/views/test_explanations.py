"""The pages that explain a figure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse

from tests.services.ledger_entries import Book, add, book, deposit, person
from tests.services.test_explanations import WHOLE
from tests.web.views.test_portfolios import bought, record, signed_in
from tickfolio.services.benchmark_choice import benchmark_choose

pytestmark = pytest.mark.django_db


def get(mine: Book, rest: str) -> HttpResponse:
    answer = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/explain/{rest}")
    assert isinstance(answer, HttpResponse)
    return answer


def data(mine: Book, rest: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(mine, rest).content)
    return found


def page(mine: Book, rest: str) -> str:
    answer = get(mine, rest)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.fixture
def mine() -> Book:
    mine = bought()
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    record("511.37")
    return mine


def test_a_value_shows_its_rows_their_formulas_and_where_prices_are_from(mine: Book) -> None:
    shown = page(mine, "value/")
    assert "Value of the portfolio" in shown
    assert "Value of AAPL in Broker" in shown
    assert '<b class="amount">511.37</b>' in shown
    assert "European Central Bank" in shown
    assert "2 of 2 rows" in shown


@pytest.mark.parametrize("figure", WHOLE)
def test_each_figure_has_a_page_a_text_and_data(mine: Book, figure: str) -> None:
    assert "as of" in page(mine, f"{figure}/")
    text = page(mine, f"{figure}/?format=text")
    document = data(mine, f"{figure}/?format=json")
    assert text.startswith(document["tree"]["name"])
    assert document["figure"] == figure


def test_what_is_deeper_is_at_a_path_and_depth_is_limited(mine: Book) -> None:
    flat = data(mine, "value/?format=json&depth=0")
    assert "inputs" not in flat["tree"]
    whole = data(mine, "value/?format=json&depth=9")["tree"]
    token = flat["token"]
    below = data(mine, f"value/?format=json&depth=9&token={token}&path=0")["tree"]
    assert {**whole["inputs"][0], "symbol": ""} == {**below, "symbol": ""}
    assert "The whole figure" in page(mine, f"value/?token={token}&path=0")
    leaf = page(mine, f"value/?token={token}&path=0.1")
    assert "Price, 21 May 2012" in leaf


@pytest.mark.parametrize(
    "rest",
    [
        "nonsense/",
        "value/?as_of=2031-01-01",
        "value/?as_of=yesterday",
        "value/?depth=21",
        "value/?depth=-1",
        "value/?path=7.1",
        "value/?known=today",
        "value/?known=9999-12-31T23:59:59-12:00",
        "value/?row=h:x:AAPL",
        "value/?account=x",
        "twr/?span=2y",
        "twr/?from=2012-05-22&to=2012-05-01",
        "twr/?account=x",
        "realized/?year=MMXII",
        "realized/?account=x",
        "day-percent/?as_of=2012-05-18",
        "beta/?against=NOPE",
        "value/?class=shares",
        "value/?symbol=NOPE",
        "realized/?symbol=NOPE",
        "twr/?class=bond",
        "twr/?currency=XYZ",
        "realized/?class=equity",
    ],
)
def test_what_is_not_there_is_refused_with_the_reason(mine: Book, rest: str) -> None:
    answer = get(mine, rest)
    assert (answer.status_code, "Expected" in answer.content.decode()) == (400, True)
    joint = "&" if "?" in rest else "?"
    assert data(mine, f"{rest}{joint}format=json")["code"] == "invalid_query"


def test_what_is_kept_is_the_same_byte_for_byte_after_ticks_and_edits(mine: Book) -> None:
    token = data(mine, "value/?format=json")["token"]
    client = signed_in(mine.owner)
    answer = client.post(f"/portfolios/{mine.portfolio_id}/explain/keep/", {"token": token})
    assert answer.status_code == 302
    first = client.get(answer["Location"] + "?format=json&depth=9").content
    again = client.post(f"/portfolios/{mine.portfolio_id}/explain/keep/", {"token": token})
    assert again["Location"] == answer["Location"]
    record("333.33")
    add(mine, deposit(mine, "500.00"))
    assert client.get(answer["Location"] + "?format=json&depth=9").content == first
    assert get(mine, "value/?format=json&depth=9").content != first
    assert "Newer values" in client.get(answer["Location"]).content.decode()


def test_a_token_that_was_not_made_here_or_is_of_something_else_is_refused(mine: Book) -> None:
    token = data(mine, "value/?format=json")["token"]
    other = book(person("carol"))
    assert get(mine, "value/?token=forged").status_code == 400
    assert get(mine, f"cost/?token={token}").status_code == 400
    assert get(other, f"value/?token={token}").status_code == 400
    assert get(mine, "kept/0123456789abcdef/").status_code == 404
    client = signed_in(mine.owner)
    assert client.post(f"/portfolios/{mine.portfolio_id}/explain/keep/", {"token": "forged"}).status_code == 400


def test_what_is_kept_is_refused_where_its_address_asks_for_what_is_not_there(mine: Book) -> None:
    token = data(mine, "value/?format=json")["token"]
    client = signed_in(mine.owner)
    kept = client.post(f"/portfolios/{mine.portfolio_id}/explain/keep/", {"token": token})["Location"]
    assert client.get(f"{kept}?path=9").status_code == 400
    assert client.get(f"{kept}?path=9&format=json").json()["code"] == "invalid_query"


def test_what_was_recorded_later_is_not_known(mine: Book) -> None:
    assert "ledger 0" in page(mine, "value/?format=text&known=2001-01-01T00:00:00Z")


def test_the_definition_is_on_the_page(mine: Book) -> None:
    shown = page(mine, "value/")
    assert "Definition: Valuation and coverage" in shown
    assert 'href="/definitions/#valuation-and-coverage"' in shown


def test_what_is_wide_is_shown_in_parts(mine: Book) -> None:
    whole = data(mine, "value/?format=json&depth=1")["tree"]
    second = data(mine, "value/?format=json&depth=1&first=1")["tree"]
    assert len(whole["inputs"]) == 2
    assert second["inputs"] == whole["inputs"][1:]
    assert (whole.get("first"), second["first"], second["left"]) == (None, 1, 0)
    assert data(mine, "value/?format=json&depth=1&first=9")["tree"]["inputs"] == []
    shown = page(mine, "value/?first=1")
    assert "Those before" in shown
    assert get(mine, "value/?first=-1").status_code == 400


def test_the_page_says_of_which_day_and_of_what_knowledge_it_is(mine: Book) -> None:
    ended = page(mine, "value/?as_of=2012-05-18")
    assert "Value of the portfolio, end of 18 May 2012</h1>" in ended
    assert "as of the end of 18 May 2012, " in ended
    known = datetime.now(UTC)
    then = page(mine, f"value/?known={quote(known.isoformat())}")
    assert "by what was recorded until" in then
    assert "As known now" in then
    document = data(mine, f"value/?format=json&known={quote(known.isoformat())}")
    assert document["known_by"] is not None
    assert "by what was recorded until" in page(mine, f"value/?token={document['token']}")
    now = page(mine, "value/")
    assert "by what was recorded until" not in now
    assert "Newer values" in now
