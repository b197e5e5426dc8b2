"""When a day begins for corporate actions; what they do has its tests in tests/domain/ledger."""

from __future__ import annotations

from datetime import date

from tests.domain.ledger.bookings import AAPL
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument
from tickfolio.domain.money import Currency
from tickfolio.services.applied_actions import days_of


def test_the_day_begins_at_the_exchange_of_the_instrument() -> None:
    listed, private = (days_of({AAPL: Instrument(AAPL, AAPL, mic, Currency("USD"))}) for mic in ("XNYS", PRIVATE_MIC))
    day = date(2012, 5, 21)
    assert listed(AAPL, day).isoformat() == "2012-05-21T04:00:00+00:00"
    assert private(AAPL, day).isoformat() == days_of({})(AAPL, day).isoformat() == "2012-05-21T00:00:00+00:00"
