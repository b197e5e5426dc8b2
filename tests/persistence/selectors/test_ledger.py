from dataclasses import replace

import pytest

from tests.persistence.booked import eur, every_kind, keep, new_account
from tickfolio.domain.ledger.transactions import Deposit, Transaction
from tickfolio.identity.models import User
from tickfolio.persistence.models import Account
from tickfolio.persistence.selectors.ledger import ledger_changes
from tickfolio.persistence.tenancy import Person, System

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return new_account()


def kept(account: Account, *, after: int = 0, upto: int = 100) -> dict[str, Transaction | None]:
    changes = ledger_changes(str(account.portfolio_id), after=after, upto=upto, actor=System("a test"))
    return {change.transaction_id: change.transaction for change in changes}


def test_a_later_version_wins_and_a_deletion_leaves_nothing(account: Account) -> None:
    deposit, withdrawal, *_ = every_kind(str(account.pk))
    assert isinstance(deposit, Deposit)
    keep(deposit, account, sequence=1)
    keep(withdrawal, account, sequence=2)
    corrected = replace(deposit, amount=eur("9000"))
    keep(corrected, account, sequence=3, version=2)
    keep(withdrawal, account, sequence=4, version=2, is_deleted=True)
    assert kept(account) == {deposit.id: corrected, withdrawal.id: None}
    assert kept(account, after=2) == {deposit.id: corrected, withdrawal.id: None}
    assert kept(account, after=3) == {withdrawal.id: None}
    assert kept(account, after=2, upto=3) == {deposit.id: corrected}


def test_a_stranger_reads_nothing(account: Account) -> None:
    keep(every_kind(str(account.pk))[0], account, sequence=1)
    charlie = User.objects.create(email="charlie@example.org")
    changes = ledger_changes(str(account.portfolio_id), after=0, upto=1, actor=Person(charlie.pk))
    assert changes == ()
