from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.live.market import AAPL, REAL_NOW
from tests.services.ledger_entries import Book, book, person, share
from tests.web.views.test_portfolios import bought, record, signed_in
from tests.web.visits import unmarked
from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend, CorporateAction, Split
from tickfolio.domain.ledger.applied_actions import ActionOutcome
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, ActionRule
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.persistence.tenancy import Role
from tickfolio.services import action_inbox
from tickfolio.services.account_options import account_options_change
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.ledgers import book_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.services.transactions import TransactionView, transactions_page
from tickfolio.web.forms.action_values import draft_of_action
from tickfolio.web.forms.transactions import Desk
from tickfolio.web.views import actions

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db
FRIDAY = date(2012, 5, 18)
JOB = "8a9a4f6e-0f5e-4c0e-9d8f-2f4f1f6f9b10"
DIVIDEND = CashDividend(AAPL, FRIDAY, Decimal("0.50"), Currency("USD"))
REPAYMENT = CapitalRepayment(AAPL, FRIDAY, Decimal("0.25"), Currency("EUR"))


def know(*actions: CorporateAction) -> None:
    actions_record(actions=actions, source="replay", at=REAL_NOW)


@pytest.fixture
def mine() -> Book:
    """10 AAPL in an account that takes by itself only what changes units; a dividend waits."""
    mine = bought()
    record()
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=replace(DEFAULT_OPTIONS, actions=ActionRule.UNITS),
        expected=DEFAULT_OPTIONS,
    )
    know(DIVIDEND)
    return mine


def address(mine: Book, rest: str = "") -> str:
    return f"/portfolios/{mine.portfolio_id}/actions/{rest}"


def shown(mine: Book, client: Client | None = None) -> str:
    return (client or signed_in(mine.owner)).get(address(mine)).content.decode()


def sent(mine: Book, what: str, client: Client | None = None) -> Answer:
    (outcome,) = (
        each
        for each in book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).outcomes
        if each.fact.action == DIVIDEND
    )
    where = address(mine, f"{mine.account_id}/{outcome.fact.id}/{what}/")
    return (client or signed_in(mine.owner)).post(where, follow=True)


def booked(mine: Book) -> list[TransactionView]:
    return list(transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows[:-2])


# ---------- What became of all ----------


def test_each_action_of_what_was_held_is_listed_with_what_became_of_it() -> None:
    mine = bought()
    record()
    dividend = CashDividend(AAPL, date(2012, 5, 21), Decimal("0.50"), Currency("USD"))
    know(dividend, Split(AAPL, date(2001, 1, 2), 2, 1))
    page = shown(mine)
    assert "Dividend, 0.50 USD a unit" in page
    assert "Applied" in page
    assert "+5.00 USD" in page
    assert "Split" not in page
    assert "?type=dividend" in page
    form = signed_in(mine.owner).get(re.findall(r'href="([^"]+action=[0-9]+)"', page)[0].replace("&amp;", "&"))
    assert form.context["form"].initial["gross"] == Decimal("5.00")
    assert 'value="5.00"' in form.content.decode()
    unknown = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/transactions/new/?type=dividend&action=0")
    assert "gross" not in unknown.context["form"].initial
    viewer = signed_in(share(mine, "vera", Role.VIEWER)).get(address(mine)).content.decode()
    assert "?type=dividend" not in viewer
    assert signed_in(person("mallory")).get(address(mine)).status_code == 404


def test_where_nothing_is_known_the_page_says_so() -> None:
    page = shown(book(person("carol")))
    assert "None is known of anything that was held." in page
    assert "Nothing to accept" in page
    assert "Accept all" not in page
    assert "Dismissed" not in page


# ---------- The inbox ----------


def test_what_waits_stands_first_with_what_would_be_booked(mine: Book) -> None:
    page = shown(mine)
    inbox = page[page.index("To accept") : page.index("What became of the others")]
    for words in ("Dividend, 0.50 USD a unit", "Ex-date 18 May 2012, 10 held in Broker", "+5.00 USD", "on 18 May 2012"):
        assert words in unmarked(inbox)
    assert inbox.count("csrfmiddlewaretoken") == 2  # that of the action, and that of the rule
    for rest in ("", "transactions/"):
        page = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/{rest}").content.decode()
        assert "1 corporate action to accept" in page


def test_accepting_books_what_the_form_would_and_the_second_click_nothing(mine: Book) -> None:
    client = signed_in(mine.owner)
    page = sent(mine, "accept", client).content.decode()
    assert "Booked: Dividend" in page
    (view,) = booked(mine)
    assert (view.type, view.amount, view.taxes, view.ex_date) == (
        TransactionType.DIVIDEND,
        Decimal(5),
        Decimal(0),
        FRIDAY,
    )
    assert f'action="/portfolios/{mine.portfolio_id}/transactions/{view.id}/delete/"' in page
    assert "Nothing to accept" in page
    assert "Booked here" in page
    assert "Nothing was done" in sent(mine, "accept", client).content.decode()
    assert len(booked(mine)) == 1
    client.post(f"/portfolios/{mine.portfolio_id}/transactions/{view.id}/delete/", {"version": "1"})
    assert "To accept" in shown(mine)


def test_what_was_dismissed_stands_at_the_end_and_can_be_brought_back(mine: Book) -> None:
    client = signed_in(mine.owner)
    page = sent(mine, "dismiss", client).content.decode()
    assert "Dismissed. The account does not take it." in page
    undo = re.search(r'<div class="toast">.*?action="([^"]+restore/)"', page, re.DOTALL)
    assert undo is not None
    assert "Nothing to accept" in page
    assert "dismissed by alice@example.org" in page
    assert "Nothing was done" in sent(mine, "accept", client).content.decode()
    page = client.post(undo[1], {"version": "0"}, follow=True).content.decode()
    assert "Brought back." in page
    assert "To accept" in page
    assert booked(mine) == []


