from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.live.market import AAPL, CLOSE, IBM, MONDAY, OPEN, REAL_NOW, instrument
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import add, book, deposit, person, purchase, share
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.tenancy import Role
from tickfolio.services import market
from tickfolio.services.feed_orders import pricing_feeds
from tickfolio.services.instruments import instrument_rename
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
        apple, ibm = market.instrument_rows(actor=None)
    assert (apple.symbol, ibm.symbol, ibm.quote) == (AAPL, IBM, None)
    assert apple.quote is not None
    assert (str(apple.quote.price), str(apple.quote.change), str(apple.quote.change_percent)) == (
        "501.50",
        "1.50",
        "0.30",
    )
    assert (apple.quote.source_time, apple.quote.received_time) == (OPEN, REAL_NOW)


@pytest.mark.parametrize(
    ("feeds", "is_replay", "everybody"),
    [
        ((), True, True),
        (("simulated",), False, True),
        (("simulated", "manual", "ecb"), False, True),
        (("yahoo",), False, False),
        (("yahoo", "simulated"), False, False),
        (("manual",), False, False),
    ],
)
def test_of_a_live_market_a_list_names_what_the_viewers_portfolios_are_about(
    feeds: tuple[str, ...], is_replay: bool, everybody: bool, settings: Settings
) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = is_replay, feeds
    alices, bobs = book(person("alice")), book(person("bob"))
    add(alices, deposit(alices))
    add(alices, purchase(alices))
    viewer = share(alices, "vera", Role.VIEWER)
    listed = [
        [row.symbol for row in market.instrument_rows(actor=each)] for each in (alices.owner, viewer, bobs.owner, None)
    ]
    assert listed == ([[AAPL, IBM]] * 4 if everybody else [[AAPL], [AAPL], [], []])
    assert market.lists_all() is everybody


def test_whoever_knows_a_symbol_finds_it_by_that_of_once_too() -> None:
    found, missing = market.instrument_row(IBM), market.instrument_row(Symbol("NONE"))
    assert found is not None
    assert (found.symbol, missing) == (IBM, None)
    instrument_rename(symbol=IBM, new_symbol=Symbol("BIG"), since=MONDAY)
    renamed = market.instrument_row(IBM)
    assert renamed is not None
    assert renamed.symbol == "BIG"


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
    state = market.market_state()
    assert (state.is_replay, state.market_time, state.zone) == (False, None, "America/New_York")
    instance_declare(is_replay=True, at=REAL_NOW)
    market_changes_record(changes=changes(clock=ClockPosition(1, OPEN)))
    state = market.market_state()
    assert (state.is_replay, state.market_time, state.zone) == (True, OPEN, "America/New_York")


@pytest.mark.parametrize(
    ("feeds", "is_replay", "example"),
    [
        ((), True, "AAPL"),
        (("simulated",), False, "SIMALDER"),
        (("ecb", "coinbase", "yahoo"), False, "BTC-USD"),
        (("manual", "ecb"), False, ""),
    ],
)
def test_a_symbol_that_can_be_asked_for_is_one_that_a_feed_prices(
    feeds: tuple[str, ...], is_replay: bool, example: str, settings: Settings
) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = is_replay, feeds
    assert market.market_state().example == example


def test_every_feed_that_prices_symbols_has_an_example() -> None:
    assert market._EXAMPLES.keys() == set(pricing_feeds()) - {"manual"}
