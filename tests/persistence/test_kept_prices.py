from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from tests.live.market import AAPL, IBM
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.money import Currency
from tickfolio.persistence.kept_prices import (
    KeptPrice,
    KeptRate,
    prices_from,
    rates_from,
    text_of_prices,
    text_of_rates,
)

AT = datetime(2012, 5, 21, 14, 30, tzinfo=UTC)


def price(symbol: str = AAPL, amount: str = "510.50", at: datetime = AT) -> KeptPrice:
    return KeptPrice(AAPL if symbol == AAPL else IBM, Decimal(amount), at, "replay", at, Quality.REPLAY)


def test_prices_come_back_as_they_were_in_one_spelling() -> None:
    text = text_of_prices([price(IBM, "200"), price()])
    assert text == (
        '[["AAPL","510.5","2012-05-21T14:30:00+00:00","replay","2012-05-21T14:30:00+00:00","replay"],'
        '["IBM","200","2012-05-21T14:30:00+00:00","replay","2012-05-21T14:30:00+00:00","replay"]]'
    )
    assert prices_from(text) == (price(), price(IBM, "200"))


def test_a_moment_is_spelled_in_utc() -> None:
    there = AT.astimezone(timezone(timedelta(hours=-4)))
    assert text_of_prices([price(at=there)]) == text_of_prices([price()])


def test_rates_come_back_as_they_were() -> None:
    rates = [
        KeptRate(Currency("USD"), Decimal("0.80"), date(2012, 5, 18)),
        KeptRate(Currency("EUR"), Decimal(1), AT.date()),
    ]
    text = text_of_rates(rates)
    assert text == '[["EUR","1","2012-05-21"],["USD","0.8","2012-05-18"]]'
    assert rates_from(text) == tuple(reversed(rates))


def test_nothing_is_the_empty_text() -> None:
    assert (text_of_prices([]), text_of_rates([])) == ("", "")
    assert (prices_from(""), rates_from("")) == ((), ())
