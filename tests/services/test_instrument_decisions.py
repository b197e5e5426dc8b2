"""What the operator decided of single instruments, in one query."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM
from tests.services.feeds_told import live_instance
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.runtime.ports import InstrumentDecisions
from tickfolio.services.instrument_decisions import instrument_decisions

pytestmark = pytest.mark.django_db


def test_without_a_decision_there_is_none() -> None:
    live_instance()
    assert instrument_decisions() == InstrumentDecisions()


def test_both_kinds_of_decisions_are_told_in_one_question(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    live_instance()
    InstrumentRecord.objects.filter(symbol=AAPL).update(feeds="alpaca,yahoo")
    InstrumentRecord.objects.filter(symbol=IBM).update(delisted_on=date(2026, 11, 20))
    with django_assert_num_queries(1):
        decided = instrument_decisions()
    assert decided == InstrumentDecisions({AAPL: ("alpaca", "yahoo")}, {IBM: date(2026, 11, 20)})
