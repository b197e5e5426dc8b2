from dataclasses import replace
from decimal import Decimal

import pytest

from tests.live.market import AAPL, instrument
from tickfolio.domain.instruments import PRIVATE_MIC, UNKNOWN_MIC
from tickfolio.persistence.mappers import instrument_from
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.services.market_records import instruments_register


@pytest.mark.django_db
def test_instrument_comes_back_as_it_was_registered() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    assert instrument_from(InstrumentRecord.objects.get(symbol=AAPL)) == instrument(AAPL)
    assert instrument(AAPL).contract_size == Decimal(1)


@pytest.mark.django_db
def test_what_a_feed_offers_without_its_exchange_is_not_taken_for_a_portfolios_own() -> None:
    instruments_register(instruments=[replace(instrument(AAPL), mic=PRIVATE_MIC)])
    kept = instrument_from(InstrumentRecord.objects.get(symbol=AAPL))
    assert kept == replace(instrument(AAPL), mic=UNKNOWN_MIC)
