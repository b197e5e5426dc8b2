from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from tests.live.market import OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, person, purchase, share
from tests.web.views.test_portfolios import signed_in
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import User
from tickfolio.persistence.models import ManualPrice
from tickfolio.persistence.tenancy import Role
from tickfolio.services.manual_prices import price_correct
from tickfolio.services.market_records import instruments_register, market_changes_record

pytestmark = pytest.mark.django_db
FRIDAY = date(2012, 5, 18)


@pytest.fixture
def mine() -> Book:
    mine = book(person("alice"))
    market_changes_record(changes=changes(quotes=(quote("510.00"),), clock=ClockPosition(run=1, at=OPEN)))
    house = purchase(mine, symbol="HOUSE", quantity="2", price="100", at=OPEN - timedelta(days=7), currency="EUR")
    add(mine, replace(house, creates_instrument=True, instrument_name="My <house>", quote_unit=Decimal(100)))
    return mine


def address(mine: Book, query: str = "") -> str:
    return f"/portfolios/{mine.portfolio_id}/prices/{query}"


def page(client: Client, mine: Book, query: str = "") -> str:
    return client.get(address(mine, query)).content.decode()


def sent(client: Client, mine: Book, **fields: str) -> str:
    """The page that follows a price that was sent."""
    typed = {"symbol": "HOUSE", "day": "2012-05-18", "price": "120.50", **fields}
    return client.post(address(mine), typed, follow=True).content.decode()


def versions(mine: Book) -> list[tuple[str, bool]]:
    rows = ManualPrice.objects.for_actor(mine.owner).order_by("version")
    return [(str(row.price), row.is_withdrawn) for row in rows]


def test_a_price_is_set_listed_corrected_and_withdrawn(mine: Book) -> None:
    client = signed_in(mine.owner)
    assert "None yet." in page(client, mine)
    assert "Set the price of HOUSE on 18 May 2012: 120.50." in sent(client, mine)
    shown = page(client, mine)
    assert "My &lt;house&gt;" in shown
    assert "EUR ÷ 100" in shown
    correction = page(client, mine, "?symbol=HOUSE&day=2012-05-18")
    assert "Correct the price of HOUSE on 18 May 2012" in correction
    assert 'name="price" value="120.5"' in correction
    assert "Corrected the price" in sent(client, mine, price="121", version="1")
    assert "corrected</span>" in page(client, mine)
    assert "Withdrew the price of HOUSE" in sent(client, mine, price="121", version="2", withdraw="1")
    assert "withdrawn</span>" in page(client, mine)
    assert versions(mine) == [("120.5", False), ("121", False), ("121", True)]


def test_the_holdings_page_leads_to_it_and_shows_what_was_set(mine: Book) -> None:
    client = signed_in(mine.owner)
    sent(client, mine, price="12000")
    holdings = client.get(f"/portfolios/{mine.portfolio_id}/").content.decode()
    assert "Set a price by hand" in holdings
    assert address(mine) in holdings
    assert "entered by hand" in holdings
    assert "18 May" in holdings
    viewer = signed_in(share(mine, "vera", Role.VIEWER))
    assert "Prices that were set by hand" in viewer.get(f"/portfolios/{mine.portfolio_id}/").content.decode()


def test_a_portfolio_of_offered_instruments_alone_has_no_such_link() -> None:
    theirs = book(person("bob"))
    client = signed_in(theirs.owner)
    assert address(theirs) not in client.get(f"/portfolios/{theirs.portfolio_id}/").content.decode()
    assert "Nothing needs a price by hand" in page(client, theirs)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(mine: Book) -> None:
    client = signed_in(mine.owner)
    tomorrow = sent(client, mine, day="2012-05-22", price="0")
    assert "Expected a number above 0, was 0." in tomorrow
    assert 'value="2012-05-22"' in tomorrow
    assert "Expected a day from 1900 up to 2012-05-21" in sent(client, mine, day="2012-05-22")
    assert "Expected a price; the field is empty." in sent(client, mine, price="")
    assert "Expected an instrument of the list, was AAPL." in sent(client, mine, symbol="AAPL")
    sent(client, mine)
    assert "Expected a day without a price" in sent(client, mine, price="7")
    wrong = sent(client, mine, price="-3", version="1")
    assert "Correct the price of HOUSE on 18 May 2012" in wrong
    assert versions(mine) == [("120.5", False)]


