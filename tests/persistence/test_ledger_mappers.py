from dataclasses import replace

import pytest

from tests.domain.ledger import bookings
from tests.persistence.booked import every_kind, keep, new_account, second_account
from tickfolio.domain.ledger.transactions import TransactionType, transaction_type
from tickfolio.errors import InvalidValue
from tickfolio.persistence.ledger_mappers import columns_of, transaction_from
from tickfolio.persistence.models import TransactionVersion
from tickfolio.persistence.tenancy import System

pytestmark = pytest.mark.django_db


def test_every_type_comes_back_as_it_was_booked() -> None:
    account = new_account()
    transactions = every_kind(str(account.pk), str(second_account(account).pk))
    for transaction in transactions:
        keep(transaction, account, sequence=transaction.sequence)
    rows = TransactionVersion.objects.for_actor(System("a test")).order_by("ledger_sequence")
    assert [transaction_from(row) for row in rows] == transactions
    assert {transaction_type(each) for each in transactions} == set(TransactionType)


def test_a_merger_with_cash_in_two_currencies_is_not_kept() -> None:
    merger = bookings.merger("2012-05-21", 1, 2, cash="10 USD", in_lieu="1 USD")
    with pytest.raises(InvalidValue, match="all amounts in USD, was one in EUR"):
        columns_of(replace(merger, cash_in_lieu=bookings.money("1 EUR")))
