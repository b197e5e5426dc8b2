from __future__ import annotations

from tests.feeds.feed_under_test import symbols
from tickfolio.feeds.subscriptions import Subscriptions

A, B, C = "A", "B", "C"


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
    subscriptions.refuse({A: "unknown", C: "nobody wants it"})  # type: ignore[dict-item]  # symbols
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
    assert subscriptions.difference() == ([A], [B])
    assert subscriptions.refused(over_limit="at most 2") == {}


def test_what_was_missed_is_asked_for() -> None:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols(A))
    subscriptions.unpriced.clear()
    subscriptions.missed()
    assert subscriptions.unpriced == symbols(A)
