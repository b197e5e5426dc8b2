"""Instruments that are traded no more."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.identity.cast import person
from tests.live.market import AAPL, IBM
from tests.services.changes import changes, quote
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, THURSDAY, TUESDAY, WEDNESDAY, clock, fetched, told
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Quality
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.persistence.models import Backfill
from tickfolio.persistence.selectors.market import kept_instrument
from tickfolio.persistence.tenancy import Person, System
from tickfolio.services.delistings import Delisting, delisting_record, delisting_undo, delistings, perhaps_delisted
from tickfolio.services.history_progress import history_progress
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.valuations import recorded_market

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CONSOLE = System("console")
CLOSE = NOW - timedelta(hours=1)


def suspects(refused: dict[Symbol, str] | None = None, *, today: date = WEDNESDAY) -> list[tuple[str, date, str]]:
    found = perhaps_delisted(history_progress().instruments, refused or {}, today=today)
    return [(each.symbol, each.since, each.reason) for each in found]


def test_a_mark_is_kept_changed_and_taken_back() -> None:
    delisting_record(actor=CONSOLE, symbol=AAPL, since=MONDAY)
    assert delistings() == (Delisting(AAPL, "AAPL Inc.", MONDAY),)
    assert delisting_record(actor=CONSOLE, symbol=AAPL, since=TUESDAY).since == TUESDAY
    delisting_record(actor=CONSOLE, symbol=IBM, since=WEDNESDAY)
    assert [each.symbol for each in delistings()] == [IBM, AAPL]
    kept = kept_instrument(AAPL)
    assert kept is not None
    assert kept.instrument.delisted_on == TUESDAY
    assert delisting_undo(actor=CONSOLE, symbol=AAPL)
    assert not delisting_undo(actor=CONSOLE, symbol=AAPL)
    assert [each.symbol for each in delistings()] == [IBM]


def test_the_last_price_of_what_was_delisted_is_closed_and_no_stale_one() -> None:
    at = CLOSE - timedelta(days=9)
    market_changes_record(changes=changes(quotes=(quote("500.00", at=at),)))
    assert recorded_market().quality(AAPL) is Quality.STALE
    delisting_record(actor=CONSOLE, symbol=AAPL, since=MONDAY)
    market = recorded_market()
    assert market.quality(AAPL) is Quality.CLOSED
    assert market.quotes[AAPL].price == Decimal("500.00")


def test_a_day_with_a_price_is_refused() -> None:
    told({FRIDAY: "100", MONDAY: "101"})
    with pytest.raises(InvalidValue, match=f"Expected a day after the last price of AAPL, which is of {MONDAY}"):
        delisting_record(actor=CONSOLE, symbol=AAPL, since=MONDAY)
    delisting_record(actor=CONSOLE, symbol=AAPL, since=TUESDAY)


def test_nobody_but_an_operator_says_so_and_of_nothing_unknown() -> None:
    alice, bob = person("alice"), person("bob")
    delisting_record(actor=Person(alice.pk), symbol=AAPL, since=MONDAY)
    with pytest.raises(NotFound):
        delisting_record(actor=Person(bob.pk), symbol=AAPL, since=TUESDAY)
    with pytest.raises(NotFound):
        delisting_undo(actor=Person(bob.pk), symbol=AAPL)
    with pytest.raises(InvalidValue, match="booked or looked up here, was NOPE"):
        delisting_record(actor=CONSOLE, symbol=Symbol("NOPE"), since=MONDAY)


def test_what_a_vendor_calls_delisted_or_refuses_although_it_had_days_is_suspected() -> None:
    told({THURSDAY: "100", FRIDAY: "101"})
    told({FRIDAY: "101"}, symbol=IBM)
    fetched(message="yahoo: No data found, symbol may be delisted")
    fetched(IBM)
    saturday = FRIDAY + timedelta(days=1)
    assert suspects() == [(AAPL, saturday, "yahoo: No data found, symbol may be delisted.")]
    assert suspects({IBM: "finnhub refuses it: unknown"})[1] == (IBM, saturday, "finnhub refuses it: unknown.")
    delisting_record(actor=CONSOLE, symbol=AAPL, since=saturday)
    assert suspects() == []


def test_nothing_is_suspected_before_a_session_is_missing() -> None:
    told({THURSDAY: "100", FRIDAY: "101"})
    fetched(message="may be delisted")
    assert suspects(today=MONDAY) == []
    assert len(suspects(today=TUESDAY)) == 1


def test_a_newer_price_of_the_stream_speaks_against_it() -> None:
    told({THURSDAY: "100", FRIDAY: "101"})
    fetched(message="may be delisted")
    market_changes_record(changes=changes(quotes=(quote("500.00", at=CLOSE).but(session_day=TUESDAY),)))
    assert suspects() == []


def test_silence_of_a_week_of_sessions_is_enough_without_a_word() -> None:
    told({THURSDAY: "100", FRIDAY: "101"})
    fetched(until=date(2026, 6, 11))
    assert suspects() == []
    Backfill.objects.update(fetched_until=date(2026, 6, 12))
    ((symbol, since, reason),) = suspects()
    assert (symbol, since) == (AAPL, FRIDAY + timedelta(days=1))
    assert reason == "Feeds were asked up to 2026-06-12, and none has a later day."


def test_what_never_had_a_day_is_not_suspected() -> None:
    fetched(message="may be delisted", days=0)
    fetched(IBM, message="may be delisted", days=3)
    assert suspects({AAPL: "refused"}) == []
