"""The page of an instrument: in a portfolio, by itself, its candles and its note."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.live.market import AAPL, IBM, MONDAY, OPEN, instrument
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import TRADED, Book, add, book, deposit, person, purchase, sale, share
from tests.services.test_instrument_notes import HOSTILE
from tests.web.views.test_portfolios import bought, record, row_of
from tests.web.visits import address, errors_on, set_market_clock, signed_in, text_of
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios
from tickfolio.services.instrument_notes import note_of, note_write
from tickfolio.services.instruments import instrument_rename
from tickfolio.services.market_records import instruments_register, market_changes_record

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'data-figure="([\w-]+)"[^>]*>([^<]*)<')


@pytest.fixture
def mine() -> Book:
    mine = bought()
    record()
    return mine


@pytest.fixture
def client(mine: Book) -> Client:
    return signed_in(mine.owner)


def page_of(client: Client, mine: Book, symbol: str = AAPL) -> str:
    answer = client.get(address(mine, f"instruments/{symbol}/"))
    assert answer.status_code == 200
    return text_of(answer)


def part(page: str, id_: str) -> str:
    """What stands in a panel."""
    return page.split(f'id="{id_}"', 1)[1].split("</section>", 1)[0]


def figures(page: str, id_: str) -> dict[str, str]:
    return dict(FIGURE.findall(part(page, id_)))


def data_of(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.split('id="position-data"', 1)[1].split(">", 1)[1].split("<", 1)[0])
    return found


# ---------- In a portfolio ----------


def test_the_head_has_the_price_its_change_and_where_it_is_from(client: Client, mine: Book) -> None:
    page = page_of(client, mine)
    assert re.findall(r'id="(price|change|change-percent|since|trust|source-time)">([^<]*)<', page) == [
        ("price", "510.00"),
        ("change", "+10.00"),
        ("change-percent", "+2.00 %"),
        ("since", "since the close of 18 May, 500.00"),
        ("trust", "replay, regular session"),
        ("source-time", "source 15:59:00.000"),
    ]
    assert f'href="{address(mine, "transactions/new/")}?type=buy&amp;symbol=AAPL"' in page


def test_each_figure_is_the_one_that_the_portfolios_page_shows(client: Client, mine: Book) -> None:
    add(mine, purchase(mine, quantity="1", price="345.67", at=TRADED + timedelta(days=2)))
    row = row_of(text_of(client.get(address(mine, ""))), f"h:{mine.account_id}:AAPL")
    page = page_of(client, mine)
    found = figures(page, "position")
    for name, there in {"unrealized-percent": "percent"}.items():
        assert found[name] == row[there]
    for name in ("quantity", "value", "cost", "unrealized", "day", "weight"):
        assert found[name] == row[name], name
    gains = text_of(client.get(address(mine, "gains/")))
    for name in ("unrealized-price", "unrealized-currency"):
        assert found[name] in gains, name
    assert f'explain/value/?row=h%3A{mine.account_id}%3AAAPL"' in page
    assert len(re.findall(r'data-lot="h:', page)) == 2
    total = dict(FIGURE.findall(page.split('id="lots-total"', 1)[1].split("</tr>", 1)[0]))
    assert (total["value"], total["cost"], total["unrealized"]) == (row["value"], row["cost"], row["unrealized"])


def test_parts_of_the_day_that_are_nothing_are_not_told(client: Client, mine: Book) -> None:
    page = page_of(client, mine)
    hidden = re.findall(r'<div class="sub-fact" hidden><dt>(\w+)', page)
    assert hidden == ["trading", "income", "fees", "taxes"]


def test_the_scripts_are_told_what_the_rows_do_not_say(client: Client, mine: Book) -> None:
    add(mine, sale(mine, quantity="4", at=TRADED + timedelta(days=2)))
    data = data_of(page_of(client, mine))
    (each,) = data["parts"]
    assert (each["key"], each["lots"][0]["quantity"], data["unit"], data["places"]) == (
        f"h:{mine.account_id}:AAPL",
        "6",
        "1",
        2,
    )
    assert [(trade["day"], trade["kind"]) for trade in data["trades"]] == [
        ("2011-03-01", "buy"),
        ("2011-03-03", "sell"),
    ]


def test_several_accounts_are_summed_and_each_leads_to_its_own_explanation(client: Client, mine: Book) -> None:
    second = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Second", currency="USD")
    other = Book(mine.owner, mine.portfolio_id, second.id)
    add(other, deposit(other, "2000.00"))
    add(other, purchase(other, quantity="2"))
    position = part(page_of(client, mine), "position")
    assert dict(FIGURE.findall(position))["quantity"] == "12"
    assert re.findall(r"<dt>in (\w+)</dt>", position) == ["Broker", "Second"]
    assert "explain/unrealized/" not in position
    assert position.count("explain/value/?row=") == 2


def test_a_sale_can_be_tried_out_in_each_account_that_holds_it(client: Client, mine: Book) -> None:
    panel = part(page_of(client, mine), "what-if")
    assert re.findall(r'<option value="([^"]+)">', panel) == [f"{mine.account_id}:AAPL"]
    assert 'id="what-if"' not in page_of(client, mine, IBM)


def test_what_is_not_held_has_an_empty_position_and_all_that_is_known_of_it(client: Client, mine: Book) -> None:
    page = page_of(client, mine, IBM)
    assert "You hold none" in part(page, "position")
    assert 'id="lots" aria-labelledby="h-lots" hidden' in page
    assert "No price has been recorded yet" in page
    assert data_of(page)["parts"] == []


def test_the_transactions_are_the_newest_of_the_instrument_with_a_link_to_all(client: Client, mine: Book) -> None:
    for day in range(1, 12):
        add(mine, purchase(mine, quantity="1", price="1.00", at=TRADED + timedelta(days=day)))
    listed = part(page_of(client, mine), "instrument-transactions")
    assert listed.count('class="row-link"') == 10
    assert "All 12" in listed
    assert "Deposit" not in listed
    assert f'{address(mine)}?symbol=AAPL"' in listed


def test_sources_and_corporate_actions_are_listed(client: Client, mine: Book) -> None:
    page = page_of(client, mine)
    assert re.findall(r'data-source="([^"]+)"', page) == ["replay", "replay history"]
    assert figures(page, "sources")["when"] == "close of 18 May 2012"
    assert "Split, 2 for 1" in part(page, "instrument-actions")


def test_a_viewer_sees_it_and_can_book_and_write_nothing(mine: Book) -> None:
    viewer = share(mine, "vera", Role.VIEWER)
    page = page_of(signed_in(viewer), mine)
    assert "Buy or sell" not in page
    assert "<textarea" not in page
    assert "Nobody has written a note about AAPL" in page
    note_write(
        actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=AAPL, text="Bought for good.", expected_version=0
    )
    note = part(page_of(signed_in(viewer), mine), "note")
    assert "Bought for good." in note
    assert "by alice@example.org" in note


@pytest.mark.parametrize(("asked", "leads_to"), [("aapl", "AAPL"), ("OLD", "AAPL")])
def test_another_spelling_and_a_symbol_of_once_lead_to_the_one_of_now(
    client: Client, mine: Book, asked: str, leads_to: str
) -> None:
    instruments_register(instruments=[instrument(Symbol("PEAR"))])
    instrument_rename(symbol=Symbol("PEAR"), new_symbol=Symbol("APPL"), since=MONDAY)
    if asked == "OLD":
        asked, leads_to = "PEAR", "APPL"
    answer = client.get(address(mine, f"instruments/{asked}/"))
    assert (answer.status_code, answer["Location"]) == (302, address(mine, f"instruments/{leads_to}/"))
    alone = client.get(f"/instruments/{asked}/")
    assert (alone.status_code, alone["Location"]) == (302, f"/instruments/{leads_to}/")


@pytest.mark.parametrize("symbol", ["NOBODY", "no symbol at all", "A" * 40])
def test_an_instrument_that_nobody_knows_is_not_there(client: Client, mine: Book, symbol: str) -> None:
    assert client.get(address(mine, f"instruments/{symbol}/")).status_code == 404
    assert client.get(f"/instruments/{symbol}/").status_code == 404


def test_a_symbol_with_a_slash_has_its_page(client: Client, mine: Book) -> None:
    instruments_register(instruments=[instrument(Symbol("BRK/B"))])
    assert "BRK/B" in page_of(client, mine, "BRK/B")
    assert client.get("/instruments/BRK%2FB/candles.json").status_code == 200


# ---------- By itself ----------


def test_by_itself_it_leads_to_the_instrument_in_each_of_ones_portfolios(client: Client, mine: Book) -> None:
    page = text_of(client.get("/instruments/AAPL/"))
    assert f'href="{address(mine, "instruments/AAPL/")}"' in page
    assert "Your position" not in page
    assert data_of(page)["trades"] == []
    newcomer = text_of(signed_in(person("nora")).get("/instruments/AAPL/"))
    assert "No portfolio yet" in newcomer


# ---------- The candles ----------


def test_candles_are_told_as_lists_with_the_marks_beside_them(client: Client) -> None:
    found = client.get("/instruments/AAPL/candles.json?span=All").json()
    assert (found["symbol"], found["step"], found["day"], found["before"]) == ("AAPL", "month", "2012-05-21", None)
    assert found["candles"][-1][0] == "2012-05-01"
    assert found["candles"][-1][4] == "510.00"
    assert found["marks"] == [{"day": "2000-06-21", "kind": "split"}, {"day": "2005-02-28", "kind": "split"}]
    today = client.get("/instruments/aapl/candles.json?span=1D").json()
    assert (today["step"], today["before"]) == ("minutes", "500.00")
    assert today["candles"][0] == ["2012-05-21T13:30:00.000Z", "500.00", "500.00", "500.00", "500.00", None]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("AAPL/candles.json?span=2D", 400, "invalid_value"),
        ("NOBODY/candles.json", 404, "unknown_symbol"),
        ("no symbol/candles.json", 400, "invalid_symbol"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(client: Client, path: str, status: int, code: str) -> None:
    answer = client.get(f"/instruments/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


# ---------- The note ----------


def written(client: Client, mine: Book, text: str, version: str = "0") -> Any:
    return client.post(address(mine, "instruments/AAPL/note/"), {"text": text, "version": version})


def test_a_note_is_saved_and_shown_and_taken_away(client: Client, mine: Book) -> None:
    answer = written(client, mine, "Bought for good.")
    assert (answer.status_code, answer["Location"]) == (302, f"{address(mine, 'instruments/AAPL/')}#note")
    page = page_of(client, mine)
    assert "Saved the note." in page
    assert ">\nBought for good.</textarea>" in page
    assert 'name="version" value="1"' in page
    written(client, mine, "", "1")
    assert "Took the note away." in page_of(client, mine)


def test_where_somebody_wrote_meanwhile_nothing_is_saved_and_both_are_shown(client: Client, mine: Book) -> None:
    note_write(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=AAPL, text="Theirs.", expected_version=0)
    answer = written(client, mine, "Mine.")
    page = text_of(answer)
    assert answer.status_code == 409
    assert errors_on(answer) == {"text": "Somebody wrote meanwhile."}
    assert ">Theirs.</blockquote>" in page
    assert ">\nMine.</textarea>" in page
    assert 'name="version" value="1"' in page
    assert written(client, mine, "Mine.", "1").status_code == 302
    assert note_of(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=AAPL).text == "Mine."


def test_a_note_that_cannot_be_taken_stays_in_the_field(client: Client, mine: Book) -> None:
    answer = written(client, mine, "a" * 4001)
    assert answer.status_code == 200
    assert errors_on(answer) == {"text": "Expected a note of at most 4000 characters, was 4001."}
    assert "a" * 4001 in text_of(answer)
    assert errors_on(written(client, mine, "Mine.", "newest"))["text"].startswith("Expected the note with its version")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_code_is_shown_as_text(client: Client, mine: Book, text: str) -> None:
    written(client, mine, text)
    viewer = signed_in(share(mine, "vera", Role.VIEWER))
    for page in (page_of(client, mine), page_of(viewer, mine)):
        note = part(page, "note")
        assert "<script" not in note
        assert "<img" not in note
        assert text in unescape(note)


def test_a_note_of_an_instrument_that_nobody_knows_is_not_there(client: Client, mine: Book) -> None:
    assert client.post(address(mine, "instruments/NOBODY/note/"), {"text": "Mine.", "version": "0"}).status_code == 404


def test_prices_that_stand_still_are_dashes_where_none_is_known() -> None:
    mine = book(person("bert"))
    set_market_clock()
    add(mine, purchase(mine))
    page = page_of(signed_in(mine.owner), mine)
    assert figures(page, "position")["value"] == "—"
    assert "no price of AAPL is known" in page
    market_changes_record(changes=changes(quotes=(quote("510.00"),), bars=(bar("510.00", at=OPEN),)))
    assert figures(page_of(signed_in(mine.owner), mine), "position")["value"] != "—"
