"""Which prices are believed, which wait for a confirmation, and which only another feed or a person can confirm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tickfolio.domain.market.plausibility import (
    Doubt,
    HeldPrice,
    confirms,
    contradicts,
    doubt_of,
    is_near,
    jump_limit,
    may_confirm,
)

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def held(doubt: Doubt = Doubt.JUMP, *, price: str = "130", since: datetime | None = None) -> HeldPrice:
    return HeldPrice(Decimal(price), reference=Decimal(100), source="yahoo", source_time=AT, doubt=doubt, since=since)


def test_with_few_days_a_fifth_is_the_limit() -> None:
    assert jump_limit([Decimal(100)] * 19) == Decimal("0.20")


def test_a_quiet_share_has_the_least_limit_and_a_wild_one_eight_deviations() -> None:
    assert jump_limit([Decimal(100), Decimal(101)] * 15) == Decimal("0.20")
    # Returns of ±10 % in turn: their deviation is a little over a tenth, so the limit is over eight tenths.
    wild = jump_limit([Decimal(100), Decimal(110)] * 15)
    assert Decimal("0.75") < wild < Decimal("0.80")


def test_without_a_reference_nothing_speaks_against_a_price() -> None:
    assert doubt_of(Decimal(1), reference=None, limit=Decimal("0.2")) is None


@pytest.mark.parametrize(
    ("price", "doubt"),
    [
        ("100", None),
        ("120", None),
        ("80", None),
        ("120.01", Doubt.JUMP),
        ("79.99", Doubt.JUMP),
        ("249", Doubt.JUMP),
        ("250", Doubt.WILD_JUMP),
        ("40", Doubt.WILD_JUMP),
        ("10000", Doubt.WILD_JUMP),
        ("1", Doubt.WILD_JUMP),
    ],
)
def test_a_price_is_doubted_by_how_far_it_is_from_the_last(price: str, doubt: Doubt | None) -> None:
    assert doubt_of(Decimal(price), reference=Decimal(100), limit=Decimal("0.20")) is doubt


@pytest.mark.parametrize("price", ["50", "200", "25.9", "67", "148", "400", "9.9", "2", "5000"])
def test_a_jump_by_the_ratio_of_a_common_split_may_be_one(price: str) -> None:
    limit = Decimal("0.20")
    assert doubt_of(Decimal(price), reference=Decimal(100), limit=limit, split_limit=limit) is Doubt.SPLIT
    assert doubt_of(Decimal(price), reference=Decimal(100), limit=limit) in (Doubt.JUMP, Doubt.WILD_JUMP)


def test_the_ratio_of_a_split_is_doubted_of_what_moves_so_far_only_by_a_limit_of_its_own() -> None:
    def doubted(price: str, *, split_limit: str) -> Doubt | None:
        return doubt_of(Decimal(price), reference=Decimal(100), limit=Decimal("0.80"), split_limit=Decimal(split_limit))

    assert doubted("50", split_limit="0.80") is None
    assert doubted("50", split_limit="0.20") is Doubt.SPLIT
    assert doubted("60", split_limit="0.20") is None
    assert doubted("119.9", split_limit="0.20") is None
    assert doubted("37.5", split_limit="0.80") is Doubt.WILD_JUMP


def test_the_same_feed_confirms_a_jump_by_an_answer_or_by_staying_with_it_and_never_a_wild_one() -> None:
    later, soon = AT + timedelta(seconds=30), AT + timedelta(seconds=29)
    assert confirms(Decimal(131), source="yahoo", at=later, held=held())
    assert not confirms(Decimal(131), source="yahoo", at=soon, held=held())
    assert confirms(Decimal(131), source="yahoo", at=AT, held=held(), is_answer=True)
    assert not confirms(Decimal(131), source="yahoo", at=later, held=held(Doubt.WILD_JUMP), is_answer=True)
    assert not confirms(Decimal(110), source="yahoo", at=later, held=held())


def test_whoever_says_the_price_of_before_contradicts() -> None:
    doubted = held()
    assert contradicts(doubted.reference, doubted)
    assert not contradicts(doubted.price, doubted)
    assert not contradicts(doubted.reference * 3, doubted)


@pytest.mark.parametrize(
    ("against", "source", "is_answer", "may"),
    [
        ((), "yahoo", False, True),
        (("yahoo",), "yahoo", False, False),
        (("yahoo",), "yahoo", True, True),
        (("alpaca",), "yahoo", False, False),
        (("alpaca",), "yahoo", True, False),
        (("alpaca",), "alpaca", True, True),
        (("alpaca",), "finnhub", False, True),
    ],
)
def test_what_is_contradicted_is_confirmed_by_no_patience_and_by_no_word_of_who_said_it(
    against: tuple[str, ...], source: str, is_answer: bool, may: bool
) -> None:
    doubted = replace(held(), contradicted_by=frozenset(against))
    assert may_confirm(doubted, source=source, at=AT + timedelta(hours=1), is_answer=is_answer) is may


def test_it_is_our_own_clock_that_tells_how_long_a_price_was_said() -> None:
    behind = held(since=AT + timedelta(minutes=15))
    assert not may_confirm(behind, source="yahoo", at=AT + timedelta(minutes=15, seconds=29))
    assert may_confirm(behind, source="yahoo", at=AT + timedelta(minutes=15, seconds=30))


def test_another_feed_confirms_at_once() -> None:
    assert confirms(Decimal(130), source="alpaca", at=AT, held=held(Doubt.WILD_JUMP))
    assert not confirms(Decimal(100), source="alpaca", at=AT, held=held(Doubt.WILD_JUMP))


@pytest.mark.parametrize(
    ("price", "source", "minutes", "may"),
    [
        ("50", "alpaca", 4, False),
        ("50", "alpaca", 5, True),
        ("50", "yahoo", 14, False),
        ("50", "yahoo", 15, True),
        ("25", "alpaca", 5, True),
        ("25", "yahoo", 600, False),
    ],
)
def test_what_may_be_a_split_waits_until_feeds_have_been_asked_for_one(
    price: str, source: str, minutes: int, *, may: bool
) -> None:
    at = AT + timedelta(minutes=minutes)
    assert may_confirm(held(Doubt.SPLIT, price=price), source=source, at=at, is_answer=True) is may


def test_nothing_confirms_a_price_in_another_currency() -> None:
    assert not may_confirm(held(Doubt.CURRENCY), source="alpaca", at=AT + timedelta(days=1), is_answer=True)


def test_near_is_within_the_tolerance() -> None:
    assert is_near(Decimal(102), Decimal(100), tolerance=Decimal("0.02"))
    assert not is_near(Decimal("102.01"), Decimal(100), tolerance=Decimal("0.02"))
