"""The real prices, and the splits and dividends that follow from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.replay.history import corporate_actions, parse_daily_bars, share_histories
from tickfolio.runtime.calendars import exchange_calendar

AAPL, FB, GOOG, IBM, MSFT = (Symbol(text) for text in ("AAPL", "FB", "GOOG", "IBM", "MSFT"))
HEADING = "symbol,day,open,high,low,close,volume,adjusted_close\n"


def dividends(symbol: Symbol) -> dict[date, Decimal]:
    actions = share_histories()[symbol].actions
    return {action.ex_date: action.amount for action in actions if isinstance(action, CashDividend)}


def test_the_five_shares_have_their_names_exchanges_and_currency() -> None:
    instruments = {symbol: history.instrument for symbol, history in share_histories().items()}
    assert list(instruments) == [AAPL, FB, GOOG, IBM, MSFT]
    assert {symbol: instrument.mic for symbol, instrument in instruments.items()} == {
        AAPL: "XNAS", FB: "XNAS", GOOG: "XNAS", IBM: "XNYS", MSFT: "XNAS",
    }  # fmt: skip
    assert {instrument.currency for instrument in instruments.values()} == {Currency("USD")}


def test_only_shares_that_were_listed_within_the_data_have_a_listing_day() -> None:
    listed = {symbol: history.instrument.listed_on for symbol, history in share_histories().items()}
    assert listed == {AAPL: None, IBM: None, MSFT: None, GOOG: date(2004, 8, 19), FB: date(2012, 5, 18)}


def test_the_data_have_all_days_from_march_2000_to_march_2013() -> None:
    days = {symbol: len(history.days) for symbol, history in share_histories().items()}
    assert days == {AAPL: 3270, FB: 196, GOOG: 2148, IBM: 3270, MSFT: 3270}
    assert all(history.days[-1].day == date(2013, 3, 1) for history in share_histories().values())


@pytest.mark.parametrize("symbol", [AAPL, FB, GOOG, IBM, MSFT])
def test_every_day_of_the_data_is_a_session_and_every_session_a_day(symbol: Symbol) -> None:
    days = [bar.day for bar in share_histories()[symbol].days]
    sessions = [session.day for session in exchange_calendar("XNYS").sessions]
    assert days == [day for day in sessions if days[0] <= day <= days[-1]]


def test_the_source_s_figures_are_kept_to_the_last_digit() -> None:
    bar = share_histories()[AAPL].on(date(2000, 3, 1))
    assert bar is not None
    assert [str(price) for price in (bar.open, bar.high, bar.low, bar.close)] == [
        "118.56",
        "132.06",
        "118.50",
        "130.31",
    ]
    assert (bar.volume, bar.adjusted_close) == (9616100, Decimal("4.186662803811"))


def test_the_splits_are_three_two_for_ones_and_no_other() -> None:
    splits = [
        action for history in share_histories().values() for action in history.actions if isinstance(action, Split)
    ]
    assert splits == [
        Split(AAPL, date(2000, 6, 21), new=2, old=1),
        Split(AAPL, date(2005, 2, 28), new=2, old=1),
        Split(MSFT, date(2003, 2, 18), new=2, old=1),
    ]


def test_apple_paid_2_65_three_times_from_august_2012() -> None:
    assert dividends(AAPL) == {
        date(2012, 8, 9): Decimal("2.65"),
        date(2012, 11, 7): Decimal("2.65"),
        date(2013, 2, 7): Decimal("2.65"),
    }


def test_ibm_and_microsoft_paid_what_they_announced() -> None:
    assert dividends(IBM)[date(2012, 8, 8)] == Decimal("0.85")
    assert dividends(MSFT)[date(2012, 11, 13)] == Decimal("0.23")
    assert len(dividends(IBM)) == 52
    assert len(dividends(MSFT)) == 37


def test_microsoft_s_special_dividend_of_2004_is_no_split() -> None:
    assert share_histories()[MSFT].actions_on(date(2004, 11, 15)) == (
        CashDividend(MSFT, date(2004, 11, 15), Decimal("3.08"), Currency("USD")),
    )


def test_google_and_facebook_did_neither() -> None:
    assert share_histories()[GOOG].actions == share_histories()[FB].actions == ()


def test_the_previous_close_is_on_the_basis_of_the_split_s_own_day() -> None:
    apple = share_histories()[AAPL]
    assert apple.previous_close(date(2005, 2, 28)) == Decimal("44.495")
    before = apple.on(date(2005, 2, 25))
    assert before is not None
    assert before.close == Decimal("88.99")
    assert share_histories()[MSFT].previous_close(date(2003, 2, 18)) == Decimal("24.15")


def test_a_dividend_leaves_the_previous_close_alone() -> None:
    apple = share_histories()[AAPL]
    before = apple.on(date(2012, 8, 8))
    assert before is not None
    assert apple.previous_close(date(2012, 8, 9)) == before.close


def test_on_its_first_day_a_share_has_no_previous_close() -> None:
    assert share_histories()[FB].previous_close(date(2012, 5, 18)) is None
    assert share_histories()[FB].on(date(2012, 5, 17)) is None
    assert share_histories()[FB].on(date(2013, 3, 4)) is None


def test_an_adjustment_that_is_neither_split_nor_dividend_is_refused() -> None:
    rows = "X,2012-05-21,10.00,10.00,10.00,10.00,1,4\nX,2012-05-22,10.00,10.00,10.00,10.00,1,7\n"
    with pytest.raises(FeedDataError, match="split by a whole number"):
        list(corporate_actions(Symbol("X"), parse_daily_bars(HEADING + rows)[Symbol("X")]))


@pytest.mark.parametrize(
    "row",
    [
        "X,2012-05-21,10.00",
        "X,2012-05-99,10.00,10.00,10.00,10.00,1,4",
        "X,2012-05-21,ten,10.00,10.00,10.00,1,4",
        "X,2012-05-21,10.00,9.00,10.00,10.00,1,4",
        "X,2012-05-21,0,0,0,0,1,4",
        "X,2012-05-21,NaN,10.00,10.00,10.00,1,4",
    ],
)
def test_a_damaged_line_is_refused(row: str) -> None:
    with pytest.raises(FeedDataError):
        parse_daily_bars(HEADING + row)


def test_days_out_of_order_are_refused() -> None:
    row = "X,2012-05-21,10.00,10.00,10.00,10.00,1,4\n"
    with pytest.raises(FeedDataError, match="line 3"):
        parse_daily_bars(HEADING + row + row)
