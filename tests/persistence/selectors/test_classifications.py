"""What is known of instruments besides their prices."""

from __future__ import annotations

import pytest
from django.utils.timezone import now

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import book, person
from tickfolio.persistence.models import FormerSymbol, InstrumentClassification, InstrumentRecord
from tickfolio.persistence.selectors.classifications import Said, said_of_instruments, sectors_and_countries
from tickfolio.services.instruments import instrument_register

pytestmark = pytest.mark.django_db


def test_sector_and_country_are_found_by_the_symbol_of_today_before_that_of_once() -> None:
    instrument_register(instrument=instrument(AAPL), country="US", sector="Information Technology")
    instrument_register(instrument=instrument(IBM), country="DE")
    for symbol in ("OLD", "IBM"):
        record = InstrumentRecord.objects.get(symbol="AAPL")
        FormerSymbol.objects.create(instrument=record, symbol=symbol, valid_until="2012-01-01")
    assert sectors_and_countries([AAPL, IBM]) == {AAPL: ("Information Technology", "US"), IBM: ("", "DE")}
    assert [*sectors_and_countries([instrument(IBM).symbol]).values()] == [("", "DE")]
    old = instrument("OLD").symbol  # type: ignore[arg-type]
    assert sectors_and_countries([old]) == {old: ("Information Technology", "US")}


def test_what_members_said_is_of_their_portfolio_alone() -> None:
    alice, bob = person("alice"), person("bob")
    mine, other = book(alice), book(bob)
    InstrumentClassification(
        portfolio_id=mine.portfolio_id, symbol="AAPL", tag="core", version=3, changed_at=now()
    ).save()
    assert said_of_instruments(mine.portfolio_id, actor=alice) == {AAPL: Said(tag="core", version=3)}
    assert said_of_instruments(mine.portfolio_id, actor=bob) == {}
    assert said_of_instruments(other.portfolio_id, actor=bob) == {}
