import pytest

from tests.persistence.booked import every_kind, keep, new_account
from tickfolio.domain.ledger.transactions import TransactionType, transaction_type
from tickfolio.persistence.ledger_mappers import transaction_from
from tickfolio.persistence.models import TransactionVersion
from tickfolio.persistence.tenancy import System

pytestmark = pytest.mark.django_db


def test_every_type_comes_back_as_it_was_booked() -> None:
    account = new_account()
    transactions = every_kind(str(account.pk))
    for transaction in transactions:
        keep(transaction, account, sequence=transaction.sequence)
    rows = TransactionVersion.objects.for_actor(System("a test")).order_by("ledger_sequence")
    assert [transaction_from(row) for row in rows] == transactions
    assert {transaction_type(each) for each in transactions} == set(TransactionType)
