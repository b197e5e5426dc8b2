"""What the operator's page says of single instruments."""

from __future__ import annotations

from datetime import date

import pytest

from tests.identity.cast import person
from tests.live.market import AAPL, IBM
from tests.services.feeds_told import live_instance, report, tell
from tests.services.recorded_days import FRIDAY, NOW, THURSDAY, clock, fetched, told
from tickfolio.errors import NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.services.delistings import delisting_record
from tickfolio.services.feed_orders import feed_order_change
from tickfolio.services.market_records import instance_declare
from tickfolio.services.single_instruments import single_instruments

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def test_for_everybody_else_it_is_not_there() -> None:
    person("alice")
    with pytest.raises(NotFound):
        single_instruments(actor=Person(person("bob").pk))


def test_a_replay_has_none() -> None:
    operator = Person(person("alice").pk)
    instance_declare(is_replay=True, at=NOW)
    found = single_instruments(actor=operator)
    assert found.is_replay
    assert not found.orders + found.delisted + found.suspects


def test_orders_delistings_and_the_feeds_that_run_are_told() -> None:
    operator = Person(person("alice").pk)
    live_instance()
    tell(report(), report("ecb"))
    feed_order_change(actor=operator, symbol=AAPL, feeds=("alpaca", "yahoo"))
    delisting_record(actor=operator, symbol=IBM, since=date(2026, 11, 20))
    found = single_instruments(actor=operator)
    assert found.running == ("yahoo",)
    assert "ecb" not in found.possible
    assert [(each.symbol, each.unused) for each in found.orders] == [(AAPL, ("alpaca",))]
    assert [(each.symbol, each.since) for each in found.delisted] == [(IBM, date(2026, 11, 20))]
    assert not found.suspects


@pytest.mark.usefixtures("clock")
def test_a_symbol_with_prices_that_a_feed_refuses_by_now_is_suspected() -> None:
    operator = Person(person("alice").pk)
    told({THURSDAY: "500", FRIDAY: "501"})
    fetched()
    tell(report(refused={AAPL: "no such symbol"}))
    assert [(each.symbol, each.reason) for each in single_instruments(actor=operator).suspects] == [
        (AAPL, "yahoo: no such symbol.")
    ]
