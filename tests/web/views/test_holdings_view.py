from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, sale
from tests.web.views.test_portfolios import before_templates, bought, page_of, record, signed_in
from tickfolio.persistence.models import InstrumentRecord

pytestmark = pytest.mark.django_db
CELL = re.compile(r'<td role="cell" class="(?:r )?(c-[\w-]+)')


def send(mine: Book, back: str = "", **fields: object) -> int:
    client = signed_in(mine.owner)
    answer = client.post(
        "/preferences/holdings/", fields, headers={"Referer": f"http://testserver{back}"} if back else {}
    )
    if back:
        assert answer.headers["Location"].endswith(back)
    return answer.status_code


def columns_of(page: str) -> list[str]:
    """The cells of the first row of the holdings."""
    row = page.split('data-row="h:', 1)[1].split("</tr>", 1)[0]
    return CELL.findall(row)


def groups_of(page: str) -> list[str]:
    return re.findall(r'data-group="([^"]*)"', before_templates(page))


def test_the_page_has_the_columns_that_were_chosen_in_their_order_and_no_others() -> None:
    mine = bought()
    record()
    assert send(mine, columns="chosen", column=["value", "unit-cost", "account"], pinned="1") == HTTPStatus.FOUND
    page = page_of(mine)
    assert columns_of(page) == ["c-value", "c-unit-cost", "c-account"]
    assert 'data-pinned="1"' in page
    assert re.findall(r'<col class="w-([\w-]+)">', page) == ["value", "unit-cost", "account"]
    foot = page.split('id="holdings-foot"', 1)[1].split("</tr>", 1)[0]
    assert CELL.findall(foot) == ["c-value", "c-none", "c-none"]


def test_a_column_moves_by_a_button_of_the_form() -> None:
    mine = bought()
    record()
    send(mine, columns="chosen", column=["value", "price"], move="price:up")
    assert columns_of(page_of(mine)) == ["c-price", "c-value"]


def test_holdings_are_grouped_and_sorted_as_they_were_last() -> None:
    mine = bought()
    record()
    InstrumentRecord.objects.filter(symbol="AAPL").update(sector="Technology", country="US")
    for group, keys in {
        "sector": {"Technology", ":cash"},
        "country": {"United States", ":cash"},
        "class": {"equity", "cash"},
        "currency": {"USD"},
        "none": {""},
    }.items():
        send(mine, group=group)
        assert set(groups_of(page_of(mine))) == keys
    send(mine, sort="day", ordered="1")
    page = page_of(mine)
    assert 'aria-sort="ascending"><button class="sort" type="button" data-sort="day"' in page
    assert groups_of(page) == [""], "what was not sent stays as it was"


def test_one_comes_back_to_the_page_that_one_was_on_and_to_no_other_site() -> None:
    mine = bought()
    assert send(mine, f"/portfolios/{mine.portfolio_id}/", group="class") == HTTPStatus.FOUND
    answer = signed_in(mine.owner).post(
        "/preferences/holdings/", {"group": "class"}, headers={"Referer": "https://elsewhere.example/x"}
    )
    assert answer.headers["Location"] == "/"


def test_what_is_not_offered_is_refused_with_what_was_expected() -> None:
    mine = bought()
    client: Client = signed_in(mine.owner)
    for wrong in ({"columns": "chosen"}, {"group": "colour"}, {"pinned": "7"}):
        answer = client.post("/preferences/holdings/", wrong)
        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert "Expected columns, a group and an order that are offered" in answer.content.decode()


def test_a_reset_brings_the_first_columns_back() -> None:
    mine = bought()
    record()
    send(mine, columns="chosen", column=["value"])
    send(mine, reset="1")
    assert columns_of(page_of(mine))[:2] == ["c-price", "c-quality"]


def test_closed_positions_are_shown_where_they_are_asked_for() -> None:
    mine = bought()
    add(mine, sale(mine, quantity="10"))
    record()
    client = signed_in(mine.owner)
    address = f"/portfolios/{mine.portfolio_id}/"
    pages = {shown: client.get(address, {"shown": shown}).content.decode() for shown in ("open", "closed", "all", "x")}
    told = {shown: 'aria-label="Closed positions"' in page for shown, page in pages.items()}
    assert told == {"open": False, "closed": True, "all": True, "x": False}
    hidden = {shown: '<div id="holdings-part" hidden' in page for shown, page in pages.items()}
    assert hidden == {"open": False, "closed": True, "all": False, "x": False}
    assert "Total closed" in pages["closed"]
    assert 'data-row="h:' not in before_templates(pages["open"])
