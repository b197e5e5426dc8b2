from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.live.market import AAPL, CLOSE, IBM, MONDAY, OPEN, REAL_NOW, instrument
from tests.services.changes import bar, changes, quote
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services import market
from tickfolio.services.market_records import instance_declare, instruments_register, market_changes_record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registered() -> None:
    instruments_register(instruments=[instrument(IBM), instrument(AAPL)])


def test_rows_are_all_instruments_by_symbol_with_their_last_quotes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    market_changes_record(changes=changes(quotes=(quote("501.50"),)))
    with django_assert_num_queries(2):
        apple, ibm = market.instrument_rows()
    assert (apple.symbol, ibm.symbol, ibm.quote) == (AAPL, IBM, None)
    assert apple.quote is not None
    assert (str(apple.quote.price), str(apple.quote.change), str(apple.quote.change_percent)) == (
        "501.50",
        "1.50",
        "0.30",
    )
    assert (apple.quote.source_time, apple.quote.received_time) == (OPEN, REAL_NOW)


def test_today_is_the_session_of_the_last_quote_with_its_bars() -> None:
    market_changes_record(
        changes=changes(quotes=(quote("501.50"),), bars=(bar("501.00"), bar("400", at=OPEN - timedelta(days=3))))
    )
    today = market.today("aapl")
    assert today is not None
    assert (today.symbol, today.session_day, today.opens_at, today.closes_at) == (AAPL, MONDAY, OPEN, CLOSE)
    assert today.zone == "America/New_York"
    assert today.previous_close == Decimal("500.00")
    assert [str(one.close) for one in today.bars] == ["501.00"]


def test_today_of_an_instrument_without_a_quote_is_empty() -> None:
    today = market.today("IBM")
    assert today is not None
    assert (today.session_day, today.opens_at, today.previous_close, today.bars) == (None, None, None, ())


@pytest.mark.parametrize("symbol", ["XXXX", "", "no such thing", "A" * 50])
def test_today_of_an_unknown_symbol_is_nothing(symbol: str) -> None:
    assert market.today(symbol) is None


def test_state_says_that_it_is_a_replay_and_of_which_moment(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert market.market_state() == market.MarketState(is_replay=False, market_time=None, zone="America/New_York")
    instance_declare(is_replay=True, at=REAL_NOW)
    market_changes_record(changes=changes(clock=ClockPosition(1, OPEN)))
    assert market.market_state() == market.MarketState(is_replay=True, market_time=OPEN, zone="America/New_York")
