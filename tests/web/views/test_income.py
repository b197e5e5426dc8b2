"""The income page, before any script runs."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, person, share
from tests.services.test_income_reports import dividend, know, take
from tests.services.test_income_reports import mine as mine  # noqa: PLC0414
from tests.web.visits import address, signed_in, text_of
from tickfolio.domain.ledger.options import ActionRule
from tickfolio.persistence.tenancy import Role

pytestmark = pytest.mark.django_db


def shown(client: Client, mine: Book) -> str:
    answer = client.get(address(mine, "income/"))
    assert answer.status_code == 200
    return text_of(answer)


def test_an_empty_one_offers_the_first_step_to_who_may_take_it(mine: Book) -> None:
    page = shown(signed_in(mine.owner), mine)
    assert "Nothing was paid yet" in page
    assert "Record a dividend" in page
    assert "income-data" not in page
    viewer = shown(signed_in(share(mine, "vera", Role.VIEWER)), mine)
    assert "Record a dividend" not in viewer


def test_it_is_a_tab_of_the_portfolio_and_has_all_its_parts(mine: Book) -> None:
    add(mine, dividend(mine, "13.00", paid="2011-09-12", tax="3"))
    add(mine, dividend(mine, "6.00", paid="2012-06-12", ex="2012-05-14"))
    page = shown(signed_in(mine.owner), mine)
    assert 'income/" aria-current="page">Income</a>' in page
    for part in ("By month", "Yields", "Coming payments", "Received", "The next twelve months", "By year"):
        assert f">{part}</h2>" in page
    assert 'id="income-data"' in page
    assert re.search(
        r'<tr data-part="AAPL" data-yield="AAPL" data-income="[0-9.]+" title="the value is not known">', page
    )
    assert re.search(
        r'data-amount="6[.0]*" data-currency="USD" data-kind="known" data-month="2012-06" data-value="[0-9]', page
    )
    assert "Expected if repeated is no fact" in page
    assert "Dividends that are not booked" not in page


def test_what_is_not_booked_is_named_and_leads_to_the_inbox(mine: Book) -> None:
    take(mine, ActionRule.NONE)
    know("2012-05-14", "0.50")
    page = shown(signed_in(mine.owner), mine)
    assert "Dividends that are not booked" in page
    assert f'href="{address(mine, "actions/")}"' in page
    assert "10 × 0.50 USD" in page


def test_to_others_it_is_not_there(mine: Book) -> None:
    assert signed_in(person("mallory")).get(address(mine, "income/")).status_code == 404
