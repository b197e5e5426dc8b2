"""The fields of each type's form."""

from collections import Counter

import pytest

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.web.forms.transaction_places import PLACES


@pytest.mark.parametrize("kind", TransactionType)
def test_every_form_has_an_account_and_a_day_and_no_field_twice(kind: TransactionType) -> None:
    names = Counter(place.name for place in PLACES[kind])
    assert {"account_id", "day", "time", "note"} <= names.keys()
    assert set(names.values()) == {1}


@pytest.mark.parametrize("kind", TransactionType)
def test_what_must_be_filled_is_always_seen(kind: TransactionType) -> None:
    assert [place.name for place in PLACES[kind] if place.is_needed and place.is_extra] == []
