from decimal import Decimal

import pytest

from tests.live.market import AAPL, instrument
from tickfolio.persistence.mappers import instrument_from
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.services.market_records import instruments_register


@pytest.mark.django_db
def test_instrument_comes_back_as_it_was_registered() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    assert instrument_from(InstrumentRecord.objects.get(symbol=AAPL)) == instrument(AAPL)
    assert instrument(AAPL).contract_size == Decimal(1)
