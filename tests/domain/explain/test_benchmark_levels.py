"""The levels of a benchmark."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.explain.checked import check
from tests.domain.explain.followed_instruments import IDX, followed
from tests.domain.ledger.bookings import moment
from tests.domain.valuation.market import EUR, USD
from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split
from tickfolio.domain.explain.benchmark_levels import Levels

FIRST = date(2012, 5, 7)
PRICES = st.lists(st.decimals("0.00", "900", places=2), min_size=3, max_size=14)


@st.composite
def actions(draw: st.DrawFn) -> CorporateAction:
    """A split or a dividend of one of two weeks."""
    day = FIRST + timedelta(days=draw(st.integers(0, 14)))
    if draw(st.booleans()):
        return Split(IDX, day, draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    return CashDividend(IDX, day, draw(st.decimals("0.01", "50", places=2)), draw(st.sampled_from((EUR, USD))))


@given(prices=PRICES, known=st.lists(actions(), max_size=6), since=st.integers(0, 13))
def test_every_level_is_what_its_formula_says_of_what_is_below(
    prices: list[Decimal], known: list[CorporateAction], since: int
) -> None:
    days = [FIRST + timedelta(days=number) for number in range(len(prices))]
    found = followed({f"{day}": f"{price}" for day, price in zip(days, prices, strict=True)}, *known, base=EUR)
    ends = [moment(f"{day} 23:00") for number, day in enumerate(days) if prices[number] > 0 and number >= since]
    for end in ends:
        levels = Levels(found, ends[0])
        check(levels.level(end))
        assert levels.level(end) is levels.level(end)
