"""An amount shared out in proportion to weights."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.valuation.shares import shared_out


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=30),
)
def test_law_shares_sum_to_what_is_shared_and_none_is_below_zero(amount: Decimal, over: list[Decimal]) -> None:
    shares = shared_out(amount, over, places=2)
    assert sum(shares) == amount
    assert all(share >= 0 for share in shares)
    if sum(over) >= amount:
        assert all(share <= weight for share, weight in zip(shares, over, strict=True))
