"""Plain hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.simulated.calendars import FIRST_DAY, LAST_DAY, regular_hours
from tickfolio.feeds.simulated.instruments import INSTRUMENTS


@pytest.mark.parametrize(
    ("symbol", "opens", "closes"),
    [
        ("SIMALDER", "14:30", "21:00"),
        ("SIMGORSE", "08:00", "16:30"),
        ("SIMJUNIPER", "08:00", "16:30"),
        ("SIMMAPLE", "00:00", "06:30"),
    ],
)
def test_an_exchange_has_its_own_hours(symbol: str, opens: str, closes: str) -> None:
    session = regular_hours(INSTRUMENTS[Symbol(symbol)].instrument).session_on(date(2026, 11, 27))
    assert session is not None
    assert (f"{session.opens_at:%H:%M}", f"{session.closes_at:%H:%M}") == (opens, closes)


def test_weekends_are_closed_but_for_what_never_closes() -> None:
    saturday = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
    open_on = [symbol for symbol, one in INSTRUMENTS.items() if regular_hours(one.instrument).is_open(saturday)]
    assert open_on == ["SIMCOIN-USD", "SIMTOKEN-USD"]


def test_every_instrument_has_hours_for_as_long_as_anything_is_simulated() -> None:
    for one in INSTRUMENTS.values():
        sessions = regular_hours(one.instrument).sessions
        assert (sessions[0].day - FIRST_DAY).days <= 3
        assert (LAST_DAY - sessions[-1].day).days <= 3


def test_another_exchange_has_assumed_hours() -> None:
    instrument = replace(INSTRUMENTS[Symbol("SIMALDER")].instrument, mic="XOSL")
    assert regular_hours(instrument).is_assumed
