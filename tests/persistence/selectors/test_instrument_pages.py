"""What is kept of one instrument besides its quote."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, THURSDAY, TUESDAY, clock, told
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.selectors.instrument_pages import bars_in_force, newest_closes, symbols_of_instrument
from tickfolio.services.instruments import instrument_rename

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
D = Decimal


def test_of_several_sources_of_a_day_the_first_counts_by_the_newest_version_of_what_it_said() -> None:
    told({THURSDAY: "100.00", FRIDAY: "102.00"})
    told({FRIDAY: "90.00", MONDAY: "103.00"}, source="second")
    told({FRIDAY: "101.00"}, at=NOW + timedelta(hours=1))
    assert [(bar.day, bar.close) for bar in bars_in_force(AAPL)] == [
        (THURSDAY, D("100.00")),
        (FRIDAY, D("101.00")),
        (MONDAY, D("103.00")),
    ]
    assert [bar.day for bar in bars_in_force(AAPL, since=FRIDAY)] == [FRIDAY, MONDAY]
    assert bars_in_force(IBM) == bars_in_force(Symbol("NONE")) == ()


def test_each_source_has_its_newest_day() -> None:
    told({THURSDAY: "100.00", FRIDAY: "102.00"})
    told({FRIDAY: "101.50", MONDAY: "103.00", TUESDAY: "104.00"}, source="second")
    assert [(close.source, close.day, close.price) for close in newest_closes(AAPL)] == [
        ("second", TUESDAY, D("104.00")),
        ("first", FRIDAY, D("102.00")),
    ]
    assert newest_closes(IBM) == newest_closes(Symbol("NONE")) == ()


def test_a_symbol_goes_with_those_that_the_instrument_had_before() -> None:
    instrument_rename(symbol=AAPL, new_symbol=Symbol("PEAR"), since=MONDAY)
    assert symbols_of_instrument(Symbol("PEAR")) == {"PEAR", "AAPL"}
    assert symbols_of_instrument(IBM) == {"IBM"}
