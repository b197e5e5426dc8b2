"""The page on which an account's method is chosen."""

import re

import pytest
from django.test import Client

from tests.services.ledger_entries import TRADED, Book, add, sale
from tests.services.test_account_options import DAY, SHORTS, change, mine
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CostMethod
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


def hidden_fields(page: str) -> dict[str, str]:
    """What the form of the preview sends."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}


def test_every_method_is_offered_with_a_sentence(client: Client, mine: Book) -> None:
    page = client.get(address(mine)).content.decode()
    for method in CostMethod:
        assert f'value="{method.value}"' in page
    assert "a sale takes what was bought last." in page
    assert f'<a href="/portfolios/{mine.portfolio_id}/settings/" aria-current="page">Settings</a>' in page
    assert "How its lots are matched" in client.get(address(mine).removesuffix("costs/")).content.decode()


def test_what_would_change_is_shown_and_nothing_is_stored_before_it_is_saved(client: Client, mine: Book) -> None:
    page = client.post(address(mine), {**LIFO, "step": "preview"}).content.decode()
    assert "Nothing is saved yet." in page
    for text in (
        "First in, first out → Last in, first out",
        "AAPL in Broker",
        "+200.00",
        "+95.00",
        "The whole portfolio",
    ):
        assert text in page
    assert '<span class="down amount">\N{MINUS SIGN}105.00</span>' in page
    assert options_of(mine) == DEFAULT_OPTIONS
    sent = hidden_fields(page)
    back = client.post(address(mine), {**sent, "step": "back"}).content.decode()
    assert 'value="lifo" selected' in back
    assert options_of(mine) == DEFAULT_OPTIONS
    saved = client.post(address(mine), {**sent, "step": "save"}, follow=True).content.decode()
    assert "Saved." in saved
    assert options_of(mine) == AccountOptions(method=CostMethod.LIFO)


def test_what_changes_no_figure_is_saved_at_once(client: Client, mine: Book) -> None:
    page = client.post(address(mine), {**LIFO, "method": "specific", "step": "preview"}, follow=True).content.decode()
    assert "Saved. Nothing changes: value, realized and unrealized gains" in page
    assert options_of(mine) == AccountOptions(method=CostMethod.SPECIFIC)


def test_who_chose_nothing_else_is_told_so(client: Client, mine: Book) -> None:
    page = client.post(address(mine), {**LIFO, "method": "fifo", "step": "preview"}, follow=True).content.decode()
    assert "Nothing was changed." in page


def test_what_somebody_changed_meanwhile_is_shown_first(client: Client, mine: Book) -> None:
    change(mine, SHORTS)
    page = client.post(address(mine), LIFO).content.decode()
    assert "Somebody changed this meanwhile" in page
    assert options_of(mine) == SHORTS


def test_what_is_booked_and_cannot_be_with_it_is_said(client: Client, mine: Book) -> None:
    change(mine, SHORTS)

    add(mine, sale(mine, quantity="15", price="30", at=TRADED + 3 * DAY))
    page = client.post(address(mine), {**LIFO, "seen": "fifo fifo True True all"}).content.decode()
    assert (
        "This does not fit what is booked already. Expected a sale of at most 10 AAPL on 4 March 2011, was 15" in page
    )
    assert options_of(mine) == SHORTS
