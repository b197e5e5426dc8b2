"""How long a silence lasts, when it is stale, and when it ends a connection."""

from __future__ import annotations

from datetime import timedelta

from tickfolio.feeds.silence import LONGEST_PATIENCE, Silence

SECOND = 1_000_000


def silence(*, stale: int = 30, reconnect: int | None = 60) -> Silence:
    """Of a connection that began at 0."""
    made = Silence(
        patience=timedelta(seconds=stale),
        patience_to_reconnect=None if reconnect is None else timedelta(seconds=reconnect),
    )
    made.begin(0)
    return made


def test_a_silence_is_stale_before_it_ends_the_connection() -> None:
    one = silence()
    assert not one.is_stale(30 * SECOND)
    assert one.is_stale(31 * SECOND)
    assert not one.ends_connection(60 * SECOND)
    assert one.ends_connection(61 * SECOND)


def test_without_a_second_patience_both_are_at_once() -> None:
    one = silence(stale=20, reconnect=None)
    assert one.is_stale(21 * SECOND)
    assert one.ends_connection(21 * SECOND)


def test_it_counts_from_the_last_price_or_from_when_one_could_be_expected() -> None:
    one = silence()
    one.price_came(10 * SECOND)
    assert one.began_us() == 10 * SECOND
    one.excuse(50 * SECOND)
    assert one.began_us() == 50 * SECOND
    assert not one.is_stale(80 * SECOND)
    assert one.is_old_news(80 * SECOND)
    one.price_came(81 * SECOND)
    assert not one.is_old_news(111 * SECOND)


def test_each_connection_without_a_price_is_given_twice_as_long_up_to_an_end() -> None:
    one = silence()
    longest = LONGEST_PATIENCE // timedelta(seconds=1)
    for seconds in (60, 120, 240, 480, longest, longest):
        one.begin(0)
        assert not one.ends_connection(seconds * SECOND)
        assert one.ends_connection((seconds + 1) * SECOND)
    one.price_came(0)
    assert one.ends_connection(61 * SECOND)


def test_a_longer_patience_of_a_vendors_own_is_not_cut() -> None:
    one = silence(stale=700, reconnect=1200)
    assert one.ends_connection(1201 * SECOND)
    one.begin(0)
    assert not one.ends_connection(1200 * SECOND)
