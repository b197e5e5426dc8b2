from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.persistence.booked import AT, new_account
from tests.services.recorded_days import MONDAY, clock, told
from tickfolio.identity.models import User
from tickfolio.persistence.models import Membership, Portfolio
from tickfolio.persistence.selectors.daily_bars import newest_bar
from tickfolio.persistence.selectors.headings import LedgerHeading, ledger_heading
from tickfolio.persistence.tenancy import Person, Role, System

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def test_the_report_day_is_that_of_the_longest_owner(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    portfolio_id = str(new_account().portfolio_id)
    User.objects.filter(email="alice@example.org").update(time_zone="Europe/Berlin")
    bob = User.objects.create(email="bob@example.org", time_zone="Asia/Tokyo")
    Membership.unguarded.create(portfolio_id=portfolio_id, user=bob, role=Role.OWNER, created_at=AT + timedelta(days=1))
    with django_assert_num_queries(1):
        assert ledger_heading(portfolio_id, actor=System("a test")) == LedgerHeading(0, "EUR", "Europe/Berlin")
    assert ledger_heading(portfolio_id, actor=Person(bob.pk)) == LedgerHeading(0, "EUR", "Europe/Berlin")


def test_a_stranger_and_a_deleted_portfolio_have_none() -> None:
    portfolio_id = str(new_account().portfolio_id)
    charlie = User.objects.create(email="charlie@example.org")
    assert ledger_heading(portfolio_id, actor=Person(charlie.pk)) is None
    Portfolio.objects.for_actor(System("a test")).update(deleted_at=AT)
    assert ledger_heading(portfolio_id, actor=System("a test")) is None


@pytest.mark.usefixtures("clock")
def test_it_tells_the_newest_close_and_rate_that_are_recorded() -> None:
    portfolio_id = str(new_account().portfolio_id)
    before = ledger_heading(portfolio_id, actor=System("a test"))
    told({MONDAY: "100"})
    after = ledger_heading(portfolio_id, actor=System("a test"))
    assert before is not None
    assert after is not None
    assert (before.bars, after.bars, after.rates) == (0, newest_bar(), 0)
    assert before.is_of_same_ledger(after)
    assert not before.is_of_same_ledger(replace(after, head=1))
