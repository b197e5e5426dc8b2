from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.feeds.feed_under_test import symbols
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.feeds.door import CLOCKS_DIFFER, FIRST_MOMENT, MOST_AHEAD, Door, KeptOut, clamped
from tickfolio.feeds.feed import FeedQuote

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WANTED = symbols("AAPL", "MSFT")


def quote(price: str = "189.20", *, symbol: str = "AAPL", at: datetime = AT) -> FeedQuote:
    return FeedQuote(Symbol(symbol), Decimal(price), source_time=at, received_time=AT + 10 * SECOND)


def through(door: Door, *quotes: FeedQuote) -> list[FeedQuote | None]:
    return [door.pass_through(one, wanted=WANTED) for one in quotes]


def test_a_price_that_is_news_passes_as_it_is() -> None:
    first, later, other = quote(), quote("189.30", at=AT + SECOND), quote(symbol="MSFT", at=AT - SECOND)
    assert through(Door(), first, later, other) == [first, later, other]


def test_what_is_older_than_the_last_one_is_kept_out_and_counted() -> None:
    door = Door()
    assert through(door, quote(), quote("189.10", at=AT - SECOND))[1] is None
    assert door.kept_out == {KeptOut.OUT_OF_ORDER: 1}


def test_another_price_of_the_same_moment_is_news_and_the_same_one_is_not() -> None:
    door = Door()
    first, other = quote(), quote("189.21")
    assert through(door, first, first, other, other) == [first, None, other, None]
    assert door.kept_out == {KeptOut.DUPLICATE: 2}


def test_what_says_more_of_the_same_price_is_news_and_what_says_less_is_not() -> None:
    plain = quote()
    more = [
        replace(plain, previous_close=Decimal(187)),
        replace(plain, previous_close=Decimal(187), session=MarketSession.REGULAR),
        replace(plain, previous_close=Decimal(187), session=MarketSession.REGULAR, day_volume=Decimal(5)),
    ]
    door = Door()
    assert through(door, plain, *more) == [plain, *more]
    assert through(door, plain) == [None]


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_what_is_no_price_is_kept_out(price: str) -> None:
    door = Door()
    assert through(door, quote(price)) == [None]
    assert door.kept_out == {KeptOut.NO_PRICE: 1}


def test_what_nobody_asked_for_is_kept_out() -> None:
    door = Door()
    assert through(door, quote(symbol="IBM")) == [None]
    assert door.kept_out == {KeptOut.UNASKED: 1}


def test_a_time_ahead_of_ours_is_cut_and_flagged_where_clocks_do_not_differ_so_much() -> None:
    arrival = AT + 10 * SECOND
    near, far = quote(at=arrival + CLOCKS_DIFFER), quote(at=arrival + MOST_AHEAD)
    assert clamped(quote(at=arrival)) == quote(at=arrival)
    assert (clamped(near).source_time, clamped(near).is_clamped) == (arrival, False)
    assert (clamped(far).source_time, clamped(far).is_clamped) == (arrival, True)


def test_times_that_were_cut_are_counted_where_clocks_do_not_differ_so_much() -> None:
    door = Door()
    arrival = AT + 10 * SECOND
    through(door, quote(at=arrival + CLOCKS_DIFFER), quote("189.40", at=arrival + MOST_AHEAD))
    assert (door.clamped, door.kept_out) == (1, {})


def test_a_time_further_ahead_is_no_time_and_its_price_is_kept_out() -> None:
    wrong = quote(at=AT + 10 * SECOND + MOST_AHEAD + timedelta(microseconds=1))
    assert clamped(wrong) == wrong
    door = Door()
    assert through(door, wrong) == [None]
    assert door.kept_out == {KeptOut.FROM_THE_FUTURE: 1}


def test_a_price_from_the_future_does_not_keep_out_those_of_a_feed_that_is_late() -> None:
    door = Door()
    late = quote("189.30", at=AT - timedelta(minutes=15))
    assert through(door, quote(at=AT + timedelta(days=1)), late) == [None, late]


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), FIRST_MOMENT - SECOND])
def test_a_time_that_is_missing_is_no_time(at: datetime) -> None:
    door = Door()
    assert through(door, quote(at=at), quote(at=FIRST_MOMENT)) == [None, quote(at=FIRST_MOMENT)]
    assert door.kept_out == {KeptOut.WITHOUT_TIME: 1}


def test_a_symbol_that_was_given_up_and_is_wanted_anew_begins_anew() -> None:
    door = Door()
    through(door, quote(), quote(symbol="MSFT"))
    door.forget(symbols("AAPL", "IBM"))
    earlier = quote(at=AT - SECOND)
    assert through(door, earlier, replace(earlier, symbol=Symbol("MSFT"))) == [earlier, None]
