"""The lots of a draft; every way that one can be wrong is said at their field."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.services.test_draft_transfers import IN, OUT, meant, refused
from tickfolio.domain.ledger.transactions import LotChoice, ReceivedLot, TransactionId, TransferIn, TransferOut
from tickfolio.domain.money import Currency, Money
from tickfolio.services.drafts import LotDraft


def test_chosen_lots_are_at_most_what_goes() -> None:
    lot = LotDraft(quantity=Decimal(3), transaction_id="t1")
    assert isinstance(found := meant(OUT, lots=(lot,)), TransferOut)
    assert found.lots == (LotChoice(TransactionId("t1"), Decimal(3)),)
    assert "at most 5" in refused(OUT, lots=(lot, replace(lot, transaction_id="t2")))["lots"]
    assert "chosen twice" in refused(OUT, quantity=Decimal(9), lots=(lot, lot))["lots"]
    assert "the purchase" in refused(OUT, lots=(replace(lot, transaction_id=None),))["lots"]


def test_received_lots_come_with_their_history_and_sum_to_what_came() -> None:
    lot = LotDraft(quantity=Decimal(5), acquired_at=datetime(2010, 3, 1, tzinfo=UTC), cost=Decimal(90))
    assert isinstance(found := meant(IN, lots=(lot,)), TransferIn)
    cost = Money(Decimal(90), Currency("USD"))
    assert found.lots == (ReceivedLot(datetime(2010, 3, 1, tzinfo=UTC), Decimal(5), cost),)
    assert isinstance(found := meant(IN), TransferIn)
    assert found.lots == ()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"quantity": Decimal(4)}, "Expected lots of 5 together, were 4."),
        ({"cost": None}, "Expected a day and a cost of lot 1, was one without."),
        ({"acquired_at": datetime(2012, 6, 1, tzinfo=UTC)}, "by 2012-05-16, was 2012-06-01."),
        ({"quantity": Decimal(0)}, "Expected a quantity above zero of lot 1, was 0."),
        ({"cost": Decimal(-1)}, "Expected a cost of zero or more of lot 1, was -1."),
        ({"cost": Decimal("1e-13")}, "Expected at most 18 decimal places of lot 1, were more."),
    ],
)
def test_a_lot_that_cannot_be_is_refused_at_its_field(parts: dict[str, Any], message: str) -> None:
    lot = LotDraft(quantity=Decimal(5), acquired_at=datetime(2010, 3, 1, tzinfo=UTC), cost=Decimal(90))
    errors = refused(IN, lots=(replace(lot, **parts),))
    assert list(errors) == ["lots"]
    assert message in errors["lots"]
