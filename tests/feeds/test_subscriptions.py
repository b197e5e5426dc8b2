from __future__ import annotations

from datetime import timedelta

from tests.feeds.feed_under_test import symbols
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.subscriptions import REFUSED_FOR, REMEMBERED, Subscriptions

A, B, C = Symbol("A"), Symbol("B"), Symbol("C")
HOUR_US = 3_600_000_000


def test_the_vendor_is_told_the_difference_once() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A, B))
    assert subscriptions.difference() == ([A, B], [])
    assert subscriptions.difference() == ([], [])
    assert subscriptions.want(symbols(B, C)) == symbols(A)
    assert subscriptions.difference() == ([C], [A])


def test_a_new_connection_asks_for_everything_and_for_its_prices() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A, B))
    subscriptions.difference()
    subscriptions.unpriced.clear()
    subscriptions.begin_connection()
    assert subscriptions.unpriced == symbols(A, B)
    assert subscriptions.difference() == ([A, B], [])


def test_a_refused_symbol_is_left_out_until_it_is_wanted_anew() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A, B))
    subscriptions.refuse({A: "unknown", C: "nobody wants it"}, at_us=0)
    assert subscriptions.difference() == ([B], [])
    assert subscriptions.refused(over_limit="") == {A: "unknown"}
    subscriptions.want(symbols(B))
    subscriptions.want(symbols(A, B))
    assert subscriptions.difference() == ([A], [])
    assert subscriptions.refused(over_limit="") == {}


def test_beyond_the_limit_those_that_stream_stay_and_others_wait_for_room() -> None:
    subscriptions = Subscriptions(limit=2)
    subscriptions.want(symbols(B, C))
    subscriptions.difference()
    subscriptions.want(symbols(A, B, C))
    assert subscriptions.difference() == ([], [])
    assert subscriptions.refused(over_limit="at most 2") == {A: "at most 2"}
    subscriptions.want(symbols(A, C))
    assert subscriptions.refused(over_limit="at most 2") == {}  # at once, not only when the vendor is told
    assert subscriptions.difference() == ([A], [B])
    assert subscriptions.refused(over_limit="at most 2") == {}


def test_what_was_missed_is_asked_for() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A))
    subscriptions.unpriced.clear()
    subscriptions.missed()
    assert subscriptions.unpriced == symbols(A)


def test_a_refusal_ends_after_an_hour_and_the_latest_price_is_asked_for_again() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A, B))
    subscriptions.unpriced.clear()
    subscriptions.refuse({A: "unknown"}, at_us=0)
    assert subscriptions.difference() == ([B], [])
    length = REFUSED_FOR // timedelta(microseconds=1)
    assert not subscriptions.end_refusals(length - 1)
    assert subscriptions.end_refusals(length)
    assert not subscriptions.end_refusals(length)
    assert (subscriptions.difference(), subscriptions.unpriced) == (([A], []), {A})


def test_a_new_connection_forgets_what_was_refused() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A))
    subscriptions.refuse({A: "unknown"}, at_us=0)
    subscriptions.begin_connection()
    assert subscriptions.refused(over_limit="") == {}
    assert subscriptions.difference() == ([A], [])


def test_an_answer_does_not_refuse_what_the_stream_priced_lately() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A, B))
    subscriptions.ticked([A], at_us=0)
    refused = {A: "unknown", B: "unknown"}
    assert subscriptions.never_ticked(refused, at_us=HOUR_US) == {B: "unknown"}
    long_after = REMEMBERED // timedelta(microseconds=1) + 1
    assert subscriptions.never_ticked(refused, at_us=long_after) == refused
