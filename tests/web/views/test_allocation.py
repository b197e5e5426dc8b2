"""The page that tells how a portfolio is divided, and the trades that it proposes."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from tests.live.market import AAPL, instrument
from tests.services.ledger_entries import Book, add, book, person, purchase, share
from tests.web.views.test_portfolios import bought, record, signed_in
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.allocation_parts import Dimension, PartName
from tickfolio.services.allocation_targets import Target, targets_change
from tickfolio.services.instruments import instrument_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    made = bought()
    record("511.37")
    return made


def page(mine: Book, query: str = "", *, path: str = "", actor: Person | None = None) -> str:
    answer = signed_in(actor or mine.owner).get(f"/portfolios/{mine.portfolio_id}/allocation/{path}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def aim(mine: Book, by: Dimension = Dimension.CLASS, **percents: str) -> None:
    targets_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        dimension=by,
        targets=[Target(PartName(key), Decimal(percent)) for key, percent in percents.items()],
        tolerance=Decimal(5),
        expected_version=0,
    )


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def data_of(html: str) -> dict[str, object]:
    found = re.search(r'<script id="allocation-data" type="application/json">(.*?)</script>', html)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_the_page_divides_by_class_unless_something_else_is_asked(mine: Book) -> None:
    shown = page(mine)
    assert "divided by class" in shown
    assert "Shares" in shown
    assert 'href="?by=country"' in shown
    assert "divided by class" in page(mine, "?by=%3Cscript%3E")


@pytest.mark.parametrize("by", [each.value for each in Dimension])
def test_every_dimension_has_a_table_whose_weights_sum_to_a_hundred(mine: Book, by: str) -> None:
    shown = page(mine, f"?by={by}")
    body = shown.split('id="parts"')[1].split("</table>")[0]
    weights = [Decimal(each.replace("−", "-")) for each in re.findall(r'data-figure="weight">([−\d.]+) %', body)]
    assert weights[-1] == sum(weights[:-1]) == 100
    assert data_of(shown)["by"] == by


def test_dimensions_are_named_in_the_language_of_the_reader(mine: Book) -> None:
    client, there = signed_in(mine.owner), f"/portfolios/{mine.portfolio_id}/allocation/"
    texts = [
        text_of(client.get(there + path, headers={"accept-language": "de"}).content.decode())
        for path in ("?by=sector", "targets/?by=class")
    ]
    assert "aufgeteilt nach Branche" in texts[0]
    assert "Nach Branche" in texts[0]
    assert "Wie nach Anlageklasse aufgeteilt werden soll" in texts[1]
    assert "Teile (Anlageklasse)" in texts[1]


def test_what_nobody_knows_is_unclassified_with_a_way_to_say_it(mine: Book) -> None:
    instrument_register(instrument=instrument(AAPL), sector="Information Technology", country="US")
    shown = page(mine, "?by=sector")
    assert "Information Technology" in shown
    add(mine, purchase(mine, symbol="HOUSE", currency="EUR", price="100", quantity="1", creates_instrument=True))
    shown = page(mine, path="instruments/")
    assert "Unclassified" in shown
    assert "United States" in shown
    assert 'href="?symbol=HOUSE"' in shown


def test_the_scripts_get_what_belongs_to_what(mine: Book) -> None:
    aim(mine, equity="60", bond="40")
    data = data_of(page(mine))
    assert data["parts"] == {"AAPL": ["equity", "Shares"]}
    assert data["targets"] == {"equity": "60", "bond": "40"}
    assert data["target_names"] == {"equity": "Shares", "bond": "Bonds"}
    assert data["tolerance"] == "5"
    answer = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/allocation.json?by=class")
    assert answer.json() == data


def test_targets_show_what_is_off_and_trades_with_the_form_that_books_them(mine: Book) -> None:
    aim(mine, equity="60", bond="10")
    shown = page(mine, "?by=class&what=invest&amount=9000&how=buy")
    assert "30.0 %" in text_of(shown)
    assert "not assigned" in shown
    assert "nothing held" in shown
    proposal = text_of(shown.split('id="proposal"')[1])
    assert "arithmetic, not advice; nothing is booked" in shown
    assert "To be paid in first" in proposal
    assert "stay cash for it" in proposal
    sold = page(mine, "?by=class&how=both&amount=0")
    assert "Sell" in sold.split('id="proposal"')[1]
    assert re.search(r"transactions/new/\?type=sell&amp;symbol=AAPL&amp;account=[0-9a-f-]{36}&amp;quantity=\d+", sold)


def test_the_form_of_a_trade_is_filled_in(mine: Book) -> None:
    answer = signed_in(mine.owner).get(
        f"/portfolios/{mine.portfolio_id}/transactions/new/?type=buy&symbol=AAPL&quantity=3&account={mine.account_id}"
    )
    assert re.search(r'name="quantity"[^>]*value="3"', answer.content.decode())
    wrong = f"/portfolios/{mine.portfolio_id}/transactions/new/?type=buy&symbol=AAPL&quantity=many"
    assert signed_in(mine.owner).get(wrong).status_code == 200


def test_the_trades_alone_are_asked_for_with_the_same_question(mine: Book) -> None:
    aim(mine, equity="60")
    shown = page(mine, "?by=class&what=withdraw&amount=10")
    address = re.search(r'data-refresh="([^"]+)"', shown)
    assert address is not None
    assert address[1].endswith("/allocation/proposal/?by=class&amp;what=withdraw&amp;amount=10")
    part = page(mine, "?by=class&what=withdraw&amount=10", path="proposal/")
    assert part.lstrip().startswith('<div class="stack-tight" id="proposal"')
    assert "<html" not in part


def test_a_question_that_cannot_be_read_is_named_and_the_free_cash_is_taken(mine: Book) -> None:
    aim(mine, equity="60")
    shown = page(mine, "?by=class&amount=lots&how=all")
    assert "Expected a number such as 1234.56, was lots." in shown
    assert "Expected a kind of trades of the list, was all." in shown
    assert 'id="proposal"' in shown
    refused = page(mine, "?by=class&what=withdraw&amount=99999999")
    assert "to take out, which is cash and all that can be sold" in refused


def test_a_viewer_sees_it_and_cannot_change_it(mine: Book) -> None:
    aim(mine, equity="60")
    viewer = share(mine, "vera", Role.VIEWER)
    shown = page(mine, "?by=class&how=both&amount=0", actor=viewer)
    assert "allocation/targets/" not in shown
    assert "transactions/new/?type" not in shown
    listed = page(mine, "?symbol=AAPL", path="instruments/", actor=viewer)
    assert 'name="sector"' not in listed
    assert "Change" not in listed
    browser = signed_in(viewer)
    for path in ("targets/?by=class", "instruments/?symbol=AAPL"):
        assert browser.post(f"/portfolios/{mine.portfolio_id}/allocation/{path}", {"version": 0}).status_code == 403


def test_an_empty_portfolio_and_one_without_prices_say_so(mine: Book) -> None:
    empty = book(person("carol"))
    shown = page(empty)
    assert "Nothing held yet" in shown
    add(empty, purchase(empty, symbol="HOUSE", currency="EUR", price="100", quantity="1", creates_instrument=True))
    shown = page(empty)
    assert "HOUSE: " in shown
    assert "Left out of every total." in shown
    assert "Below zero, so in the table alone: Cash." in shown


def test_somebody_elses_portfolio_is_not_found(mine: Book) -> None:
    browser = signed_in(person("mallory"))
    for path in (
        "allocation/",
        "allocation.json",
        "allocation/proposal/",
        "allocation/targets/",
        "allocation/instruments/",
    ):
        assert browser.get(f"/portfolios/{mine.portfolio_id}/{path}").status_code == 404


def test_the_card_of_the_portfolio_leads_here(mine: Book) -> None:
    shown = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/").content.decode()
    assert f'href="/portfolios/{mine.portfolio_id}/allocation/">All of it' in shown
