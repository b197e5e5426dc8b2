from __future__ import annotations

import re
import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, book, person, purchase, sale, share
from tests.web.visits import address, booked, errors_on, sent, set_market_clock, signed_in, text_of, typed, unmarked
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.tenancy import Role
from tickfolio.services import transactions
from tickfolio.services.transactions import TransactionView

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


# ---------- Editing ----------


@pytest.fixture
def bought(alices: Book) -> TransactionView:
    return transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))


def edited(alices: Book, bought: TransactionView, **fields: str) -> Answer:
    form = {
        "type": "buy", "version": "1", "account_id": alices.account_id, "day": "2011-03-01", "time": "16:00:00",
        "symbol": "AAPL", "quantity": "10", "price": "350.00", **fields,
    }  # fmt: skip
    return signed_in(alices.owner).post(address(alices, f"transactions/{bought.id}/"), form)


def test_the_form_of_a_transaction_shows_it_as_it_is(alices: Book, bought: TransactionView) -> None:
    page = text_of(signed_in(alices.owner).get(address(alices, f"transactions/{bought.id}/")))
    for name, value in [("day", "2011-03-01"), ("time", "16:00:00"), ("quantity", "10"), ("price", "350.00")]:
        assert f'name="{name}" value="{value}"' in page
    assert 'name="version" value="1"' in page
    assert "<title>Buy 10 AAPL, −3,500.00 USD · Tickfolio</title>" in page


def test_an_edit_is_a_new_version_and_the_history_says_what_changed(alices: Book, bought: TransactionView) -> None:
    assert ">1 version<" in text_of(signed_in(alices.owner).get(address(alices, f"transactions/{bought.id}/")))
    answer = edited(alices, bought, quantity="12", note="two more")
    assert answer.headers["Location"] == address(alices, f"transactions/{bought.id}/")
    page = text_of(signed_in(alices.owner).get(address(alices, f"transactions/{bought.id}/")))
    assert "Saved: Buy 12 AAPL, −4,200.00 USD." not in page  # another browser
    assert 'Edited</span> <span class="label">by alice@example.org' in page
    assert '<dt>Quantity</dt><dd><del><span class="visually-hidden">was </span>10</del>' in unmarked(page)
    assert '<ins><span class="visually-hidden">is </span>two more</ins>' in page
    assert ">2 versions<" in page


def test_the_price_of_a_trade_settled_elsewhere_is_changed_alone_and_the_amount_follows(alices: Book) -> None:
    draft = purchase(alices, settlement_currency="EUR", settlement_rate=Decimal("0.72"))
    view = transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft)
    page = text_of(signed_in(alices.owner).get(address(alices, f"transactions/{view.id}/")))
    assert re.search(r'<[^>]*name="settlement_rate" value="0.72"', page)
    assert not re.search(r'<[^>]*name="settlement_amount" value=', page)
    assert "as the 2,520.00 EUR that are booked" in page
    sent_back = {"settlement_currency": "EUR", "settlement_rate": "0.72", "settlement_amount": ""}
    assert edited(alices, view, price="360.00", **sent_back).status_code == 302
    assert (booked(alices)[0].price, booked(alices)[0].settlement_amount) == (Decimal(360), Decimal("2592.00"))


def test_an_edit_that_leaves_the_time_alone_keeps_the_moment_to_its_last_digit(alices: Book) -> None:
    at = datetime.fromisoformat("2011-03-01T15:00:00.250000+00:00")
    view = transactions.transaction_add(
        actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices, at=at)
    )
    assert edited(alices, view, quantity="11").status_code == 302
    assert booked(alices)[0].at == at


def test_an_edit_with_an_error_keeps_what_was_typed_and_the_version(alices: Book, bought: TransactionView) -> None:
    page = text_of(edited(alices, bought, quantity="many"))
    assert 'value="many"' in page
    assert 'name="version" value="1"' in page


def test_who_was_slower_sees_both_versions_and_may_go_on(alices: Book, bought: TransactionView) -> None:
    edited(alices, bought, quantity="12", note="first")
    answer = edited(alices, bought, quantity="15")
    page = text_of(answer)
    assert answer.status_code == 409
    assert '<th scope="row">Quantity</th><td>12</td><td>15</td>' in unmarked(page)
    assert '<th scope="row">Note</th><td>first</td><td>—</td>' in page
    assert '<th scope="row">Price</th>' not in page
    assert "Edited by alice@example.org" in page
    assert 'name="version" value="2"' in page
    assert edited(alices, bought, quantity="15", version="2").status_code == 302
    assert booked(alices)[0].quantity == Decimal(15)


def test_what_was_deleted_meanwhile_can_be_booked_anew(alices: Book, bought: TransactionView) -> None:
    transactions.transaction_delete(
        actor=alices.owner, portfolio_id=alices.portfolio_id, transaction_id=bought.id, expected_version=1
    )
    answer = edited(alices, bought, quantity="15")
    page = text_of(answer)
    assert (answer.status_code, "This was deleted meanwhile" in page) == (409, True)
    assert f'action="{address(alices, "transactions/new/")}"' in page
    key = re.search(r'name="key" value="([\w-]+)"', page)
    assert key is not None
    sent(alices, quantity="15", key=key[1])
    assert [view.quantity for view in booked(alices)] == [Decimal(15)]


