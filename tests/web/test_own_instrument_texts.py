"""What was typed of an instrument's price, in words and as a line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.services.manual_prices import PricedByHand, TypedPrice
from tickfolio.web.own_instrument_texts import own_instrument_text, step_path

HOUSE = Instrument(symbol=Symbol("HOUSE"), name="House", mic=PRIVATE_MIC, currency=Currency("EUR"))
MAY = [date(2012, 5, day) for day in range(1, 32)]
D = Decimal


def typed(day: date, price: str, *, version: int = 1, is_withdrawn: bool = False) -> TypedPrice:
    at = datetime(2012, 5, 30, tzinfo=UTC)
    return TypedPrice(day=day, price=D(price), version=version, recorded_at=at, is_withdrawn=is_withdrawn)


def test_what_was_withdrawn_counts_nowhere_and_what_was_corrected_says_so() -> None:
    prices = (typed(MAY[9], "9", is_withdrawn=True), typed(MAY[4], "20", version=2), typed(MAY[0], "10"))
    text = own_instrument_text(PricedByHand(HOUSE, prices, MAY[8]))
    assert (text.price, text.since, text.highest, text.lowest) == ("20", "5 May 2012", "20", "10")
    assert [(line.price, line.is_corrected) for line in text.lines] == [("20", True), ("10", False)]
    assert text.path == "M0 190H500V10H1000"


def test_one_price_is_a_level_line_and_one_of_today_is_none() -> None:
    assert step_path([(MAY[0], D(7))], until=MAY[10]) == "M0 100H1000"
    assert step_path([(MAY[0], D(7))], until=MAY[0]) == ""


def test_without_a_price_there_is_nothing_to_say() -> None:
    text = own_instrument_text(PricedByHand(HOUSE, (), MAY[8]))
    assert (text.price, text.path, text.lines) == ("", "", ())
