from __future__ import annotations

from dataclasses import replace

from tests.feeds.made_up_market import instrument
from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.feed import Capabilities, Operation


def test_a_feed_covers_an_instrument_by_its_kind_and_its_exchange() -> None:
    everywhere = Capabilities(frozenset({Operation.STREAM}), frozenset({InstrumentClass.EQUITY}))
    assert everywhere.covers(instrument())
    assert not everywhere.covers(replace(instrument(), instrument_class=InstrumentClass.CRYPTO))
    assert not replace(everywhere, mics=frozenset({"XLON"})).covers(instrument())
    assert everywhere.can(Operation.STREAM)
    assert not everywhere.can(Operation.HISTORY)


def test_a_feed_streams_what_it_covers_and_an_invented_one_nothing_that_is_listed() -> None:
    real = Capabilities(frozenset({Operation.STREAM}), frozenset({InstrumentClass.EQUITY}))
    assert real.streams(instrument())
    assert real.streams_listed(instrument())
    assert not real.streams(replace(instrument(), instrument_class=InstrumentClass.CRYPTO))
    assert not replace(real, operations=frozenset({Operation.HISTORY})).streams(instrument())
    invented = replace(real, is_simulated=True)
    assert invented.streams(instrument())
    assert not invented.streams_listed(instrument())
