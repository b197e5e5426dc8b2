from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.services.ledger_entries import book, person
from tickfolio.domain.ledger.options import ActionRule
from tickfolio.services.import_choices import account_choices
from tickfolio.services.new_accounts import options_of_new
from tickfolio.services.portfolios import portfolio_view


@pytest.mark.django_db
@pytest.mark.parametrize(("is_replay", "rule"), [(True, ActionRule.ALL), (False, ActionRule.UNITS)])
def test_a_new_account_takes_dividends_by_itself_in_a_replay_alone(
    settings: Settings, is_replay: bool, rule: ActionRule
) -> None:
    settings.TICKFOLIO_IS_REPLAY = is_replay
    assert options_of_new().actions is rule
    mine = book(person("alice"))
    view = portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert [account.options.actions for account in view.accounts] == [rule]
    made = account_choices({"Bank": "USD", "Stated": "USD"}, {}, view, methods={"Stated": "lifo"})
    assert [each.account and each.account.options.actions for each in made] == [rule, ActionRule.ALL]