def test_what_cannot_be_booked_stays_with_the_reason_and_the_others_are_booked(mine: Book) -> None:
    know(REPAYMENT)
    client = signed_in(mine.owner)
    answer = client.post(address(mine, "accept/"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Booked 1 corporate action. 1 could not be booked, and why stands below." in page
    assert '<li class="inbox-refused">' in page
    assert [view.type for view in booked(mine)] == [TransactionType.DIVIDEND]
    (outcome,) = (
        each
        for each in book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).outcomes
        if each.fact.action == REPAYMENT
    )
    alone = client.post(address(mine, f"{mine.account_id}/{outcome.fact.id}/accept/")).content.decode()
    assert "It could not be booked. Nothing was changed." in alone
    assert '<li class="inbox-refused">' in alone


def test_all_are_accepted_at_once(mine: Book) -> None:
    know(CashDividend(AAPL, date(2012, 2, 17), Decimal("0.40"), Currency("USD")))
    client = signed_in(mine.owner)
    assert "Accept all" in shown(mine)
    assert "Booked 2 corporate actions." in client.post(address(mine, "accept/"), follow=True).content.decode()
    assert [view.amount for view in booked(mine)] == [5, 4]
    assert "Nothing was done" in client.post(address(mine, "accept/"), follow=True).content.decode()


def test_accepting_all_is_a_job_whose_end_leads_to_the_page(mine: Book) -> None:
    client = signed_in(mine.owner)
    know(CashDividend(AAPL, date(2012, 5, 17), Decimal("0.25"), Currency("USD")))
    assert 'data-once data-job="Accepting …"' in shown(mine, client)
    assert client.post(address(mine, "accept/"), {"job": JOB}).json() == {"location": address(mine)}
    job = client.get(f"/portfolios/{mine.portfolio_id}/jobs/{JOB}/").json()
    assert (job["state"], job["name"], job["text"]) == (
        "done",
        "Accepting corporate actions",
        "Accepting: 2 of 2 corporate actions",
    )
    assert "Booked 2 corporate actions." in shown(mine, client)


def test_what_was_cancelled_says_how_many_are_booked(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        action_inbox, "actions_accept", lambda **_: action_inbox.Accepted(is_more=True, is_cancelled=True)
    )
    page = signed_in(mine.owner).post(address(mine, "accept/"), follow=True).content.decode()
    assert "Cancelled. Booked 0 corporate actions. The others still wait." in page


def test_what_was_cancelled_too_late_does_not_say_that_others_wait(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    accept = action_inbox.actions_accept
    monkeypatch.setattr(action_inbox, "actions_accept", lambda **asked: replace(accept(**asked), is_cancelled=True))
    page = signed_in(mine.owner).post(address(mine, "accept/"), follow=True).content.decode()
    assert "Booked 1 corporate action." in page
    assert "Cancelled" not in page


def test_all_are_accepted_by_one_click_and_one_beside_it_says_so(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    client, told = signed_in(mine.owner), []

    def pressed_again(outcome: ActionOutcome, *, desk: Desk) -> TransactionDraft:
        told.append(client.post(address(mine, "accept/"), follow=True).content.decode())
        return draft_of_action(outcome, desk=desk)

    monkeypatch.setattr(actions, "draft_of_action", pressed_again)
    page = signed_in(mine.owner).post(address(mine, "accept/"), follow=True).content.decode()
    assert "Booked 1 corporate action." in page
    (beside,) = told
    assert "Another click is booking them at this moment" in beside


def test_where_more_wait_than_one_click_books_that_is_said(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_inbox, "BATCH", 1)
    monkeypatch.setattr(action_inbox, "MOST_ACCEPTED", 1)
    know(CashDividend(AAPL, date(2012, 2, 17), Decimal("0.40"), Currency("USD")))
    page = signed_in(mine.owner).post(address(mine, "accept/"), follow=True).content.decode()
    assert "Booked 1 corporate action. More wait: accept all once more." in page


def test_the_account_takes_dividends_by_itself_from_then_on(mine: Book) -> None:
    client = signed_in(mine.owner)
    assert "Always take dividends by themselves in Broker" in shown(mine)
    page = client.post(address(mine, f"{mine.account_id}/rule/"), follow=True).content.decode()
    assert "Broker takes all corporate actions by itself." in page
    assert "Applied" in page
    assert "Always take dividends" not in page
    view = portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert view.accounts[0].options == DEFAULT_OPTIONS
    other = book(mine.owner, name="Other")
    assert client.post(address(mine, f"{other.account_id}/rule/")).status_code == 404


def test_a_viewer_sees_what_waits_and_has_no_button(mine: Book) -> None:
    vera = signed_in(share(mine, "vera", Role.VIEWER))
    page = shown(mine, vera)
    inbox = page[page.index("To accept") : page.index("What became of the others")]
    assert "+5.00 USD" in inbox
    assert "<form" not in inbox
    for what in ("accept", "dismiss", "restore"):
        assert sent(mine, what, vera).status_code == 403
    for rest in ("accept/", f"{mine.account_id}/rule/"):
        assert vera.post(address(mine, rest)).status_code == 403
    assert booked(mine) == []


def test_only_a_post_does_anything(mine: Book) -> None:
    client = signed_in(mine.owner)
    for rest in (
        "accept/",
        f"{mine.account_id}/rule/",
        f"{mine.account_id}/1/accept/",
        f"{mine.account_id}/1/dismiss/",
    ):
        assert client.get(address(mine, rest)).status_code == 405
