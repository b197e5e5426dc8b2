from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tests.live.market import AAPL, MONDAY, OPEN, REAL_NOW, tick
from tickfolio.domain.market.quotes import MarketSession, NotAvailable, Quote, percent_change
from tickfolio.errors import InvalidNumber, InvalidValue


def quote(price: str, *, previous_close: str | None) -> Quote:
    return Quote(
        symbol=AAPL,
        price=Decimal(price),
        previous_close=None if previous_close is None else Decimal(previous_close),
        session_day=MONDAY,
        session=MarketSession.REGULAR,
        source_time=OPEN,
        received_time=REAL_NOW,
        source="replay",
        version=1,
    )


def test_change_is_price_minus_previous_close_exactly() -> None:
    assert quote("557.43", previous_close="530.38").change == Decimal("27.05")


def test_change_after_a_fall_is_negative() -> None:
    assert quote("33.93", previous_close="38.23").change_percent == Decimal("-11.25")


@pytest.mark.parametrize(
    ("price", "reference", "percent"),
    [("100.005", "100", "0.00"), ("100.015", "100", "0.02"), ("99.995", "100", "0.00"), ("3", "1", "200.00")],
)
def test_percent_is_rounded_half_even_to_two_places(price: str, reference: str, percent: str) -> None:
    assert percent_change(Decimal(price), Decimal(reference)) == Decimal(percent)


def test_change_without_a_previous_close_is_not_available_and_never_zero() -> None:
    unknown = quote("557.43", previous_close=None)
    assert unknown.change == unknown.change_percent == NotAvailable("no previous close is known")


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "sNaN", "1.0000000000001"])
def test_tick_refuses_a_price_that_no_market_makes(price: str) -> None:
    with pytest.raises(InvalidNumber):
        tick(price)


def test_tick_refuses_a_previous_close_of_zero() -> None:
    with pytest.raises(InvalidNumber):
        tick("1", previous_close="0")


@pytest.mark.parametrize("moment", [datetime(2012, 5, 21), datetime(2012, 5, 21, tzinfo=timezone(timedelta(hours=-4)))])
def test_tick_refuses_a_time_that_is_not_in_utc(moment: datetime) -> None:
    with pytest.raises(InvalidValue, match="UTC"):
        tick("1").but(source_time=moment)
