"""The page of an instrument that only one portfolio knows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from tests.live.market import AAPL, instrument
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, share
from tests.services.test_manual_prices import HOUSE, NOW, owner_of_a_house
from tests.web.visits import address, errors_on, signed_in, text_of
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.tenancy import Role
from tickfolio.services.manual_prices import price_add, price_withdraw
from tickfolio.services.market_records import instruments_register, market_changes_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    instruments_register(instruments=[instrument(AAPL)])
    market_changes_record(changes=changes(quotes=(quote("510.00", at=NOW),), clock=ClockPosition(run=1, at=NOW)))
    return owner_of_a_house("alice")


def typed(mine: Book, day: date, price: str) -> None:
    price_add(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=HOUSE, day=day, price=Decimal(price))


def page_of(client: Client, mine: Book, symbol: str = HOUSE) -> str:
    answer = client.get(address(mine, f"instruments/{symbol}/"))
    assert answer.status_code == 200
    return text_of(answer)


def test_it_has_the_position_the_transactions_and_the_typed_prices_as_a_line(mine: Book) -> None:
    typed(mine, date(2012, 5, 17), "110")
    typed(mine, date(2012, 5, 19), "130")
    page = page_of(signed_in(mine.owner), mine)
    assert '<span class="num" id="price">130</span>' in page
    assert "typed by hand, in force since 19 May 2012" in page
    assert "Typed prices of HOUSE from 17 May 2012 to 21 May 2012: lowest 110, highest 130 EUR." in page
    assert 'd="M0 190H500V10H1000"' in page
    assert '<span class="amount" data-figure="quantity">2</span>' in page
    assert ">260.00</span>" in page.split('id="position"', 1)[1]
    assert page.count("data-lot=") == 1
    assert page.split('id="instrument-transactions"', 1)[1].count("row-link") == 1
    assert 'id="what-if"' in page


def test_without_a_price_it_says_so_and_how_to_type_one(mine: Book) -> None:
    page = page_of(signed_in(mine.owner), mine)
    assert "No price yet" in page
    assert "typed-line" not in page
    assert f"{address(mine, 'prices/')}?symbol=HOUSE" in page


def test_a_price_that_was_withdrawn_is_not_drawn(mine: Book) -> None:
    typed(mine, date(2012, 5, 17), "110")
    price_withdraw(
        actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=HOUSE, day=date(2012, 5, 17), expected_version=1
    )
    assert "No price yet" in page_of(signed_in(mine.owner), mine)


def test_its_address_is_in_capitals_and_a_viewer_may_only_look(mine: Book) -> None:
    client = signed_in(mine.owner)
    assert client.get(address(mine, "instruments/house/")).headers["Location"] == address(mine, "instruments/HOUSE/")
    page = page_of(signed_in(share(mine, "bob", Role.VIEWER)), mine)
    assert "Set a price" not in page
    assert "Buy or sell" not in page


def test_nobody_else_sees_it_in_whichever_portfolio(mine: Book) -> None:
    """A stranger asks for it in Alice's portfolio, in one of their own, and by itself."""
    theirs = owner_of_a_house("mallory", symbol=Symbol("SHED"))
    client = signed_in(theirs.owner)
    for place in (address(mine, "instruments/HOUSE/"), address(theirs, "instruments/HOUSE/"), "/instruments/HOUSE/"):
        assert client.get(place).status_code == 404
    assert "SHED" in page_of(client, theirs, "SHED")


# ---------- The note ----------


def noted(client: Client, mine: Book, text: str, version: str = "0") -> int:
    return client.post(address(mine, "instruments/HOUSE/note/"), {"text": text, "version": version}).status_code


def test_its_note_is_saved_shown_and_read_by_every_member(mine: Book) -> None:
    client, viewer = signed_in(mine.owner), signed_in(share(mine, "bob", Role.VIEWER))
    assert "Nobody has written a note about HOUSE" in page_of(viewer, mine)
    assert noted(client, mine, "The roof is new.") == 302
    page = page_of(client, mine)
    assert "Saved the note." in page
    assert ">\nThe roof is new.</textarea>" in page
    seen = page_of(viewer, mine)
    assert '<p class="note-text">The roof is new.</p>' in seen
    assert "<textarea" not in seen
    assert noted(viewer, mine, "Mine.", "1") == 403


def test_a_note_that_cannot_be_taken_is_on_its_page_with_what_stands_now(mine: Book) -> None:
    client = signed_in(mine.owner)
    assert noted(client, mine, "The roof is new.") == 302
    answer = client.post(address(mine, "instruments/HOUSE/note/"), {"text": "Mine.", "version": "0"})
    page = text_of(answer)
    assert (answer.status_code, errors_on(answer)) == (409, {"text": "Somebody wrote meanwhile."})
    assert ">The roof is new.</blockquote>" in page
    assert ">\nMine.</textarea>" in page
    assert 'id="typed-prices"' in page
    stranger = owner_of_a_house("mallory", symbol=Symbol("SHED"))
    assert noted(signed_in(stranger.owner), stranger, "Mine.") == 404
