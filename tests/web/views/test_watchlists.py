"""The pages and forms of watchlists, as browsers and programs send them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, instrument
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tests.web.visits import set_market_clock, signed_in, text_of
from tickfolio.domain.instruments import Symbol
from tickfolio.services import watchlists
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.watchlists import WatchlistView

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db
MSFT = Symbol("MSFT")


@pytest.fixture
def mine() -> Book:
    made = book(person("alice"))
    instruments_register(instruments=[instrument(MSFT)])
    market_changes_record(changes=changes(quotes=(quote("501.50"),), bars=(bar("499.25"),)))
    set_market_clock()
    add(made, deposit(made))
    add(made, purchase(made, quantity="1"))
    return made


@pytest.fixture
def browser(mine: Book) -> Client:
    return signed_in(mine.owner)


def made(mine: Book, *symbols: Symbol, name: str = "Long shots") -> WatchlistView:
    view = watchlists.watchlist_create(actor=mine.owner, name=name)
    for symbol in symbols:
        watchlists.entry_add(actor=mine.owner, symbol=symbol, watchlist_id=view.id)
    return watchlists.watchlist_view(actor=mine.owner, watchlist_id=view.id)


def path(view: WatchlistView, rest: str = "") -> str:
    return f"/watchlists/{view.id}/{rest}"


def rows(answer: Answer) -> list[str]:
    return re.findall(r'<tr role="row" data-part="([^"]+)"', text_of(answer))


def refusal(answer: Answer) -> str:
    found = re.search(r'id="watch-problem" role="alert"><svg.*?</svg><span>(.*?)</span>', text_of(answer), re.DOTALL)
    return found[1] if found else ""


def toast(answer: Answer) -> tuple[str, str]:
    """What was just done, and the address that takes it back."""
    page = text_of(answer)
    told = re.search(r'<div class="toast">.*?<span>(.*?)</span>', page, re.DOTALL)
    undo = re.search(r'<div class="toast">.*?<form method="post" action="([^"]*)"', page, re.DOTALL)
    return (told[1] if told else ""), (undo[1].replace("&amp;", "&") if undo else "")


# ---------- Pages ----------


def test_who_has_no_list_is_offered_the_first_step(browser: Client) -> None:
    page = browser.get("/watchlists/")
    assert page.status_code == 200
    assert "Watch something" in text_of(page)
    assert 'action="/watchlists/add/"' in text_of(page)
    refused = browser.post("/watchlists/add/", {"symbol": "NONE"})
    assert refusal(refused).startswith("No instrument here has the symbol NONE.")
    assert 'value="NONE"' in text_of(refused)
    assert "Expected a name" in refusal(browser.post("/watchlists/", {"name": ""}))
    first = browser.post("/watchlists/add/", {"symbol": "aapl"}, follow=True)
    assert (rows(first), toast(first)[0]) == (["AAPL"], "Added AAPL to Watchlist.")


def test_the_address_of_all_leads_to_the_first_list(browser: Client, mine: Book) -> None:
    first = made(mine, AAPL)
    made(mine, name="Second")
    assert browser.get("/watchlists/").headers["Location"] == path(first)


def test_a_list_shows_the_recorded_prices_before_any_script_runs(browser: Client, mine: Book) -> None:
    page = text_of(browser.get(path(made(mine, IBM, AAPL))))
    apple = page.split('data-part="AAPL"', 1)[1].split("</tr>", 1)[0]
    assert 'data-figure="price">501.50<' in apple
    assert 'data-figure="change">+1.50<' in apple
    assert 'data-figure="low">499.25<' in apple
    assert f'<a href="/portfolios/{mine.portfolio_id}/">Long term</a>' in apple
    other = page.split('data-part="IBM"', 1)[1].split("</tr>", 1)[0]
    assert 'data-figure="price">—<' in other
    assert "Long term" not in other
    assert "<title>Long shots · Watchlists · Tickfolio</title>" in page


def test_a_list_costs_as_many_questions_however_long_it_is(
    browser: Client, mine: Book, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    short, long = made(mine, AAPL), made(mine, AAPL, IBM, MSFT)
    browser.get(path(short))
    with django_assert_max_num_queries(40) as asked:
        browser.get(path(short))
    with django_assert_max_num_queries(len(asked)):
        browser.get(path(long))


def test_names_bring_no_markup_into_the_pages(browser: Client, mine: Book) -> None:
    view = made(mine, AAPL, name='"><script>alert(1)</script>')
    made(mine, name="Second")
    for address in (path(view), "/stocks/?symbol=AAPL", "/watchlists/button/?symbol=AAPL"):
        page = text_of(browser.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_days_of_a_list_come_with_their_ranges(browser: Client, mine: Book) -> None:
    (apple,) = browser.get(path(made(mine, AAPL, IBM), "sparks.json")).json()["sparks"]
    assert (apple["symbol"], apple["low"], apple["high"]) == ("AAPL", "499.25", "501.50")
    assert apple["points"] == [{"at": "2012-05-21T13:30:00.000Z", "close": "499.25"}]


# ---------- Lists ----------


def test_lists_are_made_named_deleted_and_brought_back(browser: Client, mine: Book) -> None:
    page = browser.post("/watchlists/", {"name": "Chips"}, follow=True)
    assert '<h1 class="title">Chips</h1>' in text_of(page)
    (view,) = watchlists.watchlists_of(actor=mine.owner)
    assert "Semis" in text_of(browser.post(path(view, "rename/"), {"name": "Semis"}, follow=True))
    refused = browser.post(path(view, "rename/"), {"name": " "})
    assert refusal(refused) == "Expected a name of 1 to 80 characters, was one of 0."
    deleted = browser.post(path(view, "delete/"), follow=True)
    assert toast(deleted) == ("Deleted Semis.", path(view, "restore/"))
    assert "Watch something" in text_of(deleted)
    back = browser.post(path(view, "restore/"), follow=True)
    assert toast(back)[0] == "Semis is back."
    assert "Expected a name" in refusal(browser.post("/watchlists/", {"name": "x" * 81}))


def test_a_list_that_cannot_come_back_says_why(browser: Client, mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = made(mine)
    browser.post(path(gone, "delete/"))
    made(mine)
    monkeypatch.setattr(watchlists, "MAX_LISTS", 1)
    refused = browser.post(path(gone, "restore/"), follow=True)
    assert toast(refused)[0].startswith("Expected at most 1 watchlists")


def test_lists_change_places_unless_they_were_changed_meanwhile(browser: Client, mine: Book) -> None:
    one, two = made(mine, name="One"), made(mine, name="Two")
    order = {"at": one.id, "list": [two.id, one.id], "seen": [one.id, two.id]}
    browser.post("/watchlists/order/", order)
    assert [each.name for each in watchlists.watchlists_of(actor=mine.owner)] == ["Two", "One"]
    again = browser.post("/watchlists/order/", order)
    assert (again.status_code, refusal(again)[:31]) == (409, "The lists were changed meanwhil")
    wrong = browser.post("/watchlists/order/", {"list": [one.id], "seen": [two.id, one.id]})
    assert refusal(wrong) == "Expected the same lists in another order, were others."


# ---------- Entries ----------


def test_what_is_added_can_be_undone_and_is_added_once(browser: Client, mine: Book) -> None:
    view = made(mine, AAPL)
    added = browser.post("/watchlists/add/", {"symbol": "ibm", "list": view.id}, follow=True)
    assert (rows(added), toast(added)) == (
        ["AAPL", "IBM"],
        ("Added IBM to Long shots.", path(view, "remove/?symbol=IBM")),
    )
    again = browser.post("/watchlists/add/", {"symbol": "IBM", "list": view.id}, follow=True)
    assert (rows(again), toast(again)) == (["AAPL", "IBM"], ("IBM is on Long shots already.", ""))
    undone = browser.post(path(view, "remove/?symbol=IBM"), {"version": "0"}, follow=True)
    assert rows(undone) == ["AAPL"]


def test_what_is_taken_off_goes_back_to_its_place(browser: Client, mine: Book) -> None:
    view = made(mine, AAPL, IBM, MSFT)
    removed = browser.post(path(view, "remove/"), {"symbol": "IBM"}, follow=True)
    told, undo = toast(removed)
    assert (rows(removed), told) == (["AAPL", "MSFT"], "Took IBM off Long shots.")
    assert rows(browser.post(undo, follow=True)) == ["AAPL", "IBM", "MSFT"]
    gone = browser.post(path(view, "remove/"), {"symbol": "NONE"}, follow=True)
    assert toast(gone) == ("NONE is not on Long shots.", "")
    assert "found no NONE" in refusal(browser.post(path(view, "return/?symbol=NONE&place=x")))


def test_an_order_is_kept_and_one_of_an_older_list_is_shown_what_is_there(browser: Client, mine: Book) -> None:
    view = made(mine, AAPL, IBM)
    order = {"symbol": ["IBM", "AAPL"], "version": str(view.version)}
    assert rows(browser.post(path(view, "order/"), order, follow=True)) == ["IBM", "AAPL"]
    conflict = browser.post(path(view, "order/"), order)
    assert (conflict.status_code, rows(conflict)) == (409, ["IBM", "AAPL"])
    assert refusal(conflict).startswith("This list was changed meanwhile")
    wrong = browser.post(path(view, "order/"), {"symbol": ["IBM"], "version": str(view.version + 1)})
    assert refusal(wrong) == "Expected the same instruments in another order, were others."
    assert browser.post(path(view, "order/"), {"symbol": ["IBM"], "version": "x"}).status_code == 409


def test_a_refused_symbol_stays_to_be_mended_on_the_list_that_it_was_for(browser: Client, mine: Book) -> None:
    made(mine, name="First")
    second = made(mine, name="Second")
    refused = browser.post("/watchlists/add/", {"symbol": "no way", "list": second.id})
    assert refusal(refused).startswith("Expected a symbol of 1 to 32 letters")
    assert 'value="no way"' in text_of(refused)
    assert '<h1 class="title">Second</h1>' in text_of(refused)


def test_a_program_is_answered_in_json(browser: Client, mine: Book) -> None:
    asks = {"Accept": "application/json"}
    added = browser.post("/watchlists/add/", {"symbol": "AAPL"}, headers=asks)
    (view,) = watchlists.watchlists_of(actor=mine.owner)
    told = {"list": view.id, "symbol": "AAPL", "is_new": True, "text": "Added AAPL to Watchlist."}
    assert added.json() == told
    refused = browser.post("/watchlists/add/", {"symbol": "NONE"}, headers=asks)
    assert (refused.status_code, refused.json()["code"]) == (400, "not_added")


# ---------- The button ----------


def test_the_button_of_a_page_leads_back_to_it(browser: Client, mine: Book) -> None:
    page = text_of(browser.get("/stocks/?symbol=AAPL"))
    assert '<input type="hidden" name="next" value="/stocks/?symbol=AAPL">' in page
    added = browser.post("/watchlists/add/", {"symbol": "AAPL", "next": "/stocks/?symbol=AAPL"}, follow=True)
    assert added.redirect_chain[0][0] == "/stocks/?symbol=AAPL"
    assert 'aria-label="Watched: take AAPL off Watchlist"' in text_of(added)
    assert "Added AAPL to Watchlist." in text_of(added)
    refused = browser.post(
        "/watchlists/add/", {"symbol": "NONE", "next": "/watchlists/button/?symbol=NONE"}, follow=True
    )
    assert "No instrument here has the symbol NONE." in text_of(refused)


def test_of_several_lists_the_button_offers_each(browser: Client, mine: Book) -> None:
    made(mine, AAPL, name="One")
    made(mine, name="Two")
    part = text_of(browser.get("/watchlists/button/?symbol=aapl"))
    pressed = re.findall(r'aria-pressed="(\w+)">.*?<span>(\w+)</span>', part)
    assert pressed == [("true", "One"), ("false", "Two")]


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org/", "javascript:alert(1)", "x"])
def test_nothing_leads_to_another_server(browser: Client, mine: Book, away: str) -> None:
    view = made(mine)
    answer = browser.post("/watchlists/add/", {"symbol": "AAPL", "next": away})
    assert answer.headers["Location"] == path(view)


def test_a_visitor_has_no_button(client: Client, mine: Book) -> None:
    assert 'id="watch"' not in text_of(client.get("/stocks/?symbol=AAPL"))
