"""How a portfolio is to be divided, as it is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.timezone import now

from tests.services.ledger_entries import book, person
from tickfolio.persistence.models import AllocationTargets
from tickfolio.persistence.selectors.allocation_targets import StoredTargets, stored_targets

pytestmark = pytest.mark.django_db


def test_targets_are_of_one_portfolio_and_one_dimension() -> None:
    alice, bob = person("alice"), person("bob")
    mine, other = book(alice), book(bob)
    AllocationTargets(
        portfolio_id=mine.portfolio_id,
        dimension="class",
        parts='[["equity", "", "60"]]',
        tolerance=Decimal("2.5"),
        version=3,
        changed_at=now(),
    ).save()
    kept = StoredTargets('[["equity", "", "60"]]', Decimal("2.5"), 3)
    assert stored_targets(mine.portfolio_id, "class", actor=alice) == kept
    assert stored_targets(mine.portfolio_id, "sector", actor=alice) is None
    assert stored_targets(other.portfolio_id, "class", actor=bob) is None
    assert stored_targets(mine.portfolio_id, "class", actor=bob) is None
