"""Which holdings the panel offers."""

from __future__ import annotations

import pytest

from tests.services.ledger_entries import Book, add, book, person, purchase, share
from tests.web.visits import address, set_market_clock, signed_in, text_of
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


def test_nothing_held_has_no_panel_and_one_account_goes_without_saying(mine: Book) -> None:
    client = signed_in(mine.owner)
    assert 'id="what-if"' not in text_of(client.get(address(mine, "gains/")))
    add(mine, purchase(mine))
    page = text_of(client.get(address(mine, "gains/")))
    assert f'<option value="{mine.account_id}:AAPL">AAPL</option>' in page
    portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Second", currency="USD")
    assert ">AAPL · Broker</option>" in text_of(client.get(address(mine, "gains/")))


def test_who_may_not_write_is_not_led_to_the_form(mine: Book) -> None:
    add(mine, purchase(mine))
    assert 'id="what-if-book"' in text_of(signed_in(mine.owner).get(address(mine, "gains/")))
    page = text_of(signed_in(share(mine, "vera", Role.VIEWER)).get(address(mine, "gains/")))
    assert 'id="what-if"' in page
    assert 'id="what-if-book"' not in page
