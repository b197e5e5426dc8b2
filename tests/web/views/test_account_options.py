"""The page on which an account's method is chosen."""

import pytest
from django.test import Client

from tests.services.ledger_entries import TRADED, Book, add, sale
from tests.services.test_account_options import DAY, SHORTS, change, mine
from tickfolio.domain.ledger.options import CostMethod
from tickfolio.identity.models import User
from tickfolio.services import portfolios

__all__ = ["mine"]
pytestmark = pytest.mark.django_db
LIFO = {
    "method": "lifo",
    "cash_method": "fifo",
    "fees_in_cost": "on",
    "actions": "all",
    "seen": "fifo fifo True False all",
}


def address(mine: Book) -> str:
    return f"/portfolios/{mine.portfolio_id}/accounts/{mine.account_id}/costs/"


@pytest.fixture
def client(mine: Book) -> Client:
    """Alice's browser."""
    browser = Client()
    browser.force_login(User.objects.get(pk=mine.owner.user_id))
    return browser


def options_of(mine: Book) -> object:
    return portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).accounts[0].options


def test_every_method_is_offered_with_a_sentence(client: Client, mine: Book) -> None:
    page = client.get(address(mine)).content.decode()
    for method in CostMethod:
        assert f'value="{method.value}"' in page
    assert "a sale takes what was bought last." in page
    assert f'<a href="/portfolios/{mine.portfolio_id}/settings/" aria-current="page">Settings</a>' in page
    assert "How its lots are matched" in client.get(address(mine).removesuffix("costs/")).content.decode()


def test_a_change_says_which_figures_are_others(client: Client, mine: Book) -> None:
    page = client.post(address(mine), LIFO, follow=True).content.decode()
    assert "These figures are others now" in page
    assert "AAPL in Broker" in page
    assert "+200.00" in page
    assert "+95.00" in page
    assert "The whole portfolio" in page
    assert "These figures" not in client.get(address(mine)).content.decode()
    again = client.post(address(mine), {**LIFO, "seen": "lifo fifo True False all"}, follow=True).content.decode()
    assert "No figure is another one" in again


def test_what_somebody_changed_meanwhile_is_shown_first(client: Client, mine: Book) -> None:
    change(mine, SHORTS)
    page = client.post(address(mine), LIFO).content.decode()
    assert "Somebody changed this meanwhile" in page
    assert options_of(mine) == SHORTS


def test_what_is_booked_and_cannot_be_with_it_is_said(client: Client, mine: Book) -> None:
    change(mine, SHORTS)

    add(mine, sale(mine, quantity="15", price="30", at=TRADED + 3 * DAY))
    page = client.post(address(mine), {**LIFO, "seen": "fifo fifo True True all"}).content.decode()
    assert "What is booked cannot be with this." in page
    assert options_of(mine) == SHORTS
