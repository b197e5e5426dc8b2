from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import book, person
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.one_reading import one_reading, read_anew
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db


def record(price: str, *, minute: int) -> None:
    at = OPEN + timedelta(minutes=minute)
    market_changes_record(changes=changes(quotes=(quote(price, at=at),), clock=ClockPosition(run=1, at=at)))


def test_one_answer_reads_the_market_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    book(person("alice"))
    record("510.00", minute=1)
    with one_reading():
        first = recorded_market()
        record("520.00", minute=2)
        with django_assert_num_queries(0):
            assert recorded_market() is first
        assert first.quotes[AAPL].price == Decimal("510.00")
    assert recorded_market().quotes[AAPL].price == Decimal("520.00")


def test_the_next_answer_reads_it_anew() -> None:
    book(person("alice"))
    record("510.00", minute=1)
    with one_reading():
        recorded_market()
    record("520.00", minute=2)
    with one_reading():
        assert recorded_market().quotes[AAPL].price == Decimal("520.00")


def test_what_has_become_known_since_is_seen_where_that_is_said() -> None:
    with one_reading():
        assert AAPL not in recorded_market().instruments
        book(person("alice"))
        record("510.00", minute=1)
        assert AAPL not in recorded_market().instruments
        read_anew()
        assert AAPL in recorded_market().instruments


def test_outside_of_an_answer_nothing_is_kept() -> None:
    read_anew()
    book(person("alice"))
    record("510.00", minute=1)
    assert recorded_market() is not recorded_market()
