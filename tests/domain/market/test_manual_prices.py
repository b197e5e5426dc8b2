"""Prices that somebody typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tickfolio.domain.market.manual_prices import ManualPrice, ManualPrices
from tickfolio.errors import InvalidNumber, InvalidValue

MONDAY, TUESDAY, FRIDAY = date(2012, 5, 21), date(2012, 5, 22), date(2012, 5, 25)
ONE, TWO = ManualPrice(MONDAY, Decimal("10.5")), ManualPrice(FRIDAY, Decimal(11))


def test_a_price_is_in_force_until_a_later_day_has_another() -> None:
    prices = ManualPrices([TWO, ONE])
    assert prices.all == (ONE, TWO)
    assert [prices.on(day) for day in (MONDAY, TUESDAY, FRIDAY, date(2030, 1, 1))] == [ONE, ONE, TWO, TWO]


def test_before_the_first_price_there_is_none() -> None:
    assert ManualPrices([TWO]).on(MONDAY) is None
    assert ManualPrices([]).on(MONDAY) is None


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "1.0000000000001"])
def test_a_price_is_above_zero_and_has_twelve_places_at_most(price: str) -> None:
    with pytest.raises(InvalidNumber, match="on 2012-05-21"):
        ManualPrice(MONDAY, Decimal(price))


def test_a_day_has_one_price_at_most() -> None:
    with pytest.raises(InvalidValue, match="one price a day, were two on 2012-05-21"):
        ManualPrices([ONE, ManualPrice(MONDAY, Decimal(3))])


def test_the_same_prices_are_the_same() -> None:
    assert ManualPrices([ONE, TWO]) == ManualPrices([TWO, ONE])
    assert hash(ManualPrices([ONE, TWO])) == hash(ManualPrices([TWO, ONE]))
    assert ManualPrices([ONE]) != ManualPrices([TWO])
    assert ManualPrices([ONE]) != (ONE,)
