"""The feeds of single instruments."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.identity.cast import person
from tests.live.market import AAPL, IBM, instrument
from tests.services.feeds_told import live_instance, report, tell
from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.persistence.tenancy import Person, System
from tickfolio.runtime.ports import InstrumentDecisions
from tickfolio.services.feed_orders import feed_order_change, named_feeds, own_orders, pricing_feeds
from tickfolio.services.instrument_decisions import instrument_decisions
from tickfolio.services.instruments import instruments_register

pytestmark = pytest.mark.django_db
CONSOLE = System("console")
COIN = replace(instrument(Symbol("BTC-USD")), instrument_class=InstrumentClass.CRYPTO, mic="XCRY")


def order(*feeds: str, symbol: Symbol = AAPL) -> None:
    feed_order_change(actor=CONSOLE, symbol=symbol, feeds=feeds)


def test_an_order_is_kept_told_to_the_engine_and_taken_back() -> None:
    live_instance()
    order("alpaca", "yahoo")
    order("yahoo", symbol=IBM)
    assert instrument_decisions() == InstrumentDecisions(orders={AAPL: ("alpaca", "yahoo"), IBM: ("yahoo",)})
    assert [(each.symbol, each.feeds, each.unused) for each in own_orders()] == [
        (AAPL, ("alpaca", "yahoo"), ()),
        (IBM, ("yahoo",), ()),
    ]
    instruments_register(instruments=[instrument(AAPL)])
    order(symbol=IBM)
    assert instrument_decisions() == InstrumentDecisions(orders={AAPL: ("alpaca", "yahoo")})


def test_feeds_that_the_engine_does_not_have_are_told() -> None:
    live_instance()
    tell(report("yahoo"), report("ecb"))
    order("alpaca", "yahoo")
    (each,) = own_orders()
    assert each.unused == ("alpaca",)


@pytest.mark.parametrize(
    ("feeds", "message"),
    [
        (("yahoo", "nobody"), "Expected feeds of yahoo, coinbase, alpaca, finnhub, simulated, was 'nobody'"),
        (("ecb",), "was 'ecb'"),
        (("yahoo", "yahoo"), "Expected each feed once, was yahoo, yahoo"),
        (("coinbase",), r"Expected feeds that have prices of AAPL, was coinbase: .* \(equity\)"),
    ],
)
def test_what_is_no_feed_of_the_instrument_is_refused(feeds: tuple[str, ...], message: str) -> None:
    live_instance()
    with pytest.raises(InvalidValue, match=message):
        order(*feeds)
    assert own_orders() == ()


def test_an_instrument_that_nobody_knows_is_refused_and_nobody_but_an_operator_is_heard() -> None:
    live_instance()
    with pytest.raises(InvalidValue, match="booked or looked up here, was NOPE"):
        order("yahoo", symbol=Symbol("NOPE"))
    alice, bob = person("alice"), person("bob")
    with pytest.raises(NotFound):
        feed_order_change(actor=Person(bob.pk), symbol=AAPL, feeds=("yahoo",))
    assert feed_order_change(actor=Person(alice.pk), symbol=AAPL, feeds=("yahoo",)).feeds == ("yahoo",)


def test_names_are_read_as_people_write_them() -> None:
    assert named_feeds(" Alpaca, yahoo,") == ("alpaca", "yahoo")
    assert named_feeds(" ") == ()
    assert "manual" not in pricing_feeds()
