"""The names of the types of transactions."""

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES


def test_every_type_has_a_name_of_its_own() -> None:
    assert set(TYPE_NAMES) == set(TransactionType)
    assert len({str(name) for name in TYPE_NAMES.values()}) == len(TYPE_NAMES)
