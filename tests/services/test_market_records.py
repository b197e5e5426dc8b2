from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.live.market import AAPL, IBM, MONDAY, OPEN, REAL_NOW, instrument
from tests.services.changes import bar, changes, quote
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import CorporateActionFact, InstrumentRecord, IntradayBar, LatestQuote
from tickfolio.persistence.selectors.market import kept_bars, kept_clock, kept_instrument, kept_instruments
from tickfolio.services import market_records
from tickfolio.services.market_records import instance_declare, instruments_register, market_changes_record

pytestmark = pytest.mark.django_db
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def registered() -> None:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])


def kept_price(symbol: Symbol) -> str | None:
    kept = kept_instrument(symbol)
    return None if kept is None or kept.quote is None else str(kept.quote.price)


def test_instance_stays_what_it_was_declared_at_first() -> None:
    assert instance_declare(is_replay=True, at=REAL_NOW)
    assert instance_declare(is_replay=False, at=REAL_NOW)


def test_registering_again_updates_and_never_doubles() -> None:
    instruments_register(instruments=[replace(instrument(AAPL), name="Apple")])
    assert InstrumentRecord.objects.count() == 2
    assert InstrumentRecord.objects.get(symbol=AAPL).name == "Apple"


def test_newest_quote_replaces_the_one_before() -> None:
    market_changes_record(changes=changes(quotes=(quote("501.00"),)))
    market_changes_record(changes=changes(quotes=(quote("501.50", at=OPEN + timedelta(seconds=1)),)))
    assert kept_price(AAPL) == "501.50"
    assert LatestQuote.objects.count() == 1
    assert [one.instrument.symbol for one in kept_instruments() if one.quote] == [AAPL]


def test_bar_of_a_minute_is_replaced_by_its_longer_self() -> None:
    market_changes_record(changes=changes(bars=(bar("501.00"), bar("502.00", at=OPEN + timedelta(minutes=1)))))
    market_changes_record(changes=changes(bars=(bar("503.00", at=OPEN + timedelta(minutes=1)),)))
    assert [str(one.close) for one in kept_bars(AAPL, session_day=MONDAY)] == ["501.00", "503.00"]


def test_bars_are_kept_for_ten_days() -> None:
    market_changes_record(changes=changes(bars=(bar("501.00"),)))
    market_changes_record(changes=changes(bars=(bar("502.00", at=OPEN + timedelta(days=10)),)))
    assert len(kept_bars(AAPL, session_day=MONDAY)) == 1
    market_changes_record(changes=changes(bars=(bar("503.00", at=OPEN + timedelta(days=11)),)))
    assert kept_bars(AAPL, session_day=MONDAY) == ()


def test_how_long_bars_are_kept_is_a_setting(settings: Settings) -> None:
    settings.TICKFOLIO_BARS_DAYS = 1
    for days in range(3):
        market_changes_record(changes=changes(bars=(bar("502.00", at=OPEN + timedelta(days=days)),)))
    assert IntradayBar.objects.count() == 2


def deletions(*, days: int) -> int:
    """How often old bars are looked for when a minute of that day is recorded."""
    minute = bar("502.00", at=OPEN + timedelta(days=days))
    with CaptureQueriesContext(connection) as asked:
        market_changes_record(changes=changes(bars=(minute,)))
    return sum("intraday_bar" in query["sql"] and '"session_day" <' in query["sql"] for query in asked)


@pytest.mark.django_db(transaction=True)
def test_old_bars_are_looked_for_once_a_day_of_the_market(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(market_records._Dropped, "day", None)
    settings.TICKFOLIO_BARS_DAYS = 1
    assert [deletions(days=day) > 0 for day in (0, 0, 1, 0, 1, 2, 2)] == [True, False, True, False, False, True, False]
    assert sorted({each.session_day for each in IntradayBar.objects.all()}) == [MONDAY + timedelta(days=1), WEDNESDAY]
    assert deletions(days=-90) > 0  # another run


def test_new_run_drops_quotes_and_bars_and_keeps_facts() -> None:
    split = Split(AAPL, date(2005, 2, 28), new=2, old=1)
    market_changes_record(
        changes=changes(
            quotes=(quote("501.00"), quote("34.00", symbol=IBM)), bars=(bar("501.00"),), corporate_actions=(split,)
        )
    )
    market_changes_record(changes=changes(quotes=(quote("9.00"),), drops_old_run=True))
    assert (kept_price(AAPL), kept_price(IBM)) == ("9.00", None)
    assert kept_bars(AAPL, session_day=MONDAY) == ()
    assert CorporateActionFact.objects.count() == 1


def test_corporate_action_is_a_fact_that_a_repetition_does_not_change() -> None:
    actions = (
        Split(AAPL, date(2005, 2, 28), new=2, old=1),
        CashDividend(IBM, date(2012, 8, 8), Decimal("0.85"), Currency("USD")),
    )
    market_changes_record(changes=changes(corporate_actions=actions))
    market_changes_record(changes=changes(corporate_actions=actions, recorded_at=REAL_NOW + timedelta(days=1)))
    split, dividend = CorporateActionFact.objects.order_by("ex_date")
    assert (split.split_new, split.split_old, split.amount, split.recorded_at) == (2, 1, None, REAL_NOW)
    assert (str(dividend.amount), dividend.currency) == ("0.85", "USD")


def test_clock_goes_on_from_the_last_position() -> None:
    for run in (1, 2):
        market_changes_record(changes=changes(clock=ClockPosition(run=run, at=OPEN)))
    clock = kept_clock()
    assert clock is not None
    assert (clock.run, clock.at, clock.recorded_at) == (2, OPEN, REAL_NOW)


def test_record_that_fails_half_way_leaves_nothing_behind() -> None:
    unknown = quote("1.00", symbol=Symbol("XXXX"))
    with pytest.raises(KeyError):
        market_changes_record(changes=changes(quotes=(quote("501.00"),), bars=(bar("1.00", symbol=unknown.symbol),)))
    assert kept_price(AAPL) is None


def test_a_record_takes_few_statements_however_much_changed() -> None:
    many = tuple(bar("501.00", at=OPEN + timedelta(minutes=minute)) for minute in range(390))
    with CaptureQueriesContext(
        connection,
    ) as few:
        market_changes_record(changes=changes(quotes=(quote("501.00"),), bars=many[:1], clock=ClockPosition(1, OPEN)))
    with CaptureQueriesContext(connection) as all_of_them:
        market_changes_record(changes=changes(quotes=(quote("502.00"),), bars=many, clock=ClockPosition(1, OPEN)))
    assert len(all_of_them) <= len(few) + 2
