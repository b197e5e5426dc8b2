from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.live.market import CLOSE, IBM, OPEN, instrument
from tests.services.changes import changes
from tickfolio.domain.calendars import CONTINUOUS, CURRENCY_WEEK
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_hours import (
    SESSIONS_AHEAD,
    hours_running_out,
    market_hours,
    warn_of_hours_running_out,
)
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


def listed(symbol: str, mic: str) -> Instrument:
    return Instrument(symbol=Symbol(symbol), name=symbol, mic=mic, currency=Currency("USD"))


def test_a_session_with_a_break_is_told_as_two() -> None:
    noon = datetime(2012, 5, 21, 3, tzinfo=UTC)  # 12:00 in Tokyo, which rests from 11:30 to 12:30
    instruments_register(instruments=[listed("7203.T", "XTKS")])
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=noon)))
    (hours,) = market_hours().hours
    afternoon, tomorrow = hours.sessions[:2]
    half_an_hour = timedelta(minutes=30)
    assert (afternoon.opens_at, afternoon.closes_at) == (noon + half_an_hour, noon + timedelta(hours=3))
    assert (tomorrow.opens_at, tomorrow.closes_at) == (noon + timedelta(hours=21), noon + timedelta(hours=23.5))
    assert (afternoon.day, tomorrow.day) == (date(2012, 5, 21), date(2012, 5, 22))


def test_what_has_no_hours_or_none_that_are_known_is_not_told() -> None:
    markets = {"BTC-USD": CONTINUOUS, "EURUSD=X": CURRENCY_WEEK, "ABC.MU": "XMUN"}
    instruments_register(instruments=[listed(symbol, mic) for symbol, mic in markets.items()])
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=OPEN)))
    assert market_hours().hours == ()


def test_hours_of_known_instruments_that_run_out_are_told_and_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickfolio.services.market_hours.market_now", lambda: datetime(2026, 11, 27, tzinfo=UTC))
    instruments_register(instruments=[listed("RELIANCE.NS", "XNSE"), listed("MSFT", "XNAS")])
    assert hours_running_out() == {"XNSE": date(2026, 12, 31)}
    with capture_logs() as told:
        warn_of_hours_running_out()
    assert [line["exchanges"] for line in told] == [{"XNSE": "2026-12-31"}]


def test_nothing_of_a_replay_runs_out() -> None:
    instruments_register(instruments=[listed("RELIANCE.NS", "XNSE")])
    assert hours_running_out() == {}