def test_an_edit_without_a_version_changes_nothing(alices: Book, bought: TransactionView) -> None:
    assert edited(alices, bought, quantity="15", version="").status_code == 409
    assert booked(alices)[0].quantity == Decimal(10)


def test_a_purchase_can_turn_out_to_be_a_sale_of_another_kind(alices: Book, bought: TransactionView) -> None:
    answer = edited(alices, bought, type="deposit", amount="3500")
    assert answer.status_code == 302, errors_on(answer)
    view = booked(alices)[0]
    assert (view.type, view.symbol, view.amount) == (TransactionType.DEPOSIT, "", Decimal(3500))


# ---------- Deleting ----------


def deleted(alices: Book, view: TransactionView, version: str = "1") -> Answer:
    return signed_in(alices.owner).post(address(alices, f"transactions/{view.id}/delete/"), {"version": version})


def test_a_deletion_asks_first_and_leaves_the_history(alices: Book, bought: TransactionView) -> None:
    question = text_of(signed_in(alices.owner).get(address(alices, f"transactions/{bought.id}/delete/")))
    assert "Delete this transaction?" in question
    assert len(booked(alices)) == 1
    assert deleted(alices, bought).headers["Location"] == address(alices)
    assert booked(alices) == []
    page = text_of(signed_in(alices.owner).get(address(alices, f"transactions/{bought.id}/")))
    assert 'Deleted</span> <span class="label">by alice@example.org' in page
    assert 'id="transaction-form"' not in page


def test_what_was_changed_meanwhile_is_not_deleted_unseen(alices: Book, bought: TransactionView) -> None:
    edited(alices, bought, quantity="12")
    answer = deleted(alices, bought)
    assert (answer.status_code, 'name="version" value="2"' in text_of(answer)) == (409, True)
    assert len(booked(alices)) == 1


def test_a_purchase_that_a_sale_needs_cannot_be_deleted(alices: Book, bought: TransactionView) -> None:
    late = datetime.fromisoformat("2012-05-10T15:00:00+00:00")
    draft = sale(alices, quantity="8", at=late)
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft)
    page = text_of(deleted(alices, bought))
    assert "Without this, the sale of 8 AAPL on 10 May 2012 would be of 8 more than Broker holds then." in page
    assert len(booked(alices)) == 2


def test_deleting_twice_leads_to_what_is_left(alices: Book, bought: TransactionView) -> None:
    deleted(alices, bought)
    assert deleted(alices, bought).headers["Location"] == address(alices, f"transactions/{bought.id}/")


# ---------- Who may ----------


def test_a_viewer_sees_a_transaction_without_a_form_and_is_told_why_they_may_not(
    alices: Book, bought: TransactionView
) -> None:
    client = signed_in(share(alices, "bob", Role.VIEWER))
    page = text_of(client.get(address(alices, f"transactions/{bought.id}/")))
    assert ("What is booked" in page, 'id="transaction-form"' in page) == (True, False)
    for rest in ("transactions/new/", f"transactions/{bought.id}/", f"transactions/{bought.id}/delete/"):
        answer = client.post(address(alices, rest), typed(alices, version="1"))
        assert answer.status_code == 403
        assert "Expected the role editor or a higher one" in text_of(answer)
    assert [view.version for view in booked(alices)] == [1]


def test_an_editor_may_book(alices: Book) -> None:
    client = signed_in(share(alices, "bob", Role.EDITOR))
    assert client.post(address(alices, "transactions/new/"), typed(alices)).status_code == 302
    assert booked(alices)[0].recorded_by == "bob@example.org"


def test_a_stranger_is_answered_as_if_there_were_nothing(alices: Book, bought: TransactionView) -> None:
    client = signed_in(person("charlie"))
    nowhere = f"/portfolios/{uuid.uuid4()}/transactions/"
    for rest in ("", "new/", f"{bought.id}/", f"{bought.id}/delete/"):
        theirs, missing = client.get(address(alices, f"transactions/{rest}")), client.get(nowhere + rest)
        assert (theirs.status_code, missing.status_code) == (404, 404)
        assert without_secrets(theirs) == without_secrets(missing)
        assert client.post(address(alices, f"transactions/{rest}"), typed(alices)).status_code in (404, 405)


def without_secrets(answer: Answer) -> str:
    """A page without what differs in every page: tokens and nonces."""
    return re.sub(r'(nonce|value)="[^"]*"', "", text_of(answer))


def test_a_transaction_of_another_portfolio_is_not_found_in_this_one(alices: Book, bought: TransactionView) -> None:
    other = book(alices.owner, name="Other")
    client = signed_in(alices.owner)
    assert client.get(address(other, f"transactions/{bought.id}/")).status_code == 404
    assert client.post(address(other, f"transactions/{bought.id}/"), typed(alices, version="1")).status_code == 404


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(alices: Book) -> None:
    answer = Client().get(address(alices, "transactions/new/"))
    assert (answer.status_code, answer.headers["Location"].startswith("/sign-in/")) == (302, True)
