"""Corporate actions survive the database whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, NEWCO
from tests.live.market import REAL_NOW
from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.money import Currency
from tickfolio.persistence.action_mappers import columns_of_action, fact_from, kind_of
from tickfolio.persistence.models import CorporateActionFact, InstrumentRecord
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db
DAY, USD = date(2012, 5, 21), Currency("USD")
EVERY: tuple[CorporateAction, ...] = (
    facts.Split(AAPL, DAY, 3, 2),
    facts.CashDividend(AAPL, DAY, Decimal("0.2645"), USD),
    facts.CashDividend(AAPL, DAY, Decimal("0.2645"), USD, date(2012, 6, 14)),
    facts.StockDistribution(AAPL, DAY, 1, 20),
    facts.Demerger(AAPL, DAY, NEWCO, 1, 4, Decimal("0.2173")),
    facts.Takeover(AAPL, DAY, NEWCO, 1, 2),
    facts.Takeover(AAPL, DAY, NEWCO, 1, 2, Decimal("3.5"), USD, Decimal("0.1")),
    facts.CapitalRepayment(AAPL, DAY, Decimal(1), USD),
    facts.Renaming(AAPL, DAY, NEWCO),
)


@pytest.mark.parametrize("action", EVERY, ids=lambda action: type(action).__name__)
def test_each_kind_comes_back_as_it_was(action: CorporateAction) -> None:
    instruments_register(instruments=[Instrument(AAPL, "Apple", "XNAS", USD)])
    instrument = InstrumentRecord.objects.get()
    row = CorporateActionFact.objects.create(
        instrument=instrument, source="replay", recorded_at=REAL_NOW, **columns_of_action(action)
    )
    row.refresh_from_db()
    found = fact_from(row, AAPL)
    assert (found.id, found.action) == (row.pk, action)
    assert row.kind == kind_of(action)


def test_every_kind_that_the_database_knows_is_one_of_the_domain() -> None:
    assert {kind_of(action) for action in EVERY} == set(CorporateActionFact.Kind)
