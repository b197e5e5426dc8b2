from datetime import timedelta

import pytest

from tests.live.market import CLOSE, IBM, OPEN, instrument
from tests.services.changes import changes
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_hours import SESSIONS_AHEAD, market_hours
from tickfolio.services.market_records import instruments_register, market_changes_record

pytestmark = pytest.mark.django_db


def test_exchanges_of_the_same_hours_are_told_together_from_the_running_session_on() -> None:
    nasdaq = Instrument(symbol=Symbol("MSFT"), name="Microsoft", mic="XNAS", currency=Currency("USD"))
    instruments_register(instruments=[instrument(IBM), nasdaq])
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=OPEN + timedelta(hours=1))))
    (hours,) = market_hours().hours
    assert (hours.mics, hours.zone) == (("XNAS", "XNYS"), "America/New_York")
    assert (hours.sessions[0].opens_at, len(hours.sessions)) == (OPEN, SESSIONS_AHEAD)


def test_a_session_that_is_over_is_not_told() -> None:
    instruments_register(instruments=[instrument(IBM)])
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=CLOSE + timedelta(seconds=1))))
    assert market_hours().hours[0].sessions[0].opens_at == OPEN + timedelta(days=1)


def test_without_instruments_there_are_no_hours() -> None:
    assert market_hours().hours == ()