def test_two_clicks_set_one_price(mine: Book) -> None:
    client, key = signed_in(mine.owner), "0b6a4f2e-5a0b-4e0c-9a1d-7f3f5b7d2c10"
    for _ in range(2):
        assert "Set the price of HOUSE" in sent(client, mine, key=key)
    other = sent(client, mine, key=key, day="2012-05-17", price="7")
    assert "nothing was set now" in other
    assert key not in other
    assert versions(mine) == [("120.5", False)]


def test_who_was_slower_is_told_and_overwrites_nothing(mine: Book) -> None:
    client = signed_in(mine.owner)
    sent(client, mine)
    price_correct(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        symbol="HOUSE",
        day=FRIDAY,
        price=Decimal(130),
        expected_version=1,
    )
    assert "somebody changed it meanwhile" in sent(client, mine, price="140", version="1")
    assert [price for price, _ in versions(mine)] == ["120.5", "130"]
    assert "found none of that day" in sent(client, mine, day="2012-05-17", version="1")


def test_a_comma_is_read_as_the_person_writes_it(mine: Book) -> None:
    User.objects.filter(pk=mine.owner.user_id).update(locale="de")
    sent(signed_in(mine.owner), mine, price="1.120,50")
    assert versions(mine) == [("1120.5", False)]


def test_a_viewer_sees_prices_and_no_form_and_a_stranger_nothing(mine: Book) -> None:
    sent(signed_in(mine.owner), mine)
    viewer = signed_in(share(mine, "vera", Role.VIEWER))
    shown = page(viewer, mine, "?symbol=HOUSE&day=2012-05-18")
    assert "120.5" in shown
    assert "<form" not in shown.partition("<main")[2].partition("</main>")[0]
    assert viewer.post(address(mine), {"symbol": "HOUSE"}).status_code == 403
    assert signed_in(person("mallory")).get(address(mine)).status_code == 404


# ---------- A feed offers the symbol too ----------


OFFERED = Instrument(Symbol("HOUSE"), "House of <cards>", "XNYS", Currency("EUR"), quote_unit=Decimal(100))


def test_what_a_feed_offers_can_be_taken_in_its_place(mine: Book) -> None:
    client = signed_in(mine.owner)
    sent(client, mine)
    assert "A feed offers" not in page(client, mine)
    instruments_register(instruments=[OFFERED])
    shown = page(client, mine)
    assert "A feed offers HOUSE too" in shown
    assert "House of &lt;cards&gt;, NYSE, EUR ÷ 100" in shown
    assert "There is no way back." in shown
    assert "120.5" in shown
    taken = client.post(address(mine), {"take": "HOUSE"}, follow=True).content.decode()
    assert "Took what a feed offers by HOUSE." in taken
    assert "Nothing needs a price by hand" in taken
    assert versions(mine) == [("120.5", False)]
    holdings = client.get(f"/portfolios/{mine.portfolio_id}/").content.decode()
    assert "House of &lt;cards&gt;" in holdings
    assert "Set a price by hand" not in holdings
    assert "that this portfolio has made" in client.post(address(mine), {"take": "HOUSE"}, follow=True).content.decode()


def test_what_is_counted_otherwise_has_no_such_button(mine: Book) -> None:
    client = signed_in(mine.owner)
    instruments_register(instruments=[replace(OFFERED, currency=Currency("USD"), quote_unit=Decimal(1))])
    shown = page(client, mine)
    assert "since it has another currency and quote unit" in shown
    assert 'name="take"' not in shown
    refused = client.post(address(mine), {"take": "HOUSE"}, follow=True).content.decode()
    assert "was another currency and another quote unit" in refused
    assert "A feed offers HOUSE too" in refused


def test_a_viewer_is_told_and_takes_nothing(mine: Book) -> None:
    instruments_register(instruments=[OFFERED])
    viewer = signed_in(share(mine, "vera", Role.VIEWER))
    shown = page(viewer, mine)
    assert "Editors and owners can take it" in shown
    assert 'name="take"' not in shown
    assert viewer.post(address(mine), {"take": "HOUSE"}).status_code == 403


@pytest.mark.parametrize("query", ["?symbol=HOUSE&day=2012-05-17", "?symbol=OTHER&day=2012-05-18", "?day=<script>"])
def test_an_address_that_names_no_price_shows_the_form_of_a_new_one(mine: Book, query: str) -> None:
    client = signed_in(mine.owner)
    sent(client, mine)
    assert "Set the price" in page(client, mine, query)
