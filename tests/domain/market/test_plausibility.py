"""Which prices are believed, which wait for a confirmation, and which only another feed or a person can confirm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tickfolio.domain.market.plausibility import Doubt, HeldPrice, confirms, doubt_of, is_near, jump_limit

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def held(doubt: Doubt = Doubt.JUMP) -> HeldPrice:
    return HeldPrice(Decimal(130), reference=Decimal(100), source="yahoo", source_time=AT, doubt=doubt)


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


def test_the_same_feed_confirms_a_jump_by_an_answer_or_by_staying_with_it_and_never_a_wild_one() -> None:
    later, soon = AT + timedelta(seconds=30), AT + timedelta(seconds=29)
    assert confirms(Decimal(131), source="yahoo", source_time=later, held=held())
    assert not confirms(Decimal(131), source="yahoo", source_time=soon, held=held())
    assert confirms(Decimal(131), source="yahoo", source_time=AT, held=held(), is_answer=True)
    assert not confirms(Decimal(131), source="yahoo", source_time=later, held=held(Doubt.WILD_JUMP), is_answer=True)
    assert not confirms(Decimal(110), source="yahoo", source_time=later, held=held())


def test_another_feed_confirms_at_once() -> None:
    assert confirms(Decimal(130), source="alpaca", source_time=AT, held=held(Doubt.WILD_JUMP))
    assert not confirms(Decimal(100), source="alpaca", source_time=AT, held=held(Doubt.WILD_JUMP))


def test_near_is_within_the_tolerance() -> None:
    assert is_near(Decimal(102), Decimal(100), tolerance=Decimal("0.02"))
    assert not is_near(Decimal("102.01"), Decimal(100), tolerance=Decimal("0.02"))
