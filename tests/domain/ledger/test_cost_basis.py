"""How a part of an amount is relieved."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import moment, money
from tickfolio.domain.ledger.cost_basis import (
    RELIEF_PLACES,
    Consideration,
    Pooled,
    Unknown,
    no_base_value,
    pooled,
    portion,
    shared,
)
from tickfolio.domain.money import EXACT, decimal_places
from tickfolio.errors import InvalidValue, MissingRate

AMOUNTS = st.integers(0, 10**30).map(lambda units: Decimal(units).scaleb(-20))
PARTS = st.integers(1, 10**24).map(lambda units: Decimal(units).scaleb(-18))


def test_a_third_of_a_hundred_is_rounded_once_to_eighteen_places() -> None:
    assert portion(Decimal(100), part=Decimal(1), whole=Decimal(3)) == Decimal("33.333333333333333333")
    large = portion(Decimal(100000000000), part=Decimal(1), whole=Decimal(3))
    assert large == Decimal("33333333333.333333333333333333")


def test_the_last_part_takes_all_that_is_left() -> None:
    first = portion(Decimal(100), part=Decimal(1), whole=Decimal(3))
    left = Decimal(100) - first
    second = portion(left, part=Decimal(1), whole=Decimal(2))
    third = portion(left - second, part=Decimal(1), whole=Decimal(1))
    assert first + second + third == 100
    assert (second, third) == (Decimal("33.333333333333333334"), Decimal("33.333333333333333333"))


def test_half_of_an_odd_last_place_is_rounded_to_even() -> None:
    odd = Decimal("0.000000000000000003")
    assert portion(odd, part=Decimal(1), whole=Decimal(2)) == Decimal("0.000000000000000002")


def test_no_part_is_ever_more_than_the_whole() -> None:
    tiny = Decimal("0.0000000000000000006")
    assert portion(tiny, part=Decimal("0.99"), whole=Decimal(1)) == tiny


@given(total=AMOUNTS, part=PARTS, rest=PARTS)
def test_a_part_is_the_exact_share_to_half_a_unit_of_the_last_place(
    total: Decimal, part: Decimal, rest: Decimal
) -> None:
    whole = EXACT.add(part, rest)
    share = portion(total, part=part, whole=whole)
    exact = Fraction(total) * Fraction(part) / Fraction(whole)
    assert 0 <= share <= total
    assert decimal_places(share) <= max(RELIEF_PLACES, decimal_places(total))
    assert abs(Fraction(share) - exact) <= Fraction(1, 2 * 10**RELIEF_PLACES)


@given(total=AMOUNTS, part=PARTS, rest=PARTS)
def test_a_part_and_its_remainder_are_the_whole(total: Decimal, part: Decimal, rest: Decimal) -> None:
    whole = Consideration(moment("2012-05-21"), money(f"{total:f} USD"), money(f"{total:f} EUR"), Decimal("0.8"))
    taken, left = whole.divided(part=part, whole=EXACT.add(part, rest))
    assert taken.stated + left.stated == whole.stated
    assert whole.settled is not None
    assert taken.settled is not None
    assert left.settled is not None
    assert taken.settled + left.settled == whole.settled
    assert (taken.at, taken.rate) == (left.at, left.rate) == (whole.at, whole.rate)


def test_what_moved_is_the_settled_amount_where_there_is_one() -> None:
    at = moment("2012-05-21")
    assert Consideration(at, money("100 USD")).moved == money("100 USD")
    assert Consideration(at, money("100 USD"), money("78.50 EUR")).moved == money("78.50 EUR")


def test_parts_are_shared_by_their_size_and_the_last_takes_what_is_left() -> None:
    received = Consideration(moment("2012-05-21"), money("100 USD"))
    parts = list(shared(received, [Decimal(1)] * 3, Decimal(3)))
    assert [part.stated.amount for part in parts] == [
        Decimal("33.333333333333333333"),
        Decimal("33.333333333333333334"),
        Decimal("33.333333333333333333"),
    ]
    assert sum(part.stated.amount for part in parts) == 100
    assert {part.at for part in parts} == {received.at}


def test_what_nobody_said_stays_unknown_in_every_part() -> None:
    unknown = Unknown(moment("2012-05-21"), money("0 USD"))
    assert not unknown.is_known
    assert unknown.divided(part=Decimal(1), whole=Decimal(3)) == (unknown, unknown)
    known = Consideration(moment("2012-05-22"), money("5 EUR"))
    assert not pooled(known, unknown, no_base_value).is_known


def test_a_pool_keeps_what_each_part_was_worth_when_it_came() -> None:
    first = Consideration(moment("2012-05-21"), money("100 USD"))
    second = Consideration(moment("2012-05-22"), money("50 USD"))
    worth = {first: Decimal(80), second: Decimal(45)}
    pool = pooled(pooled(None, first, worth.__getitem__), second, worth.__getitem__)
    assert pool == Pooled(first.at, money("150 USD"), base=Decimal(125))
    taken, left = pool.divided(part=Decimal(1), whole=Decimal(4))
    assert taken == Pooled(first.at, money("37.5 USD"), base=Decimal("31.25"))
    assert left == Pooled(first.at, money("112.5 USD"), base=Decimal("93.75"))


def test_a_pool_without_a_rate_has_no_worth() -> None:
    pool = pooled(None, Consideration(moment("2012-05-21"), money("100 USD")), no_base_value)
    assert isinstance(pool, Pooled)
    assert pool.base is None
    assert all(
        isinstance(part, Pooled) and part.base is None for part in pool.divided(part=Decimal(1), whole=Decimal(2))
    )
    with pytest.raises(MissingRate, match="no exchange rate of USD is known yet"):
        no_base_value(pool)


def test_what_cost_two_currencies_cannot_be_pooled() -> None:
    first = Consideration(moment("2012-05-21"), money("100 USD"))
    with pytest.raises(InvalidValue, match="costs in USD, the currency of the first"):
        pooled(first, Consideration(moment("2012-05-22"), money("5 EUR")), no_base_value)


def test_a_charge_moves_on_the_terms_of_its_trade() -> None:
    net = Consideration(moment("2012-05-21"), money("90 USD"), money("72 EUR"), Decimal("0.8"))
    charge = net.on_the_terms(money("10 USD"))
    assert charge.settled == money("8 EUR")
    assert net.plus(charge) == Consideration(net.at, money("100 USD"), money("80 EUR"), Decimal("0.8"))
    plain = Consideration(net.at, money("90 USD"))
    assert plain.plus(plain.on_the_terms(money("10 USD"))) == Consideration(net.at, money("100 USD"))
