from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.live.market import AAPL, REAL_NOW
from tests.services.ledger_entries import book, person, share
from tests.web.views.test_portfolios import bought, record, signed_in
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.money import Currency
from tickfolio.persistence.tenancy import Role
from tickfolio.services.corporate_actions import actions_record

pytestmark = pytest.mark.django_db


def test_each_action_of_what_was_held_is_listed_with_what_became_of_it() -> None:
    mine = bought()
    record()
    dividend = CashDividend(AAPL, date(2012, 5, 21), Decimal("0.50"), Currency("USD"))
    actions_record(actions=[dividend, Split(AAPL, date(2001, 1, 2), 2, 1)], source="replay", at=REAL_NOW)
    address = f"/portfolios/{mine.portfolio_id}/actions/"
    shown = signed_in(mine.owner).get(address).content.decode()
    assert "Dividend, 0.50 USD a unit" in shown
    assert "Applied" in shown
    assert "+5.00 USD" in shown
    assert "Split" not in shown
    assert "?type=dividend" in shown
    form = signed_in(mine.owner).get(re.findall(r'href="([^"]+action=1)"', shown)[0].replace("&amp;", "&"))
    assert form.context["form"].initial["gross"] == Decimal("5.00")
    assert 'value="5.00"' in form.content.decode()
    unknown = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/transactions/new/?type=dividend&action=99")
    assert "gross" not in unknown.context["form"].initial
    viewer = signed_in(share(mine, "vera", Role.VIEWER)).get(address).content.decode()
    assert "?type=dividend" not in viewer
    assert signed_in(person("mallory")).get(address).status_code == 404


def test_where_nothing_is_known_the_page_says_so() -> None:
    mine = book(person("carol"))
    shown = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/actions/").content.decode()
    assert "None is known of anything that was held." in shown
