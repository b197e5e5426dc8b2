"""Instruments are known by what they are, whatever they are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from tests.live.market import AAPL, IBM, OPEN, instrument
from tests.services.changes import changes, quote
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tickfolio.domain.instruments import Instrument, Publication, Symbol
from tickfolio.errors import InvalidDraft, InvalidValue
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import FormerSymbol, InstrumentRecord, PrivateInstrument
from tickfolio.persistence.selectors.instruments import instruments_matching
from tickfolio.persistence.selectors.market import kept_instrument
from tickfolio.services.corporate_actions import actions_of
from tickfolio.services.instruments import (
    has_calendar,
    instrument_register,
    instrument_rename,
    instrument_rename_undo,
    instruments_register,
    listed_instruments,
    listed_matching,
)
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of

pytestmark = pytest.mark.django_db
ISIN = "US0378331005"
NEW = Symbol("NEWCO")
APPLE = replace(instrument(AAPL), isin=ISIN)
DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def records() -> list[tuple[str, str]]:
    return list(InstrumentRecord.objects.order_by("symbol").values_list("symbol", "isin"))


def former() -> list[tuple[str, str, date]]:
    rows = FormerSymbol.objects.order_by("symbol")
    return list(rows.values_list("symbol", "instrument__symbol", "valid_until"))


# ---------- Registered ----------


def test_an_instrument_is_kept_with_all_that_is_known_of_it() -> None:
    fund = replace(APPLE, publication=Publication.DAILY, listed_on=date(1980, 12, 12))
    instrument_register(instrument=fund, country="US", sector="Information Technology")
    kept, row = kept_instrument(AAPL), InstrumentRecord.objects.get()
    assert kept is not None
    assert kept.instrument == fund
    assert (row.country, row.sector, row.feeds, row.delisted_on) == ("US", "Information Technology", "", None)


def test_registering_again_changes_nothing_that_is_not_said() -> None:
    instrument_register(instrument=APPLE, country="US", sector="Information Technology")
    InstrumentRecord.objects.update(feeds="yahoo,finnhub", delisted_on=DAY)
    instrument_register(instrument=replace(APPLE, name="Apple", isin=""))
    row = InstrumentRecord.objects.get()
    assert (row.name, row.isin, row.country, row.feeds, row.delisted_on) == (
        "Apple",
        ISIN,
        "US",
        "yahoo,finnhub",
        DAY,
    )


def test_nothing_is_registered_of_nothing() -> None:
    instruments_register(instruments=[])
    assert records() == []


def test_two_rows_cannot_be_the_same_instrument() -> None:
    instruments_register(instruments=[APPLE])
    with pytest.raises(IntegrityError), transaction.atomic():
        InstrumentRecord.objects.create(
            symbol="OTHER",
            name="",
            mic=APPLE.mic,
            currency="USD",
            isin=ISIN,
            instrument_class="equity",
            price_places=2,
            contract_size=Decimal(1),
            quote_unit=Decimal(1),
        )
    instruments_register(instruments=[replace(APPLE, symbol=Symbol("APC.F"), mic="XFRA")])
    assert len(records()) == 2


def test_of_two_symbols_at_once_the_last_has_the_identity() -> None:
    instruments_register(instruments=[APPLE, replace(APPLE, symbol=NEW)])
    assert records() == [("AAPL", ""), ("NEWCO", ISIN)]


# ---------- Renamed ----------


def test_the_same_instrument_under_a_new_symbol_is_renamed() -> None:
    instruments_register(instruments=[APPLE])
    instruments_register(instruments=[replace(APPLE, symbol=NEW)], at=AT)
    assert records() == [("NEWCO", ISIN)]
    assert former() == [("AAPL", "NEWCO", date(2026, 3, 1))]
    (change,) = actions_of()
    assert (change.kind, change.fact.action.symbol, change.fact.action.ex_date) == ("symbol_change", AAPL, DAY)


def test_an_old_symbol_still_finds_the_instrument_unless_another_one_has_it() -> None:
    instruments_register(instruments=[APPLE])
    instrument_rename(symbol=AAPL, new_symbol=NEW, since=DAY)
    kept = kept_instrument(AAPL)
    assert kept is not None
    assert kept.instrument.symbol == NEW
    alice = person("alice")
    mine = book(alice)  # AAPL is registered anew, as another instrument
    again = kept_instrument(AAPL)
    assert again is not None
    assert again.instrument.symbol == AAPL
    assert {each.symbol for each in instruments_matching("AAPL", actor=alice, portfolio_id=mine.portfolio_id)} == {
        "AAPL",
        "NEWCO",
    }


def test_a_holding_goes_on_under_the_new_symbol_with_its_price_and_its_past() -> None:
    mine = book(person("alice"))
    instruments_register(instruments=[APPLE])
    now = OPEN + timedelta(minutes=29)
    market_changes_record(changes=changes(quotes=(quote("510.00", at=now),), clock=ClockPosition(run=1, at=now)))
    add(mine, deposit(mine, "9000.00", at=OPEN - timedelta(days=7)))
    add(mine, purchase(mine, quantity="10", at=OPEN - timedelta(days=7)))
    instruments_register(instruments=[replace(APPLE, symbol=NEW)], at=OPEN)
    rows = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.rows
    (row,) = (each for each in rows if each.symbol is not None)
    assert (row.symbol, row.quantity, row.price) == (NEW, Decimal(10), Decimal("510.00"))
    # The engine may still say the old symbol for a while.
    market_changes_record(changes=changes(quotes=(quote("511.00", at=now),)))
    kept = kept_instrument(NEW)
    assert kept is not None
    assert kept.quote is not None
    assert kept.quote.price == Decimal("511.00")


def test_there_and_back_in_a_day_are_two_versions() -> None:
    for symbol in (AAPL, NEW, AAPL, NEW):
        instruments_register(instruments=[replace(APPLE, symbol=symbol)], at=AT)
    assert records() == [("NEWCO", ISIN)]
    assert [each[:2] for each in former()] == [("AAPL", "NEWCO")]


def test_two_rows_that_turn_out_to_be_one_both_stay_and_the_new_one_has_the_identity() -> None:
    instruments_register(instruments=[APPLE, instrument(IBM)])
    instruments_register(instruments=[replace(APPLE, symbol=IBM)])
    assert records() == [("AAPL", ""), ("IBM", ISIN)]
    assert former() == []


def test_told_of_twice_the_earlier_day_counts() -> None:
    instruments_register(instruments=[APPLE])
    for since in (DAY, DAY - timedelta(days=30), DAY):
        instrument_rename(symbol=AAPL, new_symbol=NEW, since=since)
    assert former() == [("AAPL", "NEWCO", DAY - timedelta(days=31))]


def test_only_what_is_there_takes_a_symbol_that_is_free() -> None:
    instruments_register(instruments=[APPLE, instrument(IBM)])
    with pytest.raises(InvalidValue, match="a feed offers, was OTHER"):
        instrument_rename(symbol=Symbol("OTHER"), new_symbol=NEW, since=DAY)
    with pytest.raises(InvalidValue, match="no other instrument has, was IBM"):
        instrument_rename(symbol=AAPL, new_symbol=IBM, since=DAY)


def test_a_change_of_symbols_is_undone_where_the_old_one_is_free() -> None:
    instruments_register(instruments=[APPLE])
    instrument_rename_undo(symbol=AAPL, new_symbol=NEW)
    instrument_rename(symbol=AAPL, new_symbol=NEW, since=DAY)
    instrument_rename_undo(symbol=AAPL, new_symbol=NEW)
    assert (records(), former()) == ([("AAPL", ISIN)], [])


# ---------- The shipped list ----------


@pytest.fixture
def live(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False


def test_in_a_replay_nothing_of_the_list_is_offered() -> None:
    assert listed_matching("vodafone", limit=5) == ()
    assert listed_instruments([Symbol("VOD")]) == {}
    mine = book(person("alice"))
    with pytest.raises(InvalidDraft, match="No feed offers VOD"):
        add(mine, purchase(mine, symbol="VOD"))


@pytest.mark.parametrize(
    ("feeds", "is_offered"),
    [
        (("yahoo",), True),
        (("simulated", "alpaca"), True),
        (("simulated", "ecb"), False),
        (("coinbase",), False),
        (("manual",), False),
    ],
)
def test_of_the_list_is_offered_what_a_feed_may_price(
    settings: Settings, feeds: tuple[str, ...], is_offered: bool
) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = False, feeds
    assert bool(listed_matching("apple", limit=5)) is is_offered
    assert bool(listed_instruments([AAPL])) is is_offered


@pytest.mark.usefixtures("live")
def test_a_trade_registers_what_the_list_knows_instead_of_a_private_instrument() -> None:
    mine = book(person("alice"), currency="GBP")
    add(mine, purchase(mine, symbol="VOD.L", quantity="100", price="70.00", creates_instrument=True))
    row = InstrumentRecord.objects.get(symbol="VOD.L")
    assert (row.mic, row.currency, row.quote_unit, row.country) == ("XLON", "GBP", Decimal(100), "GB")
    assert PrivateInstrument.objects.for_actor(mine.owner).count() == 0
    assert add(mine, purchase(mine, symbol="VOD.L", quantity="1", price="70.00")).symbol == "VOD.L"


@pytest.mark.usefixtures("live")
def test_what_is_known_here_goes_before_the_list() -> None:
    mine = book(person("alice"))
    known = Instrument(Symbol("VOD"), "Mine", "XNYS", APPLE.currency)
    instruments_register(instruments=[known])
    add(mine, purchase(mine, symbol="VOD"))
    assert InstrumentRecord.objects.get(symbol="VOD").name == "Mine"


@pytest.mark.usefixtures("live")
def test_what_the_list_does_not_know_is_private_as_ever() -> None:
    mine = book(person("alice"))
    with pytest.raises(InvalidDraft, match="No feed offers HOUSE"):
        add(mine, purchase(mine, symbol="HOUSE"))
    add(mine, purchase(mine, symbol="HOUSE", creates_instrument=True, currency="EUR"))
    assert PrivateInstrument.objects.for_actor(mine.owner).get().symbol == "HOUSE"


@pytest.mark.usefixtures("live")
def test_the_list_is_searched_for_exchanges_whose_sessions_are_known() -> None:
    assert listed_matching("vodafone", limit=1)[0].symbol == "VOD"
    assert all(has_calendar(each.mic) for each in listed_matching("deutsche", limit=9))
    assert not has_calendar("NONE")
