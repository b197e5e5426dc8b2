"""What all transactions have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, money
from tickfolio.domain.ledger.booking import (
    require_other,
    require_ratio,
    require_share,
    require_tax_within,
    shortage,
)
from tickfolio.errors import InvalidNumber, InvalidValue


@pytest.mark.parametrize("share", ["-0.1", "1.1", "NaN", "0.0000000000000000001"])
def test_a_share_is_a_part_of_a_whole(share: str) -> None:
    with pytest.raises(InvalidNumber, match="a share from 0 to 1 with at most 18 places"):
        require_share(Decimal(share), "a share")
    require_share(Decimal("0.5"), "a share")


@pytest.mark.parametrize(("new", "old"), [(0, 1), (1, 0), (1_000_001, 1)])
def test_a_ratio_is_of_whole_numbers(new: int, old: int) -> None:
    with pytest.raises(InvalidValue, match="a merger of whole numbers from 1 to 1000000"):
        require_ratio(new, old, "a merger")


def test_one_thing_is_not_another() -> None:
    require_other("a", "b", "account")
    with pytest.raises(InvalidValue, match="another account, was a again"):
        require_other("a", "a", "account")


def test_a_tax_is_at_most_what_it_is_on_and_in_its_currency() -> None:
    require_tax_within(money("3 USD"), money("3 USD"))
    with pytest.raises(InvalidValue, match="at most 3, was 4"):
        require_tax_within(money("4 USD"), money("3 USD"))
    with pytest.raises(InvalidValue, match="all amounts in USD"):
        require_tax_within(money("1 EUR"), money("3 USD"))


def test_a_shortage_names_what_is_held_and_what_is_missing() -> None:
    told = shortage(Decimal("12.5"), Decimal(10), AAPL, doing="a transfer")
    assert told == ("Expected a transfer of at most 10 AAPL {when}, was 12.5: 2.5 more than the account holds then.")
